-- What `uhost diagnose` renders, made by hand.
local claims = require("lib.diagnose.claims")

local M = {}

--- A finding with every field; `fields` go over the usual ones.
function M.finding(fields)
    local made = {
        id = "rust.e0277", title = "A trait is not implemented", class = "code bug", severity = "error",
        priority = 80, line_number = 12, captures = { "Rc<str>" },
        line = "error[E0277]: `Rc<str>` cannot be sent between threads safely",
        context = { before = { "   Compiling app v0.1.0" }, after = { " --> src/main.rs:7:5" } },
        job = "build (stable)", step = "Run cargo test", cause = "`Rc<str>` does not implement `Send`.",
        fix = "Use `Arc` where it is shared:\n\n1. change the type\n2. run `cargo check`", commands = { "cargo check" },
        docs = { "https://doc.rust-lang.org/error_codes/E0277.html" }, tags = {}, times = 2,
        why = "it is the first error of the failing step", is_symptom = false,
        place = { file = "src/main.rs", line = 7, column = 5 }, confidence = "high",
        confidence_why = "its line is the one that explains most",
    }
    for name, value in pairs(fields or {}) do made[name] = value end
    return made
end

--- A report of one log with these findings, each a cause of its own.
function M.report(findings, fields)
    local made = {
        name = "build.log", lines = 40, bytes = 4000, findings = findings, causes = {}, left_out = 0, diagnostics = {},
        possible = {},
        source = { kind = "file", name = "build.log", file = "build.log" }, unknown = {}, is_known = #findings > 0,
        structure = {
            ci = "github-actions", failed_steps = { { name = "Run cargo test", job = "build (stable)" } },
            jobs = { { name = "build (stable)", steps = {
                { name = "Checkout", first_line = 1, last_line = 5, failed = false },
                { name = "Run cargo test", first_line = 6, last_line = 40, failed = true, exit_code = 101 },
            } } },
        },
        explanation = { line_start = 12, line_end = 13, line_number = 12, confidence = 0.9,
            line = "error[E0277]: `Rc<str>` cannot be sent between threads safely",
            text = "error[E0277]: `Rc<str>` cannot be sent between threads safely\n --> src/main.rs:7:5" },
    }
    for i, finding in ipairs(findings) do made.causes[i] = { lead = finding, follows = {} } end
    for name, value in pairs(fields or {}) do made[name] = value end
    made.headline = made.headline or claims.headline(made)
    return made
end

--- The result of a run over reports.
function M.result(reports)
    local is_known = true
    for _, report in ipairs(reports) do is_known = is_known and report.is_known end
    return { reports = reports, is_known = is_known, color = false }
end

--- One log with one finding.
function M.plain(fields) return M.result({ M.report({ M.finding(fields) }) }) end

--- One log that nothing explains.
function M.unknown(fields)
    local given = {
        unknown = { { line_number = 12, line = "frobnicator: out of cheese" } },
        explanation = { line_start = 12, line_end = 12, line_number = 12, confidence = 0.9,
            line = "frobnicator: out of cheese", text = "frobnicator: out of cheese" },
    }
    for name, value in pairs(fields or {}) do given[name] = value end
    local report = M.report({}, given)
    return M.result({ report })
end

--- Failed tests of a framework.
function M.tests(names)
    local failed = {}
    for i, name in ipairs(names) do
        failed[i] = { name = name, line_number = 20 + i, message = "assertion failed", file = "src/lib.rs", line = i }
    end
    return { framework = "libtest", total = #names + 5, passed = 5, skipped = 0, failed = failed, suites = {},
        all = failed }
end

--- Every text from a log or an entry is `text`.
function M.hostile(text)
    local finding = M.finding({
        title = text, line = text, captures = { text, name = text }, job = text, step = text, cause = text, fix = text,
        commands = { text }, docs = { text, "https://e.org/" .. text }, why = text, owner = text, fixed_in = text,
        context = { before = { text }, after = { text } }, place = { file = text, line = 1 },
        patch = { file = text, description = text, yaml = text },
    })
    local report = M.report({ finding, M.finding({ id = "b.c", line_number = 30, is_symptom = true, title = text }) }, {
        name = text, source = { kind = "file", name = text, file = text, url = text }, tests = M.tests({ text }),
        explanation = { line_start = 12, line_end = 12, text = text }, unknown = { { line_number = 3, line = text } },
        diagnostics = { { line_number = 12, file = text, line = 3, severity = "error", message = text } },
    })
    report.tests.failed[1].message = text
    return M.result({ report, M.unknown({ name = text, unknown = { { line_number = 3, line = text } },
        explanation = { line_start = 1, line_end = 1, text = text } }).reports[1] })
end

return M
