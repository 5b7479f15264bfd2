-- Commands: as words, as one would type them, and as a script for a machine that has only /bin/sh.
local M = {}

local function quoted(word) return "'" .. tostring(word):gsub("'", "'\\''") .. "'" end

local function shown_word(word)
    word = tostring(word)
    return word:find("^[%w_%-%+=%./:,@%%]+$") and word or quoted(word)
end

local function joined(words, transform)
    local list = {}
    for i, word in ipairs(words) do list[i] = transform(word) end
    return table.concat(list, " ")
end

--- The words of a command and how it looks. Raises `argument`.
---@param options build.RunOptions
---@param owner string  "build.run"
---@return (string | number)[] words
---@return string shown
function M.words(options, owner)
    local cmd = options.cmd
    if options.shell then
        uhost.check_argument(cmd, "cmd", owner, "string")
        return { "/bin/sh", "-c", cmd }, cmd
    end
    if type(cmd) ~= "table" or #cmd == 0 then
        uhost.fail("argument",
            ("bad option 'cmd' of %s: expected a list of the program and its arguments"):format(owner),
            { hint = 'cmd = { "ninja", "-C", "build" }, or a text with shell = true' })
    end
    return cmd, joined(cmd, shown_word)
end

--- The same as a script of /bin/sh, with its environment, folder and input. No byte of it is read as anything else.
---@param options build.JobOptions
---@param words (string | number)[]
---@param owner string
---@return string
function M.script(options, words, owner)
    local lines = {}
    local env = options.env or {}
    for _, name in ipairs(tables.sorted_keys(env)) do
        local value = env[name]
        if not name:find("^[%a_][%w_]*$") then
            uhost.fail("argument", ("bad option 'env' of %s: '%s' does not name a variable"):format(owner, name))
        end
        lines[#lines + 1] = value == false and "unset " .. name or ("export %s=%s"):format(name, quoted(value))
    end
    if options.cwd then lines[#lines + 1] = ("cd -- %s || exit 126"):format(quoted(options.cwd)) end
    local command = joined(words, quoted)
    lines[#lines + 1] = options.stdin and ("printf %%s %s | %s"):format(quoted(options.stdin), command)
        or ("exec %s </dev/null"):format(command)
    local script = table.concat(lines, "\n") .. "\n"
    if script:find("%z") then uhost.fail("argument", ("%s cannot hand on a zero byte"):format(owner)) end
    return script
end

return M
