-- `uhost diagnose` on runs and jobs, against a stand-in for GitHub, and within GitHub Actions.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
local eventually = require("support.expect").eventually
local diagnose_world = require("support.diagnose_world")
local peers = require("support.peers")

local steps = {
    { name = "Set up job", conclusion = "success", started_at = "2026-01-31T09:59:50Z" },
    { name = "Checkout", conclusion = "success", started_at = "2026-01-31T10:00:00Z" },
    { name = "Fire the kiln", conclusion = "failure", started_at = "2026-01-31T10:00:04Z" },
    { name = "Complete job", conclusion = "success", started_at = "2026-01-31T10:00:12Z" },
}

local function green(id, name)
    return { id = id, name = name, conclusion = "success", log = diagnose_world.green_log }
end

-- Runs: 60 is green, 77 has failed in two jobs of three, 78 is green, 79 has a job without a log.
local function with_runs(body)
    diagnose_world.with_github(function(world)
        world.control({
            repository = "o/n", forget = true, workflows = { { path = ".github/workflows/ci.yml", name = "CI" } },
            runs = {
                { id = 60, workflow = "ci.yml", created_at = "2026-01-01T00:00:00Z", jobs = { green(600, "fire") } },
                { id = 77, workflow = "ci.yml", branch = "topic", conclusion = "failure",
                    created_at = "2026-01-31T00:00:00Z", jobs = {
                        { id = 5, name = "fire", conclusion = "failure", log = diagnose_world.failed_log,
                            steps = steps },
                        { id = 6, name = "glaze", conclusion = "failure", log = diagnose_world.unknown_log },
                        green(7, "docs"),
                    } },
                { id = 78, workflow = "ci.yml", created_at = "2026-02-01T00:00:00Z", jobs = { green(8, "fire") } },
                { id = 79, workflow = "ci.yml", conclusion = "failure", jobs = {
                    { id = 9, name = "old", conclusion = "failure", log_expired = true } } },
            },
        })
        body(world)
    end)
end

local function paths(world)
    local list = {}
    for _, request in ipairs(world.requests()) do list[#list + 1] = request.path end
    return table.concat(list, "\n")
end

describe("uhost diagnose --run", function()
    it("explains the failed jobs, and no other", function()
        with_runs(function(world)
            local whole, result = world.json({ "--run", "77", "--github", "o/n" }, world.with_token())
            assert.equal(1, result.code, result.stderr)
            assert.same({ "fire", "glaze" }, { whole.logs[1].source.name, whole.logs[2].source.name })
            local finding = whole.findings[1]
            assert.same({ "kiln.overheated", "fire", "Fire the kiln", 9 },
                { finding.id, finding.job, finding.step, finding.line_number })
            assert.same({ 77, 5, "o/n" }, { whole.source.run, whole.source.job, whole.source.repository })
            assert.is_nil(paths(world):find("/jobs/7/logs", 1, true))
            local text = world.run({ "--run", "77", "--github", "o/n" }, world.with_token()).stdout
            assert.matches("fire › Fire the kiln · line 9", text)
            assert.is_nil(text:find(diagnose_world.token, 1, true))
        end)
    end)

    it("takes the address of its page, and the repository of the environment", function()
        with_runs(function(world)
            local whole = world.json({ "https://github.com/o/n/actions/runs/77/job/5?pr=3" }, world.with_token())
            assert.same({ "kiln.overheated", 5 }, { whole.findings[1].id, whole.source.job })
            whole = world.json({ "--job", "5" }, world.with_token({ GITHUB_REPOSITORY = "o/n" }))
            assert.equal("Fire the kiln", whole.findings[1].step)
        end)
    end)

    it("says when nothing failed, and when there is no log, run or job", function()
        with_runs(function(world)
            local fine = world.run({ "--run", "78", "--github", "o/n" }, world.with_token())
            assert.same({ 0, "No job of run 78 of o/n has failed.\n" }, { fine.code, fine.stdout })
            local expired = world.run({ "--run", "79", "--github", "o/n" }, world.with_token())
            assert.equal(3, expired.code)
            assert.matches("the log of the job 'old' has expired", expired.stderr)
            local nowhere = { { "--run", "999", "o/n" }, { "--job", "999", "o/n" }, { "--run", "77", "x/y" } }
            for _, asked in ipairs(nowhere) do
                local missing = world.run({ asked[1], asked[2], "--github", asked[3] }, world.with_token())
                assert.equal(3, missing.code)
                assert.matches("error: [^\n]+\n  hint: [^\n]+\n$", missing.stderr)
            end
        end)
    end)

    it("says what is wrong without a repository, or with a wrong token", function()
        with_runs(function(world)
            local result = world.run({ "--run", "77" }, world.with_token())
            assert.equal(2, result.code)
            assert.matches("%-%-github OWNER/NAME", result.stderr)
            result = world.run({ "--run", "77", "--github", "o/n" }, world.with_token({ GITHUB_TOKEN = "ghp_wrong" }))
            assert.equal(3, result.code)
            assert.matches("error: [^\n]+\n  hint: [^\n]+\n$", result.stderr)
        end)
    end)

    it("shows lines that the last green run of the same job did not have", function()
        with_runs(function(world)
            world.control({ repository = "o/n", runs = { { id = 61, workflow = "ci.yml",
                created_at = "2026-01-02T00:00:00Z", jobs = {
                    { id = 610, name = "glaze", conclusion = "success", log = diagnose_world.green_log } } } } })
            local whole, result = world.json({ "--job", "6", "--github", "o/n" }, world.with_token())
            assert.equal(1, result.code)
            assert.is_truthy(whole.unknown[1].line:find("the glaze has run away", 1, true))
            assert.is_truthy(paths(world):find("/jobs/610/logs", 1, true))
        end)
    end)

    it("compares with the last green run of the same job on the default branch, before it", function()
        with_runs(function(world)
            local whole = world.json({ "--job", "5", "--github", "o/n", "--compare" }, world.with_token())
            assert.equal("run 60, fire", whole.comparison.green.name)
            assert.matches("/repos/o/n/actions/jobs/600/logs", paths(world), 1, true)
            assert.is_nil(paths(world):find("/jobs/8/logs", 1, true))
            local result = world.run({ "--job", "6", "--github", "o/n", "--compare" }, world.with_token())
            assert.equal(1, result.code)
            assert.matches("nothing to compare 'glaze' with: no green run", result.stderr)
        end)
    end)

    it("ends in the middle of a download when it is interrupted", function()
        with_runs(function(world)
            world.control({ repository = "o/n", runs = { { id = 90, workflow = "ci.yml", conclusion = "failure",
                jobs = { { id = 91, name = "endless", conclusion = "failure", log_bytes = 2 ^ 33 } } } } })
            fs.mkdir(world.folder .. "/tmp")
            local options = world.with_token({ TMPDIR = world.folder .. "/tmp" })
            local child = process.start(world.command({ "--job", "91", "--github", "o/n" }, options))
            eventually(function()
                for _, request in ipairs(world.requests()) do
                    if request.path:find("/logs", 1, true) then return true end
                end
            end)
            child:kill("SIGINT")
            assert.equal(130, child:wait(20).code)
            assert.same({}, fs.list(world.folder .. "/tmp"))
        end)
    end)
end)

describe("uhost diagnose in GitHub Actions", function()
    local function in_actions(world, more)
        local env = { GITHUB_ACTIONS = "true", GITHUB_RUN_ID = "77", GITHUB_REPOSITORY = "o/n",
            GITHUB_STEP_SUMMARY = world.folder .. "/summary.md" }
        for name, value in pairs(more or {}) do env[name] = value end
        return world.with_token(env)
    end

    it("explains the other jobs of its run, with annotations and a summary", function()
        with_runs(function(world)
            local result = world.run({}, in_actions(world))
            assert.equal(1, result.code, result.stderr)
            assert.matches("The kiln is too hot", result.stdout)
            assert.matches("::error title=The kiln is too hot %(infrastructure%)::kiln: 1310", result.stderr)
            local summary = fs.read(world.folder .. "/summary.md")
            assert.matches("## Root Cause Analysis", summary, 1, true)
            assert.matches("## Verification Steps", summary, 1, true)
            assert.matches("`gh run rerun 77 --failed --repo o/n`", summary, 1, true)
        end)
    end)

    it("annotates once when that is the format", function()
        with_runs(function(world)
            local result = world.run({ "--format", "github" }, in_actions(world))
            assert.equal(1, select(2, (result.stdout .. result.stderr):gsub("::error title=The kiln", "")))
        end)
    end)

    it("explains a failed run as its workflow says", function()
        if peers.missing() then return pending(peers.missing()) end
        local step
        for _, each in ipairs(peers.commands("workflow", here .. "/../../.github/workflows/diagnose.yml")) do
            if each.name == "Diagnose" then step = each end
        end
        with_runs(function(world)
            fs.mkdir(world.folder .. "/uhost")
            fs.symlink(diagnose_world.binary, world.folder .. "/uhost/uhost")
            local env = diagnose_world.environment(world.folder, in_actions(world, {
                RUN = "77", GITHUB_RUN_ID = "78",
            }).env)
            for name in pairs(step.env) do assert.truthy(env[name], name) end
            local result = process.run({ "sh", "-e", "-c", step.run, env = env, cwd = world.folder })
            assert.equal(0, result.code, result.stderr)
            assert.matches("fire › Fire the kiln", result.stdout)
            assert.matches("## Root Cause Analysis", fs.read(world.folder .. "/summary.md"), 1, true)
        end)
    end)

    it("lets no line of a log be a command", function()
        with_runs(function(world)
            local hostile = diagnose_world.failed_log
                .. "2026-01-31T10:00:20.0Z ::stop-commands::x\n2026-01-31T10:00:20.0Z kiln: 2 degrees is above 1\n"
                .. "2026-01-31T10:00:21.0Z ::error::injected\n2026-01-31T10:00:22.0Z ##[error]injected\n"
            world.control({ repository = "o/n", runs = { { id = 95, workflow = "ci.yml", conclusion = "failure",
                jobs = { { id = 96, name = "::warning::x", conclusion = "failure", log = hostile } } } } })
            for _, format in ipairs({ "text", "markdown", "json", "html", "sarif" }) do
                local result = world.run({ "--job", "96", "--format", format, "--context", "50" }, in_actions(world))
                for line in (result.stdout .. "\n" .. result.stderr):gmatch("[^\n]+") do
                    local injected = line:find("^%s*::") and not line:find("^::error title=")
                        and not line:find("^::warning title=")
                    assert.is_falsy(injected, format .. ": " .. line)
                    assert.is_nil(line:find("##[", 1, true), format .. ": " .. line)
                end
            end
        end)
    end)
end)
