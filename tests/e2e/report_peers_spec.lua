-- The audit's reports by others' readers: SARIF by its official schema, HTML by html-validate with its rules on
-- accessibility, CSV by Python's reader.
local servers = require("support.servers")
local peers = require("support.peers")
local audit = require("support.audit_model")
local render = require("lib.monthly_audit.render")

-- What each format, or what shows it, takes for its own.
local hostile = {
    "<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "</td></table>", "[x](javascript:alert(1))",
    "=1+1", "@SUM(A1)", "+1", "\n=1", "a,b\"c", "{0} {closure}", "::error::x", "##[error]", "\27[31m",
    "\226\128\174rtl", "% %s %25", "ünï 日本", "\\", "]]>", "<!-- c", "&amp; &#64;",
}

-- Models: the plain, the empty, and those whose foreign texts are hostile, and all at once.
local function each_model(check)
    check(audit.many(3, 2))
    check(audit.of({}, {}, {}))
    check(audit.many(3, 2, { closing = { closed = { 1 }, left = { { issue = "x/y#1", why = hostile[1] } },
        over_limit = 0, limit = 5 } }))
    local deletions, states = {}, {}
    for i, text in ipairs(hostile) do
        deletions[i] = audit.deletion("t/" .. text .. ".rs", i, { pr = i, moved_to = i % 2 == 0 and text or nil })
        states[i] = { kind = "issue", state = "open", title = text }
        check(audit.of({ deletions[i] }, {}, { [i] = states[i] }, { path = "t" }))
    end
    check(audit.of(deletions, {}, states))
end

-- Writes every model in a format to a file of its own, and gives the files to `check(files)`.
local function with_files(format, check)
    servers.in_folder(function(folder)
        local files = {}
        each_model(function(model)
            files[#files + 1] = ("%s/%d.%s"):format(folder, #files + 1, format)
            fs.write(files[#files], render[format](model))
        end)
        check(files)
    end)
end

describe("the audit's report", function()
    it("is SARIF 2.1.0 by its schema", function()
        if peers.missing() then return pending(peers.missing()) end
        with_files("sarif", function(files) assert.equal("", peers.problems("sarif", unpack(files))) end)
    end)

    it("is HTML that stands by itself, and that everybody can use", function()
        if peers.missing() then return pending(peers.missing()) end
        with_files("html", function(files) assert.equal("", peers.problems("html", unpack(files))) end)
    end)

    it("is CSV with the same cells to whoever reads it, and none is computed", function()
        local reader = [[
import csv, json, sys
for name in sys.argv[1:]:
    with open(name, newline="", encoding="utf-8", errors="surrogateescape") as file:
        rows = list(csv.reader(file, strict=True))
    assert len({len(row) for row in rows}) == 1, name
    for row in rows:
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) or cell.lstrip("-").isdigit(), cell
]]
        with_files("csv", function(files)
            local result = process.run({ "python3", "-c", reader, unpack(files) })
            assert.equal("", result.stderr)
        end)
    end)
end)

describe("the peers", function()
    it("find what is wrong", function()
        if peers.missing() then return pending(peers.missing()) end
        servers.in_folder(function(folder)
            local function problems(kind, text)
                fs.write(folder .. "/file", text)
                return peers.problems(kind, folder .. "/file")
            end
            assert.matches("version", problems("sarif", '{"version": "2.2.0", "runs": []}'))
            assert.matches("refers to something outside", problems("html", '<!doctype html><img src="x">'))
            assert.matches("Unexpected value 'job'", problems("workflow", "on: push\njob: {}\n"))
            local untrusted = "on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
                .. "      - run: echo ${{ github.event.issue.title }}\n"
            assert.matches("potentially untrusted", problems("workflow", untrusted))
            assert.matches("bare %%", problems("cron", "1 2 * * * root date +%F\n"))
            assert.matches("no end", problems("cron", "1 2 * * * root true"))
            assert.is_true(problems("cron", "1 2 32 * * root true\n") ~= "")
        end)
    end)
end)
