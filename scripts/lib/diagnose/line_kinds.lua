-- Kinds of lines that are common in every log, so that they are looked for only near what may matter, and not among
-- the signals, which are looked for in the whole log.
local M = {}

---@class diagnose.LineKind
---@field kind string
---@field match string  PCRE2
---@field why string
---@field examples { matches: string[], rejects: string[] }

---@type diagnose.LineKind[]
M.kinds = {
    {
        kind = "blankish", why = "an empty line, a rule or progress dots",
        match = [[^[\s.,*=#_~^+-]*$]],
        examples = { matches = { "=======", "......", "" }, rejects = { "a", "..F.." } },
    },
    {
        kind = "passing", why = "a test that passed, or a check of configure",
        match = [[^\s*(?:ok \d+\b|(?:✓|✔|√|․) |--- PASS|=== RUN|\[ *(?:OK|PASSED|RUN|PASS|SKIPPED|-{10}) *\]|PASS\b]]
            .. [[|test .+ \.\.\. (?:ok|ignored)$|\[\+\] )]]
            .. [[|(?:\.\.\.|\.\. ?|:) ?(?:ok|OK|PASS|PASSED|passed|yes|no|done|skipped)(?: +.{0,80})?$]]
            .. [[|\b(?:SKIPPED|PASSED)$]],
        examples = {
            matches = { "ok 22 dns", "  ✓ renders (3ms)", "=== RUN   TestA", "checking for gcc... yes",
                "io.x.T > a SKIPPED" },
            rejects = { "not ok 3", "FAIL" },
        },
    },
    {
        kind = "progress", why = "work in progress",
        match = [[^\s*(?:(?:Compil|Download|Install|Fetch|Us|Runn|Build|Updat|Unpack|Prepar|Read|Process|Generat|Copy]]
            .. [[|Check|Resolv|Link|Start|Load|Creat|Writ|Clon|Extract|Receiv|Sett|Select|Collect)ing\b]]
            .. [[|Downloaded|Installed|Built|Generated|Created|Wrote|Finished|Successfully|Requirement already]]
            .. [[|Get:\d|Hit:\d|Ign:\d|remote: |CC |CXX |AR |LD |LINK |GEN |\[ ?\d+%\]|\[\d+/\d+\]|==> |~~> |-+> ]]
            .. [[|gcc |g\+\+ |clang |cc |rm -|cp |mv |mkdir |ln |cd |install -|libtool]]
            .. [[|make\[\d+\]: (?:Entering|Leaving|Nothing))]],
        examples = {
            matches = { "   Compiling libc v0.2.1", "make[1]: Entering directory '/a'", "[3/5] Linking modules..." },
            rejects = { "Failed to compile" },
        },
    },
    {
        kind = "sanitizer", why = "a sanitizer found what the tests that fail suffer from",
        match = [[\bERROR: \w+Sanitizer\b|^WARNING: (?:ThreadSanitizer|MemorySanitizer|DATA RACE)]],
        examples = {
            matches = { "==7==ERROR: AddressSanitizer: heap-use-after-free", "WARNING: DATA RACE" },
            rejects = { "SUMMARY: AddressSanitizer: heap-use-after-free", "with AddressSanitizer" },
        },
    },
    {
        kind = "terminal", why = "a program says that it gives up; why is in the lines above",
        match = [[^(?:\S+: )?(?:Execution halted|Bailing out|Giving up|Terminated|Aborted|Exiting|[Ff]ailed|FAILED]]
            .. [=[|Fatal error)[.!]*$]=],
        examples = {
            matches = { "Execution halted", "tool: Giving up." },
            rejects = { "Failed to compile", "failed: 0" },
        },
    },
    {
        kind = "warning", why = "a warning or a note",
        match = [=[(?i)(?:^|[\s:\[(])(?:warn|warning|deprecat(?:ed|ion)(?:warning)?|notice|hint|DEBUG|INFO)\b[\]:! ]]=],
        examples = {
            matches = { "warning: unused variable", "a.c:3: warning: x", "npm WARN deprecated x" },
            rejects = { "forewarned" },
        },
    },
    {
        kind = "no_error", why = "the word of failure is part of a count of none, or of a name",
        match = [[(?i)\b(?:0|no|without|zero) (?:\w+ )?]]
            .. [[(?:errors?|failures?|failed|failing|problems|warnings|issues|vulnerabilities|conflicts)\b]]
            .. [[|(?:errors?|failures?|failed): 0\b|[-/_.](?:errors?|fail(?:ed|ure)?|exceptions?)[-/_.]\w]]
            .. [[|\w[-/_](?:errors?|exceptions?|failures?)\b(?!:)]],
        examples = {
            matches = { "0 errors", "lib/rack/error_page.rb", "Installing http-errors", "no failures" },
            rejects = { "1 error" },
        },
    },
}

-- A program says at which level it logs, and a comparison what would have been there: neither is an error of the step.
local levels = {
    [[^(?:\S+\s+){0,5}?[\[(]?(?:DEBUG|INFO|TRACE|WARN(?:ING)?|NOTICE|Debug|Info|debug|info|verbose)[\])]?[:|>]?\s]],
    [[^(?:\S+:\d+(?::\d+)?:|\S+\(\d+(?:,\d+)?\) ?:|[\w.+-]+:)?\s*\[?(?:[Ww]arning|note|remark)\b\]?(?: \w+)?:\s]],
    [[^\s*[-+]\s]], [[^(?:\$ |\[command\]|# Subtest: )]],
    [[\b(?:XFAIL|XFAILED|xfailed|SKIP)\b|[Ff]ail(?:ed)? as expected]],
}

local compiled

--- The kinds that a line is of.
---@param line string
---@return string[]
function M.of(line)
    if not compiled then
        compiled = {}
        for i, kind in ipairs(M.kinds) do compiled[i] = { kind.kind, re.compile(kind.match) } end
    end
    local kinds = {}
    for _, each in ipairs(compiled) do
        if each[2]:test(line) then kinds[#kinds + 1] = each[1] end
    end
    return kinds
end

local function compile_hushing()
    local list = {}
    for i, match in ipairs(levels) do list[i] = re.compile(match) end
    for _, kind in ipairs(M.kinds) do
        if kind.kind == "passing" then list[#list + 1] = re.compile(kind.match) end
    end
    return list
end

local hushing
-- Whether the entry is about lines that the pattern matches: some of its examples are such lines.
local function is_meant(entry, pattern)
    for _, text in ipairs(entry.examples and entry.examples.matches or {}) do
        for line in (text .. "\n"):gmatch("(.-)\n") do
            if pattern:test(line) then return true end
        end
    end
    return false
end

--- Whether a line takes back what an entry for errors found in it: the line is a warning or a message of a program's
--- log, a command, the title of a test, a test that passed, or the side of a comparison. Entries that are about such
--- lines have them as examples.
---@param hit kb.Hit
---@return boolean
function M.hushes(hit)
    local entry = hit.entry
    if (entry.severity or "error") ~= "error" then return false end
    hushing = hushing or compile_hushing()
    for _, pattern in ipairs(hushing) do
        if pattern:test(hit.line) and not is_meant(entry, pattern) then return true end
    end
    return false
end

return M
