-- What a set of knowledge base files holds, kept in one file of the state folder (`kb_cache/`), so that a start with
-- files that were not edited needs no sandbox. What is kept counts only as long as the content of every file it came
-- from is the same, byte for byte.
--
-- Files whose size and time of change are as they were are taken to be the same without a look into them, if they had
-- not been changed shortly before they were read: the clock of a disk is coarse.
--
-- A kept set begins with what every start needs: a head, and the patterns, which looking through a log needs. Behind
-- them it has three parts of each file: its items without what they say, the content of the files it was read from, and
-- all of it. They are decoded when somebody asks for them.
--
-- A cache is never a reason to fail: what cannot be read is made anew, and without a state folder there is no cache. At
-- first it has what was made of the shipped files when uhost was built (`cache/` beside them).
local native = require("uhost.kb") and require("uhost.kb.native")

local M = {}

-- Changes when what is kept would mean something else.
local format = 8
-- How long before it was read a file must have been left alone; and times that tools set which know none.
local settle_s, first_plausible_s = 3, 24 * 3600
local first_of_file, parts_of_file = 3, 3

local function full_key(key) return ("%d\n%s\n%s"):format(format, uhost.version, key) end

local function warn(raised)
    if not uhost.is_error(raised) or raised.kind ~= "state.create" then error(raised, 0) end
    log.warn(("knowledge bases are read without a cache, which takes longer: %s"):format(raised.message))
end

-- What is kept of entries is UTF-8; a message about one that is not may hold anything.
local function encoded(value) return json.encode(value, { invalid_utf8 = "replace" }) end

---@class kb.CacheHead
---@field names string[]  what distinguishes the files
---@field inputs string[][]  of each, the names of the rule files that it was read from
---@field paths string[]  all these files, in all their layers, beneath the folder of the set
---@field stamp string  their sizes and times
---@field read_s integer  when they were read, at the latest
---@field index table  as loading needs it

---@class kb.CachedSet
---@field head kb.CacheHead
---@field folder string
---@field private parts table
local Set = {}
Set.__index = Set

--- The patterns, as `kb.compile` takes them.
function Set:patterns() return self.parts:part(2) end

local function part_of_file(set, i, number) return set.parts:part(first_of_file + (i - 1) * parts_of_file + number) end

--- The items of file `i` without what they say.
function Set:light(i) return json.decode(part_of_file(self, i, 0)) end
function Set:sources(i) return part_of_file(self, i, 1) end
function Set:content(i) return json.decode(part_of_file(self, i, 2)) end

--- The position of a file in the set by its name.
function Set:position(name)
    if not self.positions then
        self.positions = {}
        for i, each in ipairs(self.head.names) do self.positions[each] = i end
    end
    return self.positions[name]
end

--- Whether sizes and times alone show that all files are as they were when they were read.
function Set:is_settled()
    local stamp, latest_s, earliest_s = native.stamps(self.head.paths, self.folder)
    return stamp == self.head.stamp and latest_s <= self.head.read_s - settle_s and earliest_s >= first_plausible_s
end

--- What is kept under a key, as it was when it was opened; nil when there is nothing.
---@param key string
---@param folder string  where the set's paths begin: "" or a folder that may be another than when it was kept
---@return kb.CachedSet?
function M.open(key, folder)
    local ok, parts = pcall(native.kept, full_key(key))
    if not ok then return warn(parts) end
    return parts and setmetatable({ parts = parts, folder = folder, head = json.decode(parts:part(1)) }, Set)
end

local function write(key, folder, head, rest)
    if uhost.dry_run then return end
    head.stamp = native.stamps(head.paths, folder)
    local parts = { encoded(head) }
    for i, part in ipairs(rest) do parts[i + 1] = part end
    -- That there is no state folder was said when it was to be read.
    pcall(native.keep, full_key(key), parts)
end

---@class kb.CachedFile
---@field light table
---@field sources string
---@field content table

--- Keeps a set of files.
---@param key string
---@param folder string  where the set's paths begin
---@param head kb.CacheHead  without the stamp
---@param patterns table[]
---@param files kb.CachedFile[]
function M.write(key, folder, head, patterns, files)
    local rest = { native.pack(patterns) }
    for _, file in ipairs(files) do
        rest[#rest + 1] = encoded(file.light)
        rest[#rest + 1] = file.sources
        rest[#rest + 1] = encoded(file.content)
    end
    write(key, folder, head, rest)
end

--- Keeps that the files of a set were looked into and are the same, so that the next start need not.
---@param key string
---@param set kb.CachedSet
---@param read_s integer
function M.confirm(key, set, read_s)
    local rest = {}
    for i = 2, first_of_file - 1 + #set.head.names * parts_of_file do rest[i - 1] = set.parts:part(i) end
    set.head.read_s = read_s
    write(key, set.folder, set.head, rest)
end

return M
