-- Measures `uhost upstream analyze` for a fork of a project of 58,000 files (see make_repository) over 2,000 commits of
-- it, beside `git diff --name-status` and `git merge-tree`, which say less. Each side is whole processes, run in turns;
-- the fastest run counts. The answer that is compared: which files conflict.
--
-- Prints: name, seconds of ours, seconds of git, ratio, target, same answer; separated by tabs.
--
--   upstream.lua FOLDER    as make_repository prints it
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = here .. "/?.lua;" .. package.path
local side_by_side = require("side_by_side")

local folder = ...
local uhost_binary = os.getenv("UHOST") or "uhost"
local rounds, own_commits, commits_behind = 5, 40, 2000

local scratch = fs.temp_dir()
local repository = scratch:path() .. "/fork"

local function run_git(...) return process.run({ "git", "-C", repository, check = true, ... }).stdout end

-- The mainline's commit that so many commits, merged ones included, came after.
local function begin_of_range()
    local low, high = 1, commits_behind
    while low < high do
        local middle = math.floor((low + high) / 2)
        local count = tonumber(run_git("rev-list", "--count", ("main~%d..main"):format(middle)))
        if count >= commits_behind then high = middle else low = middle + 1 end
    end
    return run_git("rev-parse", ("main~%d"):format(low)):match("%x+")
end

-- Every commit of the fork changes the middle of a file that the project changes, too.
local function make_fork(base)
    local repo = git.open(repository)
    local paths, made = repo:changed_paths(base, "main"), 0
    local tip = base
    for _, path in ipairs(paths) do
        local text = made < own_commits and repo:read(base, path) or ""
        local middle = text:find("\n", math.floor(#text / 2), true)
        if middle and repo:read("main", path) then
            made = made + 1
            tip = repo:create_commit{ ref = "refs/heads/fork", force = true, parents = { tip }, message = "Own",
                files = { [path] = text:sub(1, middle) .. "the fork's own line\n" .. text:sub(middle + 1) },
                author = "A", author_email = "a@x" }
        end
    end
    repo:close()
end

process.run({ "git", "clone", "-q", "--shared", "--no-checkout", folder .. "/history-graph.git", repository,
    check = true })
local base = begin_of_range()
run_git("tag", "v1.0.0", base)
run_git("tag", "v1.1.0", "main")
make_fork(base)
run_git("symbolic-ref", "HEAD", "refs/heads/fork")
fs.mkdir(repository .. "/policies")
fs.write(repository .. "/policies/upstream.lua", ("return { upstream = { url = %q } }"):format(folder))

local function ours()
    local result = process.run({ uhost_binary, "upstream", "analyze", "1.1.0", "--json", cwd = repository,
        env = { UHOST_STATE = scratch:path() .. "/state" } })
    local seen, paths = {}, {}
    for _, conflict in ipairs(json.decode(result.stdout).conflicts_expected) do
        if not seen[conflict.path] then paths[#paths + 1] = conflict.path end
        seen[conflict.path] = true
    end
    table.sort(paths)
    return result.duration_s, table.concat(paths, "\n")
end

local function peer()
    local diff = process.run({ "git", "-C", repository, "diff", "--name-status", "v1.0.0", "v1.1.0", check = true })
    local merge = process.run({ "git", "-C", repository, "merge-tree", "--write-tree", "--name-only", "--no-messages",
        "fork", "v1.1.0" })
    local paths = {}
    for path in merge.stdout:match("^[^\n]*\n?(.*)$"):gmatch("[^\n]+") do paths[#paths + 1] = path end
    table.sort(paths)
    return diff.duration_s + merge.duration_s, table.concat(paths, "\n")
end

side_by_side({ name = ("upstream: analyze %d commits"):format(commits_behind), target = "<= 1.00", rounds = rounds,
    ours = ours, peer = peer })
