-- What `uhost diagnose` says, in each format, of results that are made by hand.
local model = require("support.diagnose_model")
local each_text = require("support.hostile_text").each

local function render(format, result) return require("lib.diagnose.main").render(result, format) end

-- The first of `pieces` that is missing, or out of order, in a text.
local function first_missing(text, pieces)
    local position = 1
    for _, piece in ipairs(pieces) do
        local _, last = text:find(piece, position, true)
        if not last then return piece end
        position = last + 1
    end
end

describe("a diagnosis as text", function()
    it("reports line, cause and remedy first, then the passage, then why", function()
        local text = render("text", model.plain())
        assert.is_nil(first_missing(text, {
            "A trait is not implemented\n", "build (stable) › Run cargo test", "build.log:12", "src/main.rs:7",
            "    error[E0277]: `Rc<str>` cannot be sent between threads safely\n",
            "`Rc<str>` does not implement `Send`.",
            "What to do\n", "1. change the type\n", "$ cargo check\n",
            "https://doc.rust-lang.org/error_codes/E0277.html",
            "In the log\n", "> 12 | error[E0277]", "  13 |  --> src/main.rs:7:5\n",
            "Why this line: it is the first error of the failing step",
        }))
        assert.is_nil(text:find("\27", 1, true))
    end)

    it("says so when nothing is known, shows telling lines, and how to teach it", function()
        local text = render("text", model.unknown())
        assert.is_nil(first_missing(text, { "frobnicator: out of cheese\n", "No entry", "The most telling lines\n",
            "12 | frobnicator: out of cheese", "uhost kb learn build.log" }))
        assert.equal(2, select(2, text:gsub("out of cheese", "")))
    end)

    it("leads with the passage where no entry is sure enough, and lists what may be the cause", function()
        local text = render("text", model.unknown({ possible = { model.finding({ confidence = "low",
            confidence_why = "it is not in the passage that explains the failure" }) } }))
        assert.is_nil(first_missing(text, { "frobnicator: out of cheese\n", "sure enough", "The most telling lines\n",
            "Possible causes\n", "12  A trait is not implemented (rust.e0277)" }))
        assert.is_nil(text:find("What to do", 1, true))
    end)

    it("says so when nothing failed", function()
        local text = render("text", model.unknown({ is_green = true, is_known = true, unknown = {} }))
        assert.equal("Nothing failed, as far as this log shows.\n", text:match("^[^\n]*\n"))
        assert.is_nil(text:find("kb learn", 1, true))
    end)

    it("shows once what a log says over and over", function()
        local lines = {}
        for i = 1, 9 do lines[i] = ("worker %d: connection lost"):format(i) end
        lines[10] = "gave up"
        local text = render("text", model.unknown({
            explanation = { line_start = 5, line_end = 14, text = table.concat(lines, "\n") },
        }))
        assert.is_nil(first_missing(text,
            { "   5 | worker 1: connection lost\n     | … 8 more like it\n  14 | gave up" }))
    end)

    it("names failed tests, and how many more there are", function()
        local names = {}
        for i = 1, 14 do names[i] = "test_" .. i end
        local report = model.report({}, { tests = model.tests(names), is_known = true,
            explanation = { line_start = 20, line_end = 24, line_number = 21, line = "test_1", text = "test_1" } })
        local text = render("text", model.result({ report }))
        assert.is_nil(first_missing(text,
            { "14 of 19 tests failed (libtest)", "test_1 — assertion failed", "and 4 more" }))
    end)

    it("numbers several causes, and keeps symptoms apart", function()
        local symptom = model.finding({ id = "ci.exit_code", title = "A step failed", line_number = 39,
            is_symptom = true })
        local other = model.finding({ id = "disk.full", title = "The disk is full", line_number = 30 })
        local text = render("text", model.result({ model.report({ model.finding(), other, symptom }) }))
        assert.is_nil(first_missing(text, { "1. A trait is not implemented", "2. The disk is full", "Also in the log",
            "39  A step failed (ci.exit_code, a symptom)" }))
    end)

    it("reports an entry once, with the other lines that it matched", function()
        local again = model.finding({ line_number = 33, line = "error[E0277]: `Cell<u8>` too" })
        local text = render("text", model.result({ model.report({ model.finding(), again }) }))
        assert.is_nil(first_missing(text, { "\nbuild (stable) › Run cargo test", "Also in the log",
            "33  error[E0277]: `Cell<u8>` too (rust.e0277, again)" }))
        assert.equal(1, select(2, text:gsub("A trait is not implemented", "")))
    end)

    it("puts logs that failed for the same reason together", function()
        local first = model.report({ model.finding() }, { name = "build (1.70)" })
        local second = model.report({ model.finding({ line_number = 99 }) }, { name = "build (1.71)" })
        local full = model.finding({ id = "disk.full", title = "The disk is full" })
        local other = model.report({ full }, { name = "docs" })
        local text = render("text", model.result({ first, second, other }))
        assert.is_nil(first_missing(text, { "1 of 2: build (1.70)", "The same in 1 more log", "build (1.71):99",
            "2 of 2: docs", "The disk is full" }))
    end)

    it("acts on no terminal, whatever the log holds", function()
        each_text(function(text)
            assert.is_nil(render("text", model.hostile(text)):find("[%z\1-\8\11-\31\127]"))
        end)
    end)
end)

describe("a diagnosis as Markdown", function()
    local sections = { "## Root Cause Analysis\n", "## Proposed Changes\n", "## What is NOT changed\n",
        "## Verification Steps\n" }

    it("has the sections that maintainers expect, with what belongs there", function()
        local text = render("markdown", model.plain())
        assert.is_nil(first_missing(text, sections))
        assert.is_nil(first_missing(text, {
            "- **Failing job:** `build (stable)`", "- **Failing step:** `Run cargo test`", "- **Log line:** 12 of 40",
            "- **Classification:** **code bug**",
            "```\nerror[E0277]: `Rc<str>` cannot be sent between threads safely\n```",
            "**Root cause**: A trait is not implemented.", "`Rc<str>` does not implement `Send`.",
            "> 12 | error[E0277]", "## Proposed Changes", "1. change the type\n2. run `cargo check`",
            "```sh\ncargo check\n```", "## What is NOT changed", "No test is skipped",
            "The steps that passed: `Checkout`.", "## Verification Steps",
            "1. Run the job again", "`Run cargo test`", "`uhost kb try NEW_LOG`",
        }))
        assert.is_nil(text:find("YAML Patch", 1, true))
    end)

    it("has a YAML patch where the entry gives one", function()
        local text = render("markdown", model.plain({ patch = {
            file = ".github/workflows/ci.yml", description = "Free some space.", yaml = "steps:\n  - run: df -h\n" } }))
        assert.is_nil(first_missing(text, { sections[3], "## YAML Patch\n", "Free some space.",
            "In `.github/workflows/ci.yml`", "```yaml\nsteps:\n  - run: df -h\n```", sections[4] }))
    end)

    it("has them also for what nobody knows, and for an empty log", function()
        local text = render("markdown", model.unknown())
        assert.is_nil(first_missing(text, sections))
        assert.is_truthy(text:find("No known cause matched", 1, true))
        assert.is_truthy(text:find("`uhost kb learn build.log`", 1, true))
        local empty = model.unknown({ lines = 0, unknown = {}, structure = { jobs = {} } })
        empty.reports[1].explanation = nil
        assert.is_nil(first_missing(render("markdown", empty), sections))
    end)

    it("reports how to run the failed jobs of a run again", function()
        local result = model.plain()
        local source = result.reports[1].source
        source.run, source.repository = { id = 77 }, "o/n"
        assert.is_truthy(render("markdown", result):find("`gh run rerun 77 --failed --repo o/n`", 1, true))
    end)

    local allowed = {}
    for name in ("document heading paragraph text list item strong softbreak html_inline code code_block link "
        .. "table table_header table_row table_cell"):gmatch("%S+") do allowed[name] = true end

    it("gains no headings, HTML, images, mentions or links from a log", function()
        local plain_headings = {}
        for heading in render("markdown", model.hostile("x")):gmatch("\n#+ ") do
            plain_headings[#plain_headings + 1] = heading
        end
        each_text(function(text)
            local markdown = render("markdown", model.hostile(text))
            local xml = process.run({ "cmark-gfm", "--unsafe", "-t", "xml", "-e", "table", "-e", "autolink", "-e",
                "strikethrough", "-e", "tasklist", stdin = markdown, check = true }).stdout
            for name in xml:gmatch("<(%a[%w_]*)") do assert.truthy(allowed[name], name .. " in " .. text) end
            for html in xml:gmatch("<html_inline[^>]*>([^<]*)<") do
                assert.truthy(({ ["&lt;br&gt;"] = 1, ["&lt;strong&gt;"] = 1, ["&lt;/strong&gt;"] = 1 })[html], html)
            end
            for address in xml:gmatch('<link destination="([^"]*)"') do assert.matches("^https?://", address) end
            assert.is_nil(xml:find("<html_block", 1, true))
            local count = select(2, xml:gsub("<heading", ""))
            assert.equal(#plain_headings + 1, count, text)
        end)
    end)
end)

describe("a diagnosis as HTML", function()
    it("is one page without scripts, with the sections and the marked line", function()
        local html = render("html", model.plain())
        assert.is_nil(first_missing(html, { "<!doctype html>", "default-src 'none'", "<h2>Root Cause Analysis</h2>",
            "<mark>", "<h2>Verification Steps</h2>" }))
        assert.is_nil(html:find("<script", 1, true))
        each_text(function(text)
            local page = render("html", model.hostile(text))
            assert.is_nil(page:find("<script", 1, true))
            assert.is_nil(page:find("<img", 1, true))
            assert.is_nil(page:find('href="[^h]'))
        end)
    end)
end)

describe("a diagnosis as annotations", function()
    it("names the file and line where the log names them", function()
        local text = render("github", model.plain())
        assert.equal("::error file=src/main.rs,line=7,col=5,title=A trait is not implemented (code bug)::error[E0277]",
            text:match("^::error .-%]"))
        assert.is_truthy(text:find("%0Abuild (stable) › Run cargo test, line 12 of build.log%0A", 1, true))
    end)

    it("is at most ten of each level, one command a line", function()
        local findings = {}
        for i = 1, 15 do findings[i] = model.finding({ line_number = i, severity = i > 12 and "note" or "error" }) end
        local text = render("github", model.result({ model.report(findings) }))
        assert.equal(10, select(2, text:gsub("::error ", "")))
        assert.equal(3, select(2, text:gsub("::notice ", "")))
    end)

    it("gains no command and no property from a log", function()
        each_text(function(text)
            for line in render("github", model.hostile(text)):gmatch("[^\n]+") do
                local properties = line:match("^::%a+ ([^:]*)::")
                assert.is_truthy(properties, line)
                for property in properties:gmatch("[^,]+") do
                    assert.truthy(({ file = 1, line = 1, col = 1, title = 1 })[property:match("^(%w+)=")], property)
                end
            end
        end)
    end)
end)
