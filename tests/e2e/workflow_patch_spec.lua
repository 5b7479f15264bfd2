-- `uhost diagnose --patch` as a person calls it: on a log beside a workflow, and on a run at GitHub.
local expect = require("support.expect")
local diagnose_world = require("support.diagnose_world")
local peers = require("support.peers")
local uhost_binary = os.getenv("UHOST") or "uhost"

local workflow = [[
name: CI
on: [push, pull_request] # always
permissions: { contents: read }
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v5
      # with the linker's flags
      - name: Build
        run: make all
]]

local failed = "##[group]Run make all\nmake all\n##[endgroup]\ncc -o app app.o -lpq\n"
    .. "/usr/bin/ld: cannot find -lpq: No such file or directory\ncollect2: error: ld returned 1 exit status\n"
    .. "make: *** [Makefile:2: all] Error 1\n##[error]Process completed with exit code 2.\n"

local patched = workflow:gsub("      # with", "      - name: Install libpq-dev\n"
    .. "        run: sudo apt-get update && sudo apt-get install -y libpq-dev\n%0")

local function run(folder, ...)
    local command = { uhost_binary, "diagnose", ... }
    command.cwd, command.timeout_s = folder, 120
    command.env = { UHOST_STATE = folder .. "/state", GITHUB_ACTIONS = "", HOME = folder }
    return process.run(command)
end

describe("uhost diagnose --patch", function()
    it("proposes an edit of the workflow that has the failed step, which git applies and GitHub takes", function()
        expect.in_folder({ [".github/workflows/ci.yml"] = workflow, ["build.log"] = failed,
            [".github/workflows/other.yml"] = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: b\n" },
            function(folder)
                local result = run(folder, "build.log", "--patch", "--format", "json")
                assert.equal(0, result.code, result.stderr)
                local proposal = json.decode(result.stdout).proposal
                assert.same({ ".github/workflows/ci.yml", "build", patched },
                    { proposal.file, proposal.job, proposal.after })
                fs.write(folder .. "/fix.diff", proposal.diff)
                process.run({ "git", "apply", "fix.diff", cwd = folder, check = true })
                assert.equal(patched, fs.read(folder .. "/.github/workflows/ci.yml"))
                if peers.missing() then return end
                assert.equal("", peers.problems("workflow", folder .. "/.github/workflows/ci.yml"))
                local schema = process.run({ uhost_binary, "schema", "diagnose", check = true }).stdout
                fs.write(folder .. "/value.json", ('{"schema": %s, "value": %s}'):format(schema, result.stdout))
                assert.equal("", peers.problems("schema", folder .. "/value.json"))
            end)
    end)

    it("has all five sections from the file, and a diff for a terminal", function()
        expect.in_folder({ ["ci.yml"] = workflow, ["build.log"] = failed }, function(folder)
            local markdown = run(folder, "build.log", "--workflow", "ci.yml", "--format", "markdown").stdout
            for _, text in ipairs({ "## Root Cause Analysis", "## Proposed Changes", "## What is NOT changed",
                "Steps of the job build: `actions/checkout@v5`, `Build`", "## YAML Patch", "```diff",
                "+      - name: Install libpq-dev", "## Verification Steps", "git apply" }) do
                assert.matches(text, markdown, 1, true)
            end
            local text = run(folder, "build.log", "--workflow", "ci.yml").stdout
            assert.matches("+      - name: Install libpq-dev", text, 1, true)
        end)
    end)

    it("says why there is none", function()
        expect.in_folder({ ["build.log"] = failed }, function(folder)
            assert.matches("there are no workflows", run(folder, "build.log", "--patch").stdout, 1, true)
            local missing = run(folder, "build.log", "--workflow", "none.yml")
            assert.equal(2, missing.code)
            assert.matches("there is no file none.yml", missing.stderr, 1, true)
        end)
    end)

    it("reads the workflow of a run at GitHub, at the commit that failed", function()
        diagnose_world.with_github(function(world)
            world.control({ repository = "o/n", forget = true,
                workflows = { { path = ".github/workflows/ci.yml", name = "CI" } },
                files = { [".github/workflows/ci.yml"] = workflow },
                runs = { { id = 77, workflow = "ci.yml", conclusion = "failure", jobs = {
                    { id = 5, name = "build", conclusion = "failure", log = failed,
                        steps = { { name = "Build", conclusion = "failure" } } } } } } })
            local whole = world.json({ "--run", "77", "--github", "o/n", "--patch" },
                { kb = false, env = world.github })
            assert.equal(patched, whole.proposal.after or whole.proposal.reason)
        end)
    end)
end)
