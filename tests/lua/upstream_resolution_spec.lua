-- How conflicts of one file are resolved: by rules of the project, by generic ones, and by what is remembered.
local memory = require("lib.upstream.resolution.memory")
local resolution = require("lib.upstream.resolution")
local schema = require("lib.schemas.resolution_rules")
local servers = require("support.servers")
local three_way = require("lib.upstream.resolution.three_way")

local source_root = os.getenv("UHOST_SOURCE") or "."

local function outcome_of(answer, rule)
    for _, each in ipairs(answer.considered) do
        if each.rule == rule then return each.outcome end
    end
end

-- A resolver with a policy of its own, written in Lua.
local function with_policy(text, body)
    servers.in_folder(function(folder)
        fs.write(folder .. "/resolution_rules.lua", text)
        local handle = policy.load("resolution_rules", { folder = folder, schema = schema })
        body(resolution.new{ handle = handle })
        handle:close()
    end)
end

local function resolve(base, ours, theirs, path)
    return resolution.new():resolve{ path = path or "a.c", base = base, ours = ours, theirs = theirs }
end

local function told(answer) return { answer.rule, answer.safe, answer.text } end

describe("a merge of three texts", function()
    it("keeps conflicts apart from text that looks like their markers", function()
        local text = "<<<<<<< ours\n" .. ("="):rep(60) .. "\nx\n>>>>>>> theirs\n"
        local merge = three_way.merge(text .. "a\n", text .. "b\n", text .. "c\n")
        assert.same({ 1, { "b" }, { "a" }, { "c" } }, { #merge.hunks, merge.hunks[1].ours, merge.hunks[1].base,
            merge.hunks[1].theirs })
        assert.equal(text .. "d\n", three_way.fill(merge, { { "d" } }))
    end)

    it("merges whether the last line ends", function()
        local function filled(base, ours, theirs)
            local merge = three_way.merge(base, ours, theirs)
            return three_way.fill(merge, { { "x" } })
        end
        assert.equal("x", filled("a\n", "b", "c\n"))
        assert.equal("x", filled("a\n", "b\n", "c"))
        assert.equal("x\n", filled("a", "b\n", "c"))
        assert.equal("x\n", filled("a\n", "b\n", "c\n"))
    end)

    it("finds what a whole text has in the place of each conflict", function()
        local merge = three_way.merge("1\na\n2\nb\n3\n", "1\nA\n2\nB\n3\n", "1\nx\n2\ny\n3\n")
        assert.same({ { "p", "q" }, {} }, three_way.parts(merge, "1\np\nq\n2\n3\n"))
        assert.is_nil(three_way.parts(merge, "0\np\n2\n3\n"))
        assert.is_nil(three_way.parts(merge, "1\np\n3\n"))
    end)
end)

describe("generic rules", function()
    it("merge changes of different lines, safely where they have nothing to do with each other", function()
        assert.same({ "adjacent_edits", true, "alpha = 2\nbeta = 3\n" },
            told(resolve("alpha = 1\nbeta = 1\n", "alpha = 2\nbeta = 1\n", "alpha = 1\nbeta = 3\n")))
        local used = resolve("  size = f(a);\n  use(size);\n", "  size = g(a);\n  use(size);\n",
            "  size = f(a);\n  use(size, 1);\n")
        assert.same({ "adjacent_edits", false, "  size = g(a);\n  use(size, 1);\n" }, told(used))
        local renamed = resolve("call(old);\nkeep();\n", "call(new);\nkeep();\n", "call(old);\nkeep(old);\n")
        assert.is_false(renamed.safe)
    end)

    it("are not safe where one side changed the head of a block and the other its body", function()
        local base = "if (a) {\n    one();\n}\n"
        assert.same({ "adjacent_edits", false, "if (b) {\n    two();\n}\n" },
            told(resolve(base, "if (b) {\n    one();\n}\n", "if (a) {\n    two();\n}\n")))
        assert.same({ "adjacent_edits", true, "if (b) {\ntwo();\n}\n" },
            told(resolve("if (a) {\none();\n}\n", "if (b) {\none();\n}\n", "if (a) {\ntwo();\n}\n")))
        local contained = resolve(base, "if (b) {\n    two();\n}\n", "if (a) {\n    two();\n}\n")
        assert.same({ "contained", false, "if (b) {\n    two();\n}\n" }, told(contained))
    end)

    it("take the side that did all that the other did", function()
        assert.same({ "contained", true, "g(a, b);\n" }, told(resolve("f(a);\n", "f(a, b);\n", "g(a, b);\n")))
        local moved = resolve("one\ntwo\n", "two, three\none\n", "two\n")
        assert.is_false(moved.safe)
    end)

    it("look past spaces, but not where indentation carries meaning", function()
        local base, ours, theirs = "x\n", "if a:\n    b\n    c\n", "if a:\n    b\nc\n"
        assert.same({ "equal_but_for_spaces", true, ours }, told(resolve(base, ours, theirs, "a.c")))
        assert.same({ "equal_but_for_spaces", false, ours }, told(resolve(base, ours, theirs, "a.py")))
        assert.same({ "spacing_only", true, "1\n2\n" }, told(resolve("1\na b\n2\n", "1\na  b\n2\n", "1\n2\n")))
    end)

    it("put both insertions in, sorted where the list is", function()
        assert.same({ "sorted_insertion", false, "use a;\nuse b;\nuse c;\nuse d;\n" },
            told(resolve("use a;\nuse d;\n", "use a;\nuse c;\nuse d;\n", "use a;\nuse b;\nuse d;\n")))
        assert.same({ "both_insertions", false, "{\nz();\ny();\n}\n" },
            told(resolve("{\n}\n", "{\nz();\n}\n", "{\ny();\n}\n")))
    end)

    it("take the larger change last of all, and never call that safe", function()
        local answer = resolve("f(a);\n", "g(b, c, d, e);\n", "f(x);\n")
        assert.same({ "larger_change", false, "g(b, c, d, e);\n" }, told(answer))
        assert.matches("ours changed more words, the other side's change is dropped", answer.why)
    end)

    it("accept deletions; safely where the other side changed spaces only", function()
        local answer = resolve("a b\n", nil, "a  b\n")
        assert.same({ true, true, true, "deletion" }, { answer.resolved, answer.safe, answer.deleted, answer.rule })
        assert.is_false(resolve("a b\n", "a c\n", nil).safe)
        local added = resolve(nil, "new\n", nil)
        assert.same({ "only_side", false, "new\n" }, told(added))
    end)

    it("are refused where a check fails, and say which", function()
        local answer = resolve("f(a);\nx;\n", "f(a, {\nx;\n});\n", "g(a);\ny;\n")
        for _, each in ipairs(answer.considered) do assert.is_string(each.outcome) end
        local lost = resolve("int a;\n", "int a, b;\nint c;\n", "long a;\n")
        assert.is_true(lost.resolved)
        assert.is_false(lost.safe)
    end)

    it("leave binary files and very long ones alone", function()
        assert.equal("it is a binary file", resolve("a\n", "b\0\n", "c\n").why)
        local long = ("x"):rep(5 * 2^20)
        local answer = resolve("a\n", long .. "\n", long .. "y\n")
        assert.same({ false, "its texts have more than 8 MiB together" }, { answer.resolved, answer.why })
    end)

    it("can be left out by the policy", function()
        with_policy("return { disable = { 'larger_change', 'superset' } }", function(resolver)
            local answer = resolver:resolve{ path = "a.c", base = "f(a);\n", ours = "g(b, c, d);\n",
                theirs = "f(x);\n" }
            assert.same({ false, false, "no rule settles hunk 1 of 1" }, { answer.resolved, answer.safe, answer.why })
            assert.is_nil(answer.text)
        end)
    end)
end)

describe("rules of a project", function()
    local function rustc()
        return resolution.new{ handle = policy.load("resolution_rules",
            { folder = fs.join(source_root, "tests/fixtures/rustc_fork/policies"), schema = schema }) }
    end

    it("put a hook of rustc back behind its anchor", function()
        local function file(body)
            return "pub static DEFAULT_QUERY_PROVIDERS: LazyLock<Providers> = LazyLock::new(|| {\n"
                .. "    let providers = &mut Providers::default();\n    providers.hir_crate = rustc_ast_lowering::"
                .. "lower_to_hir;\n    rustc_expand::provide(providers);\n" .. body .. "    *providers\n});\n"
        end
        local conflict = {
            path = "compiler/rustc_interface/src/passes.rs",
            base = file("    rustc_hir_analysis::provide(providers);\n    rustc_codegen_ssa::provide(providers);\n"),
            ours = file("    rustc_hir_analysis::provide(providers);\n    rustc_verify::provide(providers);\n"
                .. "    rustc_codegen_ssa::provide(providers);\n"),
            theirs = file("    rustc_hir_typeck::provide(providers);\n    rustc_hir_analysis::provide(providers);\n"
                .. "    rustc_codegen_ssa::provide_extern(providers);\n"),
        }
        local answer = rustc():resolve(conflict)
        assert.same({ "verifier hook", true, file("    rustc_hir_typeck::provide(providers);\n"
            .. "    rustc_hir_analysis::provide(providers);\n    rustc_verify::provide(providers);\n"
            .. "    rustc_codegen_ssa::provide_extern(providers);\n") }, told(answer))
        -- A rebase has upstream's side first.
        conflict.ours, conflict.theirs = conflict.theirs, conflict.ours
        assert.equal(answer.text, rustc():resolve(conflict).text)
        -- With two anchors nobody knows the place.
        conflict.ours = conflict.ours:gsub("    %*providers",
            "    rustc_hir_analysis::provide(providers);\n%0")
        answer = rustc():resolve(conflict)
        assert.same({ false, "refused: the anchor matches 2 lines, not one" },
            { answer.resolved, outcome_of(answer, "verifier hook") })
    end)

    it("append attributes to rustc's list", function()
        local function file(body)
            return "#[rustfmt::skip]\npub static BUILTIN_ATTRIBUTES: &[BuiltinAttribute] = &[\n    // Stable:\n"
                .. "    ungated!(cfg, Normal, template!(List: \"predicate\"), DuplicatesOk, EncodeCrossCrate::Yes),\n"
                .. body .. "];\n\npub fn is_builtin_attr_name(name: Symbol) -> bool {\n"
                .. "    BUILTIN_ATTRIBUTE_MAP.get(&name).is_some()\n}\n"
        end
        local ours = "    ungated!(requires, Normal, template!(List: \"expr\"), DuplicatesOk, EncodeCrossCrate::Yes),\n"
            .. "    ungated!(ensures, Normal, template!(List: \"expr\"), DuplicatesOk, EncodeCrossCrate::Yes),\n"
        local inline = "    ungated!(inline, Normal, template!(Word), ErrorFollowing),\n"
        local answer = rustc():resolve{
            path = "compiler/rustc_feature/src/builtin_attrs.rs", base = file(inline), ours = file(inline .. ours),
            theirs = file("    ungated!(inline, Normal, template!(Word, List: \"always\"), ErrorFollowing),\n"),
        }
        assert.same({ "verifier attributes", true,
            file("    ungated!(inline, Normal, template!(Word, List: \"always\"), ErrorFollowing),\n" .. ours) },
            told(answer))
    end)

    it("add an option to rustc's, in its place", function()
        local function file(body)
            return "options! {\n    UnstableOptions, Z_OPTIONS, dbopts, \"Z\", \"unstable\",\n\n"
                .. "    // tidy-alphabetical-start\n    unstable_options: bool = (false, parse_bool, [UNTRACKED],\n"
                .. "        \"adds unstable options (default: no)\"),\n" .. body
                .. "    // tidy-alphabetical-end\n}\n"
        end
        local option = "    verify: bool = (false, parse_bool, [TRACKED],\n"
            .. "        \"prove the contracts of functions (default: no)\"),\n"
        local llvm = "    verify_llvm_ir: bool = (false, parse_bool, [TRACKED],\n        \"verify LLVM IR\"),\n"
        local answer = rustc():resolve{
            path = "compiler/rustc_session/src/options.rs", base = file(llvm), ours = file(option .. llvm),
            theirs = file("    virtual_function_elimination: bool = (false, parse_bool, [TRACKED],\n"
                .. "        \"eliminates dead code\"),\n"),
        }
        assert.same({ "verifier option", true, file(option
            .. "    virtual_function_elimination: bool = (false, parse_bool, [TRACKED],\n"
            .. "        \"eliminates dead code\"),\n") }, told(answer))
    end)

    it("ask a condition and a function in the sandbox, and check what they give", function()
        with_policy([[return { rules = {
            { name = "version", file = "VERSION", safe = true,
              when = function(conflict) return #conflict.hunks == 1 end,
              resolve = function(conflict)
                  local hunk = conflict.hunks[1]
                  if #hunk.ours_changes ~= 1 then return nil end
                  return { text = hunk.theirs[1] .. "-" .. hunk.ours[1] .. "\n", why = "both versions" }
              end },
            { name = "vandal", file = "*.md", safe = true,
              resolve = function(conflict) return "everything else\n" end },
        } }]], function(resolver)
            local answer = resolver:resolve{ path = "VERSION", base = "1\n", ours = "1.5\n", theirs = "2\n" }
            assert.same({ "version", true, "2-1.5\n" }, told(answer))
            answer = resolver:resolve{ path = "a.md", base = "x\na\n", ours = "x\nb\n", theirs = "x\nc\n" }
            assert.equal("refused: text outside of the conflicts was changed", outcome_of(answer, "vandal"))
        end)
    end)

    it("are passed over when their function fails", function()
        with_policy([[return { rules = {
            { name = "first", action = "take_ours", when = function(conflict) return conflict.nothing.here end },
            { name = "second", resolve = function(conflict) error("no idea") end },
        } }]], function(resolver)
            local answer = resolver:resolve{ path = "a.c", base = "x\n", ours = "y\n", theirs = "z\n" }
            assert.is_true(answer.resolved)
            assert.matches("^refused: .*nothing", outcome_of(answer, "first"))
            assert.matches("^refused: .*no idea", outcome_of(answer, "second"))
        end)
    end)

    it("have to say what their action needs", function()
        for fields, lacks in pairs{ ["action = 'rename'"] = "identifiers", ["action = 'regenerate'"] = "command",
            ["action = 'insert_after_pattern', after = 'x'"] = "lines", ["safe = true"] = "neither an action" } do
            local ok, raised = pcall(with_policy, ("return { rules = { { name = 'r', %s } } }"):format(fields),
                function() end)
            assert.same({ false, "policy.schema" }, { ok, raised.kind })
            assert.matches(lacks, raised.message)
        end
    end)

    it("do what each action says", function()
        local function action(fields, conflict)
            local answer
            with_policy(("return { rules = { { name = 'r', %s } } }"):format(fields), function(resolver)
                conflict.path = "a.c"
                answer = resolver:resolve(conflict)
            end)
            return { answer.rule, answer.text }
        end
        local function conflict() return { base = "x\n", ours = "a\nb\n", theirs = "b\nc\n" } end
        assert.same({ "r", "a\nb\n" }, action("action = 'take_ours'", conflict()))
        assert.same({ "r", "b\nc\n" }, action("action = 'take_theirs'", conflict()))
        assert.same({ "r", "a\nb\nc\n" }, action("action = 'union', drops = true", conflict()))
        assert.same({ "r", "a\nb\nb\nc\n" }, action("action = 'both_in_order'", conflict()))
        assert.same({ "r", "f(b, c);\n" }, action("action = 'token_merge'",
            { base = "f(a, a);\n", ours = "f(b, a);\n", theirs = "f(a, c);\n" }))
        assert.same({ "r", "run(new_name, 2);\n" },
            action("action = 'rename', identifiers = { old_name = 'new_name' }",
                { base = "run(old_name);\n", ours = "run(new_name);\n", theirs = "run(old_name, 2);\n" }))
        assert.same({ "r", "run(b);\nhook();\nstop(c);\n" }, action("action = 'keep_theirs_reapply_ours'",
            { base = "run(a);\nstop(c);\n", ours = "run(a);\nhook();\nstop(c);\n",
                theirs = "run(b);\nstop(c);\n" }))
        assert.same({ "r", nil }, action("action = 'accept_deletion', kinds = { 'modify_delete' }",
            { base = "x\n", theirs = "y\n" }))
    end)

    it("are not asked while an example fails", function()
        with_policy([[return { rules = { { name = "r", file = "*", action = "take_ours", safe = true,
            examples = { { base = "x\n", ours = "a\n", theirs = "b\n", gives = "b\n" } } } } }]], function(resolver)
            local answer = resolver:resolve{ path = "a.c", base = "q\n", ours = "r\n", theirs = "s\n" }
            assert.equal("refused: its example 1 does not pass", outcome_of(answer, "r"))
        end)
    end)

    it("run a program that checks the text", function()
        with_policy([[return { rules = { { name = "r", action = "take_ours", safe = true,
            verify = { "sh", "-c", "! grep -q bad" } } } }]], function(resolver)
            assert.equal("r", resolver:resolve{ path = "a", base = "x\n", ours = "good\n", theirs = "y\n" }.rule)
            local answer = resolver:resolve{ path = "a", base = "x\n", ours = "bad\n", theirs = "y\n" }
            assert.is_false(answer.resolved)
            assert.matches("^refused: sh ended with 1", outcome_of(answer, "r"))
        end)
    end)

    it("give whole folders to one side, deletions included", function()
        with_policy([[return { paths = { { file = "vendor/**", take = "theirs" }, { file = "*.lock",
            take = "regenerate", command = { "make", "lock" } } } }]], function(resolver)
            local answer = resolver:resolve{ path = "vendor/a/b.c", base = "x\n", ours = "y\n" }
            assert.same({ "path vendor/**: theirs", true, true }, { answer.path_rule, answer.safe, answer.deleted })
            answer = resolver:resolve{ path = "deps.lock", base = "x\n", ours = "y\n", theirs = "z\n" }
            assert.same({ "z\n", { "make", "lock" } }, { answer.text, answer.command })
        end)
    end)
end)

describe("what a person resolved", function()
    local conflict = { path = "a.c", base = "1\n2\nx\n3\n", ours = "1\n2\ny\n3\n", theirs = "1\n2\nz\n3\n" }

    it("is known again in another file, on another line, with the sides exchanged", function()
        servers.in_folder(function(folder)
            local store = memory.open(db.open(folder .. "/store.db"))
            assert.equal(1, #resolution.remember(store, conflict, "1\n2\nby hand\n3\n", "sync 7"))
            local answer = resolution.new{ memory = store }:resolve{ path = "b/c.h", base = "0\n0\n0\nx  \n3\n",
                ours = "0\n0\n0\nz\n3\n", theirs = "0\n0\n0\ny\n3\n" }
            assert.same({ "remembered", true, "0\n0\n0\nby hand\n3\n" }, told(answer))
            assert.matches("a person resolved the same in a.c", answer.why)
            memory.note_use(store, answer.remembered[1], "b/c.h", "sync 8")
            local known = memory.list(store)[1]
            assert.same({ "a.c", "sync 7", 1 }, { known.path, known.source, known.uses })
            assert.equal("b/c.h", memory.uses(store, known.hash)[1].path)
            assert.equal(1, #memory.forget(store, { hash = known.hash:sub(1, 10) }))
            assert.same({}, memory.list(store))
            assert.equal("larger_change", resolution.new{ memory = store }:resolve(conflict).rule)
            store:close()
        end)
    end)

    it("is not remembered where the person also changed other lines", function()
        servers.in_folder(function(folder)
            local store = memory.open(db.open(folder .. "/store.db"))
            assert.same({}, resolution.remember(store, conflict, "one\n2\nby hand\n3\n", "sync 7"))
            store:close()
        end)
    end)
end)
