-- `uhost preflight` before a job.
local expect = require("support.expect")
local peers = require("support.peers")
local servers = require("support.servers")
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
        .. "M.disable = { 'disk', 'inodes', 'memory', 'git', 'locale', 'lock_files', 'lfs', "
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
        assert.matches("iB are free", found.full, 1, true)
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

    it("holds every kind of lock file against its manifest", function()
        local checks = '{ { id = "locks", kind = "lockfiles" } }'
        local package = '{"dependencies":{"a":"^1"}}'
        local cargo = '[package]\nname = "own"\nversion = "1.0.0"\n[dependencies]\na = "1"\n'
        local function cargo_lock(...)
            local list = {}
            for i, name in ipairs({ ... }) do
                list[i] = ('[[package]]\nname = "%s"\nversion = "1.0.0"\n'):format(name)
            end
            return table.concat(list)
        end
        local sum = "h1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=\n"
        for _, case in ipairs({
            { "package.json", package, "yarn.lock", '"a@^1":\n  version "1.2"\n', 'a@^2:\n  version "2"\n' },
            { "package.json", package, "yarn.lock", '"a@npm:^1":\n  version: 1.2\n', '__metadata:\n  version: 8\n' },
            { "package.json", package, "pnpm-lock.yaml",
                "importers:\n  .:\n    dependencies:\n      a:\n        specifier: ^1\n        version: 1.2.0\n",
                "importers:\n  .:\n    dependencies:\n      a:\n        specifier: ^2\n        version: 2.0.0\n" },
            { "Cargo.toml", cargo, "Cargo.lock", cargo_lock("own", "a"), cargo_lock("own") },
            { "Cargo.toml", cargo, "Cargo.lock", cargo_lock("own", "a"), cargo_lock("a") },
            { "go.mod", "module m\ngo 1.22\nrequire (\n\tgithub.com/a/b v1.2.3 // indirect\n)\n", "go.sum",
                "github.com/a/b v1.2.3/go.mod " .. sum, "github.com/a/b v1.2.2 " .. sum },
            { "pyproject.toml", '[project]\nname = "x"\ndependencies = ["Foo_bar>=1"]\n', "uv.lock",
                '[[package]]\nname = "foo-bar"\n', '[[package]]\nname = "x"\n' },
            { "pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.11"\na = "^1"\n', "poetry.lock",
                '[[package]]\nname = "a"\n', '[[package]]\nname = "b"\n' },
            { "Gemfile", 'gem "rake"\n', "Gemfile.lock", "GEM\n\nDEPENDENCIES\n  rake (~> 13)\n\nBUNDLED WITH\n",
                "GEM\n\nDEPENDENCIES\n  rspec\n" },
            { "composer.json", '{"require":{"php":"^8","a/b":"^1"}}', "composer.lock",
                '{"packages":[{"name":"a/b"}]}', '{"packages":[]}' },
        }) do
            local manifest, text, lock, fits, differs = unpack(case)
            assert.is_true(results_of(checks, {}, { [manifest] = text, [lock] = fits }).locks)
            assert.matches("is not what " .. manifest .. " says", results_of(checks, {},
                { [manifest] = text, [lock] = differs }).locks, 1, true)
            assert.is_true(results_of(checks, {}, { [manifest] = text }).locks)
        end
    end)

    it("looks at keys and certificates, and shows nothing of them", function()
        local function made(days)
            local folder = fs.temp_dir()
            process.run({ "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", "key", "-out", "cert", "-days", days, "-subj", "/CN=x", cwd = folder:path(), check = true,
                stderr = "discard" })
            local key, certificate = fs.read(folder:path() .. "/key"), fs.read(folder:path() .. "/cert")
            folder:close()
            return key, certificate
        end
        local key, lasting = made("90")
        local _, ending = made("3")
        local found = results_of([[{
            { id = "key", kind = "pem", name = "KEY" }, { id = "flat", kind = "pem", name = "FLAT" },
            { id = "cut", kind = "pem", name = "CUT" }, { id = "text", kind = "pem", name = "TEXT" },
            { id = "lasting", kind = "pem", path = "lasting.pem" },
            { id = "ending", kind = "pem", path = "ending.pem" },
            { id = "gone", kind = "pem", path = "gone.pem" }, { id = "unset", kind = "pem", name = "UNSET" },
        }]], { KEY = key, FLAT = (key:gsub("\n", " ")), CUT = (key:gsub("\n[^\n]+\n%-%-%-%-%-END", "\n-----END")),
            TEXT = "hello" }, { ["lasting.pem"] = lasting, ["ending.pem"] = lasting .. ending })
        assert.same({ true, true }, { found.key, found.lasting })
        assert.equal("FLAT: it has lost its line ends", found.flat)
        assert.equal("CUT: openssl cannot read the key", found.cut)
        assert.equal("TEXT: it is not PEM", found.text)
        assert.matches("^ending.pem: it expires in 2 days", found.ending)
        assert.equal("there is no gone.pem", found.gone)
        assert.equal("UNSET is not set", found.unset)
    end)

    it("looks at processors, the runner, and files of Git LFS", function()
        local found = results_of([[{
            { id = "many", kind = "cpu", least = 100000 }, { id = "one", kind = "cpu", least = 1 },
            { id = "image", kind = "runner", os = "Linux", image = "ubuntu24", least = "20261001" },
            { id = "old", kind = "runner", image = "ubuntu24", least = "20270101" },
            { id = "other", kind = "runner", os = "Windows" },
        }]], { ImageOS = "ubuntu24", ImageVersion = "20261115.1.0", RUNNER_OS = "Linux" })
        assert.matches("100000 are needed", found.many, 1, true)
        assert.same({ true, true }, { found.one, found.image })
        assert.matches("at least 20270101", found.old, 1, true)
        assert.matches("Linux, Windows is needed", found.other, 1, true)
        expect.in_folder({ ["policies/preflight.lua"] = "return { checks = { { id = 'lfs', kind = 'lfs' } } }",
            [".gitattributes"] = "*.bin filter=lfs -text\n",
            ["a.bin"] = "version https://git-lfs.github.com/spec/v1\noid 1\n",
            ["b.txt"] = "version https://git-lfs.github.com/spec/v1\n" }, function(folder)
            process.run({ "sh", "-c", "git init -q . && git -c filter.lfs.clean=cat add -A", cwd = folder,
                check = true })
            assert.matches("a.bin is a pointer", run_with(folder, {}).stdout, 1, true)
            fs.write(folder .. "/a.bin", "content")
            assert.is_nil(run_with(folder, {}).stdout:find("pointer", 1, true))
        end)
    end)

    it("asks GitHub for the token's scopes and end, the rate limit, the time, access and caches", function()
        servers.with("github", {}, function(server)
            http.post(server.control_url, { mutates = false, json = { token = "ghp_0123456789abcdefTEST",
                repository = "o/n",
                caches = { { key = "cargo-v1-abc", ref = "refs/heads/main", size_in_bytes = 5 } } } })
            local found = results_of([[{
                { id = "few", kind = "rate_limit", least = 1 }, { id = "many", kind = "rate_limit", least = 1e9 },
                { id = "odd", kind = "rate_limit", resource = "nothing", least = 1 }, { id = "clock", kind = "clock" },
                { id = "end", kind = "token_end" }, { id = "scopes", kind = "token_scopes", scopes = {} },
                { id = "cached", kind = "cache", key = "cargo-v1-" }, { id = "uncached", kind = "cache", key = "npm-" },
            }]], { GITHUB_API_URL = server.url, GITHUB_TOKEN = "ghp_0123456789abcdefTEST", GITHUB_REPOSITORY = "o/n" })
            assert.same({ true, true, true, true, true },
                { found.few, found.clock, found["end"], found.scopes, found.cached })
            assert.matches("1000000000 are needed", found.many, 1, true)
            assert.matches("no rate limit called 'nothing'", found.odd, 1, true)
            assert.matches("no cache whose key begins with 'npm-'", found.uncached, 1, true)
        end)
    end)

    it("asks services whether they are well, and says when nobody answers", function()
        servers.with("github", {}, function(server)
            local found = results_of(([[{
                { id = "well", kind = "http", url = "%s/_control" , matches = "requests" },
                { id = "other", kind = "http", url = "%s/_control", matches = "never in it" },
                { id = "teapot", kind = "http", url = "%s/_control", status = 418 },
                { id = "nobody", kind = "http", url = "http://localhost:1/", timeout_s = 2 },
                { id = "named", kind = "resolves", host = "localhost" },
                { id = "unnamed", kind = "resolves", host = "no-such-host.invalid" },
                { id = "bare", kind = "tls", host = "localhost", port = %d },
                { id = "github", kind = "rate_limit", least = 1 },
            }]]):format(server.plain_url, server.plain_url, server.plain_url, server.plain_url:match("%d+$")),
                { GITHUB_API_URL = "http://localhost:1", GITHUB_TOKEN = "ghp_0123456789abcdefTEST",
                    UHOST_GITHUB_ATTEMPTS = "1" })
            assert.same({ true, true }, { found.well, found.named })
            assert.matches("another text", found.other, 1, true)
            assert.matches("answers 200, not 418", found.teapot, 1, true)
            assert.matches("does not answer", found.nobody, 1, true)
            assert.matches("cannot be resolved", found.unnamed, 1, true)
            assert.matches("shows no certificate", found.bare, 1, true)
            assert.matches("GitHub gave no answer", found.github, 1, true)
        end)
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
