-- `uhost metrics export`: what promtool, a real Prometheus with its Pushgateway, and OpenTelemetry say of it.
local expect = require("support.expect")
local peers = require("support.peers")
local prometheus = require("support.prometheus")
local servers = require("support.servers")

local function export(folder, ...)
    local command = { os.getenv("UHOST") or "uhost", "metrics", "export", ... }
    command.env = { UHOST_STATE = folder .. "/state", GITHUB_REPOSITORY = false }
    command.cwd, command.timeout_s = folder, 120
    return process.run(command)
end

-- A store with builds whose names are hostile.
local function keep_hostile(folder)
    local script = [[
        package.path = arg[1] .. "/scripts/?.lua;" .. package.path
        local store_of = require("lib.metrics.store")
        local name = 'a"b\\c\nd{}=,\27[31m <b>=1+1</b> é'
        local now = math.floor(time.now())
        store_of.keep(store_of.open(), { { repository = "o/n", source = "github", key = "1", workflow = name,
            event = "push", branch = name, commit_sha = ("ab"):rep(20), attempt = 1, conclusion = "success", url = "",
            created_at = now - 60, started_at = now - 50, completed_at = now - 10, queue_s = 10, duration_s = 40,
            version = "1", jobs = { { key = "2", attempt = 1, name = "=cmd(" .. name, platform = "linux", arch = "",
                variant = name, runner = "x", conclusion = "success", url = "", started_at = now - 50,
                completed_at = now - 10, queue_s = 10, duration_s = 40, steps = { { name = name,
                conclusion = "success", started_at = now - 50, duration_s = 40 } } } } } })
    ]]
    fs.write(folder .. "/keep.lua", script)
    process.run{ os.getenv("UHOST") or "uhost", folder .. "/keep.lua", uhost.share,
        env = { UHOST_STATE = folder .. "/state" }, check = true }
end

describe("uhost metrics export", function()
    it("writes what promtool accepts", function()
        if prometheus.missing() then pending(prometheus.missing()) return end
        servers.in_folder(function(folder)
            local result = export(folder, "--demo")
            assert.equal(0, result.code, result.stderr)
            assert.equal("", prometheus.problems(result.stdout))
            assert.matches('uhost_ci_job_duration_seconds{arch="x86_64",job_name="docs"', result.stdout)
        end)
    end)

    it("writes names of strangers so that they stay one label", function()
        servers.in_folder(function(folder)
            keep_hostile(folder)
            local text = export(folder, "--github", "o/n").stdout
            assert.truthy(text:find([[workflow="a\"b\\c\nd{}=,]], 1, true), text)
            if not prometheus.missing() then assert.equal("", prometheus.problems(text)) end
            local csv = export(folder, "--github", "o/n", "--format", "csv").stdout
            assert.truthy(csv:find("'=cmd(", 1, true), csv)
        end)
    end)

    it("writes a file that appears whole", function()
        servers.in_folder(function(folder)
            local result = export(folder, "--demo", "--output", "builds.prom")
            assert.same({ 0, "" }, { result.code, result.stdout })
            assert.matches("^# HELP uhost_ci_runs", fs.read(folder .. "/builds.prom"))
            for _, name in ipairs(fs.list(folder)) do assert.truthy(name == "builds.prom" or name == "state", name) end
        end)
    end)

    it("sends to a Pushgateway what a Prometheus then answers with", function()
        if prometheus.missing() then pending(prometheus.missing()) return end
        servers.in_folder(function(folder)
            prometheus.with_pushgateway(function(url)
                for _ = 1, 2 do
                    local result = export(folder, "--demo", "--pushgateway", url .. "/")
                    assert.same({ 0, "" }, { result.code, result.stdout }, result.stderr)
                end
                prometheus.with_prometheus(url, folder, function(ask)
                    local found = expect.eventually(function()
                        local results = ask('uhost_ci_runs{repository="example/kiln",conclusion="success"}')
                        return #results > 0 and results
                    end)
                    assert.equal(2, #found)
                    local slow = ask('max(uhost_ci_job_duration_seconds{job_name=~"build.*",quantile="0.5"})')
                    assert.is_true(tonumber(slow[1].value[2]) > 60)
                end)
            end)
        end)
    end)

    it("sends a password that scripts never see to a Pushgateway that wants one", function()
        if prometheus.missing() then pending(prometheus.missing()) return end
        servers.in_folder(function(folder)
            prometheus.with_pushgateway(function(url)
                local result = export(folder, "--demo", "--pushgateway", url)
                assert.equal(3, result.code)
                assert.matches("answered with 401", result.stderr)
                assert.matches("set METRICS_TOKEN", result.stderr)
                result = process.run{ os.getenv("UHOST") or "uhost", "metrics", "export", "--demo", "--pushgateway",
                    url, "--user", "ada", env = { METRICS_TOKEN = "oven-open-7", UHOST_STATE = folder .. "/state" } }
                assert.equal(0, result.code, result.stderr)
            end, prometheus.password_file(folder, "ada", "oven-open-7"))
        end)
    end)

    it("sends nothing in a dry run, and says when nobody answers", function()
        servers.in_folder(function(folder)
            local url = ("http://127.0.0.1:%d"):format(servers.free_ports(1))
            assert.equal(3, export(folder, "--demo", "--pushgateway", url).code)
            local result = process.run{ os.getenv("UHOST") or "uhost", "--dry-run", "metrics", "export", "--demo",
                "--pushgateway", url, env = { UHOST_STATE = folder .. "/state" } }
            assert.equal(0, result.code, result.stderr)
            assert.matches("send metrics of example/kiln", result.stdout .. result.stderr)
        end)
    end)

    it("writes requests that OpenTelemetry's own classes know every field of", function()
        if peers.missing() then pending(peers.missing()) return end
        servers.in_folder(function(folder)
            keep_hostile(folder)
            fs.write(folder .. "/demo.jsonl", export(folder, "--demo", "--format", "otlp").stdout)
            fs.write(folder .. "/hostile.jsonl", export(folder, "--github", "o/n", "--format", "otlp").stdout)
            assert.equal("", peers.problems("otlp", folder .. "/demo.jsonl", folder .. "/hostile.jsonl"))
            fs.write(folder .. "/wrong.jsonl", '{"resourceSpans":[{"scopeSpans":[{"spans":[{"naem":"x",'
                .. '"spanId":"abcd","startTimeUnixNano":"2","endTimeUnixNano":"1"}]}]}]}')
            local problems = peers.problems("otlp", folder .. "/wrong.jsonl")
            for _, problem in ipairs({ "naem is not a field", "no span's identifier", "ends before it begins" }) do
                assert.truthy(problems:find(problem, 1, true), problems)
            end
        end)
    end)

    it("sends OTLP over HTTP", function()
        servers.in_folder(function(folder)
            servers.with("http", {}, function(server)
                local result = export(folder, "--demo", "--format", "otlp", "--endpoint", server.url .. "/echo?x=")
                assert.equal(0, result.code, result.stderr)
                result = export(folder, "--demo", "--format", "otlp", "--endpoint", server.url .. "/status?code=503&x=")
                assert.equal(3, result.code)
                assert.matches("answered with 503", result.stderr)
            end)
        end)
    end)

    it("gives a spreadsheet a row for each job, and a program what its schema describes", function()
        servers.in_folder(function(folder)
            local csv = export(folder, "--demo", "--format", "csv").stdout
            assert.matches("^repository,source,workflow,number", csv)
            assert.equal(select(2, csv:gsub("\n", "")), select(2, csv:gsub("\nexample/kiln,", "")) + 1)
            local text = export(folder, "--demo", "--json").stdout
            local runs = json.decode(text).runs
            assert.is_true(#runs > 50 and #runs[1].jobs > 0 and #runs[1].jobs[1].steps > 0)
            require("support.ci_world").assert_schema("metrics_export", text)
        end)
    end)

    it("refuses what does not go together", function()
        servers.in_folder(function(folder)
            for _, each in ipairs({ { "--format", "csv", "--pushgateway", "http://x" },
                { "--endpoint", "http://x" }, { "--pushgateway", "x" }, { "--format", "xml" } }) do
                assert.equal(2, export(folder, "--demo", unpack(each)).code)
            end
            local result = export(folder)
            assert.equal(2, result.code)
            assert.matches("nothing is known of the builds of", result.stderr)
        end)
    end)
end)
