-- What `uhost doctor` looks at in the repository of the current folder.
local byte_size = require("uhost.term.byte_size")
local repository_root = require("lib.repository_root")

local many_commits = 10000  -- where a walk of the history begins to be worth a commit-graph

-- A check of the repository; outside of one there is nothing to say.
local function of_repository(check)
    return function()
        local repo = repository_root.open()
        if not repo then return { status = "unknown", text = "this is not a git repository" } end
        return check(repo)
    end
end

local function size_of(folder)
    local bytes = 0
    for path, kind in fs.walk(folder, { depth = 2 }) do
        if kind == "file" then bytes = bytes + (fs.stat(path) or { size_bytes = 0 }).size_bytes end
    end
    return bytes
end

local function check_repository(repo)
    local head = repo:head()
    local bytes = size_of(fs.join(repo:common_folder(), "objects"))
    local text = ("%s, %s, objects of %s"):format(repo:path(), head and (head.branch or "detached HEAD")
        or "no commit yet", byte_size(bytes))
    return { status = "ok", text = text, details = { path = repo:path(), branch = head and head.branch,
        objects_bytes = bytes } }
end

local function check_history(repo)
    if not repo:is_shallow() then return { status = "ok", text = "complete" } end
    return { status = "attention", text = "this is a shallow clone: deletions and old commits are missing",
        fix = "git fetch --unshallow; in actions/checkout: fetch-depth: 0" }
end

local function check_partial_clone(repo)
    local config = fs.read(fs.join(repo:common_folder(), "config"))
    if not config:find("promisor%s*=%s*true") then return { status = "ok", text = "all are here" } end
    return { status = "attention", text = "this is a partial clone: contents of old files may be missing",
        fix = "git fetch --refetch --no-filter" }
end

local function count_commits(repo, limit)
    local count = 0
    for _ in repo:log{ limit = limit } do count = count + 1 end
    return count
end

local function check_commit_graph(repo)
    local info = fs.join(repo:common_folder(), "objects", "info")
    local has_graph = fs.exists(fs.join(info, "commit-graph")) or fs.exists(fs.join(info, "commit-graphs"))
    if has_graph then return { status = "ok", text = "there is one" } end
    if not repo:head() or count_commits(repo, many_commits) < many_commits then
        return { status = "ok", text = "none, and none is needed yet" }
    end
    return { status = "attention", text = "none: each walk reads every commit",
        fix = "git commit-graph write --reachable --changed-paths" }
end

return {
    { id = "repository", title = "repository", run = of_repository(check_repository) },
    { id = "history", title = "history", run = of_repository(check_history) },
    { id = "partial_clone", title = "objects", run = of_repository(check_partial_clone) },
    { id = "commit_graph", title = "commit-graph", run = of_repository(check_commit_graph) },
}
