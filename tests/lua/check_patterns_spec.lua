-- What `uhost check` says of regular expressions: that it is true of the real matcher, and where it is shown.
local checked = require("support.checked")
local compare = require("lib.check.regex.compare")
local emptiness = require("lib.check.regex.emptiness")
local emptytext = require("lib.check.regex.emptytext")
local parse = require("lib.check.regex.parse")
local probe = require("lib.check.regex.probe")

local function never_matches(pattern) return emptiness.find(parse.read(pattern, "")).whole or false end
local function always_matches(pattern) return emptytext.matches_always(parse.read(pattern, "")) end

describe("a pattern that can never match", function()
    it("is known by what excludes what", function()
        for _, pattern in ipairs({
            "$a", "a^b", "a$b", "(?m)a^b", "[^\\s\\S]", "(?!)", "a\\bb", "a\\B-", "(?=a)b", "\\z.", "\\Za",
            "(a|b)\\Ac", "x(*FAIL)", "^a^", "(?i)a$B", "foo(\\z)+bar", "é$é", "(?x) a $ b", "a{2}^",
        }) do assert.is_true(never_matches(pattern), pattern) end
    end)

    it("is not claimed of one that can", function()
        for _, pattern in ipairs({
            "^$", "$\\n", "(?m)a\\n^b", "a\\b-", "x*^a", "a|b$c", "(?=a)a", "(?=a|b)b", "\\Ga", "(?<=x)a", "(a)\\1",
            "$", "(?m)a$\\nb", "\\n$", "a?^b", "(?!a)b", "[]a]", "[\\b]", "(?|a|b)", "\\Q$a\\E", "a(?#$)b",
            "(?<n>a)(?&n)",
        }) do assert.is_false(never_matches(pattern), pattern) end
    end)

    it("may be so in one alternative", function()
        local dead = emptiness.find(parse.read("foo|ba\\z[r]|baz", ""))
        assert.is_nil(dead.whole)
        assert.equal(1, #dead.branches)
        assert.equal(5, dead.branches[1].position)
    end)
end)

describe("a pattern that matches every text", function()
    it("is known, and others are not taken for one", function()
        for _, pattern in ipairs({
            "", "a*", "^", "$", ".*", "^.*", "(a|b?)", "(?m)^", "(?:x?y?)*", "|a", "\\z", "a*+",
        }) do
            assert.is_true(always_matches(pattern), pattern)
        end
        for _, pattern in ipairs({ "^$", "^.*$", "\\b", "a+", ".", "(?=a)", "(?!a)", "(?>a*)b", "a*+^" }) do
            assert.is_false(always_matches(pattern), pattern)
        end
    end)
end)

-- Patterns put together at random, of what interacts: letters, anchors, classes, repeats, groups, alternatives.
local atoms = {
    "a", "b", "-", "\\n", ".", "^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z", "[ab]", "[^a]", "\\w", "\\W", "(?=a)",
    "(?!b)",
    "(?<=a)", "\\s", "(?m)", "(?i)", "(?s)", "é",
}
local repeats = { "", "", "", "*", "+", "?", "{2}", "{0,1}", "*?", "++" }

local function random_pattern(random, depth)
    local parts = {}
    for i = 1, random(1, 4) do
        local atom = atoms[random(#atoms)]
        local is_flag = atom:find("^%(%?[mis]%)$")
        if depth > 0 and random(4) == 1 then
            local inner = random_pattern(random, depth - 1)
            atom = random(2) == 1 and ("(?:%s)"):format(inner)
                or ("(%s|%s)"):format(inner, random_pattern(random, depth - 1))
            is_flag = false
        end
        parts[i] = atom .. (is_flag and "" or repeats[random(#repeats)])
    end
    return table.concat(parts)
end

local subjects = {}
local function fill(prefix, letters)
    subjects[#subjects + 1] = prefix
    if letters == 0 then return end
    for _, letter in ipairs({ "a", "B", "b", "-", "\n", "é" }) do fill(prefix .. letter, letters - 1) end
end
fill("", 3)

describe("what is claimed of random patterns", function()
    -- A generator of its own, so that a failure can be repeated.
    local state = 20260131
    local function random(low, high)
        if not high then low, high = 1, low end
        state = (state * 1103515245 + 12345) % 2147483648
        return low + math.floor(state / 65536) % (high - low + 1)
    end

    it("is true of the matcher, for every short text", function()
        local never, always = 0, 0
        for _ = 1, 3000 do
            local pattern = random_pattern(random, 2)
            local ok, compiled = pcall(re.compile, pattern)
            local tree = ok and parse.read(pattern, "")
            if tree and emptiness.find(tree).whole then
                never = never + 1
                for _, subject in ipairs(subjects) do
                    assert.is_false(compiled:test(subject), ("%q never matches, but does %q"):format(pattern, subject))
                end
            elseif tree and emptytext.matches_always(tree) then
                always = always + 1
                for _, subject in ipairs(subjects) do
                    assert.is_true(compiled:test(subject), ("%q always matches, but not %q"):format(pattern, subject))
                end
            end
        end
        assert.is_true(never > 50 and always > 50, ("%d never, %d always"):format(never, always))
    end)

    it("is that those taken for the same match the same", function()
        local by_shape, same = {}, 0
        for _ = 1, 3000 do
            local pattern = random_pattern(random, 1)
            local ok, compiled = pcall(re.compile, pattern)
            local tree = ok and parse.read(pattern, "")
            local shape = tree and compare.normalised(tree)
            local other = shape and by_shape[shape]
            if other and other.pattern ~= pattern then
                same = same + 1
                for _, subject in ipairs(subjects) do
                    assert.equal(other.compiled:test(subject), compiled:test(subject),
                        ("%q and %q at %q"):format(pattern, other.pattern, subject))
                end
            elseif shape then
                by_shape[shape] = { pattern = pattern, compiled = compiled }
            end
        end
        assert.is_true(same > 20, same)
    end)
end)

describe("a pattern that loses itself", function()
    local function slowness(pattern)
        local found = probe.find(parse.read(pattern, ""), re.compile(pattern))
        return found and (found.explosive and "explosive" or "slow")
    end

    it("in repeats within repeats is found, with the text that does it", function()
        for _, pattern in ipairs({
            "(a+)+$", "^(a+)+$", "(a|a)*b", "(a|aa)+$", "(.*)*x", "^(\\w+\\s?)*$", "([a-z]+)*@", "(?:a*)*b", "(x+x+)+y",
            "(\\d+)*[a-z]{3}", "(?=(a+)+$)ab?", "^(?:.*,)*;$", "(?i)^(a|A|b)+$",
        }) do assert.equal("explosive", slowness(pattern), pattern) end
        local found = probe.find(parse.read("^(\\d+,?)+$", ""), re.compile("^(\\d+,?)+$"))
        assert.matches("^%d+$", found.repeated)
    end)

    it("in repeats that follow each other is found", function()
        assert.equal("slow", slowness("^a*a*a*[bc]"))
    end)

    it("is not suspected where there is nothing to lose", function()
        for _, pattern in ipairs({
            "(a++)+b", "(?>a+)+b", "^(?:[a-z0-9]+\\.)+[a-z]+$", "(?:\\d{1,3}\\.){3}\\d{1,3}", ".*error.*:.*failed.*",
            "thread '([^']+)' panicked at (\\S+:\\d+:\\d+)", "^\\S+ +test \\S+ \\.\\.\\. FAILED$", "(a|b)*c",
            "\\s*=\\s*",
            "(?:a|ab)(?:c|bcd)*d", "error\\[E\\d+\\]: .+", "^(?:-[a-z]+ )*$",
        }) do assert.is_nil(slowness(pattern), pattern) end
    end)
end)

describe("in a rule file, patterns", function()
    it("that do not compile are placed in the text, through escapes and brackets", function()
        for _, case in ipairs({
            { 'return { match = "a(b" }', 21 }, { "return { match = 'é(b' }", 21 },
            { 'return { match = "\\\\d\\\\(\\065[" }', 29 }, { "return { match = [[a(b]] }", 22 },
            { "return { unless = { 'fine', '*b' } }", 30 },
            { "return { rules = { { pattern = 'a{2}{3' .. '(' } } }", 32 },
        }) do
            assert.same({ ("regex-syntax 1:%d"):format(case[2]) }, (checked.source(case[1])), case[1])
        end
    end)

    it("are reported from Lua's patterns and from other texts", function()
        assert.same({}, (checked.source([[
local M = { title = "a(b", examples = { { call = "of", with = { "(" }, gives = 1 } } }
function M.of(text) return (text:find("%(")) end
return M]])))
    end)

    it("have the flags that stand beside them", function()
        assert.same({}, (checked.source('return { rules = { { match = "a # (", flags = "x" } } }')))
    end)

    it("are looked at even if the file does not load", function()
        assert.same({ "regex-syntax 1:21", "load 2:1" },
            (checked.source("local M = { match ='(' }\nerror('no')\nreturn M")))
    end)

    it("that match nothing, or everything, are reported", function()
        assert.same({ "regex-never 1:18", "regex-always 2:11" },
            (checked.source("return { match = '$a',\n unless = 'a*' }")))
    end)

    it("that say the same as one before are reported, unless something else keeps them apart", function()
        assert.same({ "regex-duplicate 3:13" }, (checked.source([[return { rules = {
  { match = "(?:ab)c[0-9]" },
  { match = "abc\\d" },
} }]])))
        assert.same({}, (checked.source([[return { rules = {
  { match = "abc" },
  { match = "abc", unless = "x" },
} }]])))
    end)

    it("that an earlier literal leaves nothing to are reported, in the order of priorities", function()
        local source = [[return { rules = {
  { id = "a", match = "error" },
  { id = "b", match = "fatal error: \\d+"%s },
} }]]
        local reported, findings = checked.source(source:format(""))
        assert.same({ "regex-shadowed 3:23" }, reported)
        assert.matches("'a' in line 2 matches all of it before", findings[1].message)
        assert.same({}, (checked.source(source:format(", priority = 5"))))
    end)
end)
