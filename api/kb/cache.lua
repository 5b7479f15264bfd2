-- What knowledge base files hold, kept in the store `kb_cache` of the state folder, so that a start with files that
-- were not edited needs no sandbox. What is kept counts only as long as the content of every file it came from is the
-- same.
--
-- A cache is never a reason to fail: what cannot be read is made anew, a damaged store is replaced, and without a store
-- there is no cache.
local M = {}

-- A row is everything that one pair of folders holds; checkouts come and go.
local most_rows, largest_bytes, keep_s = 20, 64 * 1024 * 1024, 90 * 24 * 3600
-- Changes when what is kept would mean something else.
local format = 1

local steps = {
    [[CREATE TABLE kb_data (
        key TEXT PRIMARY KEY,       -- the folders and files that were asked for
        content BLOB NOT NULL,      -- JSON
        used INTEGER NOT NULL       -- seconds since 1970
    ) STRICT]],
}

local function open()
    local store = db.open(nil, { store = "kb_cache", busy_timeout_s = 2 })
    store:migrate("kb_data", steps)
    return store
end

-- The file of a store that is damaged, from the error that says so.
local function damaged_file(raised)
    if not uhost.is_error(raised) or raised.kind ~= "db.corrupt" then return nil end
    return raised.message:match("^(.*) is not an SQLite database$") or raised.message:match("^(.*) is damaged$")
end

local function is_cancelled(raised) return type(raised) == "table" and raised.kind == "cancelled" end

-- What `body(store)` gives, or nil.
local function with_store(body)
    for attempt = 1, 2 do
        local store
        local ok, result = pcall(function()
            store = open()
            return body(store)
        end)
        if store then pcall(store.close, store) end
        if ok then return result end
        if is_cancelled(result) then error(result, 0) end
        local file = damaged_file(result)
        log.debug(("the knowledge bases' cache is not used: %s"):format(tostring(result)))
        if not file or attempt == 2 then return nil end
        for _, ending in ipairs({ "", "-wal", "-shm" }) do pcall(fs.remove, file .. ending) end
    end
end

--- What is kept under a key, or nil.
---@param key string
---@return table?
function M.read(key)
    local row = with_store(function(store)
        return store:one("SELECT content FROM kb_data WHERE key = ?", { key })
    end)
    if not row then return nil end
    local ok, kept = pcall(json.decode, row.content)
    if not ok or type(kept) ~= "table" then return nil end
    return kept.format == format and kept.version == uhost.version and kept.value or nil
end

local function tidy(store)
    store:execute("DELETE FROM kb_data WHERE used < ?", { os.time() - keep_s })
    store:execute([[DELETE FROM kb_data WHERE key NOT IN (SELECT key FROM kb_data ORDER BY used DESC LIMIT ?)]],
        { most_rows })
end

--- Keeps a value.
---@param key string
---@param value table  of plain data
function M.write(key, value)
    local ok, content = pcall(json.encode, { format = format, version = uhost.version, value = value })
    if not ok or #content > largest_bytes then return end
    with_store(function(store)
        store:transaction(function()
            store:execute("INSERT OR REPLACE INTO kb_data VALUES (?, ?, ?)", { key, db.blob(content), os.time() })
            tidy(store)
        end)
    end)
end

return M
