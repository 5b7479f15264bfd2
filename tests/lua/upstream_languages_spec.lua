-- Functions of source files as git names hunks by, and what is only formatting.
local languages = require("lib.upstream.impact.languages")
local texts = require("lib.upstream.resolution.texts")

local known = languages.compile(policy.load("integration_points",
    { schema = require("lib.schemas.integration_points") }):data().languages)

local function functions(path, text)
    local found = {}
    for i, each in ipairs(languages.functions(languages.of(known, path), text)) do
        found[i] = ("%s %d-%d %s"):format(each.name, each.first, each.last, each.signature)
    end
    return found
end

local function same_essence(path, a, b)
    local language = languages.of(known, path)
    local function lines(text) return texts.lines(text) end
    local whole = languages.essence(language, lines(a)) == languages.essence(language, lines(b))
    -- What is told from the changed lines alone is the same.
    local hunks = {}
    for i, change in ipairs(git.compare_texts(a, b)) do
        hunks[i] = { removed = texts.slice(lines(a), change.old_start, change.old_start + change.old_lines - 1),
            added = texts.slice(lines(b), change.new_start, change.new_start + change.new_lines - 1) }
    end
    assert.equal(whole, languages.same_essence(language, a, b, hunks))
    return whole
end

describe("functions of a file", function()
    it("are found in the languages that the policy knows", function()
        assert.same({ "Type 1-3 pub struct Type", "analysis 4-9 pub(crate) async fn analysis<'tcx>(tcx: Context<'tcx>, "
            .. "id: Id) -> Result" }, functions("a.rs", "pub struct Type {\n    name: String,\n}\n"
            .. "pub(crate) async fn analysis<'tcx>(\n    tcx: Context<'tcx>,\n    id: Id,\n) -> Result {\n    x\n}\n"))
        assert.same({ "plan_of 1-1 struct plan *plan_of(void)" }, functions("a.c", "struct plan *plan_of(void) {}\n"))
        assert.same({ "planner 1-4 static int planner(Query *parse)", "main 5-5 int main(void)" },
            functions("a.c", "static int planner(Query *parse)\n{\nlabel:\n}\nint main(void) { return 0; }\n"))
        assert.same({ "A 1-1 class A", "run 2-3 async def run(self)" },
            functions("a.py", "class A:\n    async def run(self):\n        pass\n"))
        assert.same({ "Serve 1-2 func (s *Server) Serve(l Listener) error" },
            functions("a.go", "func (s *Server) Serve(l Listener) error {\n}\n"))
        assert.same({ "M.run 1-2 function M.run(a)" }, functions("a.lua", "function M.run(a)\nend\n"))
    end)

    it("are lines that begin with a letter where the language is not known", function()
        assert.same({ "target 2-3 target" }, functions("Makefile", "\t# x\ntarget:\n\techo\n"))
    end)
end)

describe("the essence of a text", function()
    it("is the same after formatting and commenting", function()
        assert.is_true(same_essence("a.rs", "let x = f(a, b); // old\n", "\n// new\nlet x =\n    f( a, b );\n"))
        assert.is_true(same_essence("a.py", "x = f(a, b)\n", "# comment\n\nx = f(a, b)  # why\n"))
    end)

    it("differs with words, with spaces in quotes, and with indentation that has a meaning", function()
        assert.is_false(same_essence("a.rs", "let x = 1;", "let x = 2;"))
        assert.is_false(same_essence("a.rs", 'print("a b")', 'print("a  b")'))
        assert.is_false(same_essence("a.rs", 'get("http://a")', 'get("http://b")'))
        assert.is_false(same_essence("a.rs", "return x", "returnx"))
        assert.is_false(same_essence("a.py", "if a:\n    b()\nc()\n", "if a:\n    b()\n    c()\n"))
        assert.is_false(same_essence("Makefile", "a:\n\tb\n", "a:\nb\n"))
    end)
end)
