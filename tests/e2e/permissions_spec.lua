-- What a script with limited permissions may reach, and the ways in which it could try to reach more.
local servers = require("support.servers")
local uhost_binary = os.getenv("UHOST") or "uhost"

local secret = "the secret of " .. time.iso()

-- Runs `code` with options; `...` are its arguments.
local function run(options, code, ...)
    local command = { uhost_binary }
    for _, option in ipairs(options) do command[#command + 1] = option end
    command[#command + 1], command[#command + 2] = "-e", code
    for _, argument in ipairs({ ... }) do command[#command + 1] = argument end
    command.env = { SECRET_NAME = secret }
    return process.run(command)
end

-- A folder with `allowed/` and, beside it, a secret in several disguises. `body(folder)`.
local function world(body)
    local scratch = fs.temp_dir()
    local folder = scratch:path()
    return task.finally(function()
        fs.mkdir(folder .. "/allowed")
        fs.write(folder .. "/allowed/open", "open")
        fs.write(folder .. "/secret", secret)
        fs.write(folder .. "/secret.lua", ("return %q"):format(secret))
        fs.symlink("../secret", folder .. "/allowed/link")
        fs.symlink("..", folder .. "/allowed/up")
        fs.symlink("../new", folder .. "/allowed/dangling")
        body(folder)
    end, function() scratch:close() end)
end

-- Each tries to read the secret, or to change something, in `folder` and to print it. None may get through.
local attacks = {
    [[print(fs.read(folder .. "/secret"))]],
    [[print(fs.read(folder .. "/allowed/link"))]],
    [[print(fs.read(folder .. "/allowed/up/secret"))]],
    [[print(fs.read(folder .. "/allowed/../secret"))]],
    [[print(fs.read("/proc/self/root" .. folder .. "/secret"))]],
    [[print(fs.lines(folder .. "/secret")())]],
    [[fs.copy(folder .. "/secret", folder .. "/allowed/copy") print(fs.read(folder .. "/allowed/copy"))]],
    [[fs.rename(folder .. "/secret", folder .. "/allowed/moved") print(fs.read(folder .. "/allowed/moved"))]],
    [[fs.symlink("../secret", folder .. "/allowed/own") print(fs.read(folder .. "/allowed/own"))]],
    [[fs.write(folder .. "/new", "x")]],
    [[fs.write(folder .. "/allowed/dangling", "x")]],
    [[fs.write(folder .. "/allowed/up/new", "x")]],
    [[fs.append(folder .. "/allowed/dangling", "x")]],
    [[fs.mkdir(folder .. "/new")]],
    [[fs.remove(folder .. "/secret")]],
    [[fs.remove(folder .. "/allowed/up/secret")]],
    [[print(io.open(folder .. "/secret"):read("*a"))]],
    [[print(io.open(folder .. "/secret\0/../allowed/open"):read("*a"))]],
    [[print(io.open(folder .. "/allowed/link", "r"):read("*a"))]],
    [[io.open(folder .. "/new", "w"):write("x")]],
    [[io.open(folder .. "/secret", "r+"):write("x")]],
    [[io.output(folder .. "/new") io.write("x")]],
    [[io.input(folder .. "/secret") print(io.read("*a"))]],
    [[for line in io.lines(folder .. "/secret") do print(line) end]],
    [[print(io.popen("cat " .. folder .. "/secret"):read("*a"))]],
    [[os.execute("cat " .. folder .. "/secret")]],
    [[os.remove(folder .. "/secret")]],
    [[os.rename(folder .. "/secret", folder .. "/allowed/moved") print(fs.read(folder .. "/allowed/moved"))]],
    [[print(os.getenv("SECRET_NAME"))]],
    [[print(dofile(folder .. "/secret.lua"))]],
    [[print(loadfile(folder .. "/secret.lua")())]],
    [[package.path = folder .. "/?.lua" print(require("secret"))]],
    [[package.path = folder .. "/secret;?" print(require("x"))]],
    [[print(process.run{ "cat", folder .. "/secret" }.stdout)]],
    [[print(process.start{ "cat", folder .. "/secret" }:read_all())]],
    [[print(log_text.open(folder .. "/secret"):line(1))]],
    [[logs.open(folder):writer()]],
    [[for line in re.compile("."):lines(folder .. "/secret") do print(line) end]],
    [[print(policy.load("secret", { folder = folder }):data())]],
    [[db.open(folder .. "/new")]],
    [[db.open(":memory:"):execute("ATTACH '" .. folder .. "/new' AS other")]],
    [[db.open(folder .. "/allowed/db"):execute("VACUUM INTO '" .. folder .. "/new'")]],
    [[db.open("file:" .. folder .. "/new")]],
    [[git.init(folder .. "/new")]],
    [[git.init(folder .. "/allowed/repository")]],
    [[http.get("http://127.0.0.1:1/")]],
    [[http.post("http://127.0.0.1:1/", { body_file = folder .. "/secret" })]],
    [[git.clone("http://127.0.0.1:1/x", folder .. "/allowed/clone")]],
    [[git.ls_remote(folder)]],
    -- Out of Lua.
    [[local ffi = require("ffi") ffi.cdef("int system(const char*)") ffi.C.system("cat " .. folder .. "/secret")]],
    [[local one = 1LL print(package.loaded.ffi.C)]],
    [[local one = loadstring("return 1LL")() print(require("ffi").C)]],
    [[print(require("string.buffer").new():ref())]],
    [[print(package.loadlib("libc.so.6", "*"))]],
    [[package.cpath = "/lib/x86_64-linux-gnu/?.so.6" print(require("libc"))]],
    [[print(loadstring(string.dump(function() return "]] .. secret .. [[" end))())]],
    [[print(load(string.dump(function() return 1 end), "x", "b")())]],
    [[print(debug.getregistry())]],
    [[local _, open = debug.getupvalue(io.open, 1) print(open)]],
    [[print(require("jit.util").funcinfo(io.open))]],
    [[print(debug.getinfo(1, "f").func(folder))]],
    -- What the guards use, replaced.
    [[string.find = function() end print(io.open(folder .. "/new", "w"):write("x"))]],
    [[local none = setmetatable({}, { __index = function() return function() end end })
    setfenv(io.open, none) io.open(folder .. "/new", "w")]],
    [[type = function() return "nil" end tostring = function() return "/dev/null" end io.open(folder .. "/new", "w")]],
    [[getmetatable("").__index = { find = function() end } io.open(folder .. "/new", "w")]],
    [[package.loaded["uhost.fs"] = nil print(require("uhost.fs").read(folder .. "/secret"))]],
    [[for _, load in ipairs(package.loaders) do
        package.path = folder .. "/?.lua"
        local ok, found = pcall(load, "secret")
        if type(found) == "function" then print(found("secret")) end
    end
    error("nothing")]],
}

local function untouched(folder)
    assert.is_false(fs.exists(folder .. "/new"))
    assert.equal(secret, fs.read(folder .. "/secret"))
    assert.is_false(fs.exists(folder .. "/allowed/repository"))
end

describe("a script with limited permissions", function()
    it("reads and changes nothing but what it may, whatever it tries", function()
        world(function(folder)
            for _, attack in ipairs(attacks) do
                local options = { "--state", folder .. "/state", "--allow-fs=" .. folder .. "/allowed" }
                local result = run(options, "local folder = ...\n" .. attack, folder)
                assert.not_equal(0, result.code, attack .. "\n" .. result.stdout)
                assert.is_nil((result.stdout .. result.stderr):find(secret, 1, true), attack)
                untouched(folder)
            end
        end)
    end)

    it("gets errors that name the option", function()
        world(function(folder)
            local wanted = {
                [ [[fs.read((...) .. "/secret")]] ] = "--allow-read=" .. folder .. "/secret",
                [ [[fs.write((...) .. "/new", "x")]] ] = "--allow-fs=" .. folder .. "/new",
                [ [[http.get("http://127.0.0.1:1/")]] ] = "--allow-net=127.0.0.1",
                [ [[process.run{ "cat" }]] ] = "--allow-run=cat",
                [ [[os.execute("true")]] ] = "--allow-run=sh",
                [ [[os.getenv("HOME")]] ] = "--allow-env=HOME",
                [ [[git.init((...) .. "/allowed/x")]] ] = "--allow-git-write",
            }
            for code, option in pairs(wanted) do
                local result = run({ "--safe", "--allow-fs=" .. folder .. "/allowed" }, code, folder)
                assert.equal(2, result.code, code)
                assert.matches("hint: if it should be, run uhost with " .. option .. "\n", result.stderr, 1, true)
            end
        end)
    end)

    it("does what it may", function()
        world(function(folder)
            local result = run({ "--allow-fs=" .. folder .. "/allowed", "--allow-run=echo,cat",
                "--allow-env=SECRET_NAME", "--allow-git-write" }, [[
                local folder = (...) .. "/allowed"
                assert(fs.read(folder .. "/open") == "open")
                fs.write(folder .. "/a", "b")
                local file = io.open(folder .. "/a", "a")
                file:write("c")
                file:close()
                assert(io.open(folder .. "/a"):read("*a") == "bc")
                os.rename(folder .. "/a", folder .. "/c")
                os.remove(folder .. "/c")
                fs.remove(folder .. "/link")
                local own = fs.temp_dir()
                fs.write(own:path() .. "/x", "x")
                assert(process.run{ "echo", "hi" }.stdout == "hi\n")
                assert(#os.getenv("SECRET_NAME") > 10)
                git.init(folder .. "/repository"):create_commit{ ref = "refs/heads/main", message = "One",
                    files = { a = "1" }, author = "A", author_email = "a@b" }
                db.open(folder .. "/db"):execute("CREATE TABLE t (a)")
                assert(load("return 1")() == 1 and loadstring("return 2")() == 2)
                assert(debug.getinfo(1, "l").currentline == 19 and debug.traceback("x"):find("^x\n"))
                assert(json.encode(tables.copy(json.array({ 1 }))) == "[1]" and require("lib.command_line"))]], folder)
            assert.equal(0, result.code, result.stderr)
            assert.equal(secret, fs.read(folder .. "/secret"))
        end)
    end)

    it("runs no program by another PATH than the host's", function()
        world(function(folder)
            fs.write(folder .. "/allowed/echo", "#!/bin/sh\ncat " .. folder .. "/secret\n")
            process.run{ "chmod", "755", folder .. "/allowed/echo" }
            for _, variable in ipairs({ "PATH", "LD_PRELOAD" }) do
                local result = run({ "--allow-run=echo" }, [==[
                    print(process.run{ "echo", env = { [arg[2]] = arg[1] } }.stdout)]==],
                    folder .. "/allowed", variable)
                assert.equal(2, result.code)
                assert.is_nil(result.stdout:find(secret, 1, true))
            end
        end)
    end)

    it("follows no redirect to a host that it may not reach", function()
        servers.with("http", {}, function(server)
            local url = server.url or server.plain_url
            local port = url:match(":(%d+)$")
            local code = [[print(http.get(arg[1] .. "/redirect?to=" .. arg[2], { redirects = 3 }).body)]]
            local there = ("http://127.0.0.1:%s/echo"):format(port)
            local result = run({ "--allow-net=localhost:" .. port }, code, url, there)
            assert.equal(2, result.code, result.stdout)
            assert.matches("not allowed to connect to 127.0.0.1", result.stderr, 1, true)
            assert.equal(0, run({ "--allow-net=localhost,127.0.0.1" }, code, url, there).code)
        end)
    end)

    it("listens only where it may", function()
        local code = [[
            local web = server.listen({ host = arg[1], port = tonumber(arg[2]) }) print(web.port > 0) web:close()]]
        local port = servers.free_ports(1)
        for _, options in ipairs({ { "--allow-net" }, { "--allow-net=127.0.0.1" },
            { "--allow-net=127.0.0.1:" .. port } }) do
            assert.equal("true\n", run(options, code, "127.0.0.1", port).stdout)
        end
        for _, options in ipairs({ { "--safe" }, { "--allow-net=localhost" }, { "--allow-net=127.0.0.1:1" } }) do
            local result = run(options, code, "127.0.0.1", port)
            assert.equal(2, result.code)
            assert.matches("not allowed to listen at 127.0.0.1\n  hint: if it should be, run uhost with "
                .. "--allow-net=127.0.0.1", result.stderr, 1, true)
        end
    end)

    it("listens offline on the loopback only", function()
        local code = [[local web = server.listen({ host = arg[1] }) print("listens") web:close()]]
        for _, address in ipairs({ "127.0.0.1", "127.9.9.9", "::1", "localhost" }) do
            assert.equal("listens\n", run({ "--offline" }, code, address).stdout, address)
        end
        for _, address in ipairs({ "0.0.0.0", "::", "192.0.2.1", "::ffff:127.0.0.1" }) do
            local result = run({ "--offline" }, code, address)
            assert.equal(3, result.code)
            assert.matches("cannot listen at " .. address .. ": uhost runs offline", result.stderr, 1, true)
        end
        assert.matches("cannot listen at a.name", run({ "--offline" }, code, "a.name").stderr)
    end)

    it("cannot be given permissions by the repository's settings", function()
        world(function(folder)
            fs.mkdir(folder .. "/repository/.git")
            fs.write(folder .. "/repository/uhost.lua", "return { allow_read = '*' }")
            local result = process.run({ uhost_binary, "--safe", "-e", "print(fs.read('../secret'))",
                cwd = folder .. "/repository" })
            assert.equal(2, result.code)
            assert.is_nil(result.stdout:find(secret, 1, true))
        end)
    end)

    it("is what the settings say, too", function()
        local result = process.run({ uhost_binary, "-e", "fs.read('/etc/passwd')", env = { UHOST_SAFE = "true" } })
        assert.matches("permission", process.run({ uhost_binary, "-v", "-e", "fs.read('/etc/passwd')",
            env = { UHOST_SAFE = "true" } }).stderr)
        assert.equal(2, result.code)
        assert.equal(0, process.run({ uhost_binary, "-e", "fs.read('/etc/passwd')",
            env = { UHOST_ALLOW_READ = "/etc" } }).code)
    end)
end)

describe("every function of the primitives", function()
    it("gives nothing of a file that may not be read", function()
        world(function(folder)
            local result = run({ "--safe", "--state", folder .. "/state" }, [==[
                local secret_file = arg[1] .. "/secret"
                local seen = {}
                local function show(value, depth)
                    if type(value) == "string" then print(value) end
                    if type(value) ~= "table" or depth > 3 then return end
                    for key, each in pairs(value) do show(key, depth + 1) show(each, depth + 1) end
                end
                local function try(call, ...)
                    local results = { pcall(call, ...) }
                    for i = 2, #results do show(results[i], 1) end
                end
                local skipped = { ["io.close"] = true, ["io.output"] = true, ["io.read"] = true, ["os.exit"] = true }
                local function visit(name, value)
                    if seen[value] then return end
                    seen[value] = true
                    if type(value) == "function" and not skipped[name] then
                        for _, arguments in ipairs({ { secret_file }, { arg[1], secret_file },
                            { { path = secret_file } }, { { secret_file } },
                            { "secret", { folder = arg[1] } }, { secret_file, "r" } }) do
                            try(value, unpack(arguments))
                        end
                    elseif type(value) == "table" and name ~= "package.loaded" then
                        for key, each in pairs(value) do
                            if type(key) == "string" then visit(name .. "." .. key, each) end
                        end
                    end
                end
                for path, kind in fs.walk(uhost.share .. "/api", { depth = 1 }) do
                    local name = fs.basename(path)
                    if kind == "directory" and name ~= "task" then
                        local ok, primitive = pcall(require, "uhost." .. name)
                        if ok and type(primitive) == "table" then visit(name, primitive) end
                    end
                end
                for _, name in ipairs({ "io", "os", "package" }) do visit(name, _G[name]) end
                io.stdout:write("all tried\n")]==], folder)
            assert.matches("all tried", result.stdout .. result.stderr)
            assert.is_nil((result.stdout .. result.stderr):find(secret, 1, true))
            untouched(folder)
        end)
    end)
end)

describe("the kernel", function()
    it("holds a process without network and programs to its files", function()
        local code = [[print(io.open("/proc/self/status"):read("*a"):match("NoNewPrivs:%s*(%d)"))]]
        local function no_new_privileges(...)
            local command = { uhost_binary, ... }
            command[#command + 1] = code
            return process.run(command).stdout
        end
        local major, minor = process.run({ "uname", "-r" }).stdout:match("^(%d+)%.(%d+)")
        if tonumber(major) * 100 + tonumber(minor) < 513 then return end  -- before Landlock
        assert.equal("1\n", no_new_privileges("--allow-read=/proc", "-e"))
        assert.equal("0\n", no_new_privileges("--allow-read=/proc", "--allow-net", "-e"))
    end)
end)
