-- Answers kept with their ETags, in the store `github.sqlite` of the state folder, which other processes may use at the
-- same time. GitHub answers a known ETag with 304, which has no body and costs nothing of the rate limit.
-- https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
--
-- What is kept belongs to one URL, the headers that were sent, and whose token it was, so that an answer which varies
-- by any of them is never given for another.
local tables = require("uhost.tables")

local default_size_mb = 64
local max_share = 1 / 8       -- of the cache for one answer
local refresh_used_s = 600    -- how exact the time of the last use is, which orders removal
local busy_timeout_s = 2
local kept_headers = { "link", "content-type", "etag", "last-modified", "x-github-media-type" }

local steps = {
    [[CREATE TABLE github_answer (
        key TEXT PRIMARY KEY,       -- a hash of the identity, the URL and the headers sent
        etag TEXT NOT NULL,
        headers TEXT NOT NULL,      -- JSON
        body BLOB NOT NULL,
        size_bytes INTEGER NOT NULL,
        used INTEGER NOT NULL       -- seconds since 1970
    ) STRICT;
    CREATE INDEX github_answer_used ON github_answer (used);]],
}

return function(native)
    local M = { requests = 0, not_modified = 0, kept = 0, bytes_saved = 0 }

    local store, opening, is_off, pending_bytes = nil, nil, false, nil

    local function size_bytes()
        return (native.number_setting("cache_size_mb") or default_size_mb) * 1024 * 1024
    end

    local function open_store()
        local opened = db.open(nil, { store = "github", busy_timeout_s = busy_timeout_s })
        opened:migrate("github_cache", steps)
        return opened
    end

    -- A cache that cannot be used is done without, after one warning.
    local function give_up(err)
        if not is_off then
            log.warn(("answers of GitHub are not kept in this run: %s"):format(tostring(err)))
            log.debug("the cache is github.sqlite in the state folder; it may be deleted at any time")
        end
        is_off = true
        return nil
    end

    -- Tasks that come first together open it once.
    local function opened_store()
        opening = opening or task.limit(1)
        return store or opening:with(function()
            store = store or open_store()
            return store
        end)
    end

    -- What `body(store)` gives; nil when the cache cannot be used. Being cancelled is not a failure of the cache.
    local function with_store(body)
        if is_off then return nil end
        local ok, result = pcall(function() return body(opened_store()) end)
        if ok then return result end
        if type(result) == "table" and result.kind == "cancelled" then error(result, 0) end
        return give_up(result)
    end

    local function is_on()
        return not is_off and native.flag_setting("cache") ~= false and not (http.is_intercepted() or http.is_replay())
    end

    local function is_enabled(request)
        return request.method == "GET" and not request.graphql and request.cache ~= false and not request.to_file
            and is_on()
    end

    local function key_of(request)
        local pieces = { request.identity or "", request.url, http.query(request.query or {}) }
        for _, name in ipairs(tables.sorted_keys(request.headers or {})) do
            pieces[#pieces + 1] = name:lower() .. ": " .. request.headers[name]
        end
        return native.hash(table.concat(pieces, "\n"))
    end

    -- What is kept for a request: { etag, headers, body }; nil when there is nothing.
    function M.find(request)
        if not is_enabled(request) then return nil end
        request.key = request.key or key_of(request)
        return with_store(function(opened)
            return opened:one("SELECT etag, headers, body, used FROM github_answer WHERE key = ?", { request.key })
        end)
    end

    local function mark_used(request, kept)
        local now = os.time()
        if now - kept.used < refresh_used_s then return end
        with_store(function(opened)
            opened:execute("UPDATE github_answer SET used = ? WHERE key = ?", { now, request.key })
        end)
    end

    -- The answer that a response stands for: itself, or for a 304 what is kept.
    function M.answer(request, kept, response)
        if request.method == "GET" and not request.graphql then M.requests = M.requests + 1 end
        if not (kept and response.status == 304) then return response end
        M.not_modified, M.bytes_saved = M.not_modified + 1, M.bytes_saved + #kept.body
        mark_used(request, kept)
        for name, value in pairs(json.decode(kept.headers)) do
            if response.headers[name] == nil then response.headers[name] = value end
        end
        response.status, response.ok, response.cached = 200, true, true
        response.body, response.body_bytes = kept.body, #kept.body
        return response
    end

    local function may_keep(request, response)
        local headers = response.headers
        return request.key and response.status == 200 and not response.cached and headers.etag
            and not headers["set-cookie"] and not (headers.vary or ""):find("*", 1, true)
            and not (headers["cache-control"] or ""):find("no-store", 1, true)
            and #response.body <= size_bytes() * max_share
    end

    -- Removes what was not used for longest until the cache is at nine tenths of its size.
    local function make_room(opened, limit)
        opened:execute([[DELETE FROM github_answer WHERE key IN (SELECT key FROM (
            SELECT key, SUM(size_bytes) OVER (ORDER BY used DESC, key) AS upto FROM github_answer) WHERE upto > ?)]],
            { math.floor(limit * 0.9) })
    end

    -- How many bytes are kept, counted once and then followed; other processes may keep some as well.
    local function grown_by(opened, bytes)
        if not pending_bytes or pending_bytes > size_bytes() then
            pending_bytes = opened:one("SELECT COALESCE(SUM(size_bytes), 0) AS total FROM github_answer").total
        end
        pending_bytes = pending_bytes + bytes
        return pending_bytes
    end

    -- Keeps a whole answer, if it may be.
    function M.keep(request, response)
        if not may_keep(request, response) then return end
        local headers = {}
        for _, name in ipairs(kept_headers) do headers[name] = response.headers[name] end
        local bytes = #response.body + 512
        with_store(function(opened)
            opened:execute([[INSERT INTO github_answer VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
                etag = excluded.etag, headers = excluded.headers, body = excluded.body,
                size_bytes = excluded.size_bytes, used = excluded.used]],
                { request.key, headers.etag, json.encode(headers), db.blob(response.body), bytes, os.time() })
            M.kept = M.kept + 1
            if grown_by(opened, bytes) > size_bytes() then
                make_room(opened, size_bytes())
                pending_bytes = nil
            end
        end)
    end

    -- What the cache did in this process, and what it holds.
    function M.stats()
        local held = is_on() and with_store(function(opened)
            return opened:one("SELECT COUNT(*) AS answers, COALESCE(SUM(size_bytes), 0) AS bytes FROM github_answer")
        end)
        return {
            requests = M.requests, not_modified = M.not_modified, kept = M.kept, bytes_saved = M.bytes_saved,
            share = M.requests > 0 and M.not_modified / M.requests or 0,
            answers = held and held.answers or 0, size_bytes = held and held.bytes or 0,
            enabled = is_on(),
        }
    end

    return M
end
