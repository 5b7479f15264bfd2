-- Parts of `uhost logs`: addresses, steps, predictions.
local address = require("lib.logs.address")
local expect = require("support.expect")
local log_sources = require("lib.log_sources")
local prediction = require("lib.logs.prediction")
local steps = require("lib.logs.steps")

describe("an address of a log", function()
    for text, parts in pairs({
        ["7"] = { run = "7" },
        ["7/build"] = { run = "7", job = "build" },
        ["7/build:12"] = { run = "7", job = "build", first = 12, last = 12 },
        ["7/build:12-20"] = { run = "7", job = "build", first = 12, last = 20 },
        ["7/build / test (a: b):3"] = { run = "7", job = "build / test (a: b)", first = 3, last = 3 },
        ["7/a:b"] = { run = "7", job = "a:b" },
    }) do
        it(text .. " is read, and written the same", function()
            assert.same(parts, address.parse(text))
            if parts.job and parts.first == parts.last then
                assert.equal(text, address.of(parts.run, parts.job, parts.first))
            end
        end)
    end
end)

local function log_at(lines)
    local list = {}
    for i, line in ipairs(lines) do
        list[i] = line[1] and ("2026-01-31T10:00:%02d.5000000Z %s"):format(line[1], line[2]) or line[2]
    end
    return log_text.open{ text = table.concat(list, "\n") .. "\n" }
end

local function at(second) return ("2026-01-31T10:00:%02dZ"):format(second) end

describe("the steps of a job", function()
    it("begin with the line that says so, at the time that GitHub says", function()
        local opened = log_at({ { 0, "runner" }, { 2, "still set up" }, { 2, "##[group]Run make" }, { nil, "no time" },
            { 9, "made" }, { 10, "##[group]Run test" } })
        local found = steps.of_github(opened, { lines = 6, marks = { { line = 3 }, { line = 6 } } }, {
            { name = "Set up job", started_at = at(0), conclusion = "success" },
            { name = "Make", started_at = at(2), conclusion = "success" },
            { name = "Skipped", started_at = at(9), conclusion = "skipped" },
            { name = "Test", started_at = at(10), conclusion = "failure" },
        })
        local ranges = {}
        for i, step in ipairs(found) do ranges[i] = { step.name, step.first_line, step.last_line } end
        assert.same({ { "Set up job", 1, 2 }, { "Make", 3, 5 }, { "Test", 6, 6 } }, ranges)
    end)

    it("have no lines where GitHub's times are beyond the log", function()
        local found = steps.of_github(log_at({ { 0, "one" } }), { lines = 1, marks = {} }, {
            { name = "Set up job", started_at = at(0) }, { name = "Post job", started_at = at(50) } })
        assert.same({ 1, 1, 2, 1 }, { found[1].first_line, found[1].last_line, found[2].first_line,
            found[2].last_line })
    end)

    it("of one name get numbers", function()
        local opened = log_at({ { 0, "a" }, { 1, "b" } })
        local sections = steps.of_log(opened, { lines = 2, marks = { { line = 1, job = "", step = "Run x" },
            { line = 2, job = "", step = "Run x" } } })
        assert.same({ "Run x", "Run x (2)" }, { sections[1].steps[1].name, sections[1].steps[2].name })
    end)
end)

-- A run of one job with two steps of ten seconds each.
local function run(outcome, more)
    more = more or {}
    local took = more.took or 10
    return {
        outcome = outcome, branch = more.branch or "main", duration_s = 2 * took,
        jobs = { { name = "build", start_s = 0, end_s = 2 * took, conclusion = outcome, deviations = 0, steps = {
            { name = "one", start_s = 0, end_s = took, conclusion = "success" },
            { name = "two", start_s = took, end_s = 2 * took, conclusion = outcome },
        } } },
    }
end

local function history(count, outcome_of)
    local list = {}
    for i = 1, count do list[i] = run(outcome_of(i), { branch = "b" .. i, took = 9 + i % 3 }) end
    return list
end

describe("a prediction", function()
    it("is not made of too few runs", function()
        assert.is_nil(prediction.guess(history(3, function() return "success" end), run("success"), 5))
    end)

    it("takes a failed job for a failure, and is the surer the more it has seen", function()
        local past = history(60, function(i) return i % 4 == 0 and "failure" or "success" end)
        local failed = run("failure")
        local before = prediction.guess(past, failed, 5)
        local after = prediction.guess(past, failed, 25)
        assert.equal("success", before.likely)
        assert.equal("failure", after.likely)
        assert.is_true(after.failure_probability > 0.8)
        assert.matches("a job has failed", prediction.text(after))
    end)

    it("says how much time is left, by the steps that are to come", function()
        local past = history(30, function() return "success" end)
        assert.equal(15, prediction.guess(past, run("success"), 5).remaining_s)
        assert.equal(5, prediction.guess(past, run("success"), 15).remaining_s)
    end)

    it("is measured on runs that it has not seen", function()
        local measured = prediction.measure(history(50, function(i) return i % 5 == 0 and "failure" or "success" end))
        assert.equal(3, #measured)
        for _, each in ipairs(measured) do assert.same({ 20, 4 }, { each.runs, each.failures }) end
        assert.same({}, { prediction.measure(history(4, function() return "success" end))[1].precision })
    end)
end)

describe("logs of this machine", function()
    it("do not unpack to more than a limit, whatever they are packed to", function()
        expect.in_folder({ ["bomb.log"] = ("x"):rep(100) .. "\n" }, function(folder)
            local line = ("x"):rep(1000) .. "\n"
            fs.write(folder .. "/bomb.log", line:rep(3000))
            process.run({ "gzip", "bomb.log", cwd = folder, check = true })
            process.run({ "python3", "-c", [[
import zipfile
with zipfile.ZipFile("bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for i in range(3): archive.writestr("%d_job.txt" % i, ("x" * 1000 + "\\n") * 1000)]], cwd = folder, check = true })
            local usual = log_sources.max_unpacked_bytes
            log_sources.max_unpacked_bytes = 2e6
            task.finally(function()
                for _, name in ipairs({ "bomb.log.gz", "bomb.zip" }) do
                    local failure = expect.error_of(function()
                        for _, source in ipairs(log_sources.named({ folder .. "/" .. name })) do source.open() end
                    end)
                    assert.equal("log_sources.too_large", failure.kind)
                end
            end, function() log_sources.max_unpacked_bytes = usual end)
        end)
    end)
end)
