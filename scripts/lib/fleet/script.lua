-- The script that a fleet runs: a command of uhost, scripts/NAME.lua of this repository, or a file.
local command_line = require("lib.command_line")
local repository_root = require("lib.repository_root")

local M = {}

-- What stays, asks, or is about this machine alone is nothing to run in every repository.
local refused = tables.set({ "fleet", "serve", "repl", "notify", "completion" })

local function shipped(name)
    return name:find("^[%l%d_%-]+$") and fs.join(uhost.share, "scripts", name .. ".lua") or nil
end

local function names()
    local list = {}
    for _, file in ipairs(fs.list(fs.join(uhost.share, "scripts"))) do
        local name = file:match("^(.+)%.lua$")
        if name and not refused[name] then list[#list + 1] = name end
    end
    return list
end

--- What uhost is given to run it in another folder, and its file where it is a command of uhost. Raises `usage`.
---@param text string
---@return string script
---@return string? path
function M.find(text)
    if text:find("/", 1, true) or text:find("%.lua$") then
        local path = fs.absolute(text)
        local status = fs.stat(path)
        if status and status.type == "file" then return path end
        uhost.fail("usage", ("there is no script %s"):format(term.visible(text)), { hint = "check its path" })
    end
    if refused[text] then
        uhost.fail("usage", ("%s is no command to run in many repositories"):format(text),
            { hint = "such as monthly_audit, preflight, workflow_guard, or a script of yours" })
    end
    local path = shipped(text)
    if path and fs.exists(path) then return text, path end
    local own = fs.absolute(repository_root.path(fs.join("scripts", fs.basename(text) .. ".lua")))
    if fs.exists(own) then return own end
    uhost.fail("usage", ("there is no script '%s'"):format(term.visible(text)),
        { hint = uhost.suggest(text, names()) })
end

local function option_named(parser, name)
    for _, option in ipairs(parser._options) do
        if tables.set(option._aliases)[name] then return option end
    end
end

local function command_named(parser, word)
    for _, command in ipairs(parser._commands) do
        if tables.set(command._aliases)[word] then return command end
    end
end

--- The arguments, with what makes a command of uhost report as JSON: a report that is kept is for programs. Of other
--- scripts nobody knows what they take without running them.
---@param path string?
---@param arguments string[]
---@return string[]
function M.with_json(path, arguments)
    local given = tables.set(arguments)
    local is_given = given["--format"] or given["--json"] or given["--output"]
    local parser = path and not is_given and command_line.parser_of(path)
    if not parser then return arguments end
    for _, word in ipairs(arguments) do parser = command_named(parser, word) or parser end
    local all = tables.copy(arguments)
    local format = option_named(parser, "--format")
    if option_named(parser, "--json") then
        all[#all + 1] = "--json"
    elseif format and tables.set(format._choices or {}).json then
        all[#all + 1], all[#all + 2] = "--format", "json"
    end
    return all
end

return M
