-- A diagnosis for programs: JSON and SARIF.
local model = require("support.diagnose_model")
local each_text = require("support.hostile_text").each

local function encoded(result) return require("lib.diagnose.render_json").render(result) end
local function decoded(result) return json.decode(encoded(result)) end
local function sarif(result) return json.decode(require("lib.diagnose.render_sarif").render(result)).runs[1] end

local function has_fields(object, names)
    for name in names:gmatch("%S+") do assert.is_not_nil(object[name], name) end
end

describe("a diagnosis as JSON", function()
    it("has the documented fields, and nothing in place of what is not known", function()
        local report = model.report({ model.finding(), model.finding({ job = false, step = false, why = false }) }, {
            tests = model.tests({ "a", "b" }),
            diagnostics = { { line_number = 12, file = "src/main.rs", line = 7, severity = "error", message = "m" } },
        })
        local whole = decoded(model.result({ report }))
        assert.same({ line_start = 12, line_end = 13, text = report.explanation.text }, whole.explanation)
        local finding = whole.findings[1]
        has_fields(finding, "id title class severity line_number line captures context job step cause fix why")
        assert.same({ ["1"] = "Rc<str>" }, finding.captures)
        assert.same({ before = { "   Compiling app v0.1.0" }, after = { " --> src/main.rs:7:5" } }, finding.context)
        assert.same({ "src/main.rs", 7, 5 }, { finding.file, finding.file_line, finding.file_column })
        assert.same({ "libtest", 7, 2 }, { whole.tests.framework, whole.tests.total, #whole.tests.failed })
        assert.same({ "a", 21, "assertion failed" },
            { whole.tests.failed[1].name, whole.tests.failed[1].line_number, whole.tests.failed[1].message })
        assert.same({}, whole.unknown)
        assert.equal("m", whole.diagnostics[1].message)
        assert.equal(json.null, whole.diagnostics[1].column)
        assert.equal("Run cargo test", whole.structure.jobs[1].steps[2].name)
        assert.same({ "file", "build.log", 40 }, { whole.source.kind, whole.source.file, whole.source.lines })
        assert.is_true(whole.known)
    end)

    it("begins with the explanation", function()
        local text = encoded(model.plain())
        local position = 0
        for name in ("explanation findings tests unknown diagnostics structure source"):gmatch("%S+") do
            local found = text:find(('\n  "%s":'):format(name), 1, true)
            assert.is_true(found > position, name)
            position = found
        end
    end)

    it("has no findings and the new lines when nothing is known", function()
        local whole = decoded(model.unknown())
        assert.same({}, whole.findings)
        assert.equal(json.null, whole.tests)
        assert.same({ { line_number = 12, line = "frobnicator: out of cheese" } }, whole.unknown)
        assert.is_false(whole.known)
    end)

    it("has the findings of all logs, and each log by itself", function()
        local other = model.report({ model.finding({ id = "disk.full" }) }, { name = "docs" })
        local whole = decoded(model.result({ model.report({ model.finding() }), other }))
        assert.same({ "rust.e0277", "disk.full" }, { whole.findings[1].id, whole.findings[2].id })
        assert.equal("docs", whole.findings[2].log)
        assert.equal(2, #whole.logs)
        assert.equal(1, #whole.logs[1].findings)
        assert.equal("docs", whole.logs[2].source.name)
    end)

    it("says when there was no log to explain", function()
        local whole = decoded({ reports = {}, nothing = "No job of run 1 of o/n has failed.", is_known = true })
        assert.same({}, whole.findings)
        assert.equal("No job of run 1 of o/n has failed.", whole.message)
    end)

    it("keeps every text, and stays JSON", function()
        each_text(function(text)
            local whole = decoded(model.hostile(text))
            assert.equal(text, whole.findings[1].line)
            assert.equal(text, whole.explanation.text)
        end)
        decoded(model.hostile("\255\254\0"))
    end)
end)

describe("a diagnosis as SARIF", function()
    it("has a rule for each entry, and results in the repository where the log names the place", function()
        local run = sarif(model.plain())
        local result = run.results[1]
        assert.equal("rust.e0277", result.ruleId)
        assert.equal("rust.e0277", run.tool.driver.rules[result.ruleIndex + 1].id)
        local place = result.locations[1].physicalLocation
        assert.same({ "src/main.rs", "%SRCROOT%" }, { place.artifactLocation.uri, place.artifactLocation.uriBaseId })
        assert.same({ startLine = 7, startColumn = 5 }, place.region)
        local in_log = result.relatedLocations[1].physicalLocation
        assert.same({ "build.log", 12 }, { in_log.artifactLocation.uri, in_log.region.startLine })
        assert.same({ { name = "Run cargo test", fullyQualifiedName = "build (stable) › Run cargo test" } },
            result.locations[1].logicalLocations)
    end)

    it("has a result in the log where the log names no place, and none for symptoms", function()
        local symptom = model.finding({ id = "ci.exit_code", is_symptom = true })
        local report = model.report({ model.finding({ place = false }), symptom })
        local run = sarif(model.result({ report }))
        assert.equal(1, #run.results)
        assert.equal("build.log", run.results[1].locations[1].physicalLocation.artifactLocation.uri)
    end)

    it("has what a compiler said once", function()
        local report = model.report({ model.finding() }, { diagnostics = {
            { line_number = 12, file = "src/main.rs", line = 7, severity = "error", message = "the same" },
            { line_number = 20, file = "/home/runner/work/app/app/src/b.rs", line = 2, severity = "warning",
                message = "unused" },
            { line_number = 21, file = "/rustc/0123/library/core.rs", line = 2, severity = "error", message = "x" },
        } })
        local results = sarif(model.result({ report })).results
        assert.equal(2, #results)
        assert.same({ "diagnostic", "warning", "src/b.rs" }, { results[2].ruleId, results[2].level,
            results[2].locations[1].physicalLocation.artifactLocation.uri })
    end)

    it("has a result for what nobody knows", function()
        local result = sarif(model.unknown()).results[1]
        assert.same({ "unknown-failure", "error" }, { result.ruleId, result.level })
        assert.matches("out of cheese", result.message.text)
    end)
end)
