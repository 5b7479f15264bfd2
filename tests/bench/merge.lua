-- Measures merging two commits, and replaying a fork of 40 commits onto an upstream that is 500 commits ahead, over a
-- tree of 58,000 files, beside `git merge-tree` and `git rebase`. Each side is a process of its own, run in turns; the
-- fastest run counts. Where the installed git has `git replay` (2.44), it is measured as well. UHOST names the binary.
--
-- Prints for each: name, seconds of ours, seconds of git, ratio, target, same answer; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = here .. "/?.lua;" .. package.path
local side_by_side = require("side_by_side")

local uhost_binary = os.getenv("UHOST") or "uhost"
local folders, files_in_each, upstream_commits, fork_commits, rounds = 2900, 20, 500, 40, 5

local function path_of(number)
    local folder = number % folders
    return ("part%d/module%d/file%d.c"):format(folder % 40, folder, math.floor(number / folders))
end

local function text_of(number, changes)
    local lines = {}
    for i = 1, 30 do lines[i] = changes[i] or ("line %d of file %d"):format(i, number) end
    return table.concat(lines, "\n") .. "\n"
end

-- A history as `git fast-import` reads it. Upstream changes the lower half of files, the fork the upper half.
local function history()
    math.randomseed(20260131)
    local stream, texts = {}, {}
    local function add(...) stream[#stream + 1] = string.format(...) end
    local function commit(branch, number, from)
        local message = ("%s %d"):format(branch, number)
        add("commit refs/heads/%s\ncommitter A <a@example.org> %d +0000\ndata %d\n%s\n", branch,
            1700000000 + number * 60, #message, message)
        if from then add("from %s\n", from) end
    end
    local function write(number, changes)
        local text = text_of(number, changes)
        add("M 100644 inline %s\ndata %d\n%s\n", path_of(number), #text, text)
    end
    commit("main", 0)
    for number = 0, folders * files_in_each - 1 do write(number, {}) end
    add("reset refs/heads/fork\nfrom refs/heads/main\n\n")
    for number = 1, upstream_commits do
        commit("main", number)
        for _ = 1, 5 do
            local file = math.random(0, folders * files_in_each - 1)
            texts[file] = texts[file] or {}
            texts[file][math.random(20, 30)] = ("upstream %d"):format(number)
            write(file, texts[file])
        end
    end
    local changed = {}
    for file in pairs(texts) do table.insert(changed, file) end
    table.sort(changed)
    for number = 1, fork_commits do
        commit("fork", number)
        local touched = changed[number * 7 % #changed + 1]
        write(touched, { ("fork %d"):format(number) })
        write(number * 97, { [3] = ("fork %d"):format(number) })
    end
    return table.concat(stream)
end

local environment = {
    GIT_CONFIG_GLOBAL = "/dev/null", GIT_CONFIG_NOSYSTEM = "1", GIT_COMMITTER_NAME = "C",
    GIT_COMMITTER_EMAIL = "c@example.org", GIT_COMMITTER_DATE = "1700009999 +0000",
}

local folder = fs.temp_dir()
local path = folder:path() .. "/repository"

local function git(...)
    return (process.run({ "git", "-C", path, check = true, env = environment, ... }).stdout:gsub("\n$", ""))
end

local function seconds_of(command)
    command.check, command.env = true, environment
    local result = process.run(command)
    return result.duration_s, (result.stdout:gsub("\n$", ""))
end

-- `ours` and `peer` each give seconds and an answer.
local function compare(name, target, ours, peer)
    side_by_side({ name = name, target = target, rounds = rounds, ours = ours, peer = peer })
end

local function uhost(script) return { uhost_binary, "-e", script, path } end

-- Nothing is written: what is written goes into the audit trail as well, and waiting for the disk has no peer in git.
local merging = [[print(git.open(...):merge_trees{ ours = "main", theirs = "fork", write = false }.tree)]]

local replaying = [[
    local replay = git.open(...):replay{ commits = "main..fork", onto = "main", time = 1700009999 }
    print(replay.tip)]]

process.run({ "git", "init", "--quiet", "--initial-branch=main", path, check = true })
process.run({ "git", "-C", path, "fast-import", "--quiet", stdin = history(), check = true })
git("repack", "-adq")
git("checkout", "-q", "fork")
git("branch", "original")

compare("merge: two commits over 58,000 files", "<= 1.50",
    function() return seconds_of(uhost(merging)) end,
    function() return seconds_of({ "git", "-C", path, "merge-tree", "--write-tree", "main", "fork" }) end)

compare("merge: replay 40 commits over 58,000 files", "<= 0.10",
    function() return seconds_of(uhost(replaying)) end,
    function()
        git("reset", "-q", "--hard", "original")
        local seconds = seconds_of({ "git", "-C", path, "rebase", "-q", "main" })
        local tip = git("rev-parse", "HEAD")
        git("reset", "-q", "--hard", "original")
        return seconds, tip
    end)

-- A whole dry run of a sync, from the command to the report, beside the rebase alone. The answer is how many commits
-- came along.
git("tag", "v1.1.0", "main")
fs.mkdir(path .. "/policies")
fs.write(path .. "/policies/upstream.lua", ("return { upstream = { url = %q } }"):format(path))
environment.UHOST_STATE = folder:path() .. "/state"
compare("sync: dry run of 40 commits over 58,000 files", "<= 1.00",
    function()
        local seconds, report = seconds_of({ uhost_binary, "--dry-run", "upstream", "sync", "--to", "1.1.0", "--format",
            "json", cwd = path, stderr = "discard" })
        local _, replayed = report:gsub('"outcome": "replayed"', "")
        return seconds, tostring(replayed)
    end,
    function()
        local seconds = seconds_of({ "git", "-C", path, "rebase", "-q", "main" })
        local count = git("rev-list", "--count", "main..HEAD")
        git("reset", "-q", "--hard", "original")
        return seconds, count
    end)

if process.run({ "git", "replay", "-h" }).stderr:find("usage", 1, true) then
    compare("merge: replay 40 commits, beside git replay", "<= 1.20",
        function() return seconds_of(uhost(replaying)) end,
        function()
            local seconds, update = seconds_of({ "git", "-C", path, "replay", "--onto", "main", "main..fork" })
            return seconds, update:match("^update %S+ (%x+)")
        end)
end
folder:close()
