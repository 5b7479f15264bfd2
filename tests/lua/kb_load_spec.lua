-- Loading knowledge bases: layers, mistakes in files, the cache of what they hold, and the functions of entries.
local knowledge = require("support.knowledge")
local entry, source, folder_of = knowledge.entry, knowledge.source, knowledge.folder

local function ids(list)
    local found = {}
    for i, item in ipairs(list) do found[i] = item.id end
    return found
end

-- Loads a folder with these files, and hands the base to `body`.
local function with(files, body, options)
    local folder, path = folder_of(files)
    return task.finally(function()
        options = options or {}
        options.paths = options.paths or { path }
        local base = kb.load(options)
        local results = body(base, path)
        base:close()
        return results
    end, function() folder:close() end)
end

local function hit_of(base, captures, fields)
    local hit = { entry = base.entries[1], captures = captures or {} }
    hit.line_number, hit.last_line, hit.line = 7, 7, "error: x"
    for key, value in pairs(fields or {}) do hit[key] = value end
    return hit
end

describe("kb.load", function()
    it("reads the files and folders that are named, in place of all others", function()
        with({ a = source({ entry({ id = "a.one" }) }), b = source({ entry({ id = "b.one" }) }) }, function(base, path)
            assert.same({ "a.one", "b.one" }, ids(base.entries))
            assert.equal("a test", base:entry("b.one").title)
            assert.equal("a", base.entries[1].name)
            assert.equal(path .. "/a.lua", base.entries[1].file)
            assert.equal("tests", base.files[1].about)
            assert.is_nil(base:entry("c.one"))
            assert.equal("did you mean 'a.one'?", base:suggestion("a.on"))
            assert.same({ "b.one" }, ids(kb.load({ paths = { path .. "/b.lua" } }).entries))
        end)
    end)

    it("keeps readers and signals of all others when it is asked to, and complains of none twice", function()
        local signals = 'return { signals = { { id = "s.one", match = "^x", examples = { matches = { "x" } } } } }'
        local own, above = folder_of({ s = signals, e = source({ entry({ id = "e.one" }) }) })
        with({ a = source({ entry({ id = "a.one" }) }) }, function(base)
            assert.same({ "a.one" }, ids(base.entries))
            local found = {}
            for _, id in ipairs(ids(base.signals)) do found[id] = true end
            assert.is_true(found["s.one"])
            assert.same({}, base.problems)
        end, { readers = true, folder = above })
        local same = kb.load({ paths = { above }, readers = true, folder = above })
        assert.same({ "e.one" }, ids(same.entries))
        assert.same({}, same.problems)
        own:close()
    end)

    it("puts the user's own over the shipped ones, entry by entry", function()
        local shipped, below = folder_of({ rust = source({ entry({ id = "rust.a" }), entry({ id = "rust.b" }) }) })
        local own, above = folder_of({
            rust = source({ entry({ id = "rust.b", title = "mine" }) })
                :gsub("return {", 'return { disable = { "rust.a" },'),
            more = source({ entry({ id = "more.a" }) }),
        })
        local loading = require("uhost.kb.loading")
        local list = {}
        for i, name in ipairs({ "more", "rust" }) do
            list[i] = { name = name, folder = above, shipped = below, is_user = true }
            list[i].file = above .. "/" .. name .. ".lua"
        end
        local files = loading.load(list, { cache = false })
        assert.equal("more.a", files[1].items[1].item.id)
        assert.equal(1, #files[2].items)
        assert.equal("mine", files[2].items[1].item.title)
        assert.equal(above .. "/rust.lua", files[2].items[1].file)
        shipped:close()
        own:close()
    end)

    it("reads files in folders, and lets an entry of the user's take the place of a shipped one of any file", function()
        local shipped, below = folder_of({
            ["languages/rust"] = source({
                entry({ id = "rust.a" }), entry({ id = "rust.b" }), entry({ id = "rust.c" }),
            }),
        })
        local own, above = folder_of({
            mine = source({ entry({ id = "rust.b", title = "mine" }), entry({ id = "mine.a" }) })
                :gsub("return {", 'return { disable = { "rust.a" },'),
            ["deep/er/own"] = source({ entry({ id = "own.a" }) }),
        })
        local sources = require("uhost.kb.files")
        local list = sources.find({ folder = above, shipped = below })
        local names = {}
        for i, each in ipairs(list) do names[i] = each.name end
        assert.same({ "deep/er/own", "languages/rust", "mine" }, names)
        local loading, bases = require("uhost.kb.loading"), require("uhost.kb.base")
        for _ = 1, 3 do -- the last two from the cache: of files, and of their index
            local files, _, index = loading.load(list, {})
            local base = bases.new(list, files, kb, index)
            assert.same({}, base.problems)
            assert.same({ "own.a", "rust.b", "rust.c", "mine.a" }, ids(base.entries))
            assert.equal("mine", base:entry("rust.b").title)
            assert.equal(above .. "/mine.lua", base:entry("rust.b").file)
            assert.is_nil(base:entry("rust.a"))
        end
        shipped:close()
        own:close()
    end)

    it("reports mistakes and continues with the rest", function()
        with({
            bad = source({ entry({ id = "bad.class", class = "nope" }), entry({ id = "bad.ok" }) }),
            broken = "return { entries = { ",
            good = source({ entry({ id = "good.one" }) }), loops = "while true do end", wrong = "return 5",
        }, function(base)
            assert.same({ "bad.ok", "good.one" }, ids(base.entries))
            assert.equal(4, #base.problems)
            local texts = {}
            for i, problem in ipairs(base.problems) do texts[i] = require("uhost.kb.base").problem_text(problem) end
            local all = table.concat(texts, "\n")
            assert.matches("bad%.lua: entries%[1%]%.class %(bad%.class%) is 'nope'", all)
            assert.matches("broken%.lua:1: ", all)
            assert.matches("loops%.lua", all)
        end)
    end)

    it("says of a bare list of entries that it loads as nothing", function()
        with({ a = 'return { { id = "a.b", match = "x" } }' }, function(base)
            assert.equal(1, #base.problems)
            assert.matches("returns a list", base.problems[1].message)
        end)
    end)

    it("keeps an id for the file that comes first", function()
        with({ a = source({ entry({ title = "first" }) }), b = source({ entry({ title = "second" }) }) }, function(base)
            assert.equal(1, #base.entries)
            assert.equal("first", base.entries[1].title)
            assert.matches("is taken in .*a%.lua", base.problems[1].message)
        end)
    end)

    it("raises the first mistake when it is to be strict", function()
        local ok, raised = pcall(with, { a = source({ entry({ fix = false }) }) }, function() end, { strict = true })
        assert.is_false(ok)
        assert.equal("policy.schema", raised.kind)
        assert.matches("a%.lua: entries%[1%]%.fix", raised.message)
    end)

    it("refuses paths that are not there and names that no file can have", function()
        local folder, path = folder_of({})
        fs.write(path .. "/Upper.lua", "return {}")
        for _, wrong in ipairs({ path, path .. "/none.lua", path .. "/Upper.lua" }) do
            local ok, raised = pcall(kb.load, { paths = { wrong } })
            assert.is_false(ok)
            assert.equal("usage", raised.kind)
            assert.equal(2, raised.exit_code)
        end
        for _, wrong in ipairs({ 5, { paths = "x" }, { paths = {} }, { path = { "x" } } }) do
            local ok, raised = pcall(kb.load, wrong)
            assert.is_false(ok)
            assert.equal("argument", raised.kind)
        end
        folder:close()
    end)

    it("reads what the shipped ones hold without a complaint", function()
        local base = kb.load()
        local texts = {}
        for i, problem in ipairs(base.problems) do texts[i] = require("uhost.kb.base").problem_text(problem) end
        assert.same({}, texts)
    end)
end)

describe("what files hold", function()
    it("is kept, and counts as long as the files are the same", function()
        local files = { a = source({ entry({ id = "a.one" }) }), b = source({ entry({ id = "b.one" }) }) }
        with(files, function(base, path)
            assert.is_false(base.cached)
            local again = kb.load({ paths = { path } })
            assert.is_true(again.cached)
            base.cached, again.cached = nil, nil
            assert.same(base.entries, again.entries)
            fs.write(path .. "/b.lua", source({ entry({ id = "b.two" }) }))
            local edited = kb.load({ paths = { path } })
            assert.is_false(edited.cached)
            assert.same({ "a.one", "b.two" }, ids(edited.entries))
            fs.remove(path .. "/a.lua")
            assert.same({ "b.two" }, ids(kb.load({ paths = { path } }).entries))
            assert.is_true(kb.load({ paths = { path } }).cached)
            assert.is_false(kb.load({ paths = { path }, cache = false }).cached)
        end)
    end)

    it("is whole for each of several tasks that ask at once", function()
        with({ a = source({ entry({ id = "a.one" }) }) }, function(_, path)
            local again = kb.load({ paths = { path } })
            assert.is_true(again.cached)
            local hit = hit_of(again)
            local titles = task.map({ 1, 2, 3, 4 }, function()
                local finding = again:finding(hit, {})
                return finding.title and finding.cause and finding.fix and "whole" or "broken"
            end)
            assert.same({ "whole", "whole", "whole", "whole" }, titles)
        end)
    end)

    it("is read of the items that a log has, and then of all that are asked for", function()
        local files = {
            a = source({ entry({ id = "a.one", match = "alpha" }), entry({ id = "a.two", match = "beta" }) }),
            b = source({ entry({ id = "b.one", match = { "gamma", "alpha" }, within = 3 }) }),
        }
        with(files, function(fresh, path)
            local logs = fs.temp_dir()
            fs.write(logs:path() .. "/x.log", "beta\ngamma\nbeta\nalpha\n")
            local opened = log_text.open(logs:path() .. "/x.log")
            local again = kb.load({ paths = { path } })
            assert.is_true(again.cached)
            local function reported(base)
                local scan, list = base:scan(opened), {}
                for i, hit in ipairs(scan.entries) do
                    local finding = base:finding(hit, {})
                    list[i] = { finding.id, finding.file, finding.title, finding.line_number, finding.last_line }
                end
                return { list, scan.counts }
            end
            local first = reported(again)
            assert.same({ ["a.one"] = 1, ["a.two"] = 2, ["b.one"] = 1 }, first[2])
            assert.same(reported(fresh), first)
            local entry_of_hit = again:scan(opened).entries[1].entry
            assert.same({ "a.one", "a.two", "b.one" }, ids(again.entries))
            assert.equal(again:entry("a.two"), again.entries[2])
            assert.equal(again.entries[2], entry_of_hit)
            assert.is_nil(again:entry("c.one"))
            assert.same(first, reported(again))
            opened:close()
            logs:close()
        end)
    end)

    it("is what it was when it was loaded, whatever is edited meanwhile", function()
        local two = { entry({ id = "a.one", match = "alpha" }), entry({ id = "a.two", match = "beta" }) }
        with({ a = source(two) }, function(_, path)
            local again = kb.load({ paths = { path } })
            assert.is_true(again.cached)
            fs.write(path .. "/a.lua", source({ entry({ id = "a.two", match = "beta", title = "edited" }) }))
            assert.same({ "a.two" }, ids(kb.load({ paths = { path } }).entries))
            local logs = fs.temp_dir()
            fs.write(logs:path() .. "/x.log", "alpha\nbeta\n")
            local opened = log_text.open(logs:path() .. "/x.log")
            local scan = again:scan(opened)
            assert.same({ ["a.one"] = 1, ["a.two"] = 1 }, scan.counts)
            assert.equal("a test", again:finding(scan.entries[2], {}).title)
            opened:close()
            logs:close()
        end)
    end)

    it("counts when a file was only touched, and not when it changed and its time was turned back", function()
        with({ a = source({ entry({ id = "a.one" }) }) }, function(_, path)
            local file = path .. "/a.lua"
            local function turn_back() process.run({ "touch", "-d", "2020-01-01 00:00:00", file }) end
            turn_back()
            for _ = 1, 2 do assert.is_true(kb.load({ paths = { path } }).cached) end
            fs.write(file, source({ entry({ id = "a.three" }) }))
            turn_back()
            assert.same({ "a.three" }, ids(kb.load({ paths = { path } }).entries))
            process.run({ "touch", "-d", "1970-01-01 00:00:01", file })
            fs.write(file, source({ entry({ id = "a.seven" }) }))
            process.run({ "touch", "-d", "1970-01-01 00:00:01", file })
            assert.same({ "a.seven" }, ids(kb.load({ paths = { path } }).entries))
        end)
    end)

    it("is read anew when a file that one requires is edited", function()
        local needy = 'local word = require("helper").word\n'
            .. 'return { entries = { { id = "a.b", title = word, match = "xyzw", '
            .. 'class = "flaky", cause = "c", fix = "f", examples = { matches = { "xyzw" } } } } }'
        with({ needy = needy, helper = 'return { word = "one" }' }, function(_, path)
            local function title() return kb.load({ paths = { path .. "/needy.lua" } }).entries[1].title end
            assert.equal("one", title())
            fs.write(path .. "/helper.lua", 'return { word = "two" }')
            assert.equal("two", title())
            assert.equal("two", title())
        end)
    end)

    it("is kept although an entry holds bytes that are no text, and is left out", function()
        local odd = { entry({ id = "a.odd", cause = "\255" }), entry({ id = "a.fine", cause = "ü" }) }
        with({ a = source(odd) }, function(base, path)
            assert.same({ "a.fine" }, ids(base.entries))
            assert.matches("not UTF%-8", base.problems[1].message)
            assert.is_true(kb.load({ paths = { path } }).cached)
        end)
    end)

    it("is kept when many were kept within the same second", function()
        for i = 1, 25 do
            with({ a = source({ entry({ id = "a.n" .. i }) }) }, function(_, path)
                assert.is_true(kb.load({ paths = { path } }).cached)
            end)
        end
    end)

    it("is reported with its mistakes from the cache too", function()
        with({ a = source({ entry({ class = "nope" }) }) }, function(base, path)
            local again = kb.load({ paths = { path } })
            assert.is_true(again.cached)
            assert.same(base.problems, again.problems)
        end)
    end)

    it("is made anew, without a word, when the store is damaged", function()
        local state = fs.temp_dir()
        local folder, path = folder_of({ a = source({ entry({ id = "a.one" }) }) })
        local code = ("local b = kb.load{ paths = { %q } } print(b.entries[1].id, b.cached)"):format(path)
        local function run()
            local result = process.run({ "/proc/self/exe", "-e", code, env = { UHOST_STATE = state:path() } })
            return result.stdout .. result.stderr
        end
        assert.equal("a.one\tfalse\n", run())
        assert.equal("a.one\ttrue\n", run())
        local kept = fs.list(state:path() .. "/kb_cache")
        assert.equal(1, #kept)
        local file = state:path() .. "/kb_cache/" .. kept[1]
        local content = fs.read(file)
        local damaged = {
            "no set at all", content:sub(1, #content - 1), (content:gsub("entries", "entr\0es")), "", content .. "x",
        }
        for _, damage in ipairs(damaged) do
            fs.write(file, damage)
            assert.matches("^a%.one\t%l+\n$", run())
            assert.equal("a.one\ttrue\n", run())
        end
        folder:close()
        state:close()
    end)
end)

describe("the shipped knowledge bases", function()
    it("are there from the first start on, without a sandbox, wherever one is", function()
        local state = fs.temp_dir()
        local code = "local b = kb.load() local m = b:matcher() print(b.cached, m.cached or m.engine == 'pcre2')"
        for _ = 1, 2 do
            local here = fs.temp_dir()
            local result = process.run({ "/proc/self/exe", "-e", code, cwd = here:path(),
                env = { UHOST_STATE = state:path() } })
            assert.equal("true\ttrue\n", result.stdout .. result.stderr)
            here:close()
        end
        state:close()
    end)

    it("are those of an installation that was made elsewhere, also when one was edited there", function()
        local prefix, here, state = fs.dirname(fs.dirname(uhost.share)), fs.temp_dir(), fs.temp_dir()
        local path = here:path()
        process.run({ "mkdir", path .. "/bin" })
        process.run({ "cp", "-aL", prefix .. "/lib", prefix .. "/share", path })
        process.run({ "cp", prefix .. "/bin/uhost", path .. "/bin" })
        local code = "local b, files = kb.load(), {} for _, e in ipairs(b.entries) do files[e.file] = true end"
            .. " print(b.cached, files['%s/share/uhost/kb/languages/rust.lua'],"
            .. " files['%s/share/uhost/kb/build_systems/bazel.lua'])"
        local function run()
            local result = process.run({ path .. "/bin/uhost", "-e", code:gsub("%%s", path), cwd = path,
                env = { UHOST_STATE = state:path() } })
            return result.stdout .. result.stderr
        end
        assert.equal("true\ttrue\ttrue\n", run())
        fs.write(path .. "/share/uhost/kb/build_systems/bazel.lua", "return { about = 'nothing' }")
        assert.equal("false\ttrue\tnil\n", run())
        assert.equal("true\ttrue\tnil\n", run())
        here:close()
        state:close()
    end)
end)

describe("a state folder that cannot be made", function()
    it("costs the cache, and a line that says so, and nothing else", function()
        local folder, path = folder_of({ a = source({ entry({ id = "a.one", match = "alpha" }) }) })
        fs.write(path .. "/x.log", "alpha\n")
        local code = ("local b = kb.load({ paths = { %q } }) print(#b:scan(log_text.open(%q)).entries)"):format(
            path .. "/a.lua", path .. "/x.log")
        local result = process.run({ "/proc/self/exe", "-e", code, env = { UHOST_STATE = path .. "/a.lua/state" } })
        assert.equal("1\n", result.stdout)
        assert.matches("^warning: knowledge bases are read without a cache[^\n]*\n$", result.stderr)
        assert.equal(0, result.code)
        folder:close()
    end)
end)

describe("a finding", function()
    it("has the entry's texts with what was captured", function()
        local texts = {
            title = "no {what}", fix = "install {what}", commands = { "get {what}" }, docs = { "https://x.org/{1}" },
            tags = { "t" }, owner = "me", fixed_in = "2",
        }
        with({ a = source({ entry(texts) }) }, function(base)
            local found = base:finding(hit_of(base, { [0] = "error: a b", "a b", what = "a b" }))
            assert.equal("no a b", found.title)
            assert.equal("install `a b`", found.fix)
            assert.same({ "get 'a b'" }, found.commands)
            assert.same({ "https://x.org/a%20b" }, found.docs)
            assert.equal("a b", found.captures.what)
            assert.equal(7, found.line_number)
            assert.equal("error: x", found.line)
            local plain = {
                id = "test.entry", class = "code bug", severity = "error", priority = 50, owner = "me", fixed_in = "2",
            }
            for field, value in pairs(plain) do assert.equal(value, found[field]) end
        end)
    end)

    it("asks the entry's functions, with captures and context", function()
        local functions = { [[
            when = function(captures, context) return context.job == "build" and captures.what == "x" end,
            suggest = function(captures, context) return "look at " .. captures["1"] .. context.lines[2] end]] }
        with({ a = source({ entry() }, functions) }, function(base)
            local hit = hit_of(base, { "x", what = "x" })
            assert.is_nil(base:finding(hit, { job = "test" }))
            local found = base:finding(hit, { job = "build", lines = { "a", "b" }, odd = print, [5] = 1, deep = 0 / 0 })
            assert.equal("look at xb", found.suggestion)
            assert.equal("fix it\n\nlook at xb", found.fix)
        end)
    end)

    it("hands captures as a list when no group has a name", function()
        local functions = { "suggest = function(captures) return captures[2] .. #captures end" }
        with({ a = source({ entry({ match = "(x)?error(y)" }) }, functions) }, function(base)
            assert.equal("y2", base:finding(hit_of(base, { [2] = "y" })).suggestion)
        end)
    end)

    it("continues without functions that fail, loop or give nonsense", function()
        local functions = {
            "when = function() error('broken') end", "suggest = function() return nil .. 'x' end",
            "suggest = function() return {} end", "when = function() while true do end end",
        }
        local entries = {}
        for i = 1, 4 do entries[i] = entry({ id = "x.n" .. i }) end
        with({ a = source(entries, functions) }, function(base)
            local function finding(i) return base:finding(hit_of(base, {}, { entry = base.entries[i] })) end
            for _ = 1, 3 do
                assert.is_nil(finding(1))
                assert.equal("fix it", finding(2).fix)
                assert.is_nil(finding(3).suggestion)
                assert.is_nil(finding(4))
            end
        end)
    end)

    it("finds the functions of a file that was edited since", function()
        local functions = { [2] = "suggest = function() return 'second' end" }
        local first, second = entry({ id = "x.first" }), entry({ id = "x.second" })
        with({ a = source({ first, second }, functions) }, function(_, path)
            local base = kb.load({ paths = { path } })
            fs.write(path .. "/a.lua", source({ second }, { "suggest = function() return 'alone' end" }))
            assert.equal("alone", base:finding(hit_of(base, {}, { entry = base:entry("x.second") })).suggestion)
            base:close()
        end)
    end)
end)
