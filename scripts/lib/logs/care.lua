-- `uhost logs stats`, `verify` and `prune`: what is kept, whether it is whole, and what is to be forgotten.
local store_of = require("lib.logs.store")

local M = {}

-- What is kept --------------------------------------------------------------------------------------------------------

---@class logs.Stats
---@field runs integer
---@field jobs integer
---@field lines integer
---@field bytes integer  of the logs as they came
---@field stored_bytes integer
---@field stored_percent number?
---@field oldest string?
---@field newest string?
---@field segments integer

--- Counts.
---@param store db.Connection
---@param segments logs.Store
---@return logs.Stats
function M.stats(store, segments)
    local runs = store:one([[SELECT count(*) AS runs, min(created_at) AS oldest, max(created_at) AS newest
        FROM log_runs]])
    local jobs = store:one([[SELECT count(*) AS jobs, coalesce(sum(lines), 0) AS lines,
        coalesce(sum(bytes), 0) AS bytes FROM log_jobs]])
    local stored, list = 0, segments:segments()
    for _, segment in ipairs(list) do stored = stored + segment.bytes end
    return {
        runs = runs.runs, oldest = runs.oldest, newest = runs.newest, jobs = jobs.jobs, lines = jobs.lines,
        bytes = jobs.bytes, stored_bytes = stored, segments = #list,
        stored_percent = jobs.bytes > 0 and math.floor(1000 * stored / jobs.bytes + 0.5) / 10 or nil,
    }
end

-- Whether it is whole -------------------------------------------------------------------------------------------------

---@class logs.LostLines
---@field run string
---@field job string
---@field first_line integer  in the job, from 1
---@field last_line integer

-- The jobs that have lines in a damaged stretch of a segment.
local function lost_in(store, segment, first, lines)
    local list = {}
    for row in store:each([[SELECT r.name AS run, j.name AS job, j.first_line, j.lines FROM log_jobs j
        JOIN log_runs r ON r.id = j.run WHERE j.segment = :segment AND j.first_line < :stop
        AND j.first_line + j.lines > :first ORDER BY j.first_line]],
        { segment = segment, first = first, stop = first + lines }) do
        list[#list + 1] = { run = row.run, job = row.job, first_line = math.max(first - row.first_line, 0) + 1,
            last_line = math.min(first + lines - row.first_line, row.lines) }
    end
    return list
end

---@class logs.Verified
---@field segments integer
---@field damages { segment: integer, block: integer?, what: string, lost: logs.LostLines[] }[]

--- Reads all segments, and compares the store with them.
---@param store db.Connection
---@param segments logs.Store
---@return logs.Verified
function M.verify(store, segments)
    local result, lines_of = { segments = 0, damages = {} }, {}
    local list = segments:segments()
    local progress = term.progress{ title = "Reading", total = #list }
    for _, segment in ipairs(list) do
        lines_of[segment.id] = segment.lines
        result.segments = result.segments + 1
        for _, damage in ipairs(segments:verify(segment.id) or {}) do
            table.insert(result.damages, { segment = segment.id, block = damage.block, what = damage.what,
                lost = lost_in(store, segment.id, damage.first_line, damage.lines) })
        end
        progress:advance()
    end
    progress:finish()
    for row in store:each("SELECT segment, max(first_line + lines) AS stop FROM log_jobs GROUP BY segment") do
        local lines = lines_of[row.segment] or 0
        if row.stop > lines then
            local what = lines_of[row.segment] and "its end is missing" or "the segment is missing"
            table.insert(result.damages, { segment = row.segment, what = what,
                lost = lost_in(store, row.segment, lines, row.stop - lines) })
        end
    end
    return result
end

-- What is to be forgotten ---------------------------------------------------------------------------------------------

-- Lines of runs, by the policy's rules: the first that matches says for how long.
local function keep_for(rules, run)
    for _, rule in ipairs(rules.rules) do
        local matches = true
        for name, wanted in pairs(rule.match) do matches = matches and run[name] == wanted end
        if matches then return rule.keep end
    end
    return rules.keep
end

local function is_old(rules, run, options)
    return time.parse(run.created_at) < (options.keep or time.ago(keep_for(rules, run)))
end

-- The runs to forget: the old ones, then the oldest while there is too much.
local function to_forget(store, segments, rules, options)
    local runs, forgotten, kept, bytes = store_of.runs(store, {}), {}, {}, 0
    for _, run in ipairs(runs) do
        run.bytes = 0
        for _, job in ipairs(run.jobs) do run.bytes = run.bytes + job.bytes end
        if is_old(rules, run, options) then
            forgotten[#forgotten + 1] = run
        else
            kept[#kept + 1], bytes = run, bytes + run.bytes
        end
    end
    local stats = M.stats(store, segments)
    local ratio = stats.bytes > 0 and stats.stored_bytes / stats.bytes or 0
    for _, run in ipairs(kept) do
        if bytes * ratio <= rules.max_stored_bytes then break end
        forgotten[#forgotten + 1], bytes = run, bytes - run.bytes
    end
    return forgotten
end

-- A segment of which less than this is still of use is rewritten.
local least_used = 0.5

-- Copies the jobs of a segment to another one, and then lets it go.
local function rewrite(store, segments, id)
    local writer, moved = segments:writer(), {}
    for row in store:each("SELECT id, first_line, lines FROM log_jobs WHERE segment = ? ORDER BY first_line", { id }) do
        moved[#moved + 1] = { id = row.id, added = writer:copy(id, row.first_line, row.lines) }
    end
    writer:commit()
    store:transaction(function()
        for _, each in ipairs(moved) do
            store:execute("UPDATE log_jobs SET segment = ?, first_line = ? WHERE id = ?",
                { each.added.segment, each.added.first_line, each.id })
        end
    end)
    writer:close()  -- not before: until then nobody takes the segment for one without logs
end

-- Nobody adds to the segment meanwhile, and what was added before is in the store: a writer lets a segment go after
-- that.
local function give_back_one(store, segments, segment)
    local row = store:one("SELECT sum(lines) AS lines FROM log_jobs WHERE segment = ?", { segment.id })
    local share = (row.lines or 0) / math.max(segment.lines, 1)
    if share >= least_used then return end
    if share > 0 then rewrite(store, segments, segment.id) end
    segments:remove(segment.id)
    return share > 0 and "rewritten" or "removed"
end

local function give_back(store, segments)
    local counts = { removed = 0, rewritten = 0 }
    for _, segment in ipairs(segments:segments()) do
        local lock = segments:lock(segment.id)
        local done = lock and task.finally(function() return give_back_one(store, segments, segment) end,
            function() lock:close() end)
        if done then counts[done] = counts[done] + 1 end
    end
    segments:remove_dictionaries()
    return counts.removed, counts.rewritten
end

---@class logs.Pruned
---@field runs integer
---@field bytes integer  of their logs as they came
---@field removed_segments integer
---@field rewritten_segments integer
---@field stored_bytes integer  what is left

--- Forgets old runs, and gives their space back.
---@param store db.Connection
---@param segments logs.Store
---@param options table
---@return logs.Pruned
function M.prune(store, segments, options)
    local rules = policy.load("log_retention", { schema = require("lib.schemas.log_retention") }):data()
    local forgotten, bytes = to_forget(store, segments, rules, options), 0
    store:transaction(function()
        for _, run in ipairs(forgotten) do
            store:execute("DELETE FROM log_runs WHERE id = ?", { run.id })
            bytes = bytes + run.bytes
        end
    end)
    local removed, rewritten = give_back(store, segments)
    return { runs = #forgotten, bytes = bytes, removed_segments = removed, rewritten_segments = rewritten,
        stored_bytes = M.stats(store, segments).stored_bytes }
end

return M
