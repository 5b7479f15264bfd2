-- How often the shipped resolution rules give what people made of real conflicts, by repository, rule and kind; how
-- often what they call safe is right, with which rules may be safe decided without the repository that is judged; and
-- how long a conflict takes, on average and at most for 99 of 100, beside a `git merge-file` of the same texts.
--
-- The conditions were written with the sample at hand, so its figures flatter. UHOST_BENCH_SHOW=1 lists safe answers
-- that are wrong on standard error. Prints rows of the bench's table: what, the share, the counts; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = ("%s/?.lua;%s/../../scripts/?.lua;%s"):format(here, here, package.path)
local print_share = require("labelled_logs").print_share
local resolution = require("lib.upstream.resolution")
local texts = require("lib.upstream.resolution.texts")
local three_way = require("lib.upstream.resolution.three_way")

local data = fs.join(here, "../../../shared/data/merge_conflicts_dev.jsonl.xz")
if not fs.exists(data) then
    io.stderr:write("skipped: the recorded conflicts are not there (", data, ")\n")
    return
end

local show = os.getenv("UHOST_BENCH_SHOW")
-- Of so many conflicts, git's own merge of the texts is timed.
local timed_with_git = 100
-- A rule may be safe where it was right so often in other repositories.
local least_cases, least_share = 5, 0.95

local function squeezed(text) return texts.squeeze(text) end

-- In every hunk what the person put there; they may have edited other lines as well.
local function is_right_inside(record, text)
    if not record.ours or not record.theirs or not record.hunks then return false end
    local parts = three_way.parts(three_way.merge(record.base, record.ours, record.theirs), text)
    if not parts or #parts ~= #record.hunks or #parts == 0 then return false end
    local human = texts.lines(record.human)
    for i, hunk in ipairs(record.hunks) do
        if type(hunk[1]) ~= "number" then return false end
        if texts.squeezed(texts.slice(human, hunk[1] + 1, hunk[2])) ~= texts.squeezed(parts[i]) then return false end
    end
    return true
end

local function grade(record, answer)
    if not answer.resolved then return "none" end
    if answer.text == record.human then return "exact" end
    if not answer.text or not record.human then return "wrong" end
    if squeezed(answer.text) == squeezed(record.human) then return "right" end
    return is_right_inside(record, answer.text) and "right" or "wrong"
end

local function time_git(folder, record)
    for _, side in ipairs{ "ours", "base", "theirs" } do fs.write(fs.join(folder, side), record[side] or "") end
    local started = time.monotonic()
    process.run{ "git", "merge-file", "-p", "--diff3", "ours", "base", "theirs", cwd = folder, reads = true }
    return time.monotonic() - started
end

local all, counts = {}, {}

local function count(name, holds)
    counts[name] = counts[name] or { found = 0, of = 0 }
    counts[name].of = counts[name].of + 1
    if holds then counts[name].found = counts[name].found + 1 end
end

local function names_of(rule)
    local names = {}
    for name in (rule .. " + "):gmatch("(.-) %+ ") do names[#names + 1] = name end
    return names
end

local folder = fs.temp_dir()
local resolver, spent_s, git_s, times = resolution.new(), 0, 0, {}
local unpacking = process.start{ "xz", "-dc", data, reads = true }
for line in function() return unpacking:read_line() end do
    local record = json.decode(line)
    for _, name in ipairs{ "base", "ours", "theirs", "human" } do
        if record[name] == json.null then record[name] = nil end
    end
    local started, busy_since = time.monotonic(), os.clock()
    local answer = resolver:resolve{ path = record.path, base = record.base, ours = record.ours,
        theirs = record.theirs }
    times[#times + 1] = os.clock() - busy_since
    spent_s = spent_s + time.monotonic() - started
    if #all < timed_with_git then git_s = git_s + time_git(folder:path(), record) end
    local one = { repo = record.repo, safe = answer.safe, rules = names_of(answer.rule or "none"),
        grade = grade(record, answer) }
    all[#all + 1] = one
    count("all", one.grade == "exact")
    count("repository " .. one.repo, one.grade == "exact")
    count("kind " .. record.kind, one.grade == "exact")
    count("rule " .. (#one.rules > 1 and "several" or one.rules[1]), one.grade == "exact")
    if answer.safe and one.grade == "wrong" and show then
        io.stderr:write(("wrong, and safe: %s %s %s\n"):format(record.repo, record.path, answer.rule))
    end
end
unpacking:close()
folder:close()

-- Whether a rule was right in all repositories but one.
local function trusted(rule, left_out)
    local right, of = 0, 0
    for _, one in ipairs(all) do
        if one.safe and one.repo ~= left_out and #one.rules == 1 and one.rules[1] == rule then
            of = of + 1
            if one.grade ~= "wrong" then right = right + 1 end
        end
    end
    return of >= least_cases and right / of >= least_share
end

for _, one in ipairs(all) do
    if one.safe then
        local holds = true
        for _, rule in ipairs(one.rules) do holds = holds and trusted(rule, one.repo) end
        count("safe", one.grade ~= "wrong")
        if holds then count("safe left out", one.grade ~= "wrong") end
        count("safe rule " .. (#one.rules > 1 and "several" or one.rules[1]), one.grade ~= "wrong")
    end
end

local function share(what, name, target)
    local one = counts[name] or { found = 0, of = 0 }
    print_share(what, one.found, one.of, target)
end

local names = {}
for name in pairs(counts) do names[#names + 1] = name end
table.sort(names)
share("conflicts resolved exactly as people did", "all", ">= 50 %")
for _, name in ipairs(names) do
    if name:find("^repository") or name:find("^kind") or name:find("^rule") then share("- " .. name, name) end
end
share("of those called safe, right", "safe", ">= 99 %")
share("- by rules found safe in the other repositories", "safe left out", ">= 99 %")
for _, name in ipairs(names) do
    if name:find("^safe rule") then share("- " .. name, name) end
end
local ours, git_each = spent_s / #all, git_s / timed_with_git
table.sort(times)
print(("99 of 100 conflicts' resolution within (s of CPU)\t%.6f\t-\t-\t-\t-"):format(times[math.ceil(0.99 * #times)]))
print(("a conflict's resolution, git merge-file (s)\t%.6f\t%.6f\t%.2f\t< 0.005 s\t-"):format(ours, git_each,
    ours / git_each))
