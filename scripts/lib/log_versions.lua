-- The versions of tools, packages, actions and the runner that a log names.

local M = {}

-- A log names some hundred; what is beyond these numbers is left out.
local max_lines, max_names, max_of_one = 200000, 5000, 12
local max_line = 2000

-- NAME SEPARATOR VERSION: "rustc 1.75.0", "left-pad@1.3.0", "requests==2.31.0", "foo-1.2.3.tgz", "cmake (3.28.1)".
local named = re.compile([[(?<name>@?[A-Za-z][\w@/+.-]*?(?::[a-z]\w+)?)]]
    .. [[(?<by>,? (?i:version):?\s+"?'?(?:v|go)?|@|={1,3}|:\s*"?'?v?|[-_ ]v?|\s+\(v?)]]
    .. [[(?<version>\d+(?:\.\d+)+[\w.+~-]*)(?![\w/%])]]
    .. [[(?<unit>\s*(?:[kKMGT]i?B|bytes|s|ms|sec|secs|seconds|min|minutes)\b)?]])
local action = re.compile([[^(?:##\[\w+\])?Download action repository ]]
    .. [['(?<name>[^'@]+)@(?<ref>[^']+)' \(SHA:(?<sha>\w+)\)]])
local runner = re.compile([[^Current runner version: '(?<version>[^']+)']])
local image = re.compile([[^Image: (?<name>\S+)$]])
local image_version = re.compile([[^Version: (?<version>\d[\w.]+)$]])

-- Words before a number that is no version of theirs.
local no_names = {}
for word in ([[to from at in on is was of and for the took after time by with than line host ip address port total size
    about over under up down elapsed duration real user sys ran run took tests test passed failed coverage average
    speed rate load score ratio between against needs requires require want wants wanted expected >= <= date
    timestamp utc gmt listening id]]):gmatch("%S+") do
    no_names[word] = true
end

-- The name as one looks for it: the end of an address or path, without what joins it to the version.
local function plain_name(name)
    if name:find("://", 1, true) or select(2, name:gsub("/", "")) > 1 then name = name:match("[^/]+$") or name end
    return (name:gsub("^[-_./]+", ""):gsub("[-_./:]+$", ""))
end

local function plain_version(version)
    return (version:gsub("%.tar$", ""):gsub("%.tar%.%w+$", ""):gsub("%.%a[%a]+$", function(ending)
        return (ending == ".tgz" or ending == ".zip" or ending == ".jar" or ending == ".whl" or ending == ".gem"
            or ending == ".crate" or ending == ".deb" or ending == ".rpm" or ending == ".exe") and "" or ending
    end):gsub("[.,-]+$", ""))
end

local function is_version(name, by, version)
    local _, dots = version:gsub("%.", "")
    if #name < 2 or #name > 80 or no_names[name:lower()] then return false end
    if version:find("^%d%d%d%d%-") or version:find("^%d+%.%d+%.%d+%.%d+$") and not by:lower():find("version") then
        return false
    end
    return dots >= 2 or by:lower():find("version") ~= nil or by:find("[@=]") ~= nil
end

local function add(found, name, version, line_number)
    local key = name:lower()
    local one = found.by_key[key]
    if not one then
        if found.count >= max_names then return end
        one = { name = name, line_number = line_number, versions = {}, list = {} }
        found.by_key[key], found.count = one, found.count + 1
    end
    if not one.versions[version] and #one.list < max_of_one then
        one.versions[version] = true
        one.list[#one.list + 1] = version
    end
end

-- What runners say of themselves and of the actions that they fetch; true when the line was one of these.
local function add_runner(found, line, line_number)
    local captures = action:match(line)
    if captures then
        add(found, "action " .. captures.name, captures.sha:sub(1, 12), line_number)
        return true
    end
    captures = runner:match(line)
    if captures then
        add(found, "runner", captures.version, line_number)
        return true
    end
    captures = image:match(line)
    if captures then
        found.image = "runner image " .. captures.name
        return true
    end
    captures = found.image and image_version:match(line)
    if captures then
        add(found, found.image, captures.version, line_number)
        found.image = nil
        return true
    end
    return false
end

local function add_line(found, line, line_number)
    if not line:find("%d%.%d") and not line:find("SHA:", 1, true) and not line:find("^Image: ") then return end
    line = line:sub(1, max_line)
    if add_runner(found, line, line_number) then return end
    for captures in named:gmatch(line) do
        local name, version = plain_name(captures.name), plain_version(captures.version)
        if not captures.unit and is_version(name, captures.by, version) then add(found, name, version, line_number) end
    end
end

--- The versions that a log names, by the names' small letters.
---@param log log_text.Log
---@return table<string, { name: string, line_number: integer, list: string[], versions: table<string, true> }>
function M.of(log)
    local found = { by_key = {}, count = 0 }
    log_text.each_line(log, nil, nil, max_lines, function(line, line_number) add_line(found, line, line_number) end)
    return found.by_key
end

local function without(list, others)
    local left = {}
    for _, version in ipairs(list) do
        if not others[version] then left[#left + 1] = version end
    end
    return left
end

---@class diagnose.VersionChange
---@field name string
---@field green string  the version, or several with ", " between them
---@field failed string
---@field line_number integer  of the failed log
---@field green_line_number integer

--- What both logs name in different versions, in the order of the failed log.
---@param failed table  as `of` gives it
---@param green table
---@param most integer
---@return diagnose.VersionChange[] changes, integer all
function M.changes(failed, green, most)
    local changes = {}
    for key, one in pairs(failed) do
        local other = green[key]
        local now = other and without(one.list, other.versions) or {}
        local before = other and without(other.list, one.versions) or {}
        if #now > 0 and #before > 0 then
            changes[#changes + 1] = {
                name = one.name, green = table.concat(before, ", "), failed = table.concat(now, ", "),
                line_number = one.line_number, green_line_number = other.line_number,
            }
        end
    end
    table.sort(changes, function(left, right)
        if left.line_number ~= right.line_number then return left.line_number < right.line_number end
        return left.name < right.name
    end)
    local all = #changes
    for at = all, most + 1, -1 do changes[at] = nil end
    return changes, all
end

return M
