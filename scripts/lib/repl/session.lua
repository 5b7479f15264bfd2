-- What lasts between the lines of a REPL session: variables, results, what was typed, and what was planned.
local chunks = require("lib.repl.chunks")
local repository_root = require("lib.repository_root")

local max_results = 9

local M = {}

---@class repl.Session
---@field environment table  the global variables of what is typed
---@field inputs string[]  what was run, in order
---@field failed boolean  whether the last line failed
---@field shown_plan integer  how many of the planned changes newly_planned() has given
local Session, new_session = uhost.class("repl.Session")

local hint_without_repository = "cd into a git repository, or: repo = git.open(\"PATH\")"

-- `repo` and `gh` are opened when they are first used.
local function open_repository()
    local repo, not_found = repository_root.open()
    if repo then return repo end
    io.stderr:write(("repo is nil: %s\n  hint: %s\n"):format(not_found.message, hint_without_repository))
end

local function github_repository(repo)
    for _, remote in ipairs(repo and repo:remotes() or {}) do
        local name = github.repository_of(remote.url)
        if name then return github.repository(name) end
    end
    local name = os.getenv("GITHUB_REPOSITORY")
    if name and name ~= "" then return github.repository(name) end
    io.stderr:write("gh is nil: no remote of this repository is on GitHub\n"
        .. "  hint: gh = github.repository(\"OWNER/NAME\")\n")
end

local openers = {
    repo = open_repository,
    gh = function(environment) return github_repository(environment.repo) end,
}

---@param extra table<string, any>  further names, such as `help`
---@return repl.Session
function M.new(extra)
    local environment = {}
    setmetatable(environment, {
        __index = function(_, name)
            local open = openers[name]
            if open then
                local value = open(environment)
                rawset(environment, name, value)
                return value
            end
            local value = extra[name]
            if value == nil then value = _G[name] end
            return value
        end,
    })
    rawset(environment, "_G", environment)
    return new_session({ environment = environment, inputs = {}, failed = false, shown_plan = 0 })
end

local function keep_results(environment, results)
    for i = max_results, 2, -1 do rawset(environment, "_" .. i, rawget(environment, "_" .. (i - 1))) end
    rawset(environment, "_1", results[1])
    rawset(environment, "_", results[1])
end

-- What tasks that a line left behind fail with comes when it comes.
local function report_later_failure(work, name)
    task.spawn(function()
        work:join()
        local ok, failure = pcall(work.await, work)
        if not ok and work:state() ~= "cancelled" then
            io.stderr:write(("a task of %s failed\n%s"):format(name, uhost.error_report(failure)))
        end
    end)
end

---@class repl.Outcome
---@field ok boolean
---@field failure? any
---@field results any[]  and their number, `n`
---@field is_expression boolean
---@field is_incomplete boolean  nothing was run: more must be typed

local function pack(ok, ...)
    if not ok then return { ok = false, failure = (...), results = { n = 0 }, is_incomplete = false } end
    return { ok = true, results = { n = select("#", ...), ... }, is_incomplete = false }
end

--- Runs a function for the user: Ctrl-C stops it and not the session. Tasks that it starts run on after it.
---@param run function
---@param name string
---@return repl.Outcome
function Session:run(run, name)
    local work = task.interruptible(run)
    local outcome = pack(pcall(work.returned, work))
    if work:state() == "running" then report_later_failure(work, name) end
    self.failed = not outcome.ok
    return outcome
end

--- Runs what was typed. With `is_last`, nothing more can come, and source without its end is an error.
---@param source string
---@param is_last? boolean
---@return repl.Outcome
function Session:evaluate(source, is_last)
    local name = "input " .. (#self.inputs + 1)
    local chunk = chunks.compile(source, self.environment, name)
    if chunk.is_incomplete and not is_last then return { ok = true, results = { n = 0 }, is_incomplete = true } end
    self.inputs[#self.inputs + 1] = source
    if not chunk.run then
        self.failed = true
        return { ok = false, failure = chunk.failure, results = { n = 0 }, is_incomplete = false }
    end
    local outcome = self:run(chunk.run, name)
    outcome.is_expression = chunk.is_expression
    return outcome
end

--- What the definitions call what a name stands for: "git.Repository" for `repo`, "git.Repository:log" for `repo:log`;
--- nil when that is a value without a definition of its own.
---@param name string  names with dots or colons between them
---@return string?
function Session:definition_name(name)
    local value, class = self.environment, nil
    for part in name:gmatch("[^.:]+") do
        if class then return class .. ":" .. part end
        value = rawequal(value, self.environment) and value[part] or rawget(value, part)
        class = type(value) ~= "function" and getmetatable(value)
        if type(class) ~= "string" then class = nil end
        if type(value) ~= "table" and not class then break end
    end
    return class or tostring(value):match("^%a+ ([%w_.:]+)")
end

--- Makes the results what `_` and `_1` … `_9` stand for.
---@param results any[]
function Session:keep(results) keep_results(self.environment, results) end

--- The line of an input that an error points at, for "input 3:2"; nil when there is none.
---@param where string?
---@return string?
function Session:line_at(where)
    local number, line = (where or ""):match("^input (%d+):(%d+)$")
    local source = number and self.inputs[tonumber(number)]
    if not source or not source:find("\n", 1, true) then return nil end
    local count = 0
    for text in (source .. "\n"):gmatch("(.-)\n") do
        count = count + 1
        if count == tonumber(line) then return text end
    end
end

--- What has been planned since the last call.
---@return plan.PlannedChange[]
function Session:newly_planned()
    local all, new = plan.recorded(), {}
    for i = self.shown_plan + 1, #all do new[#new + 1] = all[i] end
    self.shown_plan = #all
    return new
end

return M
