-- `uhost workflow_guard` as a person and as CI call it.
local expect = require("support.expect")
local peers = require("support.peers")
local uhost_binary = os.getenv("UHOST") or "uhost"

local before = "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make test\n"
    .. "      - run: make lint\n"
local after = (before:gsub("      %- run: make lint\n", ""))

local function run(folder, ...)
    local command = { uhost_binary, "workflow_guard", ... }
    command.cwd, command.timeout_s = folder, 120
    command.env = { UHOST_STATE = folder .. "/state", GITHUB_ACTIONS = "", HOME = folder }
    return process.run(command)
end

local function git_in(folder, words)
    process.run({ "sh", "-c", words, cwd = folder, check = true, env = { HOME = folder, GIT_AUTHOR_NAME = "A",
        GIT_AUTHOR_EMAIL = "a@b.c", GIT_COMMITTER_NAME = "A", GIT_COMMITTER_EMAIL = "a@b.c" } })
end

describe("uhost workflow_guard", function()
    it("compares two files, and ends with 1 when less is checked", function()
        expect.in_folder({ ["a.yml"] = before, ["b.yml"] = after }, function(folder)
            local result = run(folder, "--base-file", "a.yml", "--head-file", "b.yml", "--format", "json")
            assert.equal(1, result.code)
            local value = json.decode(result.stdout)
            assert.is_true(value.coverage_reduced)
            assert.equal("step_removed", value.findings[1].rule)
            assert.equal("b.yml", value.findings[1].file)
            local same = run(folder, "--base-file", "a.yml", "--head-file", "a.yml", "--format", "json")
            assert.equal(0, same.code)
            assert.is_false(json.decode(same.stdout).coverage_reduced)
            assert.equal(0, run(folder, "--base-file", "b.yml", "--head-file", "a.yml").code)
        end)
    end)

    it("compares revisions, and the work tree", function()
        expect.in_folder({ [".github/workflows/ci.yml"] = before, [".github/workflows/notes.txt"] = "x" },
            function(folder)
            git_in(folder, "git init -q -b main . && git add -A && git commit -qm One")
            assert.equal(0, run(folder).code)
            fs.write(folder .. "/.github/workflows/ci.yml", after)
            assert.equal(1, run(folder).code)
            assert.equal(0, run(folder, ".github/workflows/other.yml").code)
            git_in(folder, "git commit -qam Two")
            assert.equal(0, run(folder).code)
            assert.equal(1, run(folder, "--base", "HEAD~1", "--head", "HEAD").code)
            assert.equal(1, run(folder .. "/.github", "--base", "HEAD~1").code)
            git_in(folder, "git rm -q .github/workflows/ci.yml && git commit -qm Three")
            local gone = run(folder, "--base", "HEAD~1", "--head", "HEAD", "--format", "json")
            assert.matches("workflow_removed", gone.stdout, 1, true)
        end)
    end)

    it("follows commands into scripts and Makefiles of the repository", function()
        local workflow = before:gsub("make test", "npm test")
        expect.in_folder({ [".github/workflows/ci.yml"] = workflow, ["Makefile"] = "lint:\n\t@eslint src\n" },
            function(folder)
            git_in(folder, "git init -q -b main . && git add -A && git commit -qm One")
            fs.write(folder .. "/.github/workflows/ci.yml", (workflow:gsub("npm test", "./ci/all.sh"):gsub("make lint",
                "eslint src")))
            fs.mkdir(folder .. "/ci")
            fs.write(folder .. "/ci/all.sh", "#!/bin/sh\nset -e\nnpm test\n")
            assert.equal(0, run(folder).code)
            fs.write(folder .. "/ci/all.sh", "#!/bin/sh\nset -e\nnpm test || true\n")
            local result = run(folder, "--format", "json")
            assert.equal(1, result.code)
            assert.equal("failure_ignored", json.decode(result.stdout).findings[1].rule)
            fs.write(folder .. "/ci/all.sh", "#!/bin/sh\necho done\n")
            assert.equal(1, run(folder).code)
        end)
    end)

    it("says what is wrong with its arguments", function()
        expect.in_folder({ ["a.yml"] = before }, function(folder)
            assert.equal(2, run(folder, "--base-file", "a.yml").code)
            local missing = run(folder, "--base-file", "a.yml", "--head-file", "none.yml")
            assert.equal(2, missing.code)
            assert.matches("there is no file none.yml", missing.stderr, 1, true)
            assert.is_true(run(folder).code >= 2)
            git_in(folder, "git init -q -b main . && git add -A && git commit -qm One")
            local unknown = run(folder, "--base", "nowhere")
            assert.equal(3, unknown.code)
            assert.is_nil(unknown.stderr:find("traceback", 1, true))
        end)
    end)

    it("takes the policy of the repository", function()
        local policy_text = "local M = {}\n"
            .. "function M.reduces(rule) return rule == 'job_removed', 'ours' end\nreturn M\n"
        expect.in_folder({ ["a.yml"] = before, ["b.yml"] = after, ["policies/workflow_rules.lua"] = policy_text },
            function(folder)
                local result = run(folder, "--base-file", "a.yml", "--head-file", "b.yml", "--format", "json")
                assert.equal(0, result.code)
                assert.is_false(json.decode(result.stdout).findings[1].reduces)
            end)
    end)

    it("demonstrates itself in every format", function()
        expect.in_folder({}, function(folder)
            for _, format in ipairs({ "text", "github", "sarif", "json", "markdown" }) do
                local result = run(folder, "--demo", "--format", format)
                assert.equal(1, result.code)
                assert.equal("", result.stderr)
                assert.matches("security", result.stdout, 1, true)
            end
        end)
    end)

    it("writes what its schema and SARIF's say", function()
        local missing = peers.missing()
        if missing then return pending(missing) end
        expect.in_folder({}, function(folder)
            fs.write(folder .. "/demo.sarif", run(folder, "--demo", "--format", "sarif").stdout)
            assert.equal("", peers.problems("sarif", folder .. "/demo.sarif"))
            local schema = process.run({ uhost_binary, "schema", "workflow_guard", check = true }).stdout
            local value = run(folder, "--demo", "--format", "json").stdout
            fs.write(folder .. "/demo.json", ('{"schema": %s, "value": %s}'):format(schema, value))
            assert.equal("", peers.problems("schema", folder .. "/demo.json"))
        end)
    end)
end)
