-- Repositories for specs, made by the git command line, which also gives the answers to compare with.
local M = {}

local environment = {
    GIT_CONFIG_GLOBAL = "/dev/null", GIT_CONFIG_NOSYSTEM = "1", GIT_TERMINAL_PROMPT = "0",
    GIT_AUTHOR_NAME = "Ann Author", GIT_AUTHOR_EMAIL = "ann@example.org",
    GIT_COMMITTER_NAME = "Carl Committer", GIT_COMMITTER_EMAIL = "carl@example.org",
    LC_ALL = "C", TZ = "UTC",
}

---@class git_scratch.Repository
---@field path string
local Repository = {}
Repository.__index = Repository

local made = {}

---@return string path  an empty folder that clean_up() removes
function M.folder()
    local path = process.run{ "mktemp", "-d", "/tmp/uhost-git-XXXXXX", check = true }.stdout:gsub("\n$", "")
    table.insert(made, path)
    return path
end

function M.clean_up()
    for _, path in ipairs(made) do process.run{ "rm", "-rf", path } end
    made = {}
end

---@param path string
---@return git_scratch.Repository
function M.at(path) return setmetatable({ path = path }, Repository) end

---@param options? { bare?: boolean }
---@return git_scratch.Repository
function M.new(options)
    local repository = M.at(M.folder())
    repository:git("init", "-q", "-b", "main", unpack(options and options.bare and { "--bare" } or {}))
    return repository
end

-- Runs git there; returns its output without the last line feed. Options go in a table as the last argument.
function Repository:git(...)
    local command = { "git", ... }
    local options = type(command[#command]) == "table" and table.remove(command) or {}
    command.cwd, command.env, command.stdin = self.path, {}, options.stdin
    for name, value in pairs(environment) do command.env[name] = value end
    for name, value in pairs(options.env or {}) do command.env[name] = value end
    command.check = options.check ~= false
    return (process.run(command).stdout:gsub("\n$", ""))
end

-- The lines of git's answer.
function Repository:lines(...)
    local lines = {}
    for line in (self:git(...) .. "\n"):gmatch("(.-)\n") do
        if line ~= "" then table.insert(lines, line) end
    end
    return lines
end

function Repository:write(name, content)
    process.run{ "mkdir", "-p", (self.path .. "/" .. name):match("^(.*)/"), check = true }
    local file = assert(io.open(self.path .. "/" .. name, "wb"))
    file:write(content)
    file:close()
end

-- Commits files (content, or false to delete) to the branch that is checked out. Returns the commit's id.
function Repository:commit(message, files, options)
    for name, content in pairs(files or {}) do
        if content then
            self:write(name, content)
        else
            self:git("rm", "-q", name)
        end
    end
    self:git("add", "-A")
    local date = ("%d +0000"):format(options and options.time or 1700000000)
    local env = { GIT_AUTHOR_DATE = date, GIT_COMMITTER_DATE = date }
    if options and options.author then
        env.GIT_AUTHOR_NAME, env.GIT_AUTHOR_EMAIL = options.author:match("^(.*) <(.*)>$")
    end
    self:git("commit", "-q", "--allow-empty", "-m", message, { env = env })
    return self:git("rev-parse", "HEAD")
end

local function content_of(random, lines)
    local text = {}
    for i = 1, lines do text[i] = ("line %d %d"):format(i, random(1, 12)) end
    return table.concat(text, "\n") .. (random(1, 5) == 1 and "" or "\n")
end

-- One commit of a random history, as a fast-import stream.
local function random_commit(random, stream, mark, time, tips)
    local lane = random(1, #tips)
    local from, merge = tips[lane], nil
    if random(1, 4) == 1 and mark > 3 then merge = tips[random(1, #tips)] end
    table.insert(stream, ("commit refs/heads/lane%d\nmark :%d\n"):format(lane, mark))
    table.insert(stream, ("committer C <c@example.org> %d +0200\n"):format(time))
    local message = ("Commit number %d\n\nIts body."):format(mark)
    table.insert(stream, ("data %d\n%s\n"):format(#message, message))
    if from then table.insert(stream, ("from :%d\n"):format(from)) end
    if merge and merge ~= from then table.insert(stream, ("merge :%d\n"):format(merge)) end
    for _ = 1, random(0, 3) do
        local name = ("%s/f%d.txt"):format(({ "a", "a/b", "c" })[random(1, 3)], random(1, 4))
        if random(1, 6) == 1 then
            table.insert(stream, ("D %s\n"):format(name))
        else
            local content = content_of(random, random(3, 30))
            table.insert(stream, ("M 100644 inline %s\ndata %d\n%s\n"):format(name, #content, content))
        end
    end
    tips[lane] = mark
end

---A history of several branches with merges, some with equal dates; the last commit of all lanes is reachable from
---main. The same seed gives the same history.
---@param seed integer
---@param commits integer
---@return git_scratch.Repository
function M.random_history(seed, commits)
    math.randomseed(seed)
    local repository = M.new()
    local stream, tips, time = {}, { false, false, false }, 1600000000
    for mark = 1, commits do
        time = time + (math.random(1, 3) == 1 and 0 or math.random(1, 5000))
        random_commit(math.random, stream, mark, time, tips)
    end
    repository:git("fast-import", "--quiet", { stdin = table.concat(stream) })
    local lanes = repository:lines("for-each-ref", "--format=%(refname:short)", "refs/heads/lane*")
    repository:git("checkout", "-q", "-B", "main", lanes[1])
    for i = 2, #lanes do
        local date = ("%d +0000"):format(time + i)
        repository:git("merge", "-q", "-s", "ours", "--allow-unrelated-histories", "-m", "Join " .. lanes[i], lanes[i],
            { env = { GIT_AUTHOR_DATE = date, GIT_COMMITTER_DATE = date } })
    end
    return repository
end

return M
