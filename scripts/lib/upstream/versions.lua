-- Versions as projects write them in tags: which tags are versions at all, how they are ordered, and which is the
-- newest of a line of tags.
--
-- A tag is a prefix ("v", "release-", "evdev-"), numbers, perhaps a pre-release ("-rc.9", "b1"), perhaps build metadata
-- ("+5"), perhaps a variant ("-alpine3.10"). Numbers are compared as numbers, pre-releases come before their release
-- and build metadata does not count, as Semantic Versioning 2.0.0 has it in 10 and 11. Tags of other prefixes, variants
-- or kinds of numbering (calendar beside semantic) belong to other lines and are never compared.
local M = {}

---@class upstream.Version
---@field tag string
---@field text string  the version without the prefix of the tag
---@field component string  "evdev" of "evdev-1.0"; "" for "v1.0", "V1.0", "v.1.0", "release-1.0" and "1.0"
---@field numbers integer[]
---@field prerelease (string|integer)[]  empty for a release
---@field build string
---@field variant string  "alpine" of "1.15-alpine3.10"
---@field numbering "calendar"|"semantic"

-- Prefixes that mean nothing but "version".
local plain_prefixes = { v = true, version = true, ver = true, release = true, rel = true, r = true }

-- Words of pre-releases, in the order in which they come.
local stages = { dev = 1, nightly = 1, snapshot = 1, canary = 1, pre = 2, preview = 2, alpha = 3, a = 3, m = 4,
    milestone = 4, beta = 5, b = 5, rc = 6, cr = 6, c = 6 }

local max_digits = 15  -- more do not fit into a number exactly

local function split_prefix(tag)
    local prefix, rest = tag:match("^([^%d]*)(%d.*)$")
    if not prefix then return nil end
    local word = prefix:lower():gsub("[%-_./ ]+$", "")
    -- "evdev-v1.0": the last word alone may be plain.
    local component = word:gsub("[%-_/]?([%l]+)$", function(last) return plain_prefixes[last] and "" or nil end)
    return component, rest
end

local function read_numbers(text)
    local numbers, rest = {}, text
    while true do
        local digits, after = rest:match("^(%d+)(.*)$")
        if not digits or #digits > max_digits then return nil end
        numbers[#numbers + 1] = tonumber(digits)
        local next_number = after:match("^[._](%d.*)$")
        -- "2026-01" and "2026-01-30": calendar versions use dashes as well.
        if not next_number and numbers[1] >= 1900 and numbers[1] < 2200 and #numbers < 3 then
            next_number = after:match("^%-(%d%d?)$") and after:sub(2) or after:match("^%-(%d%d?%-%d%d?)$")
        end
        if not next_number then return numbers, after end
        rest = next_number
    end
end

local function is_calendar(numbers)
    local first = numbers[1]
    if first >= 1900 and first < 2200 and #numbers > 1 and numbers[2] >= 1 and numbers[2] <= 12 then return true end
    local year, month = math.floor(first / 10000), math.floor(first / 100) % 100
    return year >= 1900 and year < 2200 and month >= 1 and month <= 12 and first % 100 >= 1 and first % 100 <= 31
end

-- The identifiers of a pre-release, and what follows it; nothing when the text does not begin with one.
local function read_prerelease(text)
    local separator, word, rest = text:match("^([%-._~]?)(%a+)(.*)$")
    if not word or not stages[word:lower()] then
        -- Semantic Versioning allows numbers alone: "1.0.0-0.3.7".
        local numeric, after = text:match("^%-(%d[%d.]*)(.*)$")
        if not numeric then return {}, text end
        local identifiers = {}
        for digits in numeric:gmatch("%d+") do identifiers[#identifiers + 1] = tonumber(digits:sub(1, max_digits)) end
        return identifiers, after
    end
    -- A word of the language that happens to be a stage: "-a-b" is none, "b1" and "-rc.1" are.
    if separator == "" and not rest:find("^[.%-_]?%d") and #word == 1 then return {}, text end
    local identifiers = { word:lower() }
    while true do
        local digits, after = rest:match("^[.%-_]?(%d+)(.*)$")
        if not digits or #digits > max_digits then return identifiers, rest end
        identifiers[#identifiers + 1] = tonumber(digits)
        rest = after
    end
end

--- Reads a tag. nil when it is no version.
---@param tag string
---@return upstream.Version?
function M.parse(tag)
    local component, text = split_prefix(tag)
    if not component then return nil end
    local numbers, rest = read_numbers(text)
    if not numbers then return nil end
    local prerelease
    prerelease, rest = read_prerelease(rest)
    local build = rest:match("^%+([%w.%-]+)") or ""
    rest = rest:gsub("^%+[%w.%-]+", "")
    local variant = ""
    if rest ~= "" then
        -- The numbers of a variant are another thing's version: "-alpine3.10".
        variant = rest:match("^[%-_.~]?(%a.*)$")
        if not variant or variant:find("[^%w.%-_~+]") then return nil end
        variant = variant:lower():gsub("%d[%d.]*", "")
    end
    return {
        tag = tag, text = text, component = component, numbers = numbers, prerelease = prerelease, build = build,
        variant = variant, numbering = is_calendar(numbers) and "calendar" or "semantic",
    }
end

local function compare_numbers(a, b)
    for i = 1, math.max(#a, #b) do
        local left, right = a[i] or 0, b[i] or 0
        if left ~= right then return left < right and -1 or 1 end
    end
    return 0
end

local function compare_identifiers(a, b)
    if type(a) ~= type(b) then return type(a) == "number" and -1 or 1 end
    if type(a) == "string" and a ~= b then
        local left, right = stages[a] or 0, stages[b] or 0
        if left ~= right then return left < right and -1 or 1 end
    end
    if a == b then return 0 end
    return a < b and -1 or 1
end

local function compare_prereleases(a, b)
    if #a == 0 or #b == 0 then return #a == #b and 0 or #a == 0 and 1 or -1 end
    for i = 1, math.max(#a, #b) do
        if a[i] == nil or b[i] == nil then return a[i] == nil and -1 or 1 end
        local order = compare_identifiers(a[i], b[i])
        if order ~= 0 then return order end
    end
    return 0
end

--- -1, 0 or 1: whether one version comes before another, is the same, or comes after it.
---@param a upstream.Version
---@param b upstream.Version
---@return integer
function M.compare(a, b)
    local order = compare_numbers(a.numbers, b.numbers)
    return order ~= 0 and order or compare_prereleases(a.prerelease, b.prerelease)
end

--- Whether two versions belong to one line of tags, so that one may follow the other.
---@param a upstream.Version
---@param b upstream.Version
---@return boolean
function M.same_line(a, b)
    return a.component == b.component and a.variant == b.variant and a.numbering == b.numbering
end

---@class upstream.Choice
---@field versions upstream.Version[]  of the line, newest first
---@field newest? upstream.Version  the newest release; of pre-releases where they are allowed
---@field ignored string[]  tags that are no versions
---@field other_lines table<string, integer>  how many versions other lines have, by what marks them
---@field numbering_changed boolean  there are calendar and semantic versions, and nothing says which are meant

local function line_name(version)
    local words = {}
    if version.component ~= "" then words[#words + 1] = version.component end
    words[#words + 1] = version.numbering
    if version.variant ~= "" then words[#words + 1] = version.variant end
    return table.concat(words, " ")
end

-- Without anything to go by, the line with most versions is meant; of two as long, the one without prefix and variant.
local function most_common_line(versions)
    local counts, best = {}, nil
    for _, version in ipairs(versions) do
        local name = line_name(version)
        counts[name] = (counts[name] or 0) + 1
        local more = best and counts[name] - counts[line_name(best)] or 1
        if more > 0 or (more == 0 and #name < #line_name(best)) then best = version end
    end
    return best
end

---@class upstream.ChooseOptions
---@field prefix? string  only tags that begin with it: "v"
---@field current? string  the version in use: only its line counts, and pre-releases only if it is one
---@field prereleases? boolean

-- Whether a version may follow the one in use: "3" is followed by "3.15", and never by a date.
local function may_follow(version, current) return current == nil or M.same_line(version, current) end

--- Reads tags, and finds the newest version of the line that is meant.
---@param tags string[]
---@param options? upstream.ChooseOptions
---@return upstream.Choice
function M.choose(tags, options)
    options = uhost.check_options(options, "upstream.choose", { "prefix", "current", "prereleases" })
    local versions, ignored, kinds = {}, {}, {}
    for _, tag in ipairs(tags) do
        local has_prefix = not options.prefix or tag:sub(1, #options.prefix) == options.prefix
        local version = has_prefix and M.parse(tag)
        if version then
            versions[#versions + 1] = version
            kinds[version.numbering] = true
        else
            ignored[#ignored + 1] = tag
        end
    end
    local current = options.current and M.parse(options.current)
    local line = current or most_common_line(versions)
    local choice = { versions = {}, ignored = ignored, other_lines = {},
        numbering_changed = not current and kinds.calendar == true and kinds.semantic == true }
    for _, version in ipairs(versions) do
        if may_follow(version, line) then
            table.insert(choice.versions, version)
        else
            choice.other_lines[line_name(version)] = (choice.other_lines[line_name(version)] or 0) + 1
        end
    end
    table.sort(choice.versions, function(a, b)
        local order = M.compare(a, b)
        if order ~= 0 then return order > 0 end
        return a.tag < b.tag
    end)
    local allows_prereleases = options.prereleases or current ~= nil and #current.prerelease > 0
    for _, version in ipairs(choice.versions) do
        if allows_prereleases or #version.prerelease == 0 then
            choice.newest = version
            break
        end
    end
    return choice
end

return M
