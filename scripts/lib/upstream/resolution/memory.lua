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
]], [[
    ALTER TABLE remembered_resolutions ADD COLUMN fork TEXT;
    ALTER TABLE remembered_resolutions ADD COLUMN sides TEXT
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
---@param origin { path: string, source: string, fork?: string }  source: the sync or the commit; fork: see
---    `lib.upstream.syncs`, for forget_undone
---@return string? hash
function M.remember(store, hunk, lines, origin)
    local hash = M.hash_of(hunk)
    if not hash then return nil end
    store:execute([[
        INSERT INTO remembered_resolutions (hash, resolution, path, source, created_at, fork, sides)
        VALUES (:hash, :resolution, :path, :source, :now, :fork, :sides)
        ON CONFLICT (hash) DO UPDATE SET resolution = excluded.resolution, path = excluded.path,
            source = excluded.source, created_at = excluded.created_at, fork = excluded.fork, forgotten_at = NULL
    ]], {
        hash = hash, resolution = json.encode(json.array(lines)), path = origin.path, source = origin.source,
        fork = origin.fork, sides = json.encode({ json.array(hunk.ours), json.array(hunk.theirs) }),
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

-- Whether lines stand in a text, whatever their spaces.
local function stands_in(text, lines)
    local block = {}
    for _, line in ipairs(lines) do
        if line:find("%S") then block[#block + 1] = texts.squeeze(line) end
    end
    return #block > 0 and text:find("\n" .. table.concat(block, "\n") .. "\n", 1, true) ~= nil
end

local function squeezed_lines(text)
    local lines = {}
    for _, line in ipairs(texts.lines(text)) do
        if line:find("%S") then lines[#lines + 1] = texts.squeeze(line) end
    end
    return "\n" .. table.concat(lines, "\n") .. "\n"
end

-- The file has what one side had in the place of what the person made of it.
local function was_undone(row, text)
    local resolution, sides = json.decode(row.resolution), json.decode(row.sides)
    text = squeezed_lines(text)
    if #resolution == 0 or stands_in(text, resolution) then return false end
    return stands_in(text, sides[1]) or stands_in(text, sides[2])
end

local function is_in_history(repo, source)
    if not source:find("^%x+$") or #source ~= 40 then return false end
    return repo:resolve(source .. "^{commit}") ~= nil and repo:is_ancestor(source, "HEAD")
end

--- Forgets what was undone since: the commit that has the resolution is in HEAD's history, but the file has one side's
--- lines again, and the resolution's no more. What a sync made is forgotten when that is rolled back.
---@param store db.Connection
---@param repo git.Repository
---@param fork string
---@return { hash: string, path: string }[] forgotten
function M.forget_undone(store, repo, fork)
    local rows, forgotten = store:query([[SELECT hash, path, source, resolution, sides FROM remembered_resolutions
        WHERE fork = ? AND sides IS NOT NULL AND forgotten_at IS NULL]], { fork }), {}
    for _, row in ipairs(rows) do
        local text = is_in_history(repo, row.source) and repo:read("HEAD", row.path)
        if text and was_undone(row, text) then
            M.forget(store, { hash = row.hash })
            forgotten[#forgotten + 1] = { hash = row.hash, path = row.path }
        end
    end
    return forgotten
end

return M
