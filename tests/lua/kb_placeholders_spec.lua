-- Filling captures into texts: what a log says stays text wherever it is put.
local placeholders = require("uhost.kb.placeholders")

local groups = { count = 2, names = { name = 1, path = 2 } }

local function fill(kind, text, one, two)
    local captures = { [1] = one, name = one, [2] = two, path = two }
    return placeholders.fill(text, captures, groups, kind)
end

describe("placeholders", function()
    it("take captures by number and by name", function()
        assert.equal("a and b", fill("title", "{1} and {path}", "a", "b"))
        assert.equal("'' is ", fill("title", "'{1}' is {2}"))
    end)

    it("that stand for nothing captured stay as they are", function()
        local text = "{other} {} {3} {0} ${name} ${{ name }} {{name}} { name } fn main() {name"
        assert.equal(text, fill("title", text, "a", "b"))
        assert.equal(text, fill("markdown", text, "a", "b"))
    end)

    it("are not looked for in what was captured", function()
        assert.equal("{path} x", fill("title", "{name} {path}", "{path}", "x"))
    end)

    it("become code in Markdown, so that nothing in them is a link, a mention or HTML", function()
        assert.equal("see `@all <b>`", fill("markdown", "see {name}", "@all <b>"))
        assert.equal("see ``a`b``", fill("markdown", "see {name}", "a`b"))
        assert.equal("see `` `b ``", fill("markdown", "see {name}", "`b"))
        assert.equal("see `pip install a'b`", fill("markdown", "see `pip install {name}`", "a`b"))
        assert.equal("```\nrun a'''\n```\n`c`", fill("markdown", "```\nrun {1}\n```\n{2}", "a```", "c"))
        assert.equal("nothing: ", fill("markdown", "nothing: {name}", ""))
    end)

    it("are one word in a command, whatever is in them", function()
        local folder = fs.temp_dir()
        local hostile = {
            "plain", "two words", "$(touch x)", "`touch x`", "a;touch x", "a'b\"c", "'; touch x; '", "\"; touch x; \"",
            "a\\", "*", "~", "$HOME", "&&touch x", "|x", ">x", "a#b", "!x",
        }
        for _, value in ipairs(hostile) do
            for _, command in ipairs({ "printf %%s {name}", "printf %%s '{name}'", 'printf %%s "{name}"' }) do
                local line = fill("shell", (command:gsub("%%%%", "%%")), value)
                local result = process.run({ "sh", "-c", line, cwd = folder:path() })
                local expected = command:find('"', 1, true) and value:gsub("!", "\\!") or value
                assert.equal(expected, result.stdout, line)
            end
        end
        assert.same({}, fs.list(folder:path()))
        folder:close()
    end)

    it("are left for the reader where a command could take them for an option, or there is nothing", function()
        assert.equal("rm {name}", fill("shell", "rm {name}", "-rf"))
        assert.equal("rm {name}", fill("shell", "rm {name}", ""))
    end)

    it("are encoded in addresses", function()
        assert.equal("https://x.org/?q=a%20b%26c%2F..", fill("url", "https://x.org/?q={name}", "a b&c/.."))
    end)

    it("go into a patch only when they mean nothing to YAML or a shell", function()
        assert.equal("run: pip install a-b.c==1", fill("yaml", "run: pip install {name}", "a-b.c==1"))
        for _, value in ipairs({ "a b", "$(x)", "a: b", "&x", "*x", "- x", "a\nb", "'", "{{x}}" }) do
            assert.equal("x: {name}", fill("yaml", "x: {name}", value))
        end
    end)

    it("lose control characters and what turns writing around, and are cut", function()
        assert.equal("a b c", fill("title", "{name}", "a\27b\0c"))
        assert.equal("ab", fill("title", "{name}", "a\226\128\174b"))
        assert.equal(("ä"):rep(50) .. "…", fill("title", "{name}", ("ä"):rep(400)))
        assert.equal("`" .. ("ä"):rep(150) .. "…`", fill("markdown", "{name}", ("ä"):rep(400)))
    end)

    it("are named with the field that they are in", function()
        local seen = {}
        placeholders.each({ title = "{a}", fix = "`{b}` ${no}", commands = { "x", "{c}" }, patch = { yaml = "{d}" },
            rewrite = { from = "{e}", to = "f" } }, function(field, name) seen[#seen + 1] = field .. "=" .. name end)
        assert.same({ "title=a", "fix=b", "commands[2]=c", "patch.yaml=d", "rewrite.from=e" }, seen)
    end)
end)
