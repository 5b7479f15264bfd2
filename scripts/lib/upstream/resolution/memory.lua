-- Conflicts that a person resolved, kept in the store: the same conflict, in whatever file and on whatever line, is
-- resolved the same again. What was undone is forgotten.
local texts = require("lib.upstream.resolution.texts")

local M = {}

local migrations = { [[
    CREATE TABLE remembered_resolutions (
        hash TEXT PRIMARY KEY, resolution TEXT NOT NULL, path TEXT NOT NULL, source TEXT NOT NULL,
        created_at TEXT NOT NULL, forgotten_at TEXT) STRICT;
    CREATE TABLE remembered_resolution_uses (
        id INTEGER PRIMARY KEY, hash TEXT NOT NULL, path TEXT NOT NULL, source TEXT NOT NULL, used_at TEXT NOT NULL
        ) STRICT;
    CREATE TABLE resolution_path_uses (
        id INTEGER PRIMARY KEY, rule TEXT NOT NULL, path TEXT NOT NULL, source TEXT NOT NULL, used_at TEXT NOT NULL
        ) STRICT
]] }

---@param store? db.Connection  default: the store `uhost`
---@return db.Connection
function M.open(store)
    store = store or db.open()
    store:migrate("resolution_memory", migrations)
    return store
end

local function plain(lines)
    local trimmed = {}
    for i, line in ipairs(lines) do trimmed[i] = (line:gsub("%s+$", "")) end
    return texts.join(trimmed)
end

--- What identifies a conflict: the texts of its sides, whichever is ours, without blanks at line ends. A conflict
--- without words says too little to be known again.
---@param hunk upstream.Hunk
---@return string?
function M.hash_of(hunk)
    local base, ours, theirs = plain(hunk.base), plain(hunk.ours), plain(hunk.theirs)
    if not (base .. ours .. theirs):find("%w") then return nil end
    if ours > theirs then ours, theirs = theirs, ours end
    return hash.text(("%d %d %d\n%s%s%s"):format(#base, #ours, #theirs, base, ours, theirs))
end

--- Remembers what a person made of a hunk.
---@param store db.Connection
---@param hunk upstream.Hunk
---@param lines string[]
---@param origin { path: string, source: string }  source: the sync or the commit
---@return string? hash
function M.remember(store, hunk, lines, origin)
    local hash = M.hash_of(hunk)
    if not hash then return nil end
    store:execute([[
        INSERT INTO remembered_resolutions VALUES (:hash, :resolution, :path, :source, :now, NULL)
        ON CONFLICT (hash) DO UPDATE SET resolution = excluded.resolution, path = excluded.path,
            source = excluded.source, created_at = excluded.created_at, forgotten_at = NULL
    ]], {
        hash = hash, resolution = json.encode(json.array(lines)), path = origin.path, source = origin.source,
        now = time.iso(time.now()),
    })
    return hash
end

--- What was made of the same conflict.
---@param store db.Connection
---@param hunk upstream.Hunk
---@return string[]? lines
---@return string? hash
---@return string? path  where it was resolved
function M.recall(store, hunk)
    local hash = M.hash_of(hunk)
    local row = hash and store:one(
        "SELECT resolution, path FROM remembered_resolutions WHERE hash = ? AND forgotten_at IS NULL", { hash })
    if not row then return nil end
    local lines = {}
    for i, line in ipairs(json.decode(row.resolution)) do lines[i] = line end
    return lines, hash, row.path
end

--- Notes that a remembered resolution was used.
---@param store db.Connection
---@param hash string
---@param path string
---@param source string
function M.note_use(store, hash, path, source)
    store:execute("INSERT INTO remembered_resolution_uses (hash, path, source, used_at) VALUES (?, ?, ?, ?)",
        { hash, path, source, time.iso(time.now()) })
end

--- Notes that a path that the policy declares settled a conflict.
---@param store db.Connection
---@param rule string
---@param path string
---@param source string
function M.note_path_use(store, rule, path, source)
    store:execute("INSERT INTO resolution_path_uses (rule, path, source, used_at) VALUES (?, ?, ?, ?)",
        { rule, path, source, time.iso(time.now()) })
end

--- How often each declared path was needed, and when last.
---@param store db.Connection
---@return { rule: string, uses: integer, last_used_at: string }[]
function M.path_uses(store)
    return store:query([[SELECT rule, count(*) AS uses, max(used_at) AS last_used_at FROM resolution_path_uses
        GROUP BY rule ORDER BY rule]])
end

--- What is remembered, newest first.
---@param store db.Connection
---@return { hash: string, path: string, source: string, created_at: string, uses: integer }[]
function M.list(store)
    return store:query([[
        SELECT r.hash, r.path, r.source, r.created_at, count(u.id) AS uses FROM remembered_resolutions r
        LEFT JOIN remembered_resolution_uses u ON u.hash = r.hash
        WHERE r.forgotten_at IS NULL GROUP BY r.hash, r.path, r.source, r.created_at ORDER BY r.created_at DESC, r.hash
    ]])
end

--- Where a remembered resolution was used.
---@param store db.Connection
---@param hash string
---@return { path: string, source: string, used_at: string }[]
function M.uses(store, hash)
    return store:query("SELECT path, source, used_at FROM remembered_resolution_uses WHERE hash = ? ORDER BY id",
        { hash })
end

--- Forgets resolutions: the next conflict of the kind is a person's again.
---@param store db.Connection
---@param what { hash?: string, path?: string, source?: string }  hash: or its beginning
---@return { hash: string, path: string }[] forgotten
function M.forget(store, what)
    uhost.check_options(what, "forget", { "hash", "path", "source" })
    local conditions, parameters = { "forgotten_at IS NULL" }, { now = time.iso(time.now()) }
    if what.hash then
        conditions[#conditions + 1] = "substr(hash, 1, :length) = :hash"
        parameters.hash, parameters.length = what.hash, #what.hash
    end
    for _, name in ipairs{ "path", "source" } do
        if what[name] then
            conditions[#conditions + 1] = ("%s = :%s"):format(name, name)
            parameters[name] = what[name]
        end
    end
    if #conditions == 1 then return {} end
    local where = table.concat(conditions, " AND ")
    return store:transaction(function()
        local selection = { hash = parameters.hash, length = parameters.length, path = what.path, source = what.source }
        local rows = store:query("SELECT hash, path FROM remembered_resolutions WHERE " .. where, selection)
        if #rows > 0 then
            store:execute("UPDATE remembered_resolutions SET forgotten_at = :now WHERE " .. where, parameters)
        end
        return rows
    end)
end

return M
