-- Code, lists, and pieces that stand out in a report.
local each_text = require("support.hostile_text").each

local function parsed(markdown)
    return process.run({ "cmark-gfm", "--unsafe", "-t", "xml", "-e", "table", "-e", "autolink", "-e", "strikethrough",
        stdin = markdown, check = true }).stdout
end

local function unescaped(xml)
    return (xml:gsub("&lt;", "<"):gsub("&gt;", ">"):gsub("&quot;", '"'):gsub("&amp;", "&"))
end

local function squeezed(text) return (term.visible((text:gsub("\r\n", "\n"))):gsub("%s", "")) end

describe("code in a report", function()
    it("has numbers and a mark where they are asked for", function()
        local r = report.new():code({ "one", "two" }, { first_line = 99, marked = 100 }):code({ "make" })
        assert.equal("   99 | one\n> 100 | two\n\nmake\n", r:render("text"))
        assert.equal("```\n   99 | one\n> 100 | two\n```\n\n```\nmake\n```\n", r:render("markdown"))
        assert.matches('<mark><span class="number">100  </span>two</mark>', r:render("html"), 1, true)
        local blocks = json.decode(r:render("json")).blocks
        assert.same({ type = "code", lines = { "one", "two" }, first_line = 99, marked = 100 }, blocks[1])
        assert.equal(json.null, blocks[2].first_line)
    end)

    it("stays code in Markdown and HTML, whatever it holds", function()
        each_text(function(text)
            local r = report.new():code({ text, "end" })
            local xml = parsed(r:render("markdown"))
            local blocks = select(2, xml:gsub("<code_block", ""))
            assert.equal(1, blocks, text)
            assert.is_nil(xml:find("<paragraph", 1, true))
            assert.equal(squeezed(text) .. "end", squeezed(unescaped(xml:match("<code_block[^>]*>(.-)</code_block>"))))
            assert.is_nil(r:render("html"):match("<pre><code>(.*)</code></pre>"):find("<", 1, true))
        end)
    end)

    it("stays a span within text, also in lists and tables", function()
        each_text(function(text)
            if not text:find("%S") then return end
            local piece = { text = text, code = true }
            local r = report.new():text{ piece }:list({ { "a ", piece, piece } }, { ordered = true })
                :table{ columns = { "c" }, rows = { { piece } } }
            local xml, spans = parsed(r:render("markdown")), {}
            for span in xml:gmatch("<code[^>]*>([^<]*)</code>") do spans[#spans + 1] = squeezed(unescaped(span)) end
            local once = squeezed(text)
            assert.same({ once, once, once, once }, spans)
            for name in xml:gmatch("<(%a[%w_]*)") do assert.is_nil(name:find("html", 1, true), text) end
        end)
    end)
end)

describe("a report", function()
    it("has lists, headings of two levels and strong words", function()
        local r = report.new():heading("Part", 3):list({ "a", { text = "b", strong = true } })
            :list({ "x" }, { ordered = true })
        assert.equal("Part\n\n- a\n- b\n\n1. x\n", r:render("text"))
        assert.equal("### Part\n\n- a\n- **b**\n\n1. x\n", r:render("markdown"))
        assert.matches("<h3>Part</h3>\n<ul>\n<li>a</li>\n<li><strong>b</strong></li>\n</ul>", r:render("html"), 1, true)
    end)

    it("has strong words in Markdown, whatever they are and stand beside", function()
        each_text(function(text)
            if not text:find("%S") then return end
            local r = report.new():text{ "a", { text = text, strong = true }, { text = text, strong = true }, "b" }
            local xml = parsed(r:render("markdown"))
            local strong = select(2, xml:gsub("<strong>", "")) + select(2, xml:gsub("&lt;strong&gt;", ""))
            assert.equal(2, strong, text)
            local words = xml:gsub("<html_inline.-</html_inline>", ""):gsub("<[^>]*>", ""):gsub("\226\128\139", "")
            assert.equal("a" .. squeezed(text):rep(2) .. "b", squeezed(unescaped(words)))
        end)
    end)

    it("refuses code that is no list, and other levels", function()
        for _, call in ipairs({ { "code", "x" }, { "list", "x" }, { "heading", "x", 1 } }) do
            local r = report.new()
            local ok, failure = pcall(r[call[1]], r, call[2], call[3])
            assert.is_false(ok)
            assert.equal("argument", failure.kind)
        end
    end)
end)
