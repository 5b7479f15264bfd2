-- `uhost preflight` before a job.
local expect = require("support.expect")
local peers = require("support.peers")
local uhost_binary = os.getenv("UHOST") or "uhost"

local function run_with(folder, env, ...)
    local command = { uhost_binary, "preflight", ... }
    command.cwd, command.timeout_s = folder, 120
    command.env = { UHOST_STATE = folder .. "/state", GITHUB_ACTIONS = "", HOME = folder, LC_ALL = "C.UTF-8" }
    for name, value in pairs(env) do command.env[name] = value end
    return process.run(command)
end

-- What the checks of a policy say, by id: true, or the problem.
local function results_of(checks, env, files)
    files = files or {}
    files["policies/preflight.lua"] = "local M = {}\n"
        .. "M.disable = { 'disk', 'inodes', 'memory', 'git', 'locale', 'npm_lock', "
        .. "'history', 'submodules', 'github_token', 'github' }\nM.checks = " .. checks .. "\nreturn M\n"
    local found = {}
    expect.in_folder(files, function(folder)
        local result = run_with(folder, env or {}, "--format", "json")
        assert.equal("", result.stderr)
        local value = json.decode(result.stdout)
        for _, check in ipairs(value.checks) do found[check.id] = check.ok or check.problem end
        assert.equal(value.ok and 0 or 1, result.code)
    end)
    return found
end

describe("uhost preflight", function()
    it("says everything that is missing at once, and never a value", function()
        local found = results_of([[{
            { id = "unset", kind = "variable", name = "A_TOKEN" },
            { id = "empty", kind = "variable", name = "B_TOKEN" },
            { id = "odd", kind = "variable", name = "C_TOKEN", matches = "^npm_" },
            { id = "fine", kind = "variable", name = "D_TOKEN", matches = "^npm_" },
        }]], { B_TOKEN = " ", C_TOKEN = "hidden-value", D_TOKEN = "npm_x" })
        assert.same({
            unset = "A_TOKEN is not set", empty = "B_TOKEN is empty",
            odd = "C_TOKEN does not look like what it should be", fine = true,
        }, found)
    end)

    it("knows inputs that need each other", function()
        local checks = '{ { id = "inputs", kind = "together", name = "IS_RELEASE", needs = { "REF" } } }'
        assert.equal("IS_RELEASE is given without REF", results_of(checks, { IS_RELEASE = "true" }).inputs)
        assert.is_true(results_of(checks, { IS_RELEASE = "true", REF = "v1" }).inputs)
        assert.is_true(results_of(checks, { IS_RELEASE = "false" }).inputs)
    end)

    it("looks at tools, space and files", function()
        local found = results_of([[{
            { id = "old", kind = "tool", command = { "git", "--version" }, least = "99.1" },
            { id = "new", kind = "tool", command = { "git", "--version" }, below = "2" },
            { id = "tool", kind = "tool", command = { "git", "--version" }, least = "2.1", below = "99" },
            { id = "none", kind = "tool", command = { "no-such-tool-here" } },
            { id = "full", kind = "disk", free_mb = 1e12 }, { id = "disk", kind = "disk", free_mb = 0 },
            { id = "memory", kind = "memory", least_mb = 1e9 },
            { id = "file", kind = "path", path = "here", type = "file" }, { id = "gone", kind = "path", path = "gone" },
        }]], {}, { here = "x" })
        assert.matches("^git is .*, at least 99.1 is needed$", found.old)
        assert.matches("is not below 2", found.new, 1, true)
        assert.same({ true, true, true }, { found.tool, found.disk, found.file })
        assert.equal("no-such-tool-here cannot be run", found.none)
        assert.matches("MB are free", found.full, 1, true)
        assert.matches("of memory", found.memory, 1, true)
        assert.equal("there is no gone", found.gone)
    end)

    it("holds a lock file against its manifest", function()
        local checks = '{ { id = "lock", kind = "lockfile", manifest = "package.json", lock = "package-lock.json" } }'
        local manifest = '{"dependencies":{"a":"^1"}}'
        local function lock(range) return ('{"packages":{"":{"dependencies":{"a":"%s"}}}}'):format(range) end
        local function said(files) return results_of(checks, {}, files).lock end
        assert.is_true(said({}))
        assert.is_true(said({ ["package.json"] = manifest, ["package-lock.json"] = lock("^1") }))
        assert.matches("is not what package.json says: a", said({ ["package.json"] = manifest,
            ["package-lock.json"] = lock("^2") }), 1, true)
        assert.matches("has no package-lock.json", said({ ["package.json"] = manifest }), 1, true)
        assert.matches("is not valid", said({ ["package.json"] = "{", ["package-lock.json"] = "{}" }), 1, true)
    end)

    it("notices a shallow clone", function()
        local policy_text = "return { checks = { { id = 'history', kind = 'full_history' } } }"
        expect.in_folder({ ["origin/policies/preflight.lua"] = policy_text }, function(folder)
            process.run({ "sh", "-c", "cd origin && git init -q -b main . && git add -A && git commit -qm One "
                .. "&& git commit -q --allow-empty -m Two && cd .. "
                .. "&& git clone -q --depth 1 file://$PWD/origin shallow",
                cwd = folder, check = true, env = { HOME = folder, GIT_AUTHOR_NAME = "A", GIT_AUTHOR_EMAIL = "a@b.c",
                    GIT_COMMITTER_NAME = "A", GIT_COMMITTER_EMAIL = "a@b.c" } })
            assert.matches("the clone is shallow", run_with(folder .. "/shallow", {}).stdout, 1, true)
            assert.is_nil(run_with(folder .. "/origin", {}).stdout:find("shallow", 1, true))
        end)
    end)

    it("refuses a broken policy, and a check that is not there", function()
        local policy_text = "return { checks = { { id = 'x', kind = 'tol' } } }"
        expect.in_folder({ ["policies/preflight.lua"] = policy_text }, function(folder)
            local result = run_with(folder, {})
            assert.equal(2, result.code)
            assert.matches("the check 'x' is of an unknown kind: tol", result.stderr, 1, true)
        end)
        expect.in_folder({}, function(folder)
            assert.equal(2, run_with(folder, {}, "--explain", "dsk").code)
            assert.matches("kind: disk", run_with(folder, {}, "--explain", "disk").stdout, 1, true)
            assert.is_nil(run_with(folder, {}, "--list").stdout:find("history", 1, true))
            assert.matches("history", run_with(folder, {}, "--list", "--profile", "audit").stdout, 1, true)
        end)
    end)

    it("demonstrates itself in every format, by its schema", function()
        expect.in_folder({}, function(folder)
            for _, format in ipairs({ "text", "github", "json" }) do
                local result = run_with(folder, {}, "--demo", "--format", format)
                assert.equal(1, result.code)
                assert.matches("UHOST_PREFLIGHT_DEMO_KEY is not set", result.stdout, 1, true)
            end
            local missing = peers.missing()
            if missing then return pending(missing) end
            local schema = process.run({ uhost_binary, "schema", "preflight", check = true }).stdout
            local value = run_with(folder, {}, "--demo", "--format", "json").stdout
            fs.write(folder .. "/demo.json", ('{"schema": %s, "value": %s}'):format(schema, value))
            assert.equal("", peers.problems("schema", folder .. "/demo.json"))
        end)
    end)
end)
