-- The demonstration: a real git repository made for it, and GitHub's answers from a file beside this one. Nothing
-- leaves the process, and nothing is left behind.
local history = require("lib.monthly_audit.demo_history")

local M = {}

M.home = "example/compiler"

local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")

-- git must not read a configuration, hooks or templates that would make this repository another one.
local git_environment = {
    GIT_CONFIG_NOSYSTEM = "1", GIT_CONFIG_GLOBAL = "/dev/null", GIT_TEMPLATE_DIR = "", GIT_DIR = false,
    GIT_WORK_TREE = false, GIT_INDEX_FILE = false, GIT_OBJECT_DIRECTORY = false,
}

local function run_git(folder, arguments, stdin)
    local command = { "git", "-C", folder, env = git_environment, stdin = stdin, check = true }
    for _, argument in ipairs(arguments) do command[#command + 1] = argument end
    process.run(command)
end

local function build_repository(folder)
    run_git(folder, { "init", "--quiet", "--initial-branch=main" })
    run_git(folder, { "fast-import", "--quiet", "--done" }, history.stream(math.floor(time.now())))
end

-- What GitHub answers to a query for `issueOrPullRequest(number: N)` under any number of aliases.
local function answer(recorded, body)
    local asked = json.decode(body)
    local repository = ("%s/%s"):format(asked.variables.owner, asked.variables.name)
    local nodes, errors = { nameWithOwner = repository }, json.array()
    for alias, number in asked.query:gmatch("([%w_]+)%s*:%s*issueOrPullRequest%(number:%s*(%d+)%)") do
        nodes[alias] = recorded[repository][number] or json.null
        if nodes[alias] == json.null then
            errors[#errors + 1] = {
                type = "NOT_FOUND", path = { "repository", alias },
                message = ("Could not resolve to an issue or pull request with the number of %s."):format(number),
            }
        end
    end
    return { data = { repository = nodes }, errors = errors[1] and errors or nil }
end

local function handler(recorded)
    return function(request)
        return { status = 200, body = json.encode(answer(recorded, request.body)) }
    end
end

--- Runs `audit(options)` on the demonstration's repository and answers, and gives what it gives.
---@param options monthly_audit.Options  those that name a repository are filled in
---@param audit fun(options: monthly_audit.Options): table
---@return table
function M.run(options, audit)
    local recorded = json.decode(fs.read(here .. "/demo_github.json"))
    local folder = fs.temp_dir()
    return task.finally(function()
        build_repository(folder:path())
        options.repo, options.github = folder:path(), M.home
        return http.intercept(handler(recorded), function() return audit(options) end)
    end, function() folder:close() end)
end

return M
