local expect = require("support.expect")

describe("xml.decode", function()
    it("gives elements, attributes and texts", function()
        local root = xml.decode('<?xml version="1.0"?><!-- no --><a x="1 &amp; 2">one<b/><![CDATA[<two>]]></a>')
        assert.same({
            name = "a", attributes = { x = "1 & 2" },
            children = { "one", { name = "b", attributes = {}, children = {} }, "<two>" },
        }, root)
        assert.equal("one<two>", xml.text(root))
    end)

    it("finds children whatever the prefix of their namespace", function()
        local root = xml.decode('<r xmlns:a="x"><a:link href="1"/><link href="2"/><b/></r>')
        assert.equal("1", xml.first(root, "link").attributes.href)
        assert.equal(2, #xml.all(root, "link"))
        assert.is_nil(xml.first(root, "c"))
        assert.is_nil(xml.text(xml.first(root, "c")))
        assert.equal("argument", expect.error_of(xml.first, "text", "a").kind)
    end)

    it("reads other encodings as UTF-8", function()
        assert.equal("é", xml.text(xml.decode('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xE9</a>')))
        assert.equal("x", xml.text(xml.decode("\xFF\xFE<\0a\0>\0x\0<\0/\0a\0>\0")))
    end)

    it("says where a document is wrong", function()
        local failure = expect.error_of(xml.decode, "<a>\n<b></a>")
        assert.equal("xml.syntax", failure.kind)
        assert.equal(2, failure.details.line)
        assert.equal("number", type(failure.details.column))
        for _, text in ipairs({ "", "text", "<a", "<!DOCTYPE html>", "<!-- -->" }) do
            assert.equal("xml.syntax", expect.error_of(xml.decode, text).kind, text)
        end
    end)

    it("expands no entity that a document declares", function()
        local bomb = { '<!DOCTYPE a [<!ENTITY e0 "lol">' }
        for i = 1, 20 do bomb[#bomb + 1] = ('<!ENTITY e%d "%s">'):format(i, ("&e%d;"):format(i - 1):rep(10)) end
        bomb[#bomb + 1] = '<!ENTITY file SYSTEM "file:///etc/passwd">]><a>&e20;&file;</a>'
        assert.equal("&e20;&file;", xml.text(xml.decode(table.concat(bomb))))
    end)

    it("has limits of size and depth", function()
        local deep = ("<a>"):rep(300) .. ("</a>"):rep(300)
        assert.equal("xml.depth", expect.error_of(xml.decode, deep).kind)
        assert.equal("a", xml.decode(deep, { depth = 300 }).name)
        assert.equal("xml.depth", expect.error_of(xml.decode, "<a><b/></a>", { depth = 1 }).kind)
        assert.equal("xml.depth", expect.error_of(xml.decode, "<a><b>x</b></a>", { depth = 1 }).kind)
        assert.equal("a", xml.decode("<a>x</a>", { depth = 1 }).name)
        assert.equal("xml.too_large", expect.error_of(xml.decode, "<a></a>", { max_bytes = 3 }).kind)
        assert.equal("argument", expect.error_of(xml.decode, "<a></a>", { max_bytes = -1 }).kind)
        assert.equal("argument", expect.error_of(xml.decode, "<a/>", { depth = 5000 }).kind)
        local wide = "<a>" .. ("<b><c/></b>"):rep(10000) .. "</a>"
        assert.equal(10000, #xml.decode(wide).children)
    end)

    it("ends for any bytes", function()
        math.randomseed(3)
        local pieces = { "<a>", "</a>", "<a", ">", "&amp;", "&#x", ";", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>",
            "\0", "x", "\xC3", '"', "='", "<!DOCTYPE", "[" }
        for _ = 1, 3000 do
            local text = {}
            for i = 1, math.random(12) do text[i] = pieces[math.random(#pieces)] end
            local ok, failure = pcall(xml.decode, table.concat(text))
            assert.is_true(ok or uhost.is_error(failure))
        end
    end)
end)
