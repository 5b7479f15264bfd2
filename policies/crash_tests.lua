-- Which issues a crash test stands for.
--
-- A crash test is named after the issue whose crash it shows (`12345.rs`, `12345-2.rs`), or says so in a header near
-- its top (`//@ known-bug: #12345`), or both. `monthly_audit` asks this of every test, deleted or not: an issue whose
-- tests are all gone, but which is still open, is what it looks for.
--
-- To follow other conventions, copy this file to `policies/crash_tests.lua` beside your scripts and change it there.
-- Functions here must be pure: the same path and content always give the same answer.

local M = {}

-- How far down a header may stand. In practice it is on the first six lines, below a licence or other directives.
local header_lines = 20
-- No sensible header line is longer; test files with megabytes on one line exist.
local longest_line = 1000
-- GitHub numbers issues with 32-bit integers. A longer run of digits is a date or a hash.
local largest_issue = 2147483647

local function issue_number(digits)
    local number = tonumber(digits)
    if number and number >= 1 and number <= largest_issue then return number end
    return nil
end

-- One word of a header: an issue, or nil for anything else, `unknown` among it.
local function issue_of_word(word)
    word = word:gsub("[%.;:%)]+$", "")
    local bare = word:match("^#?(%d+)$")
    if bare then return issue_number(bare) end
    local owner, name, digits = word:match("^([%w_%-]+)/([%w_%-%.]+)#(%d+)$")
    if not owner then
        owner, name, digits = word:match("^https?://github%.com/([%w_%-]+)/([%w_%-%.]+)/issues/(%d+)")
    end
    local number = digits and issue_number(digits)
    return number and ("%s/%s#%d"):format(owner, name, number)
end

-- What stands after `known-bug:` in a line, or nil. The words must open a comment, so that a string or a sentence which
-- mentions them is not taken for one; a revision in brackets may stand before them (`//@[next] known-bug: #1`).
local function header_value(line)
    local first, last = line:find("known-bug:", 1, true)
    if not first then return nil end
    local before = line:sub(1, first - 1):gsub("%[[%w_%-,]*%]", "")
    if before:find("[%w\"'`]") or not before:find("[/#%*;%%%-]") then return nil end
    return line:sub(last + 1)
end

-- `#1, owner/repo#2, unknown`: of every item in the list, the issues it begins with. What follows them is prose.
local function issues_of_value(value, found)
    for item in value:gmatch("[^,]+") do
        for word in item:gmatch("%S+") do
            local issue = issue_of_word(word)
            if not issue then break end
            found[#found + 1] = issue
        end
    end
end

local function issues_of_headers(content, found)
    local position = 1
    for _ = 1, header_lines do
        local line_end = content:find("\n", position, true) or #content + 1
        local value = header_value(content:sub(position, math.min(line_end - 1, position + longest_line)))
        if value then issues_of_value(value, found) end
        position = line_end + 1
        if position > #content then return end
    end
end

local function without_repeats(issues)
    local seen, unique = {}, {}
    for _, issue in ipairs(issues) do
        if not seen[issue] then
            seen[issue] = true
            unique[#unique + 1] = issue
        end
    end
    return unique
end

--- The issues that a crash test stands for: numbers, or "owner/repo#N" for those of a repository that is named.
--- None for a file that helps other tests, and for one with neither a number nor a header that gives one.
---@param path string  from the root of the repository, with "/"
---@param content? string  the whole file, as it is or as it last was
---@return (integer|string)[] issues  each once: the one in the name first, then in the order of the headers
---@return string why  in words
function M.issues_of(path, content)
    if ("/" .. path):find("/auxiliary/", 1, true) then return {}, "files in auxiliary/ help other tests" end
    local found = {}
    local digits = path:match("([^/]*)$"):match("^%d+")
    found[1] = digits and issue_number(digits)
    local named = #found
    if content then issues_of_headers(content, found) end
    local why = ("%d in the name, %d in known-bug headers"):format(named, #found - named)
    return without_repeats(found), why
end

-- The other repositories whose issues GitHub is asked about: "owner/name", or "owner/*" for all of an owner. Whoever
-- writes a test names issues of any, and the token may see more than they do. `--also` adds to these.
M.also = {}

-- Whose pull requests the numbers in the history are, where it holds commits of another repository (a subtree that is
-- kept in sync). The first entry that fits a deletion names the repository: `path` is what the deleted file begins
-- with, `merge` occurs in the subject of the merge that brought the deletion into the mainline, `least` and `most`
-- limit the number. What is left out fits everything. For example:
--   { repository = "rust-lang/miri", path = "src/tools/miri/", most = 9999 }
M.subtrees = {}

local function name_of(path) return path:match("[^/]*$") end

-- The numbers in a file's name that may be an issue's: the first thing in it, or of three digits and more.
local function numbers_in(name)
    local numbers = {}
    for position, digits in name:gmatch("()(%d+)") do
        if position == 1 or #digits >= 3 then numbers[digits] = true end
    end
    return numbers
end

--- Which of the files that came with a deletion may be the deleted test, edited so much that its content does not show
--- it: one of the same name, else one with the same number in its name. A person then has a look.
---@param path string  the deleted file
---@param added string[]
---@return string?
function M.successor_of(path, added)
    local name, by_number = name_of(path), nil
    local numbers = numbers_in(name)
    for _, candidate in ipairs(added) do
        local other = name_of(candidate)
        if other == name then return candidate end
        for digits in other:gmatch("%d+") do
            if numbers[digits] then by_number = by_number or candidate end
        end
    end
    return by_number
end

-- Each is a test: what a call with these arguments gives.
M.examples = {
    { call = "issues_of", with = { "tests/crashes/12345.rs", "fn main() {}\n" }, gives = { 12345 } },
    { call = "issues_of", with = { "tests/crashes/12345-2.rs", "" }, gives = { 12345 } },
    { call = "issues_of", with = { "tests/crashes/12345-async-drop.rs" }, gives = { 12345 } },
    { call = "issues_of", with = { "tests/crashes/12345", "" }, gives = { 12345 } },
    { call = "issues_of", with = { "tests/crashes/12345.rs", "//@ known-bug: #12345\n" }, gives = { 12345 } },
    { call = "issues_of", with = { "tests/crashes/12345.rs", "//@ known-bug: #777\n" }, gives = { 12345, 777 } },
    { call = "issues_of", with = { "tests/crashes/drop.rs", "// known-bug: rust-lang/rust#123\n" },
      gives = { "rust-lang/rust#123" } },
    { call = "issues_of", with = { "tests/crashes/drop.rs", "//@ edition:2021\r\n//@ known-bug: #1, o/r#2,#3\r\n" },
      gives = { 1, "o/r#2", 3 } },
    { call = "issues_of", with = { "tests/crashes/drop.rs", "//@[next] known-bug: #109764\n" }, gives = { 109764 } },
    { call = "issues_of", with = { "tests/crashes/drop.rs", "/* known-bug: https://github.com/o/r/issues/9 */\n" },
      gives = { "o/r#9" } },
    { call = "issues_of", with = { "tests/crashes/drop.sh", "#!/bin/sh\n# known-bug: #5 (also with #6)\n" },
      gives = { 5 } },
    { call = "issues_of", with = { "tests/crashes/drop.rs", "// known-bug: #1\n// known-bug: 2\n" },
      gives = { 1, 2 } },
    { call = "issues_of", with = { "tests/crashes/drop.rs", "//@ known-bug: unknown\n" }, gives = {} },
    { call = "issues_of", with = { "tests/crashes/99.rs", "//@ known-bug: unknown\n" }, gives = { 99 } },
    { call = "issues_of", with = { "tests/crashes/drop.rs", "//@ known-bug: unknown, #8\n" }, gives = { 8 } },
    { call = "issues_of", with = { "tests/crashes/drop.rs", "let s = \"known-bug: #4\";\n" }, gives = {} },
    { call = "issues_of", with = { "tests/crashes/drop.rs", ("\n"):rep(20) .. "// known-bug: #4\n" }, gives = {} },
    { call = "issues_of", with = { "tests/crashes/20240101123000.rs", "" }, gives = {} },
    { call = "issues_of", with = { "tests/crashes/_23189/mod.rs", "" }, gives = {} },
    { call = "issues_of", with = { "tests/crashes/auxiliary/12345.rs", "// known-bug: #1\n" }, gives = {} },
    { call = "successor_of", with = { "tests/crashes/12345.rs", { "tests/ui/a.rs", "tests/ui/issue-12345.rs" } },
      gives = "tests/ui/issue-12345.rs" },
    { call = "successor_of", with = { "tests/crashes/123-b.rs", { "tests/ui/x-123.rs", "tests/ui/123-b.rs" } },
      gives = "tests/ui/123-b.rs" },
    { call = "successor_of", with = { "tests/crashes/12345-2.rs", { "tests/ui/a-2.rs", "tests/ui/123456.rs" } } },
}

return M
