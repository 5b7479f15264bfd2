-- What cpack makes: a Debian package that installs on a bare Debian with what it depends on, and leaves it as it was,
-- and a tarball.
local bare_root = require("support.bare_root")
local expect = require("support.expect")

local build = fs.dirname(fs.dirname(os.getenv("UHOST")))

local function has(program) return process.run({ "sh", "-c", "command -v " .. program }).code == 0 end

-- Runs `body(file, folder)` with the one file that a generator of cpack makes in a folder of its own.
local function with_package(generator, ending, body)
    expect.in_folder({}, function(folder)
        local result = process.run({ "cpack", "-G", generator, "-B", folder, "--config", build .. "/CPackConfig.cmake",
            cwd = folder, timeout_s = 600 })
        assert.equal(0, result.code, result.stdout .. result.stderr)
        local files = {}
        for _, name in ipairs(fs.list(folder)) do
            if name:sub(-#ending) == ending then files[#files + 1] = folder .. "/" .. name end
        end
        assert.equal(1, #files)
        body(files[1], folder)
    end)
end

local function field(file, name)
    return (process.run({ "dpkg-deb", "-f", file, name, check = true }).stdout:gsub("\n$", ""))
end

-- What find says of a root, without what changes when any package is installed or removed.
local function state_of(root)
    local pruned = { "./proc", "./dev", "./tmp", "./var/lib/dpkg", "./var/log", "./etc/ld.so.cache", "./var/cache" }
    local command = { "find", ".", "(" , "-path", "./run" }
    for _, path in ipairs(pruned) do
        for _, word in ipairs({ "-o", "-path", path }) do command[#command + 1] = word end
    end
    for _, word in ipairs({ ")", "-prune", "-o", "-printf", "%p %y %m %s\\n" }) do command[#command + 1] = word end
    command.cwd, command.check = root, true
    local found = {}
    for line in process.run(command).stdout:gmatch("[^\n]+") do
        -- The size of a folder says how many names it once held.
        if not line:find(" d %d+ %d+$") then found[line] = true else found[(line:gsub(" %d+$", ""))] = true end
    end
    return found
end

local function difference(before, after)
    local lines = {}
    for line in pairs(after) do
        if not before[line] then lines[#lines + 1] = line end
    end
    for line in pairs(before) do
        if not after[line] then lines[#lines + 1] = "gone: " .. line end
    end
    table.sort(lines)
    return lines
end

describe("the Debian package", function()
    if not (has("cpack") and has("dpkg-shlibdeps")) then
        return it("is made", function() pending("needs cpack and dpkg-dev") end)
    end

    local function assert_contents(file)
        local contents = process.run({ "dpkg-deb", "-c", file, check = true }).stdout
        for _, path in ipairs({ "bin/uhost", "lib/libuhost.so.0", "lib/uhost/git.so", "lib/uhost/sandbox-worker",
            "share/uhost/scripts/monthly_audit.lua", "share/uhost/policies/crash_tests.lua", "share/man/man1/uhost.1",
            "share/bash-completion/completions/uhost", "share/zsh/site-functions/_uhost",
            "share/fish/vendor_completions.d/uhost.fish", "share/doc/uhost/copyright",
            "lib/systemd/system/uhost-serve.service", "lib/systemd/system/uhost-serve.socket" }) do
            assert.matches(" ./usr/" .. path .. "\n", (contents:gsub(" %-> [^\n]+", "")), 1, true)
        end
        for line in contents:gmatch("[^\n]+") do
            assert.matches("^%S+ root/root ", line)
            assert.matches(" %./usr/", line)
            assert.is_nil(line:match("^%S+w%S w? "), line)
        end
        local needs = field(file, "Depends")
        for _, package in ipairs({ "git", "lua-argparse", "ca-certificates", "libgit2-1.5", "libc6" }) do
            assert.truthy((", " .. needs .. ","):find(", " .. package:gsub("%p", "%%%0") .. "[ ,]"), package)
        end
    end

    local function assert_installs(file, folder)
        local root = folder .. "/root"
        bare_root.make(root, field(file, "Depends"))
        local before = state_of(root)
        fs.copy(file, root .. "/tmp/uhost.deb")
        local function run(command)
            local result = bare_root.run(root, command, { UHOST_STATE = "/var/lib/uhost" })
            assert.equal(0, result.code, result.stdout .. result.stderr)
            return result
        end
        run("dpkg -i /tmp/uhost.deb")
        assert.matches("10 of 15 issues need attention", run("cd /tmp && uhost monthly_audit --demo").stdout)
        local checked = bare_root.run(root, "uhost self-check --json")
        for _, check in ipairs(json.decode(checked.stdout).checks) do
            -- Which layers of the sandbox there are is up to the kernel, which is this machine's.
            local is_ready = check.status ~= "attention" or check.id == "sandbox" or check.id == "processor"
            assert.is_true(is_ready, check.title .. ": " .. check.text)
        end
        run([[uhost -e 'db.open(nil, { store = "notes" })']])
        run("dpkg -r uhost")
        local left = difference(before, state_of(root))
        for _, line in ipairs(left) do assert.matches("^%./var/lib/uhost", line) end
        assert.is_true(#left > 0, "there was no state to leave")
    end

    it("holds what is installed, runs on a bare Debian with its dependencies, leaves only state", function()
        with_package("DEB", ".deb", function(file, folder)
            assert_contents(file)
            if bare_root.missing() then return pending(bare_root.missing()) end
            assert_installs(file, folder)
        end)
    end)
end)

describe("the tarball", function()
    if not has("cpack") then return it("is made", function() pending("needs cpack") end) end

    it("runs where it is unpacked", function()
        with_package("TGZ", ".tar.gz", function(file, folder)
            fs.mkdir(folder .. "/opt")
            process.run({ "tar", "-xzf", file, "-C", folder .. "/opt", check = true })
            local names = fs.list(folder .. "/opt")
            assert.equal(1, #names)
            local result = process.run({ folder .. "/opt/" .. names[1] .. "/bin/uhost", "monthly_audit", "--demo",
                cwd = folder, env = { UHOST_STATE = folder .. "/state" }, timeout_s = 120 })
            assert.equal(0, result.code, result.stderr)
            assert.matches("10 of 15 issues need attention", result.stdout)
        end)
    end)
end)

describe("the units of the package", function()
    local folder = fs.absolute(debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/../../host/package")

    it("are what systemd takes, and give the service few rights", function()
        if not has("systemd-analyze") then return pending("needs systemd-analyze") end
        expect.in_folder({}, function(units)
            for _, name in ipairs({ "uhost-serve.service", "uhost-serve.socket" }) do
                local text = fs.read(folder .. "/" .. name):gsub("/usr/bin/uhost", os.getenv("UHOST"))
                fs.write(units .. "/" .. name, text)
            end
            local service = units .. "/uhost-serve.service"
            local verified = process.run({ "systemd-analyze", "verify", "--man=no", service,
                units .. "/uhost-serve.socket" })
            assert.equal("", verified.stderr)
            local secure = process.run({ "systemd-analyze", "security", "--offline=true", "--threshold=20", service })
            assert.equal(0, secure.code, secure.stdout)
        end)
    end)

    it("start the service as it wants to be started", function()
        local service = fs.read(folder .. "/uhost-serve.service")
        local command = service:match("\nExecStart=/usr/bin/uhost ([^\n]+)")
        expect.in_folder({}, function(home)
            local checked = process.run({ "sh", "-c", 'exec "$UHOST" ' .. command .. " --check", cwd = home,
                env = { UHOST_STATE = home .. "/state", HOME = home } })
            assert.equal(0, checked.code, checked.stderr)
        end)
    end)

    it("come with scripts for dpkg of which shellcheck says nothing", function()
        if not has("shellcheck") then return pending("needs shellcheck") end
        local result = process.run({ "shellcheck", folder .. "/postinst", folder .. "/prerm", folder .. "/postrm" })
        assert.equal("", result.stdout)
    end)
end)
