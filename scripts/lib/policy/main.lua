-- `uhost policy`: lists policies, says where their parts come from, and tries their functions.
local command_line = require("lib.command_line")
local display_path = require("lib.display_path")
local failure = require("lib.policy.failure")

local M = {}
local commands = {}

--- Loads a policy by the name that people give it: "kb/languages/rust" is the knowledge base `languages/rust`, other
--- names are policies; the ending `.lua` may be there.
---@param name string
---@return policy.Policy
function M.load(name)
    local bare = name:gsub("%.lua$", "")
    local knowledge_base = bare:match("^kb/(.+)$")
    if knowledge_base then return policy.load(knowledge_base, { kb = true }) end
    return policy.load((bare:gsub("^policies/", "")))
end

-- list ----------------------------------------------------------------------------------------------------------------

local function collect()
    local list = {}
    for _, kb in ipairs({ false, true }) do
        local by_name = {}
        for _, found in ipairs(policy.paths({ kb = kb })) do
            local entry = by_name[found.name]
            if not entry then
                entry = { name = (kb and "kb/" or "") .. found.name, files = {} }
                by_name[found.name] = entry
                list[#list + 1] = entry
            end
            entry[found.is_user and "users" or "shipped"] = true
            entry.files[#entry.files + 1] = found.file
        end
    end
    return list
end

local function whose(entry)
    if entry.users and entry.shipped then return "yours over shipped" end
    return entry.users and "yours" or "shipped"
end

function commands.list(options)
    local list = collect()
    table.sort(list, function(a, b) return a.name < b.name end)
    if options.format == "json" then
        local entries = json.array({})
        for i, entry in ipairs(list) do
            entries[i] = { name = entry.name, from = whose(entry), files = json.array(entry.files) }
        end
        io.write(json.encode(entries, { indent = 2 }), "\n")
        return 0
    end
    local rows = {}
    for i, entry in ipairs(list) do
        local shown = {}
        for j, file in ipairs(entry.files) do shown[j] = display_path(file) end
        rows[i] = { name = entry.name, from = whose(entry), files = table.concat(shown, "\n") }
    end
    io.write(term.table({
        columns = { { key = "name", title = "Policy" }, { key = "from", title = "From" },
            { key = "files", title = "Files" } },
        rows = rows,
    }))
    return 0
end

-- explain -------------------------------------------------------------------------------------------------------------

local function describe(handle)
    local examples = {}
    for _, example in ipairs(handle:examples()) do
        if example.call then examples[example.call] = (examples[example.call] or 0) + 1 end
    end
    local keys, functions = {}, handle:functions()
    for i, each in ipairs(handle:explain()) do
        keys[i] = {
            key = each.key, file = each.file, line = each.line, is_user = each.is_user,
            kind = functions[each.key] and "function" or "data", examples = examples[each.key] or 0,
        }
    end
    return { files = handle:files(), keys = keys }
end

local function print_explanation(described)
    local rows = {}
    for i, each in ipairs(described.keys) do
        rows[i] = {
            key = each.key, kind = each.kind, examples = each.kind == "function" and each.examples or "",
            from = (each.is_user and "yours" or "shipped"),
            place = display_path(each.file) .. (each.line and ":" .. each.line or ""),
        }
    end
    io.write(term.table({
        columns = {
            { key = "key", title = "Key" }, { key = "kind", title = "Kind" }, { key = "examples", title = "Examples" },
            { key = "from", title = "From" }, { key = "place", title = "Place" },
        },
        rows = rows,
    }))
end

function commands.explain(options)
    local ok, described = pcall(function()
        local handle = M.load(options.name)
        local all = describe(handle)
        handle:close()
        return all
    end)
    if not ok then return failure.report(described) end
    if options.format == "json" then
        for _, each in ipairs(described.keys) do each.line = each.line or json.null end
        described.files, described.keys = json.array(described.files), json.array(described.keys)
        io.write(json.encode(described, { indent = 2 }), "\n")
    else
        print_explanation(described)
    end
    return 0
end

-- The command line ----------------------------------------------------------------------------------------------------

function commands.try(options) return require("lib.policy.try").run(options, M.load) end

local function with_format(command)
    command:option("--format", "How the answer is written."):choices({ "text", "json" }):default("text")
    return command
end

local function with_name(command)
    command:argument("name", "The policy's name: crash_tests, or kb/languages/rust for a knowledge base.")
    return command
end

local function read_options(arguments)
    local parser = command_line.parser("policy", "Look at policies, and try their functions.", {
        "uhost policy list", "uhost policy explain crash_tests",
        [[uhost policy try crash_tests issues_of '["tests/crashes/12.rs", "//@ known-bug: #7"]']],
        "uhost policy try crash_tests issues_of @arguments.json",
    })
    parser:command_target("command")
    parser:require_command(true)
    with_format(parser:command("list", "List the policies and knowledge bases that there are."))
    with_format(with_name(parser:command("explain", "Say which file each part of a policy comes from.")))
    local try = with_name(parser:command("try", "Call a function, and show which lines decided."))
    try:argument("function", "The function; of one inside tables its path, such as rules.3.when.")
    try:argument("arguments", "JSON, or @FILE with JSON: a list of arguments, or anything else as the one argument.")
        :args("?")
    with_format(try)
    return parser:parse(arguments)
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    return commands[options.command](options)
end

return M
