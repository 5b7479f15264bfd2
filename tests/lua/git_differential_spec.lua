-- Answers that are to be git's own, on random histories and texts.
local scratch = require("support.git_scratch")

local random = math.random
local code_lines = { "{", "}", "", "  ", "int f() {", "    return 0;", "\tx = y;", "  if (a) {", "  }", "# c", "else" }

-- Lines that repeat, as in code; lines that repeat in part; lines that do not.
local function line_of(kind)
    if kind == 1 then return code_lines[random(#code_lines)] end
    return ("line %d"):format(random(kind == 2 and 200 or 1e9))
end

local function text_of(count, kind)
    local lines = {}
    for i = 1, count do lines[i] = line_of(kind) end
    return lines
end

local function insert(lines, at, kind)
    for _ = 1, random(12) do table.insert(lines, math.min(at, #lines + 1), line_of(kind)) end
end

local function remove(lines, at)
    for _ = 1, random(12) do
        if lines[at] then table.remove(lines, at) end
    end
end

local function copy_block(lines, at)
    local from = random(math.max(1, #lines - 10))
    for i = math.min(from + random(10), #lines), from, -1 do table.insert(lines, math.min(at, #lines + 1), lines[i]) end
end

local function edited(lines, count, kind)
    local copy = { unpack(lines) }
    for _ = 1, count do
        local edit = ({ insert, remove, copy_block })[random(3)]
        edit(copy, random(#copy + 1), kind)
    end
    return copy
end

local function joined(lines) return table.concat(lines, "\n") .. (random(4) == 1 and "" or "\n") end

local function range(start, count) return count == 1 and ("%d"):format(start) or ("%d,%d"):format(start, count) end

-- Hunks as git prints them.
local function printed(file)
    local lines = {}
    for _, hunk in ipairs(file.hunks) do
        local header = hunk.header ~= "" and " " .. hunk.header or ""
        table.insert(lines, ("@@ -%s +%s @@%s"):format(range(hunk.old_start, hunk.old_lines),
            range(hunk.new_start, hunk.new_lines), header))
        for _, line in ipairs(hunk.lines) do
            table.insert(lines, line.origin .. line.text)
            if line.newline_at_end == false then table.insert(lines, "\\ No newline at end of file") end
        end
    end
    return table.concat(lines, "\n")
end

-- "additions deletions path" or "… old => new" of each file, as --numstat -z has them, by commit.
local function numstat(repository, ...)
    local by_commit, files, moved = {}, nil, {}
    for token in repository:git("log", "--format=%x01%H", "--numstat", "-z", ...):gmatch("([^%z]*)%z") do
        local id, rest = token:match("^\n?\1(%x+)\n*(.*)$")
        if id then files, token = {}, rest end
        if id then by_commit[id] = files end
        local counts, path = token:match("^\n?([%d-]+\t[%d-]+)\t(.*)$")
        if counts and path ~= "" then
            table.insert(files, counts .. "\t" .. path)
        elseif counts then
            moved = { counts }
        elseif moved[1] and token ~= "" then
            table.insert(moved, token)
            if moved[3] then
                table.insert(files, ("%s\t%s => %s"):format(unpack(moved)))
                moved = {}
            end
        end
    end
    return by_commit
end

local function numstat_of(commit)
    local files = {}
    for _, file in ipairs(commit.files) do
        local counts = file.binary and "-\t-" or ("%d\t%d"):format(file.additions, file.deletions)
        local path = file.old_path ~= file.path and file.old_path .. " => " .. file.path or file.path
        table.insert(files, counts .. "\t" .. path)
    end
    return files
end

-- "commit original_line" for each line.
local function blamed_by_git(repository, ...)
    local lines = {}
    for id, original, final in ("\n" .. repository:git("blame", "--porcelain", ...)):gmatch("\n(%x+) (%d+) (%d+)") do
        if #id == 40 then lines[tonumber(final)] = id .. " " .. original end
    end
    return lines
end

local function blamed(hunks)
    local lines = {}
    for _, hunk in ipairs(hunks) do
        for i = 0, hunk.line_count - 1 do
            lines[hunk.first_line + i] = ("%s %d"):format(hunk.commit, hunk.original_line + i)
        end
    end
    return lines
end

-- Files that grow, move, are copied, turn into links and folders, and go away, with merges now and then.
local function lively_history(seed)
    math.randomseed(seed)
    local repository = scratch.new()
    local texts, next_name = {}, 1
    for i = 1, 40 do
        local changes = {}
        for _ = 1, random(3) do
            local names = {}
            for name in pairs(texts) do table.insert(names, name) end
            table.sort(names)
            local name = names[random(math.max(1, #names))]
            local choice = random(8)
            if not name or choice <= 2 then
                name = ("%s/f%d"):format(({ "a", "a/b", "c" })[random(3)], next_name)
                next_name, texts[name] = next_name + 1, text_of(random(5, 60), random(3))
            elseif choice == 3 and not changes[name] then
                changes[name], texts[name] = false, nil
            elseif choice == 4 and not changes[name] then
                local moved = ("c/m%d"):format(next_name)
                next_name = next_name + 1
                changes[name], texts[moved], texts[name] = false, edited(texts[name], random(0, 2), 3), nil
                name = moved
            elseif texts[name] then
                texts[name] = edited(texts[name], random(4), random(3))
            end
            if texts[name] then changes[name] = joined(texts[name]) end
        end
        changes.binary = i % 9 == 0 and ("\0%d"):format(i) or nil
        repository:commit("Commit " .. i, changes, { time = 1700000000 + random(3) * 1000 + i * 2000 })
        if i % 10 == 0 then
            repository:git("checkout", "-q", "-b", "side" .. i, "HEAD~3")
            repository:commit("Side", { ["side/" .. i] = "x\n" }, { time = 1700000000 + i * 2000 + 10 })
            repository:git("checkout", "-q", "main")
            repository:git("merge", "-q", "--no-ff", "-m", "Merge", "side" .. i)
        end
    end
    return repository
end

describe("git", function()
    teardown(scratch.clean_up)

    it("compares texts line by line as git does", function()
        math.randomseed(20)
        local repository, texts, first, second = scratch.new(), {}, {}, {}
        for i = 1, 60 do
            local name, kind = ("f%02d"):format(i), random(3)
            texts[name] = text_of(i % 20 == 0 and 3000 or random(120), kind)
            first[name] = joined(texts[name])
            second[name] = joined(edited(texts[name], i % 20 == 0 and 300 or random(8), random(3)))
        end
        repository:commit("First", first)
        repository:commit("Second", second)
        local compared = 0
        for _, context in ipairs{ 0, 3 } do
            for _, file in ipairs(git.open(repository.path):diff("HEAD~1", "HEAD", { context = context }).files) do
                local expected = repository:git("diff", "-U" .. context, "HEAD~1", "HEAD", "--", file.path)
                assert.equal(expected:match("\n(@@.*)"), printed(file))
                compared = compared + 1
            end
        end
        assert.is_true(compared > 100)
    end)

    for seed = 1, 3 do
        it("lists the files of commits, and blames lines, as git does in history " .. seed, function()
            local repository = lively_history(seed)
            local repo = git.open(repository.path)
            local function check(expected, options)
                local commits = 0
                for commit in repo:log(options) do
                    assert.same(expected[commit.id] or {}, numstat_of(commit))
                    commits = commits + 1
                end
                assert.is_true(commits > 10)
            end
            check(numstat(repository), { stats = true })
            check(numstat(repository, "--first-parent"), { stats = true, first_parent = true })
            check(numstat(repository, "--no-renames", "--", "a", "c"),
                { stats = true, renames = false, path = { "a", "c" } })
            for _, path in ipairs(repository:lines("ls-files")) do
                assert.same(blamed_by_git(repository, path), blamed(repo:blame(path)))
            end
            repository:git("commit-graph", "write", "--reachable", "--changed-paths")
            for _, path in ipairs(repository:lines("ls-files")) do
                assert.same(blamed_by_git(repository, "--first-parent", path),
                    blamed(repo:blame(path, { first_parent = true })))
            end
        end)
    end

    it("names the files that differ, moved ones too, without reading them", function()
        local repository = lively_history(4)
        for back = 1, 30, 5 do
            local names = {}
            local found = git.open(repository.path):diff("HEAD~" .. back, "HEAD", { stats = false })
            for _, file in ipairs(found.files) do
                assert.is_nil(file.additions)
                local moved = file.old_path ~= file.path
                table.insert(names, ("%s\t%s%s"):format(
                    moved and ("R%03d"):format(file.similarity_percent) or file.status:sub(1, 1):upper(),
                    moved and file.old_path .. "\t" or "", file.path))
            end
            assert.same(repository:lines("diff", "--name-status", "HEAD~" .. back, "HEAD"), names)
        end
    end)

    -- What git's log says of every commit without a second parent: "old -> new percent" or "old -> ", time and author.
    local function removed_by_git(repository)
        local found, commit = {}, nil
        local fields = {}
        local output = repository:git("log", "--no-merges", "--full-history", "-M", "--diff-filter=DR", "--name-status",
            "-z", "--format=%x01%H %ct %an")
        for field in output:gmatch("([^%z]+)") do table.insert(fields, field) end
        local i = 1
        while fields[i] do
            local id, rest = fields[i]:match("\1(%x+) ([^\n]*)")
            local status = fields[i]:match("^\n?([DR]%d*)$")
            if id then
                commit = { id = id, rest = rest }
            elseif status then
                local from, to = fields[i + 1], status:sub(1, 1) == "R" and fields[i + 2] or nil
                local percent = tonumber(status:match("%d+"))
                found[commit.id .. " " .. from] = { rest = commit.rest, to = to, percent = percent }
                i = i + (to and 2 or 1)
            end
            i = i + 1
        end
        return found
    end

    local function check_removed(repository, minimum)
        local repo, expected, count = git.open(repository.path), removed_by_git(repository), 0
        for record in repo:deletions{ index = false } do
            local theirs = expected[record.commit .. " " .. record.path]
            if theirs then
                count = count + 1
                assert.equal(theirs.rest, ("%d %s"):format(time.parse(record.time), record.author))
                -- Where git sees a deletion, the file may have been folded into another of the same content.
                if theirs.to or record.similarity_percent ~= 100 then
                    assert.same({ theirs.to, theirs.percent }, { record.moved_to, record.similarity_percent })
                end
                expected[record.commit .. " " .. record.path] = nil
            else
                assert.is_true(#repo:commit(record.commit).parents > 1, record.commit .. " " .. record.path)
            end
        end
        assert.same({}, expected)
        assert.is_true(count >= minimum, tostring(count))
    end

    for seed = 31, 37 do
        it("removes and moves files when git's log says so, history " .. seed, function()
            local repository = lively_history(seed)
            check_removed(repository, 3)
            if seed > 33 then return end
            repository:git("commit-graph", "write", "--reachable", "--changed-paths")
            check_removed(repository, 3)
        end)
    end

    it("removes and moves files when git's log says so, in this project", function()
        if not fs.exists(".git") then return pending("needs the project's own history") end
        check_removed(scratch.at(fs.absolute(".")), 1)
    end)
end)
