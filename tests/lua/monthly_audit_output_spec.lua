-- Where the audit's report goes: SARIF, the summary of a workflow's step, standard output within a workflow.
local audit = require("support.audit_model")
local github_actions = require("lib.github_actions")
local render = require("lib.monthly_audit.render")
local document = require("lib.monthly_audit.document")
local sarif_format = require("lib.findings.sarif")

local function sarif(model) return json.decode(render.sarif(model)).runs[1] end

describe("the audit's report as SARIF", function()
    it("has a rule for each verdict, and a result for each issue that needs attention", function()
        local run = sarif(audit.of({
            audit.deletion("t/1.rs", 1, { pr = 12 }), audit.deletion("t/2.rs", 2),
            audit.deletion("t/3.rs", 3, { moved_to = "ui/3.rs" }), audit.deletion("t/4.rs", "x/y#4"),
        }, {}, { audit.open, audit.closed, audit.open }))
        local found = {}
        for _, result in ipairs(run.results) do
            found[#found + 1] = { result.ruleId, result.level, result.properties.issue }
            assert.equal(result.ruleId, run.tool.driver.rules[result.ruleIndex + 1].id)
        end
        assert.same({ { "out_of_sync", "warning", 1 }, { "moved", "note", 3 }, { "unknown", "note", "x/y#4" } }, found)
        assert.equal(6, #run.tool.driver.rules)
        assert.equal(uhost.version, run.tool.driver.semanticVersion)
        assert.equal(("b"):rep(40), run.versionControlProvenance[1].revisionId)
    end)

    it("names the deleted files, the commit and the pull request", function()
        local result = sarif(audit.of({ audit.deletion("t/1.rs", 1, { pr = 12 }) }, {}, { audit.open })).results[1]
        local place = result.locations[1]
        assert.equal("t/1.rs", place.physicalLocation.artifactLocation.uri)
        assert.equal("deleted on 2026-01-31 in commit aaaaaaaaa, pull request #12", place.message.text)
        assert.equal("#1 (it crashes): close the issue: its test is gone since 2026-01-31.", result.message.text)
        assert.same({ "https://github.com/o/n/issues/1" }, result.workItemUris)
    end)

    it("gives a finding the same fingerprint as long as it is the same", function()
        local function fingerprint(...) return sarif(audit.of(...)).results[1].partialFingerprints end
        local first = fingerprint({ audit.deletion("t/1.rs", 1) }, {}, { audit.open })
        local later = fingerprint({ audit.deletion("t/1-b.rs", 1), audit.deletion("t/1.rs", 1) }, {},
            { { kind = "issue", state = "open", title = "renamed" } })
        assert.same(first, later)
        assert.equal("o/n#1:out_of_sync", first.primaryLocationLineHash)
        local moved = fingerprint({ audit.deletion("t/1.rs", 1, { moved_to = "ui/1.rs" }) }, {}, { audit.open })
        assert.not_same(first, moved)
    end)

    it("keeps foreign text from being a link, a placeholder or another path", function()
        local title = "[x](https://e.org) {0} {closure}\27[31m\\"
        local model = audit.of({ audit.deletion("t/a b#1?%\255.rs", 1) }, {},
            { { kind = "issue", state = "open", title = title } })
        local result = sarif(model).results[1]
        assert.equal("t/a%20b%231%3F%25%FF.rs", result.locations[1].physicalLocation.artifactLocation.uri)
        assert.truthy(result.message.text:find("\\[x\\](https://e.org) {{0}} {closure}␛\\[31m\\\\", 1, true))
    end)

    it("stays within what code scanning takes", function()
        local run = sarif(audit.many(1, 300))
        assert.equal(100, #run.results[1].locations)
        assert.equal(300, run.results[1].properties.deletedFiles)
        local max_results = sarif_format.max_results
        finally(function() sarif_format.max_results = max_results end)
        sarif_format.max_results = 3
        local cut = sarif(audit.many(5, 1))
        assert.equal(3, #cut.results)
        assert.matches("2 more results are left out",
            cut.invocations[1].toolExecutionNotifications[1].message.text)
    end)

    it("says nothing where nothing needs attention", function()
        assert.same({}, sarif(audit.of({ audit.deletion("t/1.rs", 1) }, {}, { audit.closed })).results)
    end)
end)

describe("the audit's report on standard output", function()
    local commands = { "::set-output name=a::b", "##[error]x", "::add-mask::", "\t ::stop-commands::t" }

    -- Every format of a report whose foreign texts are workflow commands at the start of lines.
    local function each_format(check)
        local deletions, states = {}, {}
        for i, command in ipairs(commands) do
            deletions[i] = audit.deletion("t/\n" .. command .. "\n.rs", i, { moved_to = "ui/\r" .. command })
            states[i] = { kind = "issue", state = "open", title = "\n" .. command }
        end
        local model = audit.of(deletions, {}, states)
        for _, format in ipairs({ "text", "markdown", "json", "html", "csv", "sarif" }) do
            check(format, render[format](model))
        end
    end

    it("holds no workflow command", function()
        audit.with_environment({ GITHUB_ACTIONS = "true" }, function()
            each_format(function(format, text)
                local result = process.run({ os.getenv("UHOST") or "uhost", "-e", [[
                    local github_actions = require("lib.github_actions")
                    io.write(github_actions.without_commands(io.read("*a"), ...))]], format,
                    stdin = text, env = { GITHUB_ACTIONS = "true" }, check = true })
                for line in result.stdout:gmatch("[^\r\n]+") do
                    assert.is_nil(line:find("^%s*::"), format .. ": " .. line)
                    assert.is_nil(line:find("##[", 1, true), format .. ": " .. line)
                end
            end)
        end)
    end)

    it("is the same JSON to whoever decodes it", function()
        each_format(function(format, text)
            if format ~= "json" and format ~= "sarif" then return end
            audit.with_environment({ GITHUB_ACTIONS = "true" }, function()
                if format == "json" then assert.truthy(text:find("##[", 1, true)) end
                assert.same(json.decode(text), json.decode(github_actions.without_commands(text, format)))
            end)
        end)
    end)

    it("is as it was outside of a workflow", function()
        audit.with_environment({ GITHUB_ACTIONS = false }, function()
            assert.equal("##[error]", github_actions.without_commands("##[error]", "json"))
        end)
    end)
end)

describe("the summary of a workflow's step", function()
    -- The summary's file after `add`, with `before` in it.
    local function summary(model, before)
        local folder = fs.temp_dir()
        return task.finally(function()
            local file = folder:path() .. "/summary"
            if before then fs.write(file, before) end
            audit.with_environment({ GITHUB_STEP_SUMMARY = file }, function() document.add_summary(model) end)
            return fs.exists(file) and fs.read(file) or nil
        end, function() folder:close() end)
    end

    it("is the report in Markdown, after what other commands wrote", function()
        local model = audit.many(2, 1)
        assert.equal("before\n" .. render.markdown(model) .. "\n", summary(model, "before\n"))
    end)

    it("is left alone outside of a workflow, and where there is no room", function()
        audit.with_environment({ GITHUB_STEP_SUMMARY = false }, function() document.add_summary(audit.many(1, 1)) end)
        audit.with_environment({ GITHUB_STEP_SUMMARY = "" }, function() document.add_summary(audit.many(1, 1)) end)
        local full = ("x"):rep(github_actions.max_summary_bytes - 10)
        assert.equal(full, summary(audit.many(1, 1), full))
    end)

    it("is cut to GitHub's limit, with full counts", function()
        local model = audit.many(6000, 1)
        local text = summary(model, "before\n")
        assert.is_true(#text <= github_actions.max_summary_bytes, #text)
        assert.is_true(#text > github_actions.max_summary_bytes * 0.9, #text)
        assert.matches("## Out of sync %(6000%)", text)
        assert.matches("too long for this place: %d+ of 6000", text)
        assert.matches("Needing attention:%*%* 6000", text)
    end)

    it("does not fail the audit when it cannot be written", function()
        audit.with_environment({ GITHUB_STEP_SUMMARY = "/no/such/folder/summary" }, function()
            document.add_summary(audit.many(1, 1))
        end)
    end)
end)
