-- `uhost logs ingest`: keeps logs of this machine.
local log_sources = require("lib.log_sources")
local steps_of = require("lib.logs.steps")
local store_of = require("lib.logs.store")

local M = {}

-- What is added is made safe after so many bytes; what was added since is lost when the process is killed.
local portion_bytes = 64 * 2 ^ 20
local max_logs = 100000

-- A name that no run of this machine has.
local function free_name(store)
    local row = store:one([[SELECT max(CAST(substr(name, 7) AS INTEGER)) AS last FROM log_runs
        WHERE repository = '' AND name GLOB 'local-[0-9]*']])
    return ("local-%d"):format((row and row.last or 0) + 1)
end

local function run_of(store, options)
    return {
        repository = options.github or "", name = options.run or free_name(store), attempt = options.attempt or 1,
        workflow = options.workflow or "", branch = options.branch or "", event = options.event or "",
        head_sha = options.commit or "", conclusion = options.conclusion or "",
        created_at = options.at or time.iso(math.floor(time.now())), url = "",
    }
end

-- "build.log" is the log of the job "build", and so is "run/build.log.gz"; a job of an archive has its name.
local function job_name(source, options)
    if options.job then return options.job end
    if source.job_name then return source.job_name end
    if source.kind == "stdin" then return "stdin" end
    local name = fs.basename(source.name:gsub("^.*%.zip:", "")):gsub("%.gz$", ""):gsub("%.zst$", "")
        :gsub("%.xz$", ""):gsub("%.bz2$", ""):gsub("%.log$", ""):gsub("%.txt$", "")
    return name
end

local function free_job_name(name, taken)
    local candidate, number = name, 1
    while taken[candidate] do
        number = number + 1
        candidate = ("%s (%d)"):format(name, number)
    end
    taken[candidate] = true
    return candidate
end

local function instant(seconds) return seconds and time.iso(math.floor(seconds)) or nil end

-- The jobs of a log that was added.
local function jobs_of(source, opened, added, options, taken)
    local jobs, sections = {}, steps_of.of_log(opened, added)
    for i, section in ipairs(sections) do
        local first, last = opened:time(section.first), nil
        for line = section.last, math.max(section.first, section.last - 20), -1 do
            last = last or opened:time(line)
        end
        jobs[i] = {
            name = free_job_name(section.job or job_name(source, options), taken),
            conclusion = options.conclusion or "", started_at = instant(first), ended_at = instant(last),
            segment = added.segment, first_line = added.first_line + section.first - 1, digest = added.digest,
            lines = section.last - section.first + 1,
            bytes = math.floor(added.bytes * (section.last - section.first + 1) / math.max(added.lines, 1)),
            steps = section.steps,
        }
    end
    return jobs
end

---@class logs.Ingested
---@field run string
---@field logs integer
---@field known integer  logs that were kept already
---@field lines integer
---@field bytes integer

-- Adds one log; nil when it is kept already.
local function add(writer, source, options, taken, store)
    local opened = source.open()
    return task.finally(function()
        local added = writer:add(opened)
        if added.is_cut then log.warn(("%s is longer than a log may be; its beginning is kept"):format(source.name)) end
        if not options.run and store_of.find_digest(store, added.digest) then return nil, added end
        return jobs_of(source, opened, added, options, taken), added
    end, function() opened:close() end)
end

--- Keeps logs as jobs of one run. Without a name for the run, logs that are kept already are left out.
---@param store db.Connection
---@param segments logs.Store
---@param options table  of the command line
---@return logs.Ingested
function M.run(store, segments, options)
    local sources = log_sources.named(options.logs, max_logs)
    local writer, run = segments:writer(), run_of(store, options)
    local result = { run = run.name, logs = 0, known = 0, lines = 0, bytes = 0 }
    local taken, waiting, waiting_bytes = {}, {}, 0
    local progress = term.progress{ title = "Adding", total = #sources }
    local function commit()
        writer:commit()
        store_of.keep(store, { { run = run, jobs = waiting } })
        waiting, waiting_bytes = {}, 0
    end
    for _, source in ipairs(sources) do
        local jobs, added = add(writer, source, options, taken, store)
        if jobs then
            for _, job in ipairs(jobs) do waiting[#waiting + 1] = job end
            result.logs, result.lines = result.logs + 1, result.lines + added.lines
            result.bytes, waiting_bytes = result.bytes + added.bytes, waiting_bytes + added.bytes
        else
            result.known = result.known + 1
        end
        progress:advance()
        if waiting_bytes >= portion_bytes then commit() end
    end
    if #waiting > 0 then commit() end
    writer:close()
    progress:finish()
    return result
end

return M
