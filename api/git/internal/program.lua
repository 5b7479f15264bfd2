-- Runs the installed `git` for what libgit2 does not do as git does: work trees, picked commits, stashes, signatures.
local M = {}

-- No prompts, no editor, no hooks (libgit2 runs none either), and words in English.
local environment = { GIT_TERMINAL_PROMPT = "0", GIT_EDITOR = "true", LC_ALL = "C.UTF-8" }
local settings = { "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "maintenance.auto=false" }

local function command_of(repository, arguments, options)
    local command = { "git", "-C", repository:path(), unpack(settings) }
    for _, argument in ipairs(arguments) do command[#command + 1] = argument end
    command.env = {}
    for name, value in pairs(environment) do command.env[name] = value end
    for name, value in pairs(options.env or {}) do command.env[name] = value end
    command.stdin = options.stdin
    return command
end

local function failure(what, result, options)
    local kind = options.kind or "git.failed"
    uhost.fail(kind, what, {
        hint = options.hint or "the reason below is git's own",
        details = { code = result.code, reason = (result.stderr:gsub("%s+$", "")) },
    })
end

--- The output of a command that changes nothing.
---@param repository git.Repository
---@param arguments string[]
---@param what string  "cannot list the work trees"
---@param options? { accept?: table<integer, boolean>, env?: table<string, string>, kind?: string }
---@return string output
---@return integer code
function M.read(repository, arguments, what, options)
    options = options or {}
    local command = command_of(repository, arguments, options)
    command.reads = true
    local result = process.run(command)
    if result.code ~= 0 and not (options.accept and options.accept[result.code]) then failure(what, result, options) end
    return result.stdout, result.code
end

--- Runs a command that is part of a change which the plan knows of. Gives its output, and its code if that is accepted.
function M.run(repository, arguments, what, options)
    options = options or {}
    local command = command_of(repository, arguments, options)
    command.mutates = what:gsub("^cannot ", "")
    local result = process.run(command)
    if result.code ~= 0 and not (options.accept and options.accept[result.code]) then failure(what, result, options) end
    return result.stdout, result.code
end

--- What a command prints, or nil where its exit code is 1: there is no such thing.
---@param repository git.Repository
---@param what string  "read the note"
---@param ... string  arguments
---@return string?
function M.ask(repository, what, ...)
    local output, code = M.read(repository, { ... }, "cannot " .. what, { accept = { true } })
    return code == 0 and output or nil
end

--- Makes a change that is one command.
---@param repository git.Repository
---@param kind string  "set_note"
---@param summary string  "set the note of …"
---@param ... string  arguments
function M.command(repository, kind, summary, ...)
    local arguments = { ... }
    M.change(repository, "git." .. kind, summary, function()
        M.run(repository, arguments, "cannot " .. summary)
    end)
end

--- Raises `argument` unless a value is text on one line that git does not take for an option.
---@param owner string
---@param name string
---@param value any
---@param expected string
---@return string
function M.word(owner, name, value, expected)
    local fits = type(value) == "string" and value ~= "" and not value:find("^%-") and not value:find("[%z\n]")
    if fits then return value end
    uhost.fail("argument", ("%s: '%s' has to be %s"):format(owner, name, expected))
end

--- A URL without the login in it, which scripts must not see.
---@param value string
---@return string
function M.without_login(value) return (value:gsub("^(%a[%w+.-]*://)[^/@]*@", "%1")) end

--- Makes a change through the plan: `apply()` when it is not a dry run. The trail notes the commands that it runs.
---@param repository git.Repository
---@param kind string  "git.checkout"
---@param summary string
---@param apply function
---@param planned? function
function M.change(repository, kind, summary, apply, planned)
    return plan.perform({
        kind = kind, target = repository:path(), summary = summary, audited = false, apply = apply, planned = planned,
    })
end

--- The fields of a NUL-separated answer.
---@param output string
---@return string[]
function M.fields(output)
    local fields = {}
    for field in output:gmatch("([^%z]*)%z") do fields[#fields + 1] = field end
    return fields
end

--- A list of texts from one, or a list.
---@param value any
---@param name string
---@param owner string
---@return string[]
function M.texts(value, name, owner)
    if type(value) == "string" then return { value } end
    uhost.check_argument(value, name, owner, "table")
    for _, text in ipairs(value) do uhost.check_argument(text, name, owner, "string") end
    return value
end

--- Adds paths to arguments, taken literally.
---@param arguments string[]
---@param paths string[]
---@return string[] arguments
function M.add_paths(arguments, paths)
    arguments[#arguments + 1] = "--"
    for _, path in ipairs(paths) do arguments[#arguments + 1] = ":(literal)" .. path end
    return arguments
end

--- A message as git writes it, without secrets: the signature of a tag is found only behind a line feed.
---@param text string
---@return string
function M.message(text)
    text = uhost.mask(text)
    return text:sub(-1) == "\n" and text or text .. "\n"
end

--- A revision as an argument, which must not be taken for an option.
---@param repository git.Repository
---@param revision any
---@param owner string
---@return string id
function M.commit_id(repository, revision, owner)
    uhost.check_argument(revision, "revision", owner, "string")
    local commit = repository:commit(revision)
    if commit then return commit.id end
    uhost.fail("git.unknown_revision", ("no commit is called '%s'"):format(revision),
        { hint = "see 'git branch -a' and 'git tag' for what there is; it may have to be fetched first" })
end

return M
