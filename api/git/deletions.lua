-- repo:deletions: the walk over deleted files and its index in the store.
--
-- What was found for a path is kept with the tip it was found from. When the tip has moved on along its mainline, only
-- the commits since are walked; when history was rewritten, everything is found anew. What may change without a new
-- deletion, whether a file is there again, is looked up when records are read.
local M = {}

local native, each

--- Hands in what init.lua has.
---@param native_half table
---@param each_record function
function M.use(native_half, each_record) native, each = native_half, each_record end

-- Part of every key: raise it when the walk finds other records than before in the same history.
local engine_version = 1

local rows_at_once = 500
local presence_at_once = 4096
local day_s = 24 * 3600
-- An index that was not used for longer is dropped. Superseded ones stay for a day: another process may be reading.
local unused_s, superseded_s = 400 * day_s, day_s

local steps = {
    [[CREATE TABLE git_deletion_index (
        id INTEGER PRIMARY KEY,
        repository TEXT NOT NULL,    -- the git folder that all work trees share
        path TEXT NOT NULL,
        options TEXT NOT NULL,
        engine INTEGER NOT NULL,
        tip TEXT NOT NULL,
        since INTEGER,               -- complete for commits from then on; NULL: for all
        segment INTEGER NOT NULL,    -- of the newest rows: 0, then -1, -2 … for each run that found more
        complete INTEGER NOT NULL,
        used INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX git_deletion_index_key ON git_deletion_index (repository, path, options);
    CREATE TABLE git_deletion (
        index_id INTEGER NOT NULL REFERENCES git_deletion_index (id) ON DELETE CASCADE,
        segment INTEGER NOT NULL,
        position INTEGER NOT NULL,
        path TEXT NOT NULL, commit_id TEXT NOT NULL, time INTEGER NOT NULL,
        author TEXT NOT NULL, author_email TEXT NOT NULL, subject TEXT NOT NULL,
        pr INTEGER, merge TEXT, moved_to TEXT, similarity_percent INTEGER, blob TEXT NOT NULL,
        PRIMARY KEY (index_id, segment, position)
    ) STRICT, WITHOUT ROWID;]],
}

local columns = { "path", "commit", "time", "author", "author_email", "subject", "pr", "merge", "moved_to",
    "similarity_percent", "blob" }
local new_deletion = uhost.record("git.Deletion", { "present", unpack(columns) })

local store

local function open_store()
    if store then return store end
    local opened = db.open(nil, { store = "git" })
    opened:migrate("git_deletions", steps)
    store = opened
    return opened
end

---@class git.DeletionIndex
---@field key table  repository, path, options
---@field wanted boolean  `index = true`: a store that fails is an error
---@field failed boolean
local Index, new_index = uhost.class("git.DeletionIndex", { optional = { "id" } })

-- A store that cannot be used costs time, not the answer.
function Index:try(action, ...)
    if self.failed then return nil end
    local ok, result = pcall(action, self, ...)
    if ok then return result end
    local kind = uhost.is_error(result) and result.kind or ""
    if self.wanted or not (kind:find("^db%.") or kind:find("^state%.") or kind == "closed") then error(result, 0) end
    self.failed = true
    log.warn(("the index of deletions cannot be used, the history is walked instead: %s"):format(result.message))
    return nil
end

function Index:find()
    local key = self.key
    return open_store():one([[SELECT id, tip, since, segment FROM git_deletion_index
        WHERE repository = ? AND path = ? AND options = ? AND engine = ? AND complete = 1 ORDER BY id DESC LIMIT 1]],
        { key.repository, key.path, key.options, engine_version })
end

function Index:begin(tip, since)
    local key = self.key
    local _, id = open_store():execute([[INSERT INTO git_deletion_index
        (repository, path, options, engine, tip, since, segment, complete, used) VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?)]],
        { key.repository, key.path, key.options, engine_version, tip, since, os.time() })
    self.id = id
    return id
end

local function insert(id, segment, position, records, first, last)
    local values, parameters, width = {}, {}, #columns + 3
    local row = "(?" .. (", ?"):rep(width - 1) .. ")"
    for i = first, last do
        values[#values + 1] = row
        local base = (i - first) * width
        parameters[base + 1], parameters[base + 2], parameters[base + 3] = id, segment, position + i
        for c, column in ipairs(columns) do parameters[base + 3 + c] = records[i][column] end
    end
    open_store():execute("INSERT INTO git_deletion VALUES " .. table.concat(values, ", "), parameters)
end

function Index:add(id, segment, position, records)
    for first = 1, #records, rows_at_once do
        insert(id, segment, position, records, first, math.min(first + rows_at_once - 1, #records))
    end
    return true
end

function Index:finish(id)
    local key, now = self.key, os.time()
    return open_store():transaction(function(conn)
        conn:execute("UPDATE git_deletion_index SET complete = 1 WHERE id = ?", { id })
        conn:execute([[DELETE FROM git_deletion_index WHERE used < ? OR (used < ? AND id < ? AND (complete = 0 OR
            (repository = ? AND path = ? AND (options = ? OR engine <> ?))))]],
            { now - unused_s, now - superseded_s, id, key.repository, key.path, key.options, engine_version })
        return true
    end)
end

-- Another process may have done the same meanwhile: who comes second leaves it at that.
function Index:extend(found, tip, records)
    return open_store():transaction(function(conn)
        local segment = found.segment - 1
        local changes = conn:execute([[UPDATE git_deletion_index SET tip = ?, segment = ?, used = ?
            WHERE id = ? AND tip = ? AND segment = ?]],
            { tip, segment, os.time(), found.id, found.tip, found.segment })
        if changes == 1 then self:add(found.id, segment, 0, records) end
        return true
    end)
end

local function rows_of(found, query)
    return open_store():each([[SELECT path, commit_id AS "commit", time, author, author_email, subject, pr, "merge",
        moved_to, similarity_percent, blob FROM git_deletion
        WHERE index_id = ? AND segment >= ? AND time >= ? AND time <= ? ORDER BY segment, position]],
        { found.id, found.segment, query.since or -math.huge, query["until"] or math.huge })
end

-- Sets `present` of rows, many at a time.
local function with_presence(repository, tip, rows)
    local batch, index = {}, 0
    return function()
        index = index + 1
        if index > #batch then
            batch, index = {}, 1
            local paths = {}
            for row in rows do
                batch[#batch + 1], paths[#paths + 1] = row, row.path
                if #batch == presence_at_once then break end
            end
            if #batch == 0 then return nil end
            local present = native["Repository:files_present"](repository, tip, paths)
            for i, row in ipairs(batch) do row.present = present[i] end
        end
        return batch[index]
    end
end

local function walk(repository, query, tip, hidden)
    return each(native["Repository:deletions"](repository, query, tip, hidden), 32, 1024)
end

-- Walks it all; what it finds is put into the index as it comes, which counts once the end was reached.
local function find_anew(repository, index, query, tip)
    local next_record = walk(repository, query, tip)
    local id = index:try(Index.begin, tip, query.since)
    local pending, written = {}, 0
    local function write()
        if id then index:try(Index.add, id, 0, written, pending) end
        written, pending = written + #pending, {}
    end
    return function()
        if not next_record then return nil end
        local record = next_record()
        if record then
            pending[#pending + 1] = record
            if #pending >= rows_at_once then write() end
            return record
        end
        write()
        if id then index:try(Index.finish, id) end
        next_record = nil
        return nil
    end
end

local function find_new(repository, index, query, tip, found)
    local records = {}
    for record in walk(repository, query, tip, found.tip) do records[#records + 1] = record end
    index:try(Index.extend, found, tip, records)
    return records
end

local function chain(list, iterator)
    local position = 0
    return function()
        position = position + 1
        if list[position] then return list[position] end
        return iterator()
    end
end

-- The records of an index that still holds, the new ones first; nil where there is none.
local function from_index(repository, index, query, tip)
    local found = index:try(Index.find)
    if not found or (found.since and (not query.since or query.since < found.since)) then return nil end
    local whole = { path = query.path, since = found.since, first_parent = query.first_parent, renames = query.renames }
    local new = {}
    if found.tip ~= tip then
        if not native["Repository:continues"](repository, found.tip, tip) then return nil end
        new = find_new(repository, index, whole, tip, found)
    end
    local rows = index:try(function() return rows_of(found, query) end)
    return rows and chain(new, with_presence(repository, tip, rows))
end

-- Only what one follows month after month is worth an index: not a fixed commit.
local function index_for(repository, options, query)
    local revision = options.revision or (repository:head() or {}).ref or "HEAD"
    local fixed = revision:find("^%x+$") or revision:find("[~^@:]")
    if options.index == false or (fixed and not options.index) then return nil end
    if not fixed and repository:resolve("refs/heads/" .. revision) then revision = "refs/heads/" .. revision end
    local flags = ("first_parent=%s renames=%s revision=%s"):format(
        tostring(query.first_parent or false), tostring(query.renames ~= false), revision)
    local key = { repository = repository:common_folder(), path = query.path or "", options = flags }
    return new_index({ key = key, wanted = options.index == true, failed = false })
end

local function records_of(repository, options, query)
    if not options.revision and not repository:head() then return function() return nil end end
    local tip = native["Repository:require_commit"](repository, options.revision or "HEAD")
    local index = index_for(repository, options, query)
    if not index then return walk(repository, query, tip) end
    -- The index is of all up to the tip; the end asked for is applied to what it gives.
    local open_ended = {}
    for key, value in pairs(query) do open_ended[key] = value end
    open_ended["until"] = nil
    return not options.refresh and from_index(repository, index, query, tip)
        or find_anew(repository, index, open_ended, tip)
end

local function iso(seconds) return os.date("!%Y-%m-%dT%H:%M:%SZ", seconds) end

---@param repository git.Repository
---@param options? git.DeletionsOptions  times in seconds
---@return fun(): git.Deletion?
function M.iterate(repository, options)
    options = options or {}
    local query = {}
    for key, value in pairs(options) do query[key] = value end
    -- Checks every argument before anything is read.
    native["Repository:deletions"](repository, query)
    query.revision, query.index, query.refresh = nil, nil, nil
    local since, last = query.since or -math.huge, query["until"] or math.huge
    local records
    return function()
        records = records or records_of(repository, options, query)
        for record in records do
            if record.time >= since and record.time <= last then
                local copy = new_deletion({})
                for key, value in pairs(record) do copy[key] = value end
                copy.time = iso(record.time)
                return copy
            end
        end
    end
end

return M
