-- A repository that a stranger has written, audited by somebody with a token: what it holds must not get at anything.
local uhost_binary = os.getenv("UHOST") or "uhost"
local secret = "planted-credential-5d2e"
local is_root = process.run({ "id", "-u" }).stdout == "0\n"

-- Runs `body(world)` with a repository, and a home with credentials beside it. `world.run(code, env)` runs code in the
-- repository, `world.command(line)` a command.
local function with_repository(body)
    local folder = fs.temp_dir()
    return task.finally(function()
        local world = { root = folder:path() .. "/repository", home = folder:path() .. "/home" }
        fs.mkdir(world.root .. "/.git")
        fs.mkdir(world.home)
        fs.write(world.home .. "/.git-credentials", ("https://me:%s@github.com\n"):format(secret))
        fs.write(world.home .. "/creds.lua", ("return { stolen = %q }\n"):format(secret))
        function world.write(path, text)
            path = fs.join(world.root, path)
            fs.mkdir(fs.dirname(path))
            fs.write(path, text)
        end
        local function run(arguments, extra)
            local command = { uhost_binary, unpack(arguments) }
            -- The mask would hide what got out.
            command.cwd, command.env = world.root, { HOME = world.home, GITHUB_TOKEN = false, SUDO_UID = false }
            for name, value in pairs(extra or {}) do command.env[name] = value end
            local result = process.run(command)
            assert.not_matches(secret, result.stdout, 1, true)
            assert.not_matches(secret, result.stderr, 1, true)
            return result
        end
        function world.run(code, env) return run({ "-e", code }, env) end
        function world.command(line)
            local words = {}
            for word in line:gmatch("%S+") do words[#words + 1] = word end
            return run(words)
        end
        return body(world)
    end, function() folder:close() end)
end

local function chown(owner, path) process.run({ "chown", "-Rh", owner, path, check = true, mutates = "set up" }) end

local load_policy = [[
    local files = policy.load("crash_tests"):files()
    print(files[#files], policy.folder()) ]]

describe("a hostile repository", function()
    it("gives the loader no library of its own", function()
        with_repository(function(world)
            local installation = fs.join(fs.dirname(uhost_binary), "..")
            local files = { uhost_binary, installation .. "/lib/libuhost.so" }
            for _, name in ipairs(fs.list(installation .. "/lib/uhost")) do
                files[#files + 1] = installation .. "/lib/uhost/" .. name
            end
            local names = {}
            for _, file in ipairs(files) do
                for name in process.run({ "ldd", file }).stdout:gmatch("(%S+) => /") do names[name] = true end
            end
            assert.is_true(names["libfmt.so.9"] and names["libgit2.so.1.5"])
            for name in pairs(names) do world.write(name, "not a library") end
            local result = world.run("print(git.open and http.get and db.open and re.compile and xml.decode and 1)")
            assert.equal("1\n", result.stdout)
            assert.equal("", result.stderr)
        end)
    end)

    it("gets no line of a file outside into an error, as a rule, a required rule, or settings", function()
        with_repository(function(world)
            fs.mkdir(world.root .. "/policies")
            fs.symlink(world.home .. "/.git-credentials", world.root .. "/policies/crash_tests.lua")
            assert.matches("leads out of its folder", world.run(load_policy).stderr)
            fs.remove(world.root .. "/policies/crash_tests.lua")
            fs.symlink(world.home .. "/creds.lua", world.root .. "/policies/creds.lua")
            world.write("policies/crash_tests.lua", [[local creds = require("creds") return { value = creds.stolen }]])
            local result = world.run([[print(policy.load("crash_tests"):data().value)]])
            assert.matches("leads out of its folder", result.stderr)
            assert.equal("", result.stdout)
            fs.symlink(world.home .. "/.git-credentials", world.root .. "/uhost.lua")
            assert.matches("^warning: [^\n]*uhost%.lua leads out of its folder; it is left out", world.run("").stderr)
        end)
    end)

    it("gets no line of a file outside into what its rules are checked, tested, tried or listed with", function()
        with_repository(function(world)
            world.write("kb/mine.lua", "return {}")
            fs.mkdir(world.root .. "/policies")
            fs.remove(world.root .. "/kb/mine.lua")
            for _, place in ipairs({ "policies/crash_tests.lua", "kb/mine.lua" }) do
                fs.symlink(world.home .. "/.git-credentials", fs.join(world.root, place))
            end
            for _, command in ipairs({
                "check", "check policies/crash_tests.lua", "check kb", "test",
                "test --coverage policies/crash_tests.lua", "policy list", "policy explain crash_tests",
                "policy try crash_tests issues_of", "kb list",
                "kb explain mine", "help",
            }) do world.command(command) end
        end)
    end)

    it("cannot lend a folder outside as its own policies or knowledge bases", function()
        with_repository(function(world)
            world.write("../elsewhere/crash_tests.lua", "return { stolen = true }")
            world.write("../elsewhere/mine.lua", "return { entries = {} }")
            fs.symlink("../elsewhere", world.root .. "/policies")
            fs.symlink("../elsewhere", world.root .. "/kb")
            local result = world.run(load_policy)
            assert.matches("^warning: policies leads out of the repository; it is left out", result.stderr)
            assert.matches("share/uhost/policies/crash_tests%.lua\tnil\n$", result.stdout)
            local named = world.run([[print(#policy.load("crash_tests", { folder = "policies" }):files())]])
            assert.equal("1\n", named.stdout)
            assert.equal("0\n", world.run([[
                local own = 0
                for _, each in ipairs(policy.paths({ kb = true })) do own = own + (each.is_user and 1 or 0) end
                print(own) ]]).stdout)
        end)
    end)

    it("may link folders within itself", function()
        with_repository(function(world)
            world.write("deep/rules/mine.lua", "return { value = 7 }")
            fs.symlink("deep/rules", world.root .. "/policies")
            assert.equal("7\n", world.run([[print(policy.load("mine"):data().value)]]).stdout)
        end)
    end)

    it("blocks nothing and fills no memory with pipes, devices and long files", function()
        with_repository(function(world)
            for _, place in ipairs({ "policies/crash_tests.lua", "uhost.lua" }) do
                local path = fs.join(world.root, place)
                fs.mkdir(fs.dirname(path))
                process.run({ "mkfifo", path, check = true, mutates = "set up" })
                assert.matches("is not a regular file", world.run(load_policy).stderr)
                fs.remove(path)
                fs.write(path, "return {} --" .. ("x"):rep(2 ^ 20))
                assert.matches("is larger than 1048576 bytes", world.run(load_policy).stderr)
                fs.remove(path)
                fs.symlink("/dev/zero", path)
                assert.matches("leads out of its folder", world.run(load_policy).stderr)
                fs.remove(path)
            end
        end)
    end)

    it("crashes no process that holds a token with its settings", function()
        with_repository(function(world)
            -- LuaJIT's parser crashes on this.
            world.write("uhost.lua", "local _ for _ in (nil):foo() do end")
            local result = world.run("")
            assert.equal(2, result.code)
            assert.matches("^error: [^\n]*uhost%.lua", result.stderr)
        end)
    end)

    it("raises no limits and redirects no secret with its settings", function()
        with_repository(function(world)
            for _, setting in ipairs({
                "http = { max_bytes = 1e15 }", "http = { timeout_s = 0 }", "github = { max_wait_s = 1e9 }",
                "github = { api_url = 'https://evil.example' }", "memory = '0'", "state = '/tmp'",
            }) do
                world.write("uhost.lua", ("return { %s }"):format(setting))
                local result = world.run("")
                assert.equal(2, result.code)
                assert.matches("cannot be set by a file of the repository", result.stderr)
            end
            world.write("uhost.lua",
                "return { offline = true, github = { cache = false }, log = { timestamps = true } }")
            assert.equal("true\n", world.run("print(uhost.offline)").stdout)
        end)
    end)

    it("lets the user's own settings raise limits, from a file that is theirs", function()
        with_repository(function(world)
            fs.mkdir(world.home .. "/.config/uhost")
            fs.write(world.home .. "/.config/uhost/uhost.lua", "return { http = { timeout_s = 5 }, offline = true }")
            world.write("uhost.lua", "return { offline = false }")
            local result = world.run("print(uhost.offline)")
            assert.equal("", result.stderr)
            assert.equal("false\n", result.stdout)
        end)
    end)

    it("is not asked above its root", function()
        with_repository(function(world)
            fs.write(world.root .. "/../uhost.lua", "return { offline = true }")
            fs.mkdir(world.root .. "/../policies")
            fs.write(world.root .. "/../policies/crash_tests.lua", "return { stolen = true }")
            local result = world.run(load_policy .. " print(uhost.offline)")
            assert.matches("share/uhost/policies/crash_tests%.lua\tnil\nfalse\n$", result.stdout)
            assert.matches("^warning: [^\n]*/uhost%.lua is above the repository, and left out", result.stderr)
        end)
    end)

    describe("that belongs to another user", function()
        local function with_foreign(body)
            if not is_root then return pending("only root can give files away") end
            with_repository(function(world)
                world.write("uhost.lua", "return { offline = true }")
                world.write("policies/crash_tests.lua", "return { stolen = true }")
                chown("12345", world.root)
                return body(world)
            end)
        end
        local ask = load_policy .. " print(uhost.offline)"

        it("is not listened to, and says so once each", function()
            with_foreign(function(world)
                local result = world.run(ask .. ask)
                assert.matches("share/uhost/policies/crash_tests%.lua\tnil\nfalse\n", result.stdout)
                local _, warnings = result.stderr:gsub("warning: ", "")
                assert.equal(2, warnings)
                assert.matches("repository belongs to another user", result.stderr)
                assert.matches("policies belongs to another user", result.stderr)
                assert.matches("git config --global --add safe.directory " .. world.root, result.stderr, 1, true)
            end)
        end)

        it("is listened to if git's configuration of the user calls it safe", function()
            with_foreign(function(world)
                fs.write(world.home .. "/.gitconfig", "[safe]\n\tdirectory = " .. world.root .. "\n")
                assert.equal("policies/crash_tests.lua\tpolicies\ntrue\n", world.run(ask).stdout)
                fs.write(world.home .. "/.gitconfig", "[safe]\n\tdirectory = *\n\tdirectory =\n")
                assert.matches("false\n$", world.run(ask).stdout)
            end)
        end)

        it("cannot call itself safe", function()
            with_foreign(function(world)
                process.run({ "rm", "-rf", world.root .. "/.git", mutates = "set up" })
                process.run({ "git", "init", "-q", world.root, check = true, mutates = "set up" })
                process.run({
                    "git", "config", "--file", world.root .. "/.git/config", "safe.directory", "*", check = true,
                    mutates = "set up",
                })
                assert.matches("false\n$", world.run(ask).stdout)
            end)
        end)

        it("is listened to by root if it is of who called sudo", function()
            with_foreign(function(world)
                assert.matches("true\n$", world.run(ask, { SUDO_UID = "12345" }).stdout)
                assert.matches("false\n$", world.run(ask, { SUDO_UID = "12346" }).stdout)
                assert.matches("false\n$", world.run(ask, { SUDO_UID = "12345x" }).stdout)
            end)
        end)

        it("gets no single file of its own into a folder that is the user's", function()
            with_foreign(function(world)
                chown("0", world.root .. "/policies")
                chown("12345", world.root .. "/policies/crash_tests.lua")
                assert.matches("policies/crash_tests.lua belongs to another user", world.run(ask).stderr)
            end)
        end)
    end)
end)
