-- The Markdown of entries, as `uhost diagnose` reads it.
local rich_text = require("lib.diagnose.rich_text")
local each_text = require("support.hostile_text").each

local function pieces_of(text) return rich_text.blocks(text)[1].pieces end

describe("the text of an entry", function()
    it("has code between backticks of any number, and strong words", function()
        assert.same({ { text = "a " }, { text = "x y", code = true }, { text = " b " }, { text = "c`d", code = true },
            { text = " " }, { text = "now", strong = true } }, pieces_of("a `x y` b ``c`d`` **now**"))
        assert.same({ { text = "`", code = true } }, pieces_of("`` ` ``"))
    end)

    it("keeps what is not closed, and what it does not know, as text", function()
        for _, text in ipairs({ "a ` b", "``a`", "** a **", "*.rs and *.c", "<b>", "![x](y)", "a_b_c", "[x]" }) do
            assert.same({ { text = text } }, pieces_of(text))
        end
    end)

    it("shows a link with its address", function()
        assert.same({ { text = "see the book (https://e.org/x) first" } },
            pieces_of("see [the book](https://e.org/x) first"))
        assert.same({ { text = "[x](javascript:1)" } }, pieces_of("[x](javascript:1)"))
    end)

    it("has paragraphs, lists and code blocks", function()
        local blocks = rich_text.blocks("One\ntwo.\n\n- a\n  b\n- `c`\n\n1. x\n2) y\n\n"
            .. "```sh\nmake `x`\n\nend\n```\nlast")
        local kinds = {}
        for i, block in ipairs(blocks) do kinds[i] = block.kind end
        assert.same({ "text", "list", "list", "code", "text" }, kinds)
        assert.same({ { text = "One two." } }, blocks[1].pieces)
        assert.same({ { { text = "a b" } }, { { text = "c", code = true } } }, blocks[2].items)
        assert.is_true(blocks[3].ordered)
        assert.same({ "make `x`", "", "end" }, blocks[4].lines)
        assert.equal("sh", blocks[4].language)
    end)

    it("is one line where there is no formatting", function()
        assert.equal("Do `a`. first second a; b",
            rich_text.one_line("Do `a`.\n\n- first\n- second\n\n```\na\nb\n```\n"))
        assert.equal("", rich_text.one_line(nil))
    end)

    it("is read whatever it holds", function()
        each_text(function(text)
            local one = rich_text.one_line(text)
            assert.is_nil(one:find("\n", 1, true))
        end)
    end)
end)
