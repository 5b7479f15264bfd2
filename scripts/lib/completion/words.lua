-- The words that fit at the end of a command line.
local command_line = require("lib.command_line")

local M = {}

-- The host's help is the one place that lists its options: "  --state DIR   Keep …", and its commands.
local function host_help()
    local help = process.run{ M.binary(), "--help" }.stdout
    local words, takes_value, commands = {}, {}, {}
    local section
    for line in help:gmatch("[^\n]+") do
        section = line:match("^(%u%l+).*:$") or section
        for option, value in line:gmatch("(%-%-[%a%-]+) ?(%u*)") do
            if section == "Options" and line:find("^  %-") then
                words[#words + 1] = option
                takes_value[option] = value ~= ""
            end
        end
        if section == "Commands" then commands[#commands + 1] = line:match("^  ([%l_]+) ") end
    end
    return words, takes_value, commands
end

--- The program that runs.
---@return string
function M.binary() return fs.readlink("/proc/self/exe") or "uhost" end

-- The parser of a command: its script runs until it parses its arguments.
local function parser_of(command)
    local path = fs.join(uhost.share, "scripts", command .. ".lua")
    if not command:find("^[%l%d_]+$") or not fs.exists(path) then return nil end
    return command_line.parser_of(path)
end

local function add_choices(words, element)
    for _, choice in ipairs(element and element._choices or {}) do words[#words + 1] = choice end
end

local function option_named(parser, name)
    for _, option in ipairs(parser._options) do
        for _, alias in ipairs(option._aliases) do
            if alias == name then return option end
        end
    end
end

local function takes_value(option) return option ~= nil and option._maxargs > 0 end

-- Steps into the subcommand that the words name.
local function innermost(parser, words)
    for i = 1, #words - 1 do
        for _, command in ipairs(parser._commands) do
            if command._aliases[1] == words[i] then parser = command end
        end
    end
    return parser
end

local function words_of_command(parser, words)
    parser = innermost(parser, words)
    local found, previous = {}, option_named(parser, words[#words - 1] or "")
    if takes_value(previous) then
        add_choices(found, previous)
        return found
    end
    for _, option in ipairs(parser._options) do
        for _, alias in ipairs(option._hidden and {} or option._aliases) do
            if alias:find("^%-%-") then found[#found + 1] = alias end
        end
    end
    for _, command in ipairs(parser._commands) do found[#found + 1] = command._aliases[1] end
    for _, argument in ipairs(parser._arguments) do add_choices(found, argument) end
    return found
end

local function candidates(words)
    local options, host_takes_value, commands = host_help()
    local i = 1
    while i < #words and words[i]:find("^%-") do i = i + (host_takes_value[words[i]] and 2 or 1) end
    if i > #words then return {} end
    if i < #words then
        local parser = parser_of(words[i])
        return parser and words_of_command(parser, { unpack(words, i + 1) }) or {}
    end
    for _, command in ipairs(commands) do options[#options + 1] = command end
    return options
end

---@param words string[]  what stands behind `uhost`; the last one may be empty, or incomplete
---@return string[]
function M.fitting(words)
    local prefix, fitting = words[#words] or "", {}
    for _, word in ipairs(candidates(#words > 0 and words or { "" })) do
        -- Options are many, and seldom what is meant until a dash is typed.
        local is_wanted = prefix ~= "" or not word:find("^%-")
        if is_wanted and word:sub(1, #prefix) == prefix then fitting[#fitting + 1] = word end
    end
    table.sort(fitting)
    return fitting
end

return M
