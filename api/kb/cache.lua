-- What knowledge base files hold, kept in the store `kb_cache` of the state folder, so that a start with files that
-- were not edited needs no sandbox. What is kept counts only as long as the content of every file it came from is the
-- same, byte for byte.
--
-- Files whose size and time of change are as they were are taken to be the same without a look into them, if they had
-- not been changed shortly before they were read: the clock of a disk is coarse.
--
-- For each set of files there is an index: the patterns, which looking through a log needs. What else the items of a
-- file have is read when one of them was found, and what they say when that is asked for.
--
-- A cache is never a reason to fail: what cannot be read is made anew, a damaged store is replaced, and without a store
-- there is no cache.
local M = {}

-- Checkouts come and go.
local max_sets, max_file_bytes, keep_s = 10, 64 * 1024 * 1024, 90 * 24 * 3600
-- Changes when what is kept would mean something else.
local format = 7
-- How long before it was read a file must have been left alone; and times that tools set which know none.
local settle_s, first_plausible = 3, "1980-01-02"

local steps = {
    -- What an earlier format left.
    [[DROP TABLE IF EXISTS kb_set; DROP TABLE IF EXISTS kb_file;
    CREATE TABLE kb_set (
        key TEXT PRIMARY KEY,       -- the folders that were asked for
        used INTEGER NOT NULL,      -- seconds since 1970
        inputs TEXT NOT NULL,       -- JSON: what `sources` are of
        stamps TEXT NOT NULL,       -- their sizes and times
        read TEXT NOT NULL,         -- when they were read, ISO 8601
        content BLOB NOT NULL,      -- JSON: the index
        sources BLOB NOT NULL       -- the content of all files, last: whoever reads the others need not pass over it
    ) STRICT;
    CREATE TABLE kb_file (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL,
        name TEXT NOT NULL,
        light BLOB NOT NULL,        -- JSON: its items without what they say
        sources BLOB NOT NULL,
        content BLOB NOT NULL,      -- JSON: what the file holds
        UNIQUE (key, name)
    ) STRICT;]],
}

local function full_key(key) return ("%d\n%s\n%s"):format(format, uhost.version, key) end

-- The file of a store that is damaged, from the error that says so.
local function damaged_file(raised)
    if not uhost.is_error(raised) or raised.kind ~= "db.corrupt" then return nil end
    return raised.details.path
end

local store
-- A store that failed is done without until the end of the run.
local is_off = false

-- Opened once for a run; it is closed when that ends. A rehearsal would copy all of it to write to the copy.
local function opened()
    if not store then
        local fresh = db.open(nil, { store = "kb_cache", busy_timeout_s = 2, read_only = uhost.dry_run })
        fresh:migrate("kb_cache_" .. format, steps)
        store = fresh
    end
    return store
end

local function drop_damaged(file)
    if store then pcall(store.close, store) end
    store = nil
    for _, ending in ipairs({ "", "-wal", "-shm" }) do pcall(fs.remove, file .. ending) end
end

-- What `body(store)` gives, or nil.
local function with_store(body)
    if is_off then return nil end
    for attempt = 1, 2 do
        local ok, result = pcall(function() return body(opened()) end)
        if ok then return result end
        if type(result) == "table" and result.kind == "cancelled" then error(result, 0) end
        if uhost.is_error(result) and result.kind == "state.create" then
            log.warn(("knowledge bases are read without a cache, which takes longer: %s"):format(result.message))
        else
            log.debug(("the knowledge bases' cache is not used: %s"):format(tostring(result)))
        end
        local file = damaged_file(result)
        if not file or attempt == 2 then break end
        drop_damaged(file)
    end
    is_off = true
end

-- What is kept of entries is UTF-8; a message about one that is not may hold anything.
local function encoded(value) return json.encode(value, { invalid_utf8 = "replace" }) end

local function decoded(text)
    local ok, value = pcall(json.decode, text)
    return ok and type(value) == "table" and value or nil
end

-- Whether stamps alone show that files are as they were when they were read.
local function is_settled(stamps, read)
    local limit = time.iso(time.parse(read) - settle_s)
    for changed in stamps:gmatch("%d%d%d%d%-%d%d%-%d%dT[%d:%.]+Z") do
        if changed > limit or changed < first_plausible then return false end
    end
    return true
end

-- The stamps of files that turn out to be the same are kept, so that the next start need not look into them.
local function same_content(kept, key, sources, stamps)
    local row = kept:one("SELECT content FROM kb_set WHERE key = ? AND sources = ?", { key, db.blob(sources) })
    if row then
        kept:execute("UPDATE kb_set SET stamps = ?, read = ? WHERE key = ?", { stamps, time.iso(os.time()), key })
    end
    return row
end

---@class kb.CacheReader
---@field stamps fun(inputs: any): string  sizes and times of the files that the index depends on
---@field sources fun(inputs: any): string  their content

--- The index of a set of files, or nil when there is none, or one of the files is not as it was.
---@param key string
---@param reader kb.CacheReader
---@return table?
function M.index(key, reader)
    key = full_key(key)
    return with_store(function(kept)
        local set = kept:one("SELECT inputs, stamps, read FROM kb_set WHERE key = ?", { key })
        local inputs = set and decoded(set.inputs)
        if not inputs then return nil end
        local stamps = reader.stamps(inputs)
        local settled = stamps == set.stamps and is_settled(stamps, set.read)
        local row = settled and kept:one("SELECT content FROM kb_set WHERE key = ?", { key })
            or same_content(kept, key, reader.sources(inputs), stamps)
        return row and decoded(row.content)
    end)
end

--- What is kept of one file, with its number; nil when there is nothing.
---@param key string
---@param name string
---@param number? integer  only if it is the one of this number
---@return { number: integer, sources: string, content: table }?
function M.file(key, name, number)
    return with_store(function(kept)
        local row = kept:one("SELECT number, sources, content FROM kb_file WHERE key = ? AND name = ?",
            { full_key(key), name })
        if not row or number and row.number ~= number then return nil end
        row.content = decoded(row.content)
        return row.content and row
    end)
end

--- Of files, by their numbers, what is needed when one of their items was found; those that are gone are not in it.
---@param numbers integer[]
---@return table<integer, table>
function M.light(numbers)
    local found = {}
    local listed = table.concat(numbers, ", ")
    local rows = with_store(function(kept)
        return kept:query(("SELECT number, light FROM kb_file WHERE number IN (%s)"):format(listed))
    end)
    for _, row in ipairs(rows or {}) do found[row.number] = decoded(row.light) end
    return found
end

-- Of sets that were used within one second, those written last stay.
local function tidy(kept)
    kept:execute("DELETE FROM kb_set WHERE used < ?", { os.time() - keep_s })
    kept:execute("DELETE FROM kb_set WHERE key NOT IN "
        .. "(SELECT key FROM kb_set ORDER BY used DESC, rowid DESC LIMIT ?)", { max_sets })
    kept:execute("DELETE FROM kb_file WHERE key NOT IN (SELECT key FROM kb_set)")
end

local function write_files(kept, key, files)
    local numbers, names = {}, {}
    for _, file in ipairs(files) do
        names[file.name] = true
        if not file.number then
            local _, number = kept:execute(
                "INSERT OR REPLACE INTO kb_file (key, name, light, sources, content) VALUES (?, ?, ?, ?, ?)",
                {
                    key, file.name, db.blob(encoded(file.light)), db.blob(file.sources),
                    db.blob(encoded(file.content)),
                })
            numbers[file.name] = number
        else
            numbers[file.name] = file.number
        end
    end
    for _, row in ipairs(kept:query("SELECT name FROM kb_file WHERE key = ?", { key })) do
        if not names[row.name] then
            kept:execute("DELETE FROM kb_file WHERE key = ? AND name = ?", { key, row.name })
        end
    end
    return numbers
end

---@class kb.CachedFile
---@field name string
---@field sources string  what the file and all it needs contain
---@field light table  the same without what items say
---@field content table  plain data
---@field number? integer  of one that is kept already

--- Keeps a set of files.
---@param key string
---@param read string  when they were read, at the latest: ISO 8601
---@param files kb.CachedFile[]
---@param index fun(numbers: table<string, integer>): table, table, string, string  from the files' numbers: the index,
---    its inputs, their content, and their stamps
function M.write(key, read, files, index)
    key = full_key(key)
    with_store(function(kept)
        kept:transaction(function()
            local value, inputs, sources, stamps = index(write_files(kept, key, files))
            local content = encoded(value)
            if #content + #sources > max_file_bytes then return end
            kept:execute("INSERT OR REPLACE INTO kb_set VALUES (?, ?, ?, ?, ?, ?, ?)",
                { key, os.time(), json.encode(inputs), stamps, read, db.blob(content), db.blob(sources) })
            tidy(kept)
        end)
    end)
end

return M
