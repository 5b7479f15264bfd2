-- Measures opening a repository, its log, and blaming a file of 3,000 lines that 600 commits changed, beside git. Each
-- side is a process of its own, run in turns; the fastest run counts. UHOST names the binary.
--
-- Prints for each: name, seconds of ours, seconds of git, ratio, target, same answer; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = here .. "/?.lua;" .. package.path
local side_by_side = require("side_by_side")

local uhost_binary = os.getenv("UHOST") or "uhost"
local commits, lines, changed_lines, rounds = 600, 3000, 5, 9

-- A history as `git fast-import` reads it: every commit changes a few lines of one file.
local function history()
    math.randomseed(20260131)
    local content, stream = {}, {}
    for i = 1, lines do content[i] = ("line %d as it was first"):format(i) end
    local function add(...) stream[#stream + 1] = string.format(...) end
    for commit = 1, commits do
        for _ = 1, changed_lines do content[math.random(lines)] = ("line of commit %d"):format(commit) end
        local text = table.concat(content, "\n") .. "\n"
        add("commit refs/heads/main\ncommitter A <a@example.org> %d +0000\ndata 6\nChange\n", 1700000000 + commit * 60)
        add("M 100644 inline file.txt\ndata %d\n%s\n", #text, text)
    end
    return table.concat(stream)
end

local blaming = [[
    for _, hunk in ipairs(git.open(...):blame("file.txt")) do
        for _ = 1, hunk.line_count do print(hunk.commit) end
    end]]

local counting = [[
    for commit in git.open(...):log({ stats = true }) do print(commit.id, commit.additions, commit.deletions) end]]

-- "ID", an empty line, "ADDED<tab>DELETED<tab>file" of each commit, as lines of ours.
local function sums(output)
    local out = {}
    for id, added, deleted in output:gmatch("(%x+)\n\n(%d+)\t(%d+)\t[^\n]*\n") do
        out[#out + 1] = ("%s\t%s\t%s\n"):format(id, added, deleted)
    end
    return table.concat(out)
end

local measured = {
    {
        name = "repository: open it and name its head", target = "-",
        ours = "print(git.open(...):head().id)", git = { "rev-parse", "HEAD" },
        answer = function(output) return output end,
    },
    {
        name = "repository: blame a file", target = "<= 1.00",
        ours = blaming, git = { "blame", "--porcelain", "HEAD", "--", "file.txt" },
        answer = function(output)
            local ids = {}
            for id in ("\n" .. output):gmatch("\n(%x+) %d+ %d+") do ids[#ids + 1] = id end
            return table.concat(ids, "\n") .. "\n"
        end,
    },
    {
        name = "repository: log with the lines that each commit changed", target = "<= 1.00",
        ours = counting, git = { "log", "--numstat", "--format=%H" }, answer = sums,
    },
}

local function timed(command)
    local result = process.run(command)
    return result.duration_s, result.stdout
end

local function compare(each, path)
    side_by_side({
        name = each.name, target = each.target, rounds = rounds,
        ours = function() return timed({ uhost_binary, "-e", each.ours, path, check = true }) end,
        peer = function()
            local seconds, answer = timed({ "git", "-C", path, check = true, unpack(each.git) })
            return seconds, each.answer(answer)
        end,
    })
end

local folder = fs.temp_dir()
local path = folder:path() .. "/repository.git"
process.run({ "git", "init", "--quiet", "--bare", "--initial-branch=main", path, check = true })
process.run({ "git", "-C", path, "fast-import", "--quiet", stdin = history(), check = true })
for _, each in ipairs(measured) do compare(each, path) end
folder:close()
