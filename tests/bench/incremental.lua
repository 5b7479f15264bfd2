-- Measures next month's look at deletions, through the index in the store, against a walk of the whole history, and
-- checks that both find the same deletions. The month is the newest 200 commits of the mainline.
--
--   incremental.lua [FOLDER]      FOLDER as make_repository prints it; made if need be when not given
--
-- Prints: name, seconds of ours, seconds of the cold walk, ratio, target, same answer; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")

local function output_of(...)
    return (process.run({ check = true, ... }).stdout:gsub("\n$", ""))
end

local function timed(repository, options)
    local started, found = time.monotonic(), {}
    for d in repository:deletions(options) do found[#found + 1] = d.commit .. " " .. d.path end
    table.sort(found)
    return time.monotonic() - started, table.concat(found, "\n")
end

local function month_later(source)
    local folder = fs.temp_dir()
    local path = folder:path() .. "/history.git"
    process.run({ "git", "clone", "--quiet", "--bare", "--local", source, path, check = true })
    local branch = output_of("git", "-C", path, "symbolic-ref", "HEAD")
    local newest = output_of("git", "-C", path, "rev-parse", "HEAD")
    process.run({ "git", "-C", path, "update-ref", branch, newest .. "~200", check = true })
    timed(git.open(path), { path = "tests/crashes" })
    process.run({ "git", "-C", path, "update-ref", branch, newest, check = true })
    local incremental, found = timed(git.open(path), { path = "tests/crashes" })
    local cold, all = timed(git.open(path), { path = "tests/crashes", refresh = true })
    folder:close()
    return incremental, cold, found == all and #all > 0
end

local made = arg[1] or output_of(here .. "/make_repository")
for _, state in ipairs({ { "history.git", "no commit-graph" }, { "history-graph.git", "changed-path filters" } }) do
    local incremental, cold, same = month_later(made .. "/" .. state[1])
    print(("deletions indexed, %s\t%.4f\t%.4f\t%.3f\t<= 0.05\t%s"):format(
        state[2], incremental, cold, incremental / cold, same and "yes" or "no"))
end
