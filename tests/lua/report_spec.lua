local each_text = require("support.hostile_text").each

describe("report", function()
    local function error_of(body, ...)
        local ok, err = pcall(body, ...)
        assert.is_false(ok)
        return err
    end

    local link = { text = "#12", url = "https://github.com/o/r/issues/12" }

    -- A report whose parts all hold `text`.
    local function of_text(text)
        local columns = { { key = "a", title = text }, { key = "b", title = "" } }
        return report.new{ title = text }:heading(text):text(text):facts{ { text, text } }
            :table{ title = text, columns = columns, rows = { { a = text, b = text } } }
    end

    -- What must be left of a text where white space may change.
    local function squeezed(text) return (term.visible((text:gsub("\r\n", "\n"))):gsub("%s", "")) end

    describe("as CSV", function()
        -- The fields of RFC 4180 text.
        local function parse(text)
            local rows, row, position = {}, {}, 1
            while position <= #text do
                local value, after
                if text:sub(position, position) == '"' then
                    local parts, from = {}, position + 1
                    while true do
                        local close = assert(text:find('"', from, true), "an open quote")
                        parts[#parts + 1] = text:sub(from, close - 1)
                        from = close + 2
                        if text:sub(close + 1, close + 1) ~= '"' then
                            after = close + 1
                            break
                        end
                        parts[#parts + 1] = '"'
                    end
                    value = table.concat(parts)
                else
                    after = text:find("[,\r\n]", position) or #text + 1
                    value = text:sub(position, after - 1)
                    assert.is_nil(value:find('"', 1, true))
                end
                row[#row + 1] = value
                if text:sub(after, after) == "," then
                    position = after + 1
                else
                    assert.equal("\r\n", text:sub(after, after + 1))
                    rows[#rows + 1], row, position = row, {}, after + 2
                end
            end
            return rows
        end

        it("is read back as one would see it, whatever it holds", function()
            each_text(function(text)
                local rows = parse(of_text(text):render("csv"))
                local expected = term.visible((text:gsub("\r\n", "\n")))
                local is_number = expected:find("^%-?%d+%.?%d*$")
                if expected:find("^[=+%-@\t\n]") and not is_number then expected = "'" .. expected end
                assert.equal(2, #rows)
                assert.same({ expected, "" }, rows[1])
                assert.same({ expected, expected }, rows[2])
            end)
        end)

        it("keeps numbers, and gives links a column", function()
            local r = report.new():table{ columns = { "n", "l" }, rows = { { -3, link }, { 0.5, "none" } } }
            assert.equal("n,l,l URL\r\n-3,#12,https://github.com/o/r/issues/12\r\n0.5,none,\r\n", r:render("csv"))
        end)

        it("holds the tables, or the one that is asked for", function()
            local r = report.new{ title = "T" }:text("x"):facts{ { "a", 1 } }
                :table{ title = "One", columns = { "a" }, rows = { { 1 } } }
                :table{ title = "Two", columns = { "b" }, rows = { { 2 } } }
            assert.equal("a\r\n1\r\n\r\nb\r\n2\r\n", r:render("csv"))
            assert.equal("b\r\n2\r\n", r:render("csv", { table = "Two" }))
            assert.equal("a\r\n1\r\n", r:render("csv", { table = 1 }))
            assert.equal("report.format", error_of(r.render, r, "csv", { table = "Three" }).kind)
        end)
    end)

    describe("as Markdown", function()
        -- What GitHub's own parser makes of it, as XML.
        local function parsed(markdown)
            local command = { "cmark-gfm", "--unsafe", "-t", "xml", stdin = markdown, check = true }
            for _, extension in ipairs{ "table", "autolink", "strikethrough", "tasklist" } do
                table.insert(command, "-e")
                table.insert(command, extension)
            end
            return process.run(command).stdout
        end

        local allowed = {}
        for name in ("document heading paragraph text list item strong softbreak html_inline "
            .. "table table_header table_row table_cell"):gmatch("%S+") do allowed[name] = true end

        local function text_of(xml)
            local texts = {}
            for text in xml:gmatch("<text[^>]*>([^<]*)</text>") do texts[#texts + 1] = text end
            local text = table.concat(texts):gsub("\226\128\139", "")
            return (text:gsub("&lt;", "<"):gsub("&gt;", ">"):gsub("&quot;", '"'):gsub("&amp;", "&"))
        end

        it("gains no formatting, links or HTML from text, and loses nothing of it", function()
            each_text(function(text)
                local xml = parsed(of_text(text):render("markdown"))
                for name in xml:gmatch("<(%a[%w_]*)") do assert.truthy(allowed[name], name .. " in " .. text) end
                for html in xml:gmatch("<html_inline[^>]*>([^<]*)<") do assert.equal("&lt;br&gt;", html) end
                local once = squeezed(text)
                assert.equal(once:rep(4) .. ":" .. once:rep(5), (text_of(xml):gsub("%s", "")))
            end)
        end)

        it("mentions nobody and nothing", function()
            local text = "@octocat o/r#12 #13 GH-14 https://github.com/o/r/issues/1 www.e.org me@e.org"
            local markdown = report.new():text(text):render("markdown"):gsub("&#8203;", "\226\128\139")
            for _, pattern in ipairs{ "@%w", "#%d", "GH%-%d", "://", "www%." } do
                assert.is_nil(markdown:find(pattern), pattern)
            end
        end)

        it("links what has a URL", function()
            local r = report.new():text{ "see!", link, { text = "x", url = "https://e.org/(a)*" },
                { text = "y", url = "javascript:1" }, { text = "z", url = "https://e.org/ onclick=" } }
            assert.equal("see\\![\\#12](https://github.com/o/r/issues/12)[x](https://e.org/%28a%29%2A)yz\n",
                r:render("markdown"))
            local xml = parsed(r:render("markdown"))
            assert.matches('<link destination="https://github.com/o/r/issues/12"', xml, 1, true)
            assert.is_nil(xml:find("<image", 1, true))
        end)

        it("says when a table is empty", function()
            local r = report.new():table{ title = "Findings", columns = { "a" }, rows = {}, empty = "Nothing found." }
            assert.equal("### Findings\n\nNothing found.\n", r:render("markdown"))
        end)
    end)

    describe("as HTML", function()
        -- Tags and text as Python's parser sees them.
        local reader = [[
import sys, html.parser
class Reader(html.parser.HTMLParser):
    tags, attributes, texts, quiet = set(), set(), [], 0
    def handle_starttag(self, tag, attributes):
        self.tags.add(tag); self.attributes.update(name for name, _ in attributes)
        if tag in ("style", "title"): self.quiet += 1
    def handle_endtag(self, tag):
        if tag in ("style", "title"): self.quiet -= 1
    def handle_data(self, data):
        if not self.quiet: self.texts.append(data)
    def handle_comment(self, data): self.tags.add("comment")
reader = Reader(); reader.feed(sys.stdin.buffer.read().decode()); reader.close()
print(" ".join(sorted(reader.tags))); print(" ".join(sorted(reader.attributes))); print("".join(reader.texts))
]]
        it("gains no tags or attributes from text, and loses nothing of it", function()
            local joined, expected = report.new(), {}
            each_text(function(text)
                joined:heading(text):text(text):facts{ { text, { text = text, url = text } } }
                joined:table{ title = text, columns = { { key = 1, title = text } }, rows = { { text } } }
                expected[#expected + 1] = squeezed(text):rep(7)
            end)
            local answer = process.run{ "python3", "-c", reader, stdin = joined:render("html"), check = true,
                env = { PYTHONIOENCODING = "utf-8" } }.stdout
            local tags, attributes, texts = answer:match("^([^\n]*)\n([^\n]*)\n(.*)$")
            assert.equal("a body br caption dd dl dt h2 head html main meta p section style "
                .. "table tbody td th thead title tr", tags)
            assert.equal("aria-label charset class content href http-equiv lang name rel scope tabindex",
                attributes)
            assert.is_true(table.concat(expected) == texts:gsub("%s", ""), "the text of the page is not what went in")
        end)

        it("is one page that loads nothing", function()
            local r = report.new{ title = "T" }:text(link):table{ columns = { "n" }, rows = { { 1 } } }
            local html = r:render("html")
            assert.matches("^<!doctype html>\n<html lang=\"en\">", html)
            assert.matches("default%-src 'none'", html)
            local anchor = '<a href="https://github.com/o/r/issues/12" rel="noopener noreferrer">#12</a>'
            assert.matches(anchor, html, 1, true)
            assert.matches('<td class="right">1</td>', html, 1, true)
            assert.is_nil(html:find("<script", 1, true))
            assert.is_nil(html:find("src=", 1, true))
        end)
    end)

    describe("as JSON", function()
        it("is the model, with values as they were", function()
            local r = report.new{ title = "T" }:heading("h"):text{ "see ", link }
                :facts{ { "a", 1 }, { "b", true }, { "c" } }
                :table{ title = "N", columns = { { key = "k" } }, rows = { { k = 1.5 }, { k = link }, {} } }
                :table{ columns = { "x" }, rows = {} }
            local model = json.decode(r:render("json"))
            assert.same({ "T", 1, 5 }, { model.title, model.version, #model.blocks })
            assert.same({ type = "text", text = { "see ", link } }, model.blocks[2])
            assert.same({ { name = "a", value = 1 }, { name = "b", value = true }, { name = "c", value = json.null } },
                model.blocks[3].facts)
            assert.same({ { k = 1.5 }, { k = link }, { k = json.null } }, model.blocks[4].rows)
            assert.same({ { key = "1", title = "x", align = "left" } }, model.blocks[5].columns)
            assert.matches('"rows": %[%]', r:render("json"))
        end)

        it("keeps every text, and stays JSON", function()
            each_text(function(text)
                local model = json.decode(of_text(text):render("json"))
                local expected = text:gsub("\r\n", "\n")
                if expected == "" then return end
                assert.equal(expected, model.blocks[2].text)
                assert.equal(expected, model.blocks[4].rows[1].a)
            end)
            assert.matches('"value": "inf"', report.new():facts{ { "x", math.huge } }:render("json"))
            assert.matches("\239\191\189", report.new():text("\255"):render("json"))
        end)
    end)

    describe("as text", function()
        it("fits the width and acts on no terminal", function()
            each_text(function(text)
                local rendered = of_text((text .. " "):rep(4)):render("text", { width = 40 })
                assert.is_nil(rendered:find("[%z\1-\8\11-\31\127]"))
                for line in rendered:gmatch("[^\n]+") do
                    -- A title is one line, whatever its length.
                    if not line:find("^[=-]+$") and #line > 400 then error(line) end
                end
            end)
        end)

        it("reads as a report", function()
            local r = report.new{ title = "Audit" }:text{ "See ", link, "." }
                :facts{ { "Deleted", 12 }, { "Since when", "2024" } }
                :table{ title = "Found", columns = { { key = "n", title = "No" }, { key = "t", title = "Title" } },
                    rows = { { n = 7, t = link }, { n = 12, t = { "a ", link } } } }
                :table{ title = "Rest", columns = { "x" }, rows = {} }
            local rule = r:render("text", { width = 60 }):match("Title\n(%S+)")
            assert.equal(table.concat({ "Audit", "=====", "", "See #12.", "", "Deleted     12", "Since when  2024", "",
                "Found", "-----", "No  Title", rule, " 7  #12", "12  a #12", "", "Rest", "----", "None.", "" }, "\n"),
                r:render("text", { width = 60 }))
        end)

        it("links and colours on request", function()
            local r = report.new():table{ columns = { { title = "a", style = "red" } }, rows = { { link } } }
            assert.matches("\27]8;;https://github.com/o/r/issues/12", r:render("text", { color = true }), 1, true)
            assert.is_nil(r:render("text"):find("\27", 1, true))
        end)
    end)

    it("says what is wrong with its arguments", function()
        local r = report.new()
        local err = error_of(r.render, r, "pdf")
        assert.equal("report.format", err.kind)
        assert.matches("html", err.hint)
        assert.equal("argument", error_of(r.table, r, { rows = {} }).kind)
        assert.equal("argument", error_of(r.facts, r, { "x" }).kind)
        assert.equal("argument", error_of(r.render, r, "csv", { tabel = 1 }).kind)
        assert.equal("argument", error_of(r.table, r, { columns = { { title = "a", align = "up" } }, rows = {} }).kind)
    end)
end)
