-- Every bound function that changes something, called under a dry run: it plans, and changes nothing.

-- Runs in a process of its own, under --dry-run. The arguments are the folder that must not change and the one of the
-- repository. A sample for each function calls it so that it would change one of them.
local calls = [==[
local folder, repository = ...
for name, kind in fs.walk(uhost.share .. "/api", { depth = 1 }) do
    local primitive = fs.basename(name)
    if kind == "directory" and primitive ~= "uhost" then require("uhost." .. primitive) end
end

local repo = git.open(repository)
local url = "http://127.0.0.1:1/"
local commit = { ref = "refs/heads/main", message = "Two", files = { b = "2" }, author = "A", author_email = "a@b" }
local samples = {
    ["fs.append"] = function(append) append(folder .. "/file", "more") end,
    ["fs.copy"] = function(copy) copy(folder .. "/file", folder .. "/copy") end,
    ["fs.mkdir"] = function(mkdir) mkdir(folder .. "/new") end,
    ["fs.remove"] = function(remove) remove(folder .. "/file") end,
    ["fs.rename"] = function(rename) rename(folder .. "/file", folder .. "/renamed") end,
    ["fs.symlink"] = function(symlink) symlink("file", folder .. "/link") end,
    ["fs.write"] = function(write) write(folder .. "/file", "other") end,
    ["git.clone"] = function(clone) clone(repository, folder .. "/clone", {}, nil) end,
    ["git.init"] = function(init) init(folder .. "/repository", {}) end,
    ["git.Repository:create_commit"] = function(create) create(repo, commit) end,
    ["git.Repository:create_tag"] = function(create)
        create(repo, "v1", "HEAD", { message = "One", tagger = "A", tagger_email = "a@b" })
    end,
    ["git.Repository:commit_tree"] = function(write)
        write(repo, { as = "HEAD", tree = "HEAD^{tree}", parents = {}, committer = "A", committer_email = "a@b" })
    end,
    ["git.Repository:merge_trees"] = function(merge) merge(repo, { base = "HEAD", ours = "HEAD", theirs = "HEAD" }) end,
    ["git.Repository:replay"] = function(replay)
        replay(repo, { commits = { "HEAD" }, onto = "HEAD", committer = "A", committer_email = "a@b" })
    end,
    ["git.Repository:write_tree"] = function(write)
        write(repo, { tree = "HEAD", changes = { new = { text = "new" } } })
    end,
    ["git.Repository:fetch"] = function(fetch) fetch(repo, { remote = "origin" }, repository, nil) end,
    ["git.Repository:push"] = function(push)
        push(repo, { remote = "origin", refspecs = { "refs/heads/main:refs/heads/pushed" } }, repository, nil)
    end,
    ["git.Repository:update_refs"] = function() repo:create_branch("topic") end,
    ["http.check"] = function(check) check({ url = url, method = "POST" }) end,
    ["http.request"] = function(request)
        request({ url = url, method = "POST" })
        request({ url = url, to_file = folder .. "/download" })
    end,
    ["io.open"] = function() io.open(folder .. "/file", "w"):write("other") end,
    ["io.popen"] = function() io.popen("cat > " .. folder .. "/new", "w"):write("other") end,
    ["logs.Store:remove"] = function(remove) remove(logs.open(folder), 1) end,
    ["logs.Store:remove_dictionaries"] = function(remove) remove(logs.open(folder)) end,
    ["logs.Store:writer"] = function(open_writer)
        local writer = open_writer(logs.open(folder))
        writer:add(log_text.open({ text = "a log" }))
        writer:commit()
    end,
    ["plan.begin"] = function()
        local answer = plan.perform({ kind = "spec.change", target = "file", summary = "change it",
            apply = function() os.remove(folder .. "/file") end, planned = function() return "as if made" end })
        assert(answer == "as if made")
    end,
    ["process.run"] = function() process.run({ "rm", folder .. "/file", mutates = "remove it" }) end,
    ["process.start"] = function() process.start({ "rm", folder .. "/file", mutates = "remove it" }):wait() end,
}

-- Statements are not planned one by one: the database of a dry run is one that is thrown away.
for _, path in ipairs({ folder .. "/data.sqlite", folder .. "/new.sqlite" }) do
    local connection = db.open(path)
    connection:migrate("spec", { "CREATE TABLE more (value INTEGER)" })
    connection:transaction(function() connection:execute("INSERT INTO more VALUES (1)") end)
    assert(connection:one("SELECT value FROM more").value == 1)
    connection:close()
end

for name, changing in pairs(debug.getregistry()["uhost.changing_functions"]) do
    local sample = samples[name]
    if not sample then error("add a sample call of '" .. name .. "' to mutations_spec.lua") end
    sample(changing)
    print(name)
end
]==]

-- Of each path below `folder`, its content, or its type where it has none. SQLite keeps files beside a database for its
-- readers; what is written is only in the log, which has to be empty.
local function tree(folder)
    local found = {}
    for path, kind in fs.walk(folder) do found[path] = kind == "file" and fs.read(path) or kind end
    for path, content in pairs(found) do
        if path:find("%-shm$") or path:find("%-wal$") and content == "" then found[path] = nil end
    end
    return found
end

local function lines_of(text)
    local lines = {}
    for line in text:gmatch("[^\n]+") do lines[#lines + 1] = line end
    table.sort(lines)
    return lines
end

describe("every function that changes something", function()
    local scratch

    before_each(function() scratch = fs.temp_dir() end)
    after_each(function() scratch:close() end)

    it("plans under --dry-run, and changes nothing", function()
        local folder, repository = scratch:path() .. "/folder", scratch:path() .. "/repository"
        fs.mkdir(folder)
        fs.write(folder .. "/file", "content")
        local connection = db.open(folder .. "/data.sqlite")
        connection:execute("CREATE TABLE t (value INTEGER)")
        connection:close()
        local repo = git.init(repository, { initial_branch = "main" })
        repo:create_commit({ ref = "refs/heads/main", message = "One", files = { a = "1" }, author = "A",
            author_email = "a@b", time = 1700000000 })
        fs.append(repository .. "/.git/config", '[remote "origin"]\n\turl = ' .. repository .. "\n")
        local before = tree(scratch:path())
        local plan_file = fs.temp_dir()
        local result = process.run({ "/proc/self/exe", "--dry-run", "--plan-json", plan_file:path() .. "/plan.json",
            "--state", plan_file:path() .. "/state", "-e", calls, folder, repository })
        assert.equal(0, result.code, result.stderr)
        assert.same(before, tree(scratch:path()))

        local called = lines_of(result.stdout)
        local planned = {}
        for _, mutation in ipairs(json.decode(fs.read(plan_file:path() .. "/plan.json")).mutations) do
            planned[mutation.kind] = (planned[mutation.kind] or 0) + 1
        end
        plan_file:close()
        local kinds = {
            ["http.check"] = "http.request", ["plan.begin"] = "spec.change", ["process.start"] = "process.run",
            ["io.popen"] = "process.run",
        }
        for _, name in ipairs(called) do
            local kind = kinds[name] or name:gsub("Repository:", "")
            assert.is_true((planned[kind] or 0) > 0, name .. " planned nothing")
            planned[kind] = planned[kind] - 1
        end
        assert.equal(25, #called)
        assert.equal(1, planned["http.download"])
    end)
end)
