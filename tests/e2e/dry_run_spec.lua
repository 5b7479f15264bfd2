-- A dry run changes nothing, whichever way a script takes: its primitives (tests/lua/mutations_spec.lua has each of
-- their functions), Lua's own library, programs, databases and servers.
local servers = require("support.servers")
local uhost_binary = os.getenv("UHOST") or "uhost"

-- Of each path below `folder`: its type, mode, time and content.
local function tree(folder)
    local found = {}
    for path in fs.walk(folder) do
        local status = fs.stat(path, { follow = false })
        status.content = status.type == "file" and fs.read(path) or fs.readlink(path)
        found[path] = status
    end
    return found
end

-- Runs `code` in a dry run, with `...` as arguments; gives the result and the plan.
local function planned(code, ...)
    local own = fs.temp_dir()
    local file = own:path() .. "/plan.json"
    local result = process.run({ uhost_binary, "--dry-run", "--plan-json", file, "--state", own:path() .. "/state",
        "-e", code, ... })
    local whole = fs.exists(file) and json.decode(fs.read(file)) or { mutations = {}, notes = {} }
    own:close()
    return result, whole
end

local function found(list, kind, target)
    for _, each in ipairs(list) do
        if each.kind == kind and each.target:find(target, 1, true) then return each end
    end
end

-- A folder with a file, a folder and links, which `body(folder, outside)` must leave as they are.
local function unchanged(body)
    local scratch = fs.temp_dir()
    local folder = scratch:path() .. "/folder"
    return task.finally(function()
        fs.mkdir(folder .. "/sub")
        fs.write(folder .. "/file", "one\ntwo\n")
        fs.symlink("missing", folder .. "/dangling")
        local before = tree(scratch:path())
        body(folder)
        assert.same(before, tree(scratch:path()))
    end, function() scratch:close() end)
end

-- Every function of `io` and `os`, with code that would change something through it, or false if it cannot.
local library = {
    ["io.open"] = [[
        for _, mode in ipairs{ "w", "a", "r+", "w+", "a+", "wb" } do
            local file = assert(io.open(folder .. "/file", mode))
            file:write("more\n")
            file:seek("set")
            file:close()
        end
        io.open(folder .. "/new", "w"):write("x")
        assert(not io.open(folder .. "/none", "r+"))
        local file = io.open(folder .. "/file", "r+")
        assert(file:read("*l") == "one")]],
    ["io.output"] = [[io.output(folder .. "/new") io.write("text") io.output():close() io.output(io.stdout)]],
    ["io.popen"] = [[
        local pipe = io.popen("echo read; echo x > '" .. folder .. "/new' 2> /dev/null")
        assert(pipe:read("*a") == "read\n")
        pipe:close()
        local writer = io.popen("cat > '" .. folder .. "/new'", "w")
        writer:write("x")
        writer:close()]],
    ["os.execute"] = [[
        assert(os.execute("true") == 0)
        assert(os.execute("rm '" .. folder .. "/file' 2> /dev/null") ~= 0)
        assert(os.execute("chmod 600 '" .. folder .. "/file' 2> /dev/null") ~= 0)]],
    ["os.remove"] = [[assert(os.remove(folder .. "/file")) assert(not os.remove(folder .. "/none"))]],
    ["os.rename"] = [[assert(os.rename(folder .. "/file", folder .. "/other"))]],
    ["os.tmpname"] = [[
        local name = os.tmpname()
        local file = assert(io.open(name, "w"))
        file:write("kept")
        file:close()
        assert(io.open(name):read("*a") == "kept")
        assert(not name:find(folder, 1, true))]],
    ["io.tmpfile"] = [[local file = io.tmpfile() file:write("x") file:close()]],
    ["io.lines"] = [[for line in io.lines(folder .. "/file") do assert(#line == 3) end]],
    ["io.input"] = [[io.input(folder .. "/file") assert(io.read("*l") == "one")]],
    ["io.close"] = false, ["io.flush"] = false, ["io.read"] = false, ["io.type"] = false, ["io.write"] = false,
    ["os.clock"] = false, ["os.date"] = false, ["os.difftime"] = false, ["os.exit"] = false, ["os.getenv"] = false,
    ["os.setlocale"] = false, ["os.time"] = false,
}

describe("under --dry-run, Lua's own library", function()
    it("is known to this test in full", function()
        for name, of in pairs({ io = io, os = os }) do
            for key, value in pairs(of) do
                local known = type(value) ~= "function" or library[name .. "." .. key] ~= nil
                assert.is_true(known, name .. "." .. key .. " needs code that would change something")
            end
        end
    end)

    it("changes nothing, and goes on as if it had", function()
        for name, code in pairs(library) do
            if code then
                unchanged(function(folder)
                    local result = planned("local folder = ...\n" .. code, folder)
                    assert.equal(0, result.code, name .. ": " .. result.stderr)
                end)
            end
        end
    end)

    it("plans what it would have changed", function()
        unchanged(function(folder)
            local _, plan_file = planned([[
                local folder = ...
                io.open(folder .. "/new", "w"):close()
                io.output(folder .. "/out")
                os.remove(folder .. "/file")
                os.rename(folder .. "/sub", folder .. "/moved")
                io.popen("cat > x", "w"):close()
                os.execute("touch '" .. folder .. "/x' 2> /dev/null")]], folder)
            assert.is_truthy(found(plan_file.mutations, "io.open", folder .. "/new"))
            assert.is_truthy(found(plan_file.mutations, "io.open", folder .. "/out"))
            assert.is_truthy(found(plan_file.mutations, "os.remove", folder .. "/file"))
            assert.is_truthy(found(plan_file.mutations, "os.rename", folder .. "/sub"))
            assert.is_truthy(found(plan_file.mutations, "process.run", "cat > x"))
            assert.matches("may have tried", found(plan_file.notes, "process.run", "touch").summary)
        end)
    end)

    it("writes where it harms nobody: temporary folders, /dev/null, its own output", function()
        local result, plan_file = planned([[
            local folder = fs.temp_dir():path()
            local file = io.open(folder .. "/file", "w")
            file:write("text")
            file:close()
            assert(io.open(folder .. "/file"):read("*a") == "text")
            assert(os.execute("echo more >> " .. folder .. "/file") == 0)
            assert(fs.read(folder .. "/file") == "textmore\n")
            assert(os.rename(folder .. "/file", folder .. "/other") and os.remove(folder .. "/other"))
            io.open("/dev/null", "w"):write("x")
            local out = io.open("/dev/stdout", "w")
            out:write("said\n")
            out:close()]])
        assert.equal(0, result.code, result.stderr)
        assert.equal("said\n", result.stdout)
        assert.same({}, plan_file.mutations)
    end)

    it("does not follow a link out of a temporary folder", function()
        unchanged(function(folder)
            local result, plan_file = planned([[
                local folder, temporary = (...), fs.temp_dir():path()
                fs.symlink(folder .. "/new", temporary .. "/link")
                fs.symlink(folder, temporary .. "/folder")
                fs.append(temporary .. "/link", "text")
                fs.write(temporary .. "/folder/file", "text")
                io.open(temporary .. "/link", "w"):write("text")
                os.remove(temporary .. "/folder/file")
                os.execute("echo x > " .. temporary .. "/link 2> /dev/null")]], folder)
            assert.equal(0, result.code, result.stderr)
            assert.is_truthy(found(plan_file.mutations, "fs.append", "link"))
            assert.is_truthy(found(plan_file.mutations, "io.open", "link"))
        end)
    end)

    it("says in the plan that code outside of Lua was loaded", function()
        local _, plan_file = planned("require('ffi') pcall(package.loadlib, '/none.so', '*')")
        assert.is_truthy(found(plan_file.notes, "lua.native", "ffi"))
        assert.is_truthy(found(plan_file.notes, "lua.native", "C library"))
    end)

    it("says nothing of modules in Lua", function()
        local _, plan_file = planned("require('lib.counted') require('uhost.term.byte_size')")
        assert.is_nil((found(plan_file.notes, "lua.native", "")))
    end)
end)

describe("under --dry-run, a program", function()
    it("that says nothing of what it does runs where it can change nothing", function()
        unchanged(function(folder)
            local result, plan_file = planned([[
                local folder = ...
                print(process.run{ "cat", folder .. "/file" }.stdout)
                for _, command in ipairs{ "rm file", "echo x > new", "mv file other", "chmod 600 file", "touch file",
                    "mkdir new", "ln -s x new", "kill -0 " .. process.run{ "sh", "-c", "echo $PPID" }.stdout } do
                    local result = process.run{ "sh", "-c", command, cwd = folder }
                    assert(result.code ~= 0, command)
                end
                local child = process.start{ "sh", "-c", "rm file; echo done > $TMPDIR/x; cat $TMPDIR/x", cwd = folder }
                assert(child:read_all() == "done\n")
                child:wait()]], folder)
            assert.equal(0, result.code, result.stderr)
            assert.equal("one\ntwo\n\n", result.stdout)
            assert.is_nil(found(plan_file.mutations, "process.run", ""))
            assert.matches("code 1: it may have tried", found(plan_file.notes, "process.run", "rm file").summary)
            assert.equal("ran where it can change nothing", found(plan_file.notes, "process.run", "cat").summary)
        end)
    end)

    it("reaches no server", function()
        servers.with("http", {}, function(server)
            local url = server.url or server.plain_url
            planned([[process.run{ "curl", "-s", "-X", "POST", "-d", "x", (...) .. "/echo" }]], url)
            assert.is_nil(http.get(url .. "/counts"):json()["/echo"])
        end)
    end)

    it("that says it changes something is planned, one that says it reads runs as always", function()
        unchanged(function(folder)
            local result, plan_file = planned([[
                process.run{ "rm", (...) .. "/file", mutates = "remove it" }
                print(process.run{ "sh", "-c", "echo $PPID; kill -0 $PPID", reads = true }.code)
                print(pcall(process.run, { "true", reads = true, mutates = "nothing" }))]], folder)
            assert.matches("^0\nfalse\t", result.stdout)
            assert.equal("remove it", found(plan_file.mutations, "process.run", "rm").summary)
            assert.same({}, plan_file.notes)
        end)
    end)
end)

describe("under --dry-run, a database", function()
    it("stays as it is, and the plan has what was written to the copy", function()
        local scratch = fs.temp_dir()
        local path = scratch:path() .. "/kept.sqlite"
        local database = db.open(path)
        database:execute("CREATE TABLE t (a)")
        database:close()
        local before = fs.read(path)
        local result, plan_file = planned([[
            local path = ...
            local database = db.open(path)
            for i = 1, 3 do database:execute("INSERT INTO t VALUES (?)", { i }) end
            assert(database:one("SELECT count(*) AS n FROM t").n == 3)
            assert(#database:query("INSERT INTO t VALUES (7) RETURNING a") == 1)
            database:execute("CREATE TABLE u (b)")
            for _, sql in ipairs{ "VACUUM INTO '" .. path .. ".copy'", "ATTACH '" .. path .. "' AS other" } do
                assert(not pcall(database.execute, database, sql))
                local memory = db.open(":memory:")
                assert(not pcall(memory.execute, memory, sql))
            end
            db.open():execute("CREATE TABLE own (a)")]], path)
        assert.equal(0, result.code, result.stderr)
        assert.equal(before, fs.read(path))
        assert.is_false(fs.exists(path .. ".copy"))
        local sums = {}
        for _, each in ipairs(plan_file.mutations) do sums[each.summary] = each.times end
        assert.same({
            ["INSERT INTO t VALUES (?)"] = 3, ["INSERT INTO t VALUES (7) RETURNING a"] = 1, ["CREATE TABLE u (b)"] = 1,
        }, sums)
        scratch:close()
    end)
end)

describe("under --dry-run, a request", function()
    it("that says it changes nothing although it is a POST is sent, and the plan says so", function()
        servers.with("http", {}, function(server)
            local url = server.url or server.plain_url
            local _, plan_file = planned([[
                http.post((...) .. "/echo", { json = {}, mutates = false })
                http.post((...) .. "/echo", { json = {} })]], url)
            assert.matches("POST was sent", found(plan_file.notes, "http.request", "/echo").summary)
            assert.equal(1, #plan_file.mutations)
            assert.equal(1, http.get(url .. "/counts"):json()["/echo"])
        end)
    end)
end)

describe("--dry-run", function()
    it("behind a script that does not know it is refused with the place where it belongs", function()
        unchanged(function(folder)
            local script = os.tmpname()
            fs.write(script, "-- uhost --dry-run x.lua\nos.remove(arg[1])")
            for _, option in ipairs({ "--dry-run", "--safe", "--allow-net=example.org", "--offline" }) do
                local result = process.run({ uhost_binary, script, folder .. "/file", option })
                assert.equal(2, result.code)
                assert.matches(option:match("^[^=]+") .. " is an option of uhost: it stands before the script",
                    result.stderr, 1, true)
                assert.matches("uhost " .. option, result.stderr, 1, true)
            end
            fs.write(script, "if arg[1] == '--dry-run' then print('mine') end")
            assert.equal("mine\n", process.run({ uhost_binary, script, "--dry-run" }).stdout)
            fs.write(script, "print(...)")
            assert.equal("--\t--dry-run\n", process.run({ uhost_binary, script, "--", "--dry-run" }).stdout)
            local result = process.run({ uhost_binary, "monthly_audit", "--demo", "--close", "--dry-run" })
            assert.equal(2, result.code)
            assert.matches("stands before the script", result.stderr)
            fs.remove(script)
        end)
    end)

    it("shows what a demonstration would change", function()
        local result = process.run({ uhost_binary, "--dry-run", "monthly_audit", "--demo", "--close" })
        assert.matches("github.close_issue%s+example/compiler#%d+%s+close it as completed %(in the demonstration%)",
            result.stderr)
    end)
end)
