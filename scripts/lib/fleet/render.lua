-- Reports of runs.
local outcomes = require("lib.fleet.outcomes")
local run_of = require("lib.fleet.run")

local M = {}

local null = json.null

---@class fleet.Model
---@field run fleet.Run
---@field shards fleet.Shard[]
---@field counts table<string, integer>
---@field causes { outcome: string, cause: string, hint: string?, repositories: string[] }[]  of failures, most first

local function causes_of(shards)
    local list, by_key = {}, {}
    for _, shard in ipairs(shards) do
        local key = shard.state == "done" and shard.cause_key
        if key then
            local cause = by_key[key]
            if not cause then
                cause = { outcome = shard.outcome, cause = shard.cause, hint = shard.hint, repositories = {} }
                by_key[key], list[#list + 1] = cause, cause
            end
            cause.repositories[#cause.repositories + 1] = shard.repository
        end
    end
    local order = {}
    for i, cause in ipairs(list) do order[cause] = i end
    table.sort(list, function(a, b)
        if #a.repositories ~= #b.repositories then return #a.repositories > #b.repositories end
        return order[a] < order[b]
    end)
    return list
end

--- What is known of a run.
---@param store db.Connection
---@param run fleet.Run
---@return fleet.Model
function M.model(store, run)
    local store_of = require("lib.fleet.store")
    local shards = store_of.shards(store, run.id)
    return { run = run, shards = shards, counts = store_of.counts(store, run.id), causes = causes_of(shards) }
end

-- JSON ---------------------------------------------------------------------------------------------------------------

local function moment(seconds) return seconds and time.iso(seconds) or null end

local function or_null(value) if value == nil then return null end return value end

-- What a script reported as JSON is data in the report, too; anything else is its output.
local function parsed(output)
    if not output or not output:find("^%s*[{%[]") then return null, or_null(output) end
    local ok, data = pcall(json.decode, output)
    if ok then return data, null end
    return null, output
end

local function shard_as_json(run, shard)
    local data, output = parsed(shard.output)
    local log = run_of.log_of(run, shard)
    return {
        number = shard.number, repository = shard.repository, url = shard.url,
        arguments = json.array(shard.arguments), state = shard.state, outcome = or_null(shard.outcome),
        exit_code = or_null(shard.exit_code), attempts = shard.attempts, started_at = moment(shard.started_at),
        duration_s = or_null(shard.duration_s), cause = or_null(shard.cause), hint = or_null(shard.hint),
        place = or_null(shard.place), log = fs.exists(log) and log or null, data = data, output = output,
    }
end

local function run_as_json(run)
    return {
        id = run.id, script = run.script, arguments = json.array(run.arguments), executor = run.executor,
        state = run.state, created_at = time.iso(run.created_at), ended_at = moment(run.ended_at),
        exit_code = or_null(run.exit_code),
    }
end

local function as_json(model)
    local shards, causes = {}, {}
    for i, shard in ipairs(model.shards) do shards[i] = shard_as_json(model.run, shard) end
    for i, cause in ipairs(model.causes) do
        causes[i] = { outcome = cause.outcome, cause = cause.cause, hint = or_null(cause.hint),
            repositories = json.array(cause.repositories) }
    end
    return json.encode({ version = 1, run = run_as_json(model.run), counts = model.counts,
        causes = json.array(causes), shards = json.array(shards) }, { indent = 2, invalid_utf8 = "replace" }) .. "\n"
end

-- For people ---------------------------------------------------------------------------------------------------------

local function words_of(name) return (outcomes.all[name] or { words = name }).words end

--- "3 fine, 1 broken, 2 queued".
---@param counts table<string, integer>
---@return string
function M.counts(counts)
    local parts = {}
    for _, list in ipairs({ outcomes.order, { "running", "queued" } }) do
        for _, name in ipairs(list) do
            if counts[name] then parts[#parts + 1] = ("%d %s"):format(counts[name], words_of(name)) end
        end
    end
    return #parts > 0 and table.concat(parts, ", ") or "nothing"
end

local styles = { [0] = "green", "yellow", "bold red", "red" }

local function outcome_of(shard)
    local name = shard.state == "done" and shard.outcome or shard.state
    local known = outcomes.all[name]
    return { text = words_of(name), style = known and styles[known.exit_code] or nil }
end

local function link_of(shard)
    return { text = shard.repository, url = shard.url:find("^https?://") and shard.url or nil }
end

local function duration_of(shard) return shard.duration_s and time.human(shard.duration_s) or "" end

local max_why = 100  -- columns; the causes are above, whole

local function rows_of(shards)
    local rows = {}
    for i, shard in ipairs(shards) do
        rows[i] = { repository = link_of(shard), outcome = outcome_of(shard), attempts = shard.attempts,
            duration = duration_of(shard),
            why = term.truncate(shard.cause or table.concat(shard.arguments, " "), max_why) }
    end
    return rows
end

local max_named, max_hint = 5, 200

local function named(repositories)
    local shown = { unpack(repositories, 1, max_named) }
    local left = #repositories - #shown
    return table.concat(shown, ", ") .. (left > 0 and (" and %d more"):format(left) or "")
end

local function add_causes(out, causes)
    if #causes == 0 then return end
    local items = {}
    for i, cause in ipairs(causes) do
        items[i] = { { text = ("%d × %s"):format(#cause.repositories, words_of(cause.outcome)), strong = true }, ": ",
            cause.cause, " (", named(cause.repositories), ")",
            cause.hint and " → " .. term.truncate(cause.hint, max_hint) or "" }
    end
    out:heading("Failures by cause")
    out:list(items)
end

local function command_text(run)
    local words = { "uhost", run.script, unpack(run.arguments) }
    return table.concat(words, " ")
end

local function facts_of(model)
    local run = model.run
    local facts = { { "Script", { text = command_text(run), code = true } },
        { "Repositories", ("%d: %s"):format(#model.shards, M.counts(model.counts)) }, { "Executor", run.executor },
        { "Begun", time.iso(run.created_at) } }
    if run.ended_at then facts[#facts + 1] = { "Took", time.human(run.ended_at - run.created_at) } end
    facts[#facts + 1] = { "Logs", { text = run_of.folder(run), code = true } }
    return facts
end

local function document(model)
    local out = report.new{ title = ("Fleet run %d"):format(model.run.id) }
    out:facts(facts_of(model))
    add_causes(out, model.causes)
    out:table{ title = "Repositories", columns = { { key = "repository", title = "Repository" },
        { key = "outcome", title = "Outcome" }, { key = "attempts", title = "Attempts" },
        { key = "duration", title = "Took", align = "right" }, { key = "why", title = "Why, or arguments" } },
        rows = rows_of(model.shards) }
    return out
end

--- The report of a run.
---@param model fleet.Model
---@param format string
---@param color boolean
---@return string
function M.render(model, format, color)
    if format == "json" then return as_json(model) end
    return document(model):render(format, { color = color })
end

--- How far a run is: what runs, what waits, and what has failed so far.
---@param model fleet.Model
---@param color boolean
---@return string
function M.status(model, color)
    local out = report.new{ title = ("Fleet run %d: %s"):format(model.run.id, model.run.state) }
    out:facts(facts_of(model))
    local running = {}
    for _, shard in ipairs(model.shards) do
        if shard.state == "running" then
            running[#running + 1] = { shard.repository, time.human(time.now() - shard.started_at), shard.attempts }
        end
    end
    out:table{ title = "Running, or cut off", rows = running, empty = "None.",
        columns = { { title = "Repository" }, { title = "For", align = "right" }, { title = "Attempt" } } }
    add_causes(out, model.causes)
    return out:render("text", { color = color })
end

--- Runs, newest first.
---@param runs fleet.Run[]
---@param format "text"|"json"
---@param color boolean
---@return string
function M.list(runs, format, color)
    local list = {}
    if format == "json" then
        for i, run in ipairs(runs) do
            list[i] = run_as_json(run)
            list[i].counts = run.counts
        end
        return json.encode({ version = 1, runs = json.array(list) }, { indent = 2 }) .. "\n"
    end
    for i, run in ipairs(runs) do
        list[i] = { run.id, run.state, command_text(run), M.counts(run.counts), time.iso(run.created_at) }
    end
    local out = report.new{ title = "Fleet runs" }
    out:table{ rows = list, empty = "No fleet was run yet.", columns = { { title = "Run" }, { title = "State" },
        { title = "Script" }, { title = "Repositories" }, { title = "Begun" } } }
    return out:render("text", { color = color })
end

return M
