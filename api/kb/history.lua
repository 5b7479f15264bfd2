-- What entries were found in which logs: the store `kb` of the state folder. It says how rare an entry is, and which
-- ones never explained anything.
--
-- Nothing depends on it: a store that cannot be used is done without, and a line at the debug level says so.
local M = {}

-- How many logs are remembered with what was found in them, so that a log that is read again counts once.
local max_logs = 2000
local max_ids, max_text_bytes = 2000, 200

local steps = {
    [[CREATE TABLE kb_log (
        number INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,      -- identifies the log
        time INTEGER NOT NULL           -- seconds since 1970
    ) STRICT;
    CREATE TABLE kb_hit (
        log INTEGER NOT NULL REFERENCES kb_log (number) ON DELETE CASCADE,
        entry TEXT NOT NULL,
        hits INTEGER NOT NULL,
        PRIMARY KEY (log, entry)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE kb_total (
        entry TEXT PRIMARY KEY,         -- '' counts the logs
        hits INTEGER NOT NULL,
        logs INTEGER NOT NULL,
        last INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;]],
}

local connection

-- Opened once for a run; it is closed when that ends.
local function opened()
    if not connection then
        local fresh = db.open(nil, { store = "kb", busy_timeout_s = 2 })
        fresh:migrate("kb_history", steps)
        connection = fresh
    end
    return connection
end

local function with_store(body)
    local ok, result = pcall(function() return body(opened()) end)
    if ok then return result end
    -- The next one may fare better.
    if connection then pcall(connection.close, connection) end
    connection = nil
    if type(result) == "table" and result.kind == "cancelled" then error(result, 0) end
    log.debug(("the history of the knowledge bases is not used: %s"):format(tostring(result)))
end

-- How often each id is in what was given: a list of ids, or ids with their counts.
local function counted(ids)
    local hits, left = {}, max_ids
    local function add(id, count)
        if type(id) ~= "string" or id == "" or #id > max_text_bytes then return end
        if not hits[id] then
            if left == 0 then return end
            left = left - 1
        end
        hits[id] = (hits[id] or 0) + count
    end
    for key, value in pairs(ids) do
        if type(key) == "number" then add(value, 1) else add(key, tonumber(value) or 1) end
    end
    return hits
end

local function add_total(store, entry, hits, logs, now)
    store:execute([[INSERT INTO kb_total VALUES (:entry, :hits, :logs, :now) ON CONFLICT DO UPDATE SET
        hits = max(0, hits + :hits), logs = max(0, logs + :logs), last = max(last, :now)]],
        { entry = entry, hits = hits, logs = logs, now = now })
end

-- What a log counted for when it was looked at before no longer counts.
local function take_back(store, name)
    local known = store:one("SELECT number FROM kb_log WHERE name = ?", { name })
    if not known then return end
    for _, row in ipairs(store:query("SELECT entry, hits FROM kb_hit WHERE log = ?", { known.number })) do
        add_total(store, row.entry, -row.hits, -1, 0)
    end
    add_total(store, "", 0, -1, 0)
    store:execute("DELETE FROM kb_log WHERE number = ?", { known.number })
end

local function keep(store, name, hits, now)
    take_back(store, name)
    local _, number = store:execute("INSERT INTO kb_log (name, time) VALUES (?, ?)", { name, now })
    for id, count in pairs(hits) do
        store:execute("INSERT INTO kb_hit VALUES (?, ?, ?)", { number, id, count })
        add_total(store, id, count, 1, now)
    end
    add_total(store, "", 0, 1, now)
    store:execute("DELETE FROM kb_log WHERE number <= (SELECT max(number) FROM kb_log) - ?", { max_logs })
end

--- Remembers which entries a log had. A log that is looked at again counts once, as it was the last time; that is known
--- of the last 2000 logs.
---@param name string  identifies the log: "run 123 of owner/name", or a file's path and size
---@param ids string[]|table<string, integer>  entries' ids, one for each hit, or with how many hits there were
---@param options? { now?: integer }  seconds since 1970
function M.record(name, ids, options)
    local hits, now = counted(ids), options and options.now or os.time()
    name = name:sub(1, 1000)
    with_store(function(store)
        store:transaction(function() keep(store, name, hits, now) end)
    end)
end

---@class kb.Count
---@field hits integer
---@field logs integer  in how many logs it was found
---@field last integer  when it was found last, seconds since 1970

--- How often each entry was found, and in how many logs was looked. Entries that were never found are not in it.
---@return table<string, kb.Count> counts, integer logs_total
function M.counts()
    local counts, total = {}, 0
    local rows = with_store(function(store)
        return store:query("SELECT entry, hits, logs, last FROM kb_total WHERE logs > 0")
    end)
    for _, row in ipairs(rows or {}) do
        if row.entry == "" then
            total = row.logs
        else
            counts[row.entry] = { hits = row.hits, logs = row.logs, last = row.last }
        end
    end
    return counts, total
end

--- Forgets everything.
function M.forget()
    with_store(function(store)
        store:transaction(function() store:execute("DELETE FROM kb_log; DELETE FROM kb_total;") end)
    end)
end

return M
