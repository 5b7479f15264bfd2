-- repo:deletions: the walk over deleted files and its index in the store.
--
-- What was found for a path is kept with the tip it was found from. What a commit removed never changes, but the order
-- of the records and the merges they name depend on the tip. So when the tip has moved, the walk reads the history
-- again, compares only commits that were not there before, and the index is written in the new order. What may change
-- without a new deletion, whether a file is there again, is looked up when records are read.
local M = {}

local native, each

--- Hands in what init.lua has.
---@param native_half table
---@param each_record function
function M.use(native_half, each_record) native, each = native_half, each_record end

-- Part of every key: raise it when the walk finds other records than before in the same history.
local engine_version = 2

local rows_at_once = 500
local presence_at_once = 4096
local day_s = 24 * 3600
-- An index that was not used for longer is dropped. Superseded ones stay for a while: another process may be about to
-- read them.
local unused_s, superseded_s = 400 * day_s, 600

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
    [[DROP TABLE git_deletion;
    DROP TABLE git_deletion_index;
    CREATE TABLE git_deletion_index (
        id INTEGER PRIMARY KEY,
        repository TEXT NOT NULL,    -- the git folder that all work trees share
        path TEXT NOT NULL,
        options TEXT NOT NULL,
        engine INTEGER NOT NULL,
        tip TEXT NOT NULL,
        since INTEGER,               -- complete for commits from then on; NULL: for all
        complete INTEGER NOT NULL,
        used INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX git_deletion_index_key ON git_deletion_index (repository, path, options);
    CREATE TABLE git_deletion (
        index_id INTEGER NOT NULL REFERENCES git_deletion_index (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        path TEXT NOT NULL, commit_id TEXT NOT NULL, time INTEGER NOT NULL,
        author TEXT NOT NULL, author_email TEXT NOT NULL, subject TEXT NOT NULL,
        pr INTEGER, merge TEXT, in_mainline INTEGER NOT NULL, moved_to TEXT, similarity_percent INTEGER,
        blob TEXT NOT NULL,
        PRIMARY KEY (index_id, position)
    ) STRICT, WITHOUT ROWID;]],
}

local columns = { "path", "commit", "time", "author", "author_email", "subject", "pr", "merge", "in_mainline",
    "moved_to", "similarity_percent", "blob" }
local stored_columns = [[path, commit_id, time, author, author_email, subject, pr, "merge", in_mainline, moved_to,
    similarity_percent, blob]]
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
    local ok, result, more = pcall(action, self, ...)
    if ok then return result, more end
    local kind = uhost.is_error(result) and result.kind or ""
    if self.wanted or not (kind:find("^db%.") or kind:find("^state%.") or kind == "closed") then error(result, 0) end
    self.failed = true
    log.warn(("the index of deletions cannot be used, the history is walked instead: %s"):format(result.message))
    return nil
end

-- The index to answer from, and whether it is complete for the tip: one that reaches back far enough, else the newest
-- of all history, from whatever tip.
function Index:find(tip, since)
    local key = self.key
    local function newest(condition, ...)
        return open_store():one([[SELECT id, tip FROM git_deletion_index WHERE repository = ? AND path = ? AND
            options = ? AND engine = ? AND complete = 1 AND ]] .. condition .. " ORDER BY id DESC LIMIT 1",
            { key.repository, key.path, key.options, engine_version, ... })
    end
    local here = newest("tip = ? AND (since IS NULL OR since <= ?)", tip, since or -math.huge)
    if here then return here, true end
    return newest("since IS NULL"), false
end

local function begin(conn, key, tip, since, complete)
    local _, id = conn:execute([[INSERT INTO git_deletion_index
        (repository, path, options, engine, tip, since, complete, used) VALUES (?, ?, ?, ?, ?, ?, ?, ?)]],
        { key.repository, key.path, key.options, engine_version, tip, since, complete, os.time() })
    return id
end

function Index:begin(tip, since)
    self.id = begin(open_store(), self.key, tip, since, 0)
    return self.id
end

local function insert(conn, id, position, records, first, last)
    local values, parameters, width = {}, {}, #columns + 2
    local row = "(?" .. (", ?"):rep(width - 1) .. ")"
    for i = first, last do
        values[#values + 1] = row
        local base = (i - first) * width
        parameters[base + 1], parameters[base + 2] = id, position + i
        for c, column in ipairs(columns) do
            local value = records[i][column]
            if type(value) == "boolean" then value = value and 1 or 0 end
            parameters[base + 2 + c] = value
        end
    end
    conn:execute("INSERT INTO git_deletion VALUES " .. table.concat(values, ", "), parameters)
end

local function add(conn, id, position, records)
    for first = 1, #records, rows_at_once do
        insert(conn, id, position, records, first, math.min(first + rows_at_once - 1, #records))
    end
end

function Index:add(id, position, records)
    add(open_store(), id, position, records)
    return true
end

local function drop_old(conn, key, id)
    local now = os.time()
    conn:execute([[DELETE FROM git_deletion_index WHERE used < ? OR (used < ? AND id < ? AND (complete = 0 OR
        (repository = ? AND path = ? AND (options = ? OR engine <> ?))))]],
        { now - unused_s, now - superseded_s, id, key.repository, key.path, key.options, engine_version })
end

function Index:finish(id)
    return open_store():transaction(function(conn)
        conn:execute("UPDATE git_deletion_index SET complete = 1 WHERE id = ?", { id })
        drop_old(conn, self.key, id)
        return true
    end)
end

-- What a walk from another tip has to know of an index; with the positions of each commit's rows.
function Index:known(found)
    local commits = {}
    local rows = open_store():each([[SELECT commit_id, min(position) AS "first", max(position) AS "last",
        min("merge") AS "merge", min(pr) AS pr FROM git_deletion WHERE index_id = ? GROUP BY commit_id]], { found.id })
    for row in rows do
        if #row.commit_id ~= 40 then return nil end -- damaged: the history is read anew
        commits[row.commit_id] = row
    end
    return { tip = found.tip, found = commits }
end

-- Joins stretches of rows that follow each other in the earlier index: most of it is one.
local function append_stretch(items, rows)
    local last = items[#items]
    if last and last.first and last.last + 1 == rows.first then
        last.last = rows.last
    else
        items[#items + 1] = { first = rows.first, last = rows.last }
    end
end

-- Writes an index of `items`: lists of records, and stretches of rows of the index `from`.
function Index:write(tip, items, from)
    return open_store():transaction(function(conn)
        local id, position = begin(conn, self.key, tip, nil, 1), 0
        for _, item in ipairs(items) do
            if item.first then
                conn:execute(([[INSERT INTO git_deletion SELECT ?, position + ?, %s FROM git_deletion
                    WHERE index_id = ? AND position BETWEEN ? AND ?]]):format(stored_columns),
                    { id, position + 1 - item.first, from.id, item.first, item.last })
                position = position + item.last - item.first + 1
            else
                add(conn, id, position, item)
                position = position + #item
            end
        end
        drop_old(conn, self.key, id)
        return { id = id, tip = tip }
    end)
end

local function rows_of(found, query)
    open_store():execute("UPDATE git_deletion_index SET used = ? WHERE id = ?", { os.time(), found.id })
    return open_store():each([[SELECT path, commit_id AS "commit", time, author, author_email, subject, pr, "merge",
        in_mainline, moved_to, similarity_percent, blob FROM git_deletion
        WHERE index_id = ? AND time >= ? AND time <= ? ORDER BY position]],
        { found.id, query.since or -math.huge, query["until"] or math.huge })
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
                row.in_mainline = row.in_mainline == 1
                if #batch == presence_at_once then break end
            end
            if #batch == 0 then return nil end
            local present = repository:has_files(tip, paths)
            for i, row in ipairs(batch) do row.present = present[i] end
        end
        return batch[index]
    end
end

local function walk(repository, query, tip, earlier)
    return each(native["Repository:deletions"](repository, query, tip, earlier), 32, 1024)
end

-- Walks it all; what it finds is put into the index as it comes, which counts once the end was reached.
local function find_anew(repository, index, query, tip)
    local next_record = walk(repository, query, tip)
    local id = index:try(Index.begin, tip, query.since)
    local pending, written = {}, 0
    local function write()
        if id then index:try(Index.add, id, written, pending) end
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

-- Walks from a tip that has moved, with what is known from the last time; gives the index of it.
local function brought_up(repository, index, query, tip, found)
    local earlier = index:try(Index.known, found)
    if not earlier then return nil end
    local items = {}
    for record in walk(repository, query, tip, earlier) do
        if record.as_before then
            append_stretch(items, earlier.found[record.commit])
        else
            local last = items[#items]
            if not last or last.first then
                last = {}
                items[#items + 1] = last
            end
            last[#last + 1] = record
        end
    end
    return index:try(Index.write, tip, items, found)
end

-- The records of an index, brought up to the tip; nil where there is none.
local function from_index(repository, index, query, tip)
    local found, is_up_to_date = index:try(Index.find, tip, query.since)
    if found and not is_up_to_date then
        local whole = { path = query.path, first_parent = query.first_parent, renames = query.renames }
        found = brought_up(repository, index, whole, tip, found)
    end
    local rows = found and index:try(function() return rows_of(found, query) end)
    return rows and with_presence(repository, tip, rows)
end

-- Only what one follows month after month is worth an index: not a fixed commit.
local function index_for(repository, options, query)
    local revision = options.revision or (repository:head() or {}).ref or "HEAD"
    local fixed = revision:find("^%x+$") or revision:find("[~^@:]")
    local is_list = type(query.path) == "table"
    if options.index == false or is_list or (fixed and not options.index) then return nil end
    if not fixed and repository:resolve("refs/heads/" .. revision) then revision = "refs/heads/" .. revision end
    local flags = ("first_parent=%s renames=%s revision=%s"):format(
        tostring(query.first_parent or false), tostring(query.renames ~= false), revision)
    local key = { repository = repository:common_folder(), path = query.path or "", options = flags }
    return new_index({ key = key, wanted = options.index == true, failed = false })
end

local function records_of(repository, options, query)
    local tip = native["Repository:deletions_tip"](repository, options.revision)
    if not tip then return function() return nil end end
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
