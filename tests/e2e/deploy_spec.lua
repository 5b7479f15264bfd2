-- The files by which uhost is released, and by which the audit runs unattended: workflows, Dockerfile, systemd, cron.
-- Others' checkers read them, and every command in them runs against a stand-in for GitHub.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
local servers = require("support.servers")
local peers = require("support.peers")
local audit_world = require("support.audit_world")
local scaffolds = require("support.scaffolds")

local root = fs.absolute(here .. "/../..")
local workflows = root .. "/.github/workflows"

-- Runs `body(deploy)` with the folder that `uhost scaffold` writes for a machine of one's own.
local function with_deploy(body)
    servers.in_folder(function(folder)
        process.run({ audit_world.binary, "scaffold", "systemd", "cron", cwd = folder, check = true,
            env = { UHOST_STATE = folder .. "/state" } })
        body(folder .. "/deploy")
    end)
end

local function scaffolded(name)
    local text
    with_deploy(function(deploy) text = fs.read(deploy .. "/" .. name) end)
    return text
end

local function files_in(folder, ending)
    local list = {}
    for _, name in ipairs(fs.list(folder)) do
        if name:sub(-#ending) == ending then list[#list + 1] = folder .. "/" .. name end
    end
    assert.is_true(#list > 0, "no files in " .. folder)
    return list
end

-- What workflows may write: all of them, or that one.
local may_write = { ["issues: write"] = true, ["contents: write"] = "release.yml",
    ["id-token: write"] = "release.yml", ["attestations: write"] = "release.yml" }

local function lines_of(text, pattern)
    local list = {}
    for line in text:gmatch("[^\n]+") do list[#list + 1] = line:match(pattern) end
    return list
end

-- Runs `body(world)`: an audit's world (see servers/audit_world.lua) with `uhost` in the path and a bare clone in the
-- folder `repository`, as deploy/README.md has it made. `world.sh(command, env)` runs a command line there.
local function with_machine(body)
    audit_world.with(function(world)
        local folder = world.folder
        function world.sh(command, env)
            local all = world.environment({
                HOME = folder, PATH = folder .. "/bin:" .. os.getenv("PATH"), UHOST_STATE = folder .. "/state",
                GITHUB_REPOSITORY = "example/compiler",
            })
            for name, value in pairs(env or {}) do all[name] = value end
            return process.run({ "sh", "-e", "-c", command, cwd = folder, env = all, timeout_s = 120 })
        end
        process.run { "git", "clone", "-q", "--bare", world.repo, folder .. "/repository", check = true }
        process.run { "git", "-C", folder .. "/repository", "remote", "add", "upstream",
            "https://github.com/example/compiler", check = true }
        fs.mkdir(folder .. "/bin")
        fs.symlink(audit_world.binary, folder .. "/bin/uhost")
        body(world)
    end)
end

-- The marked issue is the one that was not there before.
local function is_tracked(world) return world.issues()[120] ~= nil end

local function assert_ran(result) assert.equal(0, result.code, result.stderr .. result.stdout) end

describe("the workflows", function()
    it("are what GitHub and actionlint take", function()
        if peers.missing() then return pending(peers.missing()) end
        assert.equal("", peers.problems("workflow", unpack(files_in(workflows, ".yml"))))
    end)

    it("pin every action by commit, ask for few permissions, and run one at a time", function()
        for _, file in ipairs(files_in(workflows, ".yml")) do
            local text = fs.read(file)
            local used = lines_of(text, "uses: (.*)")
            assert.is_true(#used > 0)
            for _, action in ipairs(used) do
                assert.matches("^actions/[%w-]+@%x+ # v%d+%.%d+%.%d+$", action)
                assert.equal(40, #action:match("@(%x+)"))
            end
            assert.truthy(text:find("\npermissions: {}\n", 1, true)
                or text:find("\npermissions:\n  contents: read\n", 1, true))
            for _, scope in ipairs(lines_of(text, "([%w-]+: write)%f[%W]")) do
                assert.is_true(may_write[scope] == true or may_write[scope] == fs.basename(file), scope)
            end
            assert.truthy(text:find("\nconcurrency:\n  group: ", 1, true))
            assert.matches("timeout%-minutes: %d+", text)
            local checkouts = lines_of(text, "uses: (actions/checkout@.*)")
            assert.equal(#checkouts, #lines_of(text, "(persist%-credentials: false)"))
        end
    end)

    it("put nothing into a command that others may write", function()
        if peers.missing() then return pending(peers.missing()) end
        for _, step in ipairs(peers.commands("workflow", unpack(files_in(workflows, ".yml")))) do
            assert.is_nil(step.run:find("${{", 1, true), step.run)
        end
    end)

    it("fetch the whole history for the audit", function()
        local text = fs.read(workflows .. "/monthly_audit.yml")
        assert.truthy(text:find("path: audited\n          fetch-depth: 0\n", 1, true))
    end)

    it("run the audit as they say", function()
        if peers.missing() then return pending(peers.missing()) end
        local audit
        for _, step in ipairs(peers.commands("workflow", workflows .. "/monthly_audit.yml")) do
            if step.name == "Audit" then audit = step end
        end
        with_machine(function(world)
            fs.mkdir(world.folder .. "/uhost")
            fs.symlink(world.folder .. "/bin/uhost", world.folder .. "/uhost/uhost")
            fs.symlink(world.folder .. "/repository", world.folder .. "/audited")
            local summary = world.folder .. "/summary.md"
            local env = {
                CRASH_TESTS = "tests/crashes", CLOSE = "true", DRY_RUN = "true", GITHUB_ACTIONS = "true",
                GITHUB_STEP_SUMMARY = summary, GITHUB_OUTPUT = world.folder .. "/output",
            }
            for name in pairs(audit.env) do assert.truthy(env[name] or name == "GITHUB_TOKEN", name) end
            local before = world.issues()
            local planned = world.sh(audit.run, env)
            assert_ran(planned)
            assert.matches("example/compiler#101", planned.stderr)
            assert.matches("Out of sync", planned.stdout)
            assert.same(before, world.issues())
            assert.is_false(is_tracked(world))
            env.CLOSE, env.DRY_RUN = "", ""
            assert_ran(world.sh(audit.run, env))
            assert.matches("# Crash tests of example/compiler", fs.read(summary))
            assert.matches("<!doctype html>", fs.read(world.folder .. "/audit.html"))
            assert.matches("status=1", fs.read(env.GITHUB_OUTPUT))
            assert.is_true(is_tracked(world))
        end)
    end)

    it("pass workflow_guard with no finding", function()
        local guard = require("lib.workflow_guard.guard")
        local rules = policy.load("workflow_rules", { schema = require("lib.schemas.workflow_rules") })
        local head = {}
        for _, file in ipairs(files_in(workflows, ".yml")) do
            head[#head + 1] = { path = ".github/workflows/" .. fs.basename(file), text = fs.read(file) }
        end
        for _, finding in ipairs(guard.compare({}, head, rules).findings) do
            error(("%s:%d: %s"):format(finding.file, finding.line, finding.message))
        end
    end)

    it("publish a release as scaffold has it, once it was tested and tried", function()
        local jobs = yaml.decode(fs.read(workflows .. "/release.yml")).jobs
        local release = scaffolds.files("cpp")[".github/workflows/release.yml"]
        local publish = yaml.decode(release).jobs.publish
        assert.same({ "build", "try", "image" }, jobs.publish.needs)
        publish.needs = jobs.publish.needs
        assert.same(publish, jobs.publish)
        assert.matches("\n.ci/run\n", jobs.build.steps[4].run, 1, true)
    end)

    it("use the versions that scaffold begins with", function()
        local pins = require("lib.scaffold.pins")
        for _, file in ipairs(files_in(workflows, ".yml")) do
            for _, used in ipairs(lines_of(fs.read(file), "uses: (.*)")) do
                assert.equal(pins.uses(used:match("^[^@]+")), used)
            end
        end
    end)

    it("run the tests as .ci/run does", function()
        assert.truthy(fs.read(workflows .. "/ci.yml"):find("\n          .ci/run\n", 1, true))
        assert.truthy(fs.exists(root .. "/.ci/run"))
        assert.equal(0, process.run({ "test", "-x", root .. "/.ci/run" }).code)
    end)
end)

describe("the Dockerfile", function()
    it("is what Docker and its linter take", function()
        if peers.missing() then return pending(peers.missing()) end
        assert.equal("", peers.problems("dockerfile", root .. "/Dockerfile"))
    end)

    it("begins and ends as scaffold's do: from the same image, for a user that is not root", function()
        local files, text = scaffolds.files("cpp"), fs.read(root .. "/Dockerfile")
        for _, pattern in ipairs({ "FROM (%S+) AS build", "FROM (%S+) AS runtime", "\nUSER (%d+)\n" }) do
            assert.equal(files.Dockerfile:match(pattern), (assert(text:match(pattern))))
        end
        assert.equal(files[".dockerignore"], fs.read(root .. "/.dockerignore"))
    end)
end)

describe("the systemd unit", function()
    it("runs the audit as it says", function()
        local service = scaffolded("uhost-monthly-audit.service")
        with_machine(function(world)
            fs.write(world.folder .. "/github-token", audit_world.token .. "\n")
            local env = { GITHUB_TOKEN = false }
            for setting in service:match("\nEnvironment=([^\n]+)"):gmatch("%S+") do
                local name, value = setting:match("^([%w_]+)=(.*)$")
                env[name] = value:gsub("%%d", world.folder):gsub("/var/lib/uhost", world.folder)
            end
            for _, command in ipairs(lines_of(service, "^ExecStart%w*=(.+)")) do
                local line = command:gsub("^/usr/bin/", ""):gsub("^/usr/local/bin/", "")
                assert_ran(world.sh("exec " .. line, env))
            end
            assert.matches("<!doctype html>", fs.read(world.folder .. "/audit.html"))
            assert.is_true(is_tracked(world))
        end)
    end)

    it("lets policies run in their whole sandbox", function()
        local packaged = fs.read(root .. "/host/package/uhost-serve.service")
        for _, service in ipairs({ packaged, scaffolded("uhost-monthly-audit.service") }) do
            -- systemd 252 has none of these in @system-service.
            local last = service:match(".*\nSystemCallFilter=([^\n]+)")
            for _, call in ipairs({ "seccomp", "landlock_create_ruleset", "landlock_add_rule",
                "landlock_restrict_self" }) do
                assert.truthy((" " .. last .. " "):find(" " .. call .. " ", 1, true), call)
            end
        end
    end)

    it("is what systemd takes, and gives the audit few rights", function()
        if process.run({ "sh", "-c", "command -v systemd-analyze" }).code ~= 0 then
            return pending("needs systemd-analyze")
        end
        with_deploy(function(deploy)
            local units = {}
            for _, name in ipairs({ "uhost-monthly-audit", "uhost-ci-failures" }) do
                local service, timer = deploy .. "/" .. name .. ".service", deploy .. "/" .. name .. ".timer"
                fs.write(service, (fs.read(service):gsub("/usr/local/bin/uhost", audit_world.binary)))
                units[#units + 1], units[#units + 2] = service, timer
                local secure = process.run({ "systemd-analyze", "security", "--offline=true", "--threshold=20",
                    service })
                assert.equal(0, secure.code, secure.stdout)
                local calendar = lines_of(fs.read(timer), "^OnCalendar=(.+)")
                assert.equal(0, process.run({ "systemd-analyze", "calendar", calendar[1] }).code)
            end
            local verified = process.run({ "systemd-analyze", "verify", "--man=no", unpack(units) })
            assert.equal(0, verified.code, verified.stderr)
            assert.equal("", verified.stderr)
        end)
    end)

    it("has a user and folders", function()
        if process.run({ "sh", "-c", "command -v systemd-sysusers systemd-tmpfiles" }).code ~= 0 then
            return pending("needs systemd-sysusers")
        end
        if process.run({ "id", "-u" }).stdout ~= "0\n" then return pending("needs root to make users") end
        with_deploy(function(deploy)
            local folder = fs.dirname(deploy)
            fs.mkdir(folder .. "/etc")
            process.run({ "systemd-sysusers", "--root=" .. folder, deploy .. "/uhost.sysusers.conf", check = true })
            assert.matches("uhost:x:", fs.read(folder .. "/etc/passwd"))
            process.run({ "systemd-tmpfiles", "--create", "--root=" .. folder, deploy .. "/uhost.tmpfiles.conf",
                check = true })
            assert.equal("directory", fs.stat(folder .. "/var/lib/uhost").type)
            assert.equal("directory", fs.stat(folder .. "/etc/uhost").type)
        end)
    end)
end)

describe("the cron file", function()
    it("is what cron takes", function()
        if peers.missing() then return pending(peers.missing()) end
        with_deploy(function(deploy)
            assert.equal("", peers.problems("cron", unpack(files_in(deploy, ".cron"))))
        end)
    end)

    it("runs the audit as it says", function()
        with_machine(function(world)
            fs.write(world.folder .. "/token", audit_world.token .. "\n")
            local text, env = scaffolded("uhost-monthly-audit.cron"), { GITHUB_TOKEN = false }
            for name, value in text:gmatch("\n(UHOST_[%w_]+)=([^\n]+)") do
                env[name] = value:gsub("/var/lib/uhost", world.folder):gsub("/etc/uhost", world.folder)
            end
            local commands = lines_of(text, "^%d[%d%s%*]+ uhost (.+)")
            assert.equal(1, #commands)
            local result = world.sh((commands[1]:gsub("/var/lib/uhost", world.folder)), env)
            assert_ran(result)
            assert.matches("Crash tests of example/compiler", result.stdout)
            assert.is_true(is_tracked(world))
        end)
    end)
end)

describe("the README's recipes", function()
    -- Fenced blocks that name a file after their language: { file, text }.
    local function snippets(readme)
        local list = {}
        for file, text in ("\n" .. fs.read(readme)):gmatch("\n```%w+ ([%w%._/-]+)\n(.-)\n```") do
            list[#list + 1] = { file = file, text = text }
        end
        return list
    end

    it("are the files", function()
        local count = 0
        for _, readme in ipairs({ root .. "/README.md", root .. "/scripts/README.md" }) do
            for _, snippet in ipairs(snippets(readme)) do
                local text = "\n" .. fs.read(root .. "/" .. snippet.file)
                local found = text:find("\n" .. snippet.text .. "\n", 1, true)
                assert.truthy(found, ("%s does not hold what %s shows of it"):format(snippet.file, readme))
                count = count + 1
            end
        end
        assert.is_true(count >= 1, "the READMEs show no recipes")
    end)
end)
