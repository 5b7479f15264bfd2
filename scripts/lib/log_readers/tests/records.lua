-- The failed tests of one framework, each once: what one tool says in several places (as it happens, in a list at the
-- end, above a traceback) is one record; a test that fails in two modules is two.
local names = require("lib.log_readers.tests.names")

local M = {}

local max_records = 100000
local max_compared = 64 -- tests with an equal last part that a new one is held against

---@class log_readers.FailedTest
---@field name string
---@field line_number integer  of the block that has the message; else of the first mention
---@field message? string
---@field message_line? integer  where the message begins, if it is not at `line_number`
---@field file? string
---@field line? integer
---@field suite? string  the module, package or file that the tool named it under
---@field is_suite? boolean  it is no test, but a suite that failed to run
---@field is_setup? boolean  it is a hook or module that failed, which the tool counts among its tests
---@field is_guess? boolean  only marks say that it is a test

---@class log_readers.Records
local Records = {}
Records.__index = Records

function M.new()
    return setmetatable({ list = {}, by_name = {}, by_leaf = {} }, Records)
end

local function identity(suite, canonical)
    return (suite or "") .. "\0" .. canonical
end

-- A record of the same suite that is named in another way, and that this kind of mention has not named yet.
local function alike(self, found)
    local candidates = self.by_leaf[names.leaf(found.alias or found.canonical)]
    if candidates == nil then return nil end
    for at = math.max(1, #candidates - max_compared), #candidates do
        local record = candidates[at]
        if not record.gone and not record.roles[found.role]
            and names.same(record.alias or record.canonical, found.alias or found.canonical)
            and (record.suite == nil or found.suite == nil or record.suite == found.suite) then
            return record
        end
    end
    return nil
end

local function register(self, record)
    self.by_name[identity(record.suite, record.canonical)] = record
    local leaf = names.leaf(record.alias or record.canonical)
    local list = self.by_leaf[leaf] or {}
    self.by_leaf[leaf] = list
    list[#list + 1] = record
end

-- The longer name says more, unless part of it is a guess; a message read from a block says more than one cut to one
-- line.
local function merge(self, record, found)
    record.roles[found.role] = true
    record.line_number = math.min(record.line_number, found.line_number)
    if found.message and (record.message == nil or (found.in_full and not record.in_full)) then
        record.message, record.in_full = found.message, found.in_full
        record.message_line, record.detail_line = found.message_line, found.line_number
    elseif found.has_block and not record.message then
        record.detail_line = record.detail_line or found.line_number
    end
    record.file, record.line = record.file or found.file, record.line or found.line
    if record.weak and not found.weak then record.weak = nil end
    record.is_suite = record.is_suite and found.is_suite
    local better = #found.canonical > #record.canonical
    if (record.alias == nil) ~= (found.alias == nil) then better = record.alias ~= nil end
    if better or (found.suite and not record.suite) then
        if better then record.name, record.canonical, record.alias = found.name, found.canonical, found.alias end
        record.suite = record.suite or found.suite
        self.by_name[identity(record.suite, record.canonical)] = record
    end
end

--- Takes a failed test in, unless it is known; then what is new is added to what is known.
---@param found table  name, key (what it is compared by), alias (the same if the rest is a guess), role,
---   line_number, message, in_full, file, line, suite, weak
function Records:add(found)
    found.canonical = names.canonical(found.key or found.name)
    found.alias = found.alias and names.canonical(found.alias)
    local record = self.by_name[identity(found.suite, found.canonical)]
    if record and record.gone then record = nil end
    record = record or alike(self, found)
    if record then return merge(self, record, found) end
    if #self.list >= max_records then
        self.more = true
        return
    end
    record = {
        name = found.name, canonical = found.canonical, suite = found.suite, line_number = found.line_number,
        message = found.message, in_full = found.in_full, message_line = found.message_line, file = found.file,
        line = found.line, weak = found.weak, alias = found.alias, is_suite = found.is_suite,
        is_setup = found.is_setup, roles = { [found.role] = true },
    }
    self.list[#self.list + 1] = record
    register(self, record)
end

--- Takes out a test that passed when it was run again.
---@param name string
---@param suite? string
function Records:forgive(name, suite)
    local canonical = names.canonical(name)
    for _, record in ipairs(self.by_leaf[names.leaf(canonical)] or {}) do
        if names.same(record.canonical, canonical) and (not suite or not record.suite or record.suite == suite) then
            record.gone = true
        end
    end
end

-- The classes and files that failed tests are known of.
local function parents(list)
    local known = {}
    for _, record in ipairs(list) do
        if not record.weak and not record.gone then
            if record.file then known[names.canonical(record.file)] = true end
            local parent = record.canonical:sub(1, -#names.leaf(record.canonical) - 2)
            known[parent], known[names.leaf(parent)] = true, true
        end
    end
    return known
end

--- Takes out what is named as a whole although its tests are named: a class that failed.
function Records:drop_parents()
    local known = parents(self.list)
    for _, record in ipairs(self.list) do
        if record.weak and (known[record.canonical] or known[names.leaf(record.canonical)]) then record.gone = true end
    end
end

--- Settles which of the records since the last call stay that only a list names, in words that need not be those of
--- the failures before it: as many as are missing to the number that failed, if that is known.
---@param failed? integer
function Records:settle(failed)
    local from, known = self.settled or 1, 0
    for at = from, #self.list do
        local record = self.list[at]
        if not record.gone and not record.weak then known = known + 1 end
    end
    for at = from, #self.list do
        local record = self.list[at]
        if record.weak and not record.gone then
            if failed and known >= failed then record.gone = true else known = known + 1 end
        end
    end
    self.settled = #self.list + 1
end

--- Names the suite of the records from a line on that have none yet.
---@param suite string
---@param from_line integer
function Records:place(suite, from_line)
    for at = #self.list, 1, -1 do
        local record = self.list[at]
        if record.line_number < from_line then break end
        if record.suite == nil then
            local known = self.by_name[identity(suite, record.canonical)]
            if known and known ~= record then
                record.gone = true -- the package ran again
            else
                record.suite = suite
                self.by_name[identity(nil, record.canonical)] = nil
                self.by_name[identity(suite, record.canonical)] = record
            end
        end
    end
end

--- The failed tests in the order in which the log first names them.
---@return log_readers.FailedTest[]
function Records:failed()
    local failed = {}
    table.sort(self.list, function(a, b)
        if a.line_number ~= b.line_number then return a.line_number < b.line_number end
        return a.name < b.name
    end)
    for _, record in ipairs(self.list) do
        if not record.gone then
            failed[#failed + 1] = {
                name = record.name, line_number = record.detail_line or record.line_number, message = record.message,
                message_line = record.message_line, file = record.file, line = record.line, suite = record.suite,
                is_suite = record.is_suite, is_setup = record.is_setup,
            }
        end
    end
    return failed
end

return M
