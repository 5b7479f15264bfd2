-- `uhost metrics show` and `check`, on made-up builds and against the stand-in for GitHub.
local ci_world = require("support.ci_world")
local metrics_world = require("support.metrics_world")
local peers = require("support.peers")
local servers = require("support.servers")

local job, with = metrics_world.job, metrics_world.with

local function metrics(folder, ...)
    local command = { os.getenv("UHOST") or "uhost", "metrics", ... }
    command.env = { UHOST_STATE = folder .. "/state", GITHUB_REPOSITORY = false, COLUMNS = "80",
        GITHUB_ACTIONS = false, GITHUB_SHA = false }
    command.cwd, command.timeout_s = folder, 120
    return process.run(command)
end

describe("uhost metrics show", function()
    it("finds the changes that were planted in made-up builds, with their commits", function()
        servers.in_folder(function(folder)
            local result = metrics(folder, "show", "--demo", "--since", "11 months", "--json")
            assert.equal(0, result.code, result.stderr)
            ci_world.assert_schema("metrics_show", result.stdout)
            local model = json.decode(result.stdout)
            local found = {}
            for _, change in ipairs(model.changes) do
                if change.of == "step" then
                    found[#found + 1] = ("%s %s %s"):format(change.step, change.platform,
                        change.percent > 0 and "slower" or "faster")
                end
            end
            local all = table.concat(found, "; ")
            for _, planted in ipairs({ "Compile linux slower", "Package windows slower", "Compile macos faster",
                "Test macos slower" }) do
                assert.truthy(all:find(planted, 1, true), all)
            end
            assert.equal("closes_in_time", model.flakes.tests[1].test)
            assert.is_true(model.dora.deployments > 10 and model.total.cost > 100)
            assert.is_true(model.caches[1].saved_minutes > 100)
        end)
    end)

    it("fits a terminal of 80 columns, and is one page of HTML", function()
        servers.in_folder(function(folder)
            local result = metrics(folder, "show", "--demo")
            for line in result.stdout:gmatch("[^\n]+") do assert.is_true(term.display_width(line) <= 80, line) end
            metrics(folder, "show", "--demo", "--output", "builds.html")
            if peers.missing() then return end
            assert.equal("", peers.problems("html", folder .. "/builds.html"))
        end)
    end)

    it("says where to begin when nothing is known", function()
        servers.in_folder(function(folder)
            local result = metrics(folder, "show")
            assert.equal(2, result.code)
            assert.matches("uhost metrics collect", result.stderr)
            assert.equal(2, metrics(folder, "show", "--since", "soon", "--demo").code)
            assert.equal(2, metrics(folder).code)
        end)
    end)

    it("looks at what is asked for only", function()
        servers.in_folder(function(folder)
            local model = json.decode(metrics(folder, "show", "--demo", "--platform", "macos", "--json").stdout)
            assert.equal(1, #model.platforms)
            for _, row in ipairs(model.jobs) do assert.equal("macos", row.platform) end
            model = json.decode(metrics(folder, "show", "--demo", "--job", "docs", "--json").stdout)
            assert.same({ 1, "docs" }, { #model.jobs, model.jobs[1].job })
        end)
    end)
end)

-- Builds of main that take a minute or so, and one of a pull request.
local function history(compile_s, builds)
    local list = {}
    for i = 1, builds or 40 do
        local began = metrics_world.hours_ago(100 - i)
        list[i] = metrics_world.run(i, 100 - i, { jobs = { job("build", began, { lasts_s = 58 + i * 7 % 5 }),
            job("test", began, { lasts_s = 30 + i % 3 }) } })
    end
    local began = metrics_world.hours_ago(2)
    list[#list + 1] = metrics_world.run(900, 2, { branch = "topic", event = "pull_request",
        head_sha = ("cd"):rep(20), jobs = { job("build", began, { lasts_s = compile_s }),
            job("test", began, { lasts_s = 31 }) } })
    return list
end

describe("uhost metrics check", function()
    it("says which job of a commit is slower, by how much, and in which step", function()
        with(function(world)
            world.runs(history(90))
            world.collect()
            local result = world.metrics("check", "--against", "main", "--commit", ("cd"):rep(20), "--json")
            assert.equal(1, result.code, result.stderr)
            ci_world.assert_schema("metrics_check", result.stdout)
            local model = json.decode(result.stdout)
            assert.same({ 1, "build", true, 60, 90, 50 }, { model.slower, model.jobs[1].job,
                model.jobs[1].is_slower, model.jobs[1].before_s, model.jobs[1].after_s, model.jobs[1].percent })
            assert.same({ "Compile", 30 }, { model.jobs[1].steps[1].step, model.jobs[1].steps[1].change_s })
            assert.is_false(model.jobs[2].is_slower)
            assert.matches("1 of 2 jobs is slower than on main", world.metrics("check", "--branch", "topic").stdout)
        end)
    end)

    it("knows the commit of the workflow that it runs in, while the run goes on", function()
        with(function(world)
            local list = history(90)
            local own = list[#list]
            own.status, own.conclusion = "in_progress", json.null
            own.jobs[3] = { name = "check", status = "in_progress", conclusion = json.null, completed_at = json.null }
            for _, each in ipairs({ own.jobs[1], own.jobs[2] }) do each.status = "completed" end
            world.runs(list)
            world.env = { GITHUB_RUN_ID = "900", GITHUB_SHA = ("ee"):rep(20) }
            world.collect()
            local result = world.metrics("check")
            assert.equal(1, result.code, result.stderr)
            assert.matches("Builds of cdcdcdcdc against main", result.stdout)
            assert.matches("1 of 2 jobs is slower", result.stdout)
        end)
    end)

    it("is fine with a commit that is as fast", function()
        with(function(world)
            world.runs(history(61))
            world.collect()
            local result = world.metrics("check", "--commit", ("cd"):rep(20))
            assert.equal(0, result.code, result.stderr)
            assert.matches("Of 2 jobs, none is slower than on main", result.stdout)
        end)
    end)

    it("compares nothing with a branch that has hardly any builds", function()
        with(function(world)
            world.runs(history(90, 3))
            world.collect()
            local result = world.metrics("check", "--commit", ("cd"):rep(20))
            assert.equal(0, result.code, result.stderr)
            assert.matches("nothing to compare", result.stdout)
        end)
    end)

    it("keeps one comment on the pull request", function()
        with(function(world)
            world.control({ repository = "o/n", issues = { { number = 7, kind = "pull_request", state = "open" } } })
            world.runs(history(90))
            world.collect()
            for _ = 1, 2 do
                local result = world.metrics("check", "--commit", ("cd"):rep(20), "--pull", "7")
                assert.equal(1, result.code, result.stderr)
            end
            local issue = world.report().issues[1]
            assert.equal(1, #issue.comments)
            assert.matches("1 of 2 jobs is slower", issue.comments[1].body)
        end)
    end)

    it("names a commit that has no builds, and one that is none", function()
        with(function(world)
            world.runs(history(90))
            world.collect()
            local result = world.metrics("check", "--commit", "dddd")
            assert.equal(2, result.code)
            assert.matches("no build of the commit dddd is known", result.stderr)
            assert.equal(2, world.metrics("check", "--commit", "no-such-branch").code)
            assert.equal(2, world.metrics("check", "--branch", "none").code)
        end)
    end)

    it("shows a slower and an unchanged job in the demonstration", function()
        servers.in_folder(function(folder)
            local result = metrics(folder, "check", "--demo", "--json")
            assert.equal(1, result.code, result.stderr)
            assert.equal(1, json.decode(result.stdout).slower)
        end)
    end)
end)

describe("alerts of builds", function()
    it("begin once, as events that notify delivers", function()
        with(function(world)
            local list = {}
            for i = 1, 10 do
                list[i] = metrics_world.run(i, 20 - i, { conclusion = i > 3 and "failure" or "success" })
            end
            world.runs(list)
            assert.matches("30 %% of the runs succeed", world.collect().stderr)
            assert.is_nil(world.collect().stderr:find("of the runs succeed", 1, true))
            local raised = db.open(world.state .. "/uhost.sqlite", { read_only = true }):query(
                "SELECT kind, severity FROM events")
            assert.same({ { kind = "metrics.alert", severity = "warning" } }, raised)
        end)
    end)

    it("begin with a lasting change of a job, once, also when more builds move it a little", function()
        with(function(world)
            local list = {}
            local function add(count, lasts_s)
                for _ = 1, count do
                    local number = #list + 1
                    list[number] = metrics_world.run(number, 300 - number, { lasts_s = lasts_s + number % 3 })
                end
            end
            local function told()
                return db.open(world.state .. "/uhost.sqlite", { read_only = true }):query([[SELECT severity, title
                    FROM events WHERE kind = 'metrics.change' ORDER BY id]])
            end
            add(30, 60)
            add(30, 90)
            world.runs(list)
            assert.matches("warning: build %(linux%) takes 49 %% longer since", world.collect().stderr)
            local first = told()
            assert.equal(1, #first)
            assert.matches("^build %(linux%) takes 49 %% longer since %x+: 1 min 31 s, before 1 min 1 s$",
                first[1].title)
            add(10, 91)
            world.runs(list)
            world.collect()
            assert.same(first, told())
            add(30, 60)
            world.runs(list)
            world.collect()
            assert.same({ "warning", "info" }, { told()[1].severity, told()[2].severity })
            assert.equal(2, #told())
        end)
    end)

    it("know a budget from the policy", function()
        with(function(world)
            fs.mkdir(world.folder .. "/policies")
            fs.write(world.folder .. "/policies/metrics.lua", 'return { budget = 0.001 }')
            world.runs({ metrics_world.run(1, 5, { lasts_s = 600 }) })
            assert.matches("critical: builds of the last 30 days took 6000 %% of their budget",
                world.collect().stderr)
        end)
    end)
end)
