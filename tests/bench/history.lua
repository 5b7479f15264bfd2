-- Measures questions about a long history (see make_repository) beside git, without and with a commit-graph. Each side
-- is a process of its own, run in turns; the fastest run counts. Ours is measured inside its process, from before the
-- repository is opened until the answer is there: what the start of uhost takes is in the bench of that name.
--
-- Prints for each: name, seconds of ours, seconds of git, ratio, target, same answer; separated by tabs.
--
--   history.lua FOLDER [PATTERN]    FOLDER as make_repository prints it; only lines whose names have PATTERN
local folder, pattern = ...
local uhost_binary = os.getenv("UHOST") or "uhost"
local rounds = 7

local measured = {
    {
        name = "log of 10,000 commits",
        ours = [[for c in repo:log{ limit = 10000 } do add(c.id, c.author_time, c.author, c.subject) end]],
        git = { "log", "-10000", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", "--format=%H %ad %an %s" },
    },
    {
        name = "log of one file",
        ours = [[for c in repo:log{ path = PATH } do add(c.id) end]],
        git = { "log", "--format=%H", "HEAD", "--", "PATH" },
    },
    {
        name = "log of one folder",
        ours = [[for c in repo:log{ path = "tests/crashes", limit = 500 } do add(c.id) end]],
        git = { "log", "-500", "--format=%H", "HEAD", "--", "tests/crashes" },
    },
    {
        name = "files that differ between tags",
        ours = [[for _, path in ipairs(repo:changed_paths("v1", "v3")) do add(path) end]],
        git = { "diff", "--name-only", "--no-renames", "v1", "v3" },
    },
    {
        name = "diff of tags, counts",
        ours = [[for _, f in ipairs(repo:diff("v2", "v3", { hunks = false }).files) do
            add(f.additions, f.deletions, f.path) end]],
        git = { "diff", "--numstat", "v2", "v3" },
        answer = function(output) return (output:gsub("\t", " "):gsub("{[^\n]- => (.-)}", "%1"):gsub("//", "/")) end,
    },
    {
        name = "diff of tags, hunks",
        ours = [[local hunks = 0
            for _, f in ipairs(repo:diff("v2", "v3").files) do hunks = hunks + #f.hunks end
            add(hunks)]],
        git = { "diff", "v2", "v3" },
        answer = function(output) return select(2, output:gsub("\n@@ ", "")) .. "\n" end,
    },
    {
        name = "diff of tags, patch",
        ours = [[add((repo:patch("v2", "v3"):gsub("\nindex %x+%.%.%x+", "")))]],
        git = { "diff", "v2", "v3" },
        answer = function(output) return (output:gsub("\nindex %x+%.%.%x+", "")) .. "\n" end,
    },
    {
        name = "status of 64,900 files", work_tree = true,
        ours = [[for _, entry in ipairs(repo:status()) do add(entry.path) end]],
        git = { "--no-optional-locks", "status", "--porcelain", "--untracked-files=all" },
        answer = function(output) return output == "" and "\n" or output end,
    },
    {
        name = "describe",
        ours = [[add(repo:describe{ revision = "v3~100" }, repo:describe())]],
        git = { "describe", "--tags", "--abbrev=7", "v3~100", "HEAD" },
        answer = function(output) return (output:gsub("\n", " ", 1)) end,
    },
    {
        name = "ahead and behind, near",
        ours = [[add(repo:ahead_behind("HEAD~20", "HEAD~3^2"))]],
        git = { "rev-list", "--left-right", "--count", "HEAD~20...HEAD~3^2" },
        answer = function(output) return (output:gsub("\t", " ")) end,
    },
    {
        name = "ahead and behind, far",
        ours = [[add(repo:ahead_behind("HEAD", "v1"))]],
        git = { "rev-list", "--left-right", "--count", "HEAD...v1" },
        answer = function(output) return (output:gsub("\t", " ")) end,
    },
    {
        name = "merge base, far",
        ours = [[add(repo:merge_base("HEAD", "v1"))]],
        git = { "merge-base", "HEAD", "v1" },
    },
    {
        name = "ancestor or not",
        ours = [[add(repo:is_ancestor("v1", "HEAD"))]],
        git = { "merge-base", "--is-ancestor", "v1", "HEAD" },
        answer = function() return "true\n" end,
    },
    {
        name = "read 3,000 files",
        ours = [[local texts = repo:read_many("HEAD", PATHS)
            for _, path in ipairs(PATHS) do add(path, #texts[path]) end]],
        git = { "cat-file", "--batch=%(rest) %(objectsize)", stdin = "SPECS" },
        answer = function(output)
            local lines = {}
            local at = 1
            while at <= #output do
                local eol = output:find("\n", at, true)
                local line = output:sub(at, eol - 1)
                lines[#lines + 1] = line
                at = eol + 1 + tonumber(line:match("(%d+)$")) + 1
            end
            return table.concat(lines, "\n") .. "\n"
        end,
    },
}

local prelude = [[
    local folder, PATH = ...
    local lines, PATHS = {}, {}
    for path in io.lines() do PATHS[#PATHS + 1] = path end
    local function add(...)
        local texts = {}
        for i = 1, select("#", ...) do texts[i] = tostring((select(i, ...))) end
        lines[#lines + 1] = table.concat(texts, " ")
    end
    require("uhost.git")
    local begin = time.monotonic()
    local repo = git.open(folder)
    %s
    local output = table.concat(lines, "\n") .. "\n"
    io.write(("%%.6f\n"):format(time.monotonic() - begin), output)
]]

local function git_command(each, repository, path, specs)
    local command = { "git", "-C", repository, check = not each.failing }
    for _, argument in ipairs(each.git) do command[#command + 1] = (argument:gsub("^PATH$", path)) end
    command.stdin = each.git.stdin and specs
    return command
end

local function compare(each, state, repository, path, paths)
    local ours, peer, answer, expected = math.huge, math.huge, nil, nil
    local specs = {}
    for line in paths:gmatch("[^\n]+") do specs[#specs + 1] = ("HEAD:%s %s\n"):format(line, line) end
    local command = git_command(each, repository, path, table.concat(specs))
    for _ = 1, rounds do
        local output = process.run({ uhost_binary, "-e", prelude:format(each.ours), repository, path,
            stdin = paths, check = true }).stdout
        local seconds
        seconds, answer = output:match("^(.-)\n(.*)$")
        ours = math.min(ours, tonumber(seconds))
        local result = process.run(command)
        peer, expected = math.min(peer, result.duration_s), result.stdout
    end
    if each.answer then expected = each.answer(expected) end
    print(("history: %s, %s\t%.4f\t%.4f\t%.2f\t<= 1.00\t%s"):format(each.name, state, ours, peer, ours / peer,
        answer == expected and "yes" or "no"))
    io.flush()
end

local function git_in(repository, ...)
    return process.run({ "git", "-C", repository, check = true, ... }).stdout
end

local function wanted(each, state)
    if each.work_tree and state == "graph" then return false end
    return not pattern or (each.name .. ", " .. state):find(pattern, 1, true) ~= nil
end

local scratch = fs.temp_dir()
for _, state in ipairs{ "plain", "graph" } do
    local source = folder .. (state == "graph" and "/history-graph.git" or "/history.git")
    local repository = scratch:path() .. "/" .. fs.basename(source)
    process.run({ "cp", "-al", source, repository, check = true })
    for tag, revision in pairs{ v1 = "HEAD~8000", v2 = "HEAD~1200", v3 = "HEAD~400" } do
        git_in(repository, "-c", "user.name=A", "-c", "user.email=a@b", "tag", "-m", tag, tag, revision)
    end
    local paths = git_in(repository, "ls-tree", "-r", "--name-only", "HEAD"):sub(1, 200000)
    local listed = {}
    for path in paths:gmatch("([^\n]+)\n") do listed[#listed + 1] = path end
    local chosen = {}
    for i = 1, 3000 do chosen[i] = listed[i] end
    local path = listed[#listed]
    for _, each in ipairs(measured) do
        local place = repository
        if each.work_tree and wanted(each, state) then
            place = scratch:path() .. "/work_tree"
            process.run({ "git", "clone", "--quiet", "--shared", repository, place, check = true })
        end
        if wanted(each, state) then compare(each, state, place, path, table.concat(chosen, "\n")) end
    end
end
scratch:close()
