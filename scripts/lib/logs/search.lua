-- `uhost logs search`: lines that match, with their addresses.
local address = require("lib.logs.address")
local store_of = require("lib.logs.store")

local M = {}

local filters = { "github", "run", "workflow", "branch", "conclusion", "job", "step", "since" }

local function filter_of(options)
    local filter = {}
    for _, name in ipairs(filters) do filter[name == "github" and "repository" or name] = options[name] end
    return filter
end

local function extents_of(places)
    local extents = {}
    for i, place in ipairs(places) do
        extents[3 * i - 2], extents[3 * i - 1], extents[3 * i] = place.segment, place.first_line, place.lines
    end
    return extents
end

-- Pruning may take a segment away between the look into the store and the search.
local function searched(store, segments, filter, pattern, options)
    local places, found
    for _ = 1, 2 do
        places = store_of.places(store, filter)
        found = segments:search(pattern, extents_of(places), options)
        if #found.missing_segments == 0 then break end
    end
    return places, found
end

---@class logs.FoundLine
---@field run string
---@field job string
---@field step string?
---@field line integer  in the job, from 1
---@field text string
---@field at string?
---@field before string[]
---@field after string[]

-- A job's steps are asked for when a hit is in it.
local function job_of(store, cache, id)
    cache[id] = cache[id] or store_of.job(store, id)
    return cache[id]
end

local function with_context(segments, job, line, context)
    local first = math.max(line - context, 1)
    local last = math.min(line + context, job.lines)
    local lines, times = segments:lines(job.segment, job.first_line + first - 1, last - first + 1)
    local before, after = {}, {}
    for i, text in ipairs(lines) do
        local number = first + i - 1
        if number < line then before[#before + 1] = text elseif number > line then after[#after + 1] = text end
    end
    return before, after, times[line - first + 1]
end

local function lines_of(store, segments, places, found, options)
    local list, cache = {}, {}
    for i, hit in ipairs(found.hits) do
        local place = places[hit.extent]
        local job = job_of(store, cache, place.job)
        local line = place.offset + hit.line
        local step = store_of.step_at(job, line)
        local one = { run = place.run_name, job = job.name, step = step and step.name, line = line, text = hit.text,
            before = {}, after = {} }
        if options.context > 0 or options.json then
            local at
            one.before, one.after, at = with_context(segments, job, line, options.context)
            one.at = at and time.iso(at)
        end
        list[i] = one
    end
    return list
end

local function counts_of(places, found)
    local list, by_job = {}, {}
    for i, place in ipairs(places) do
        local count = found.counts[i]
        if count then
            local one = by_job[place.job]
            if not one then
                one = { run = place.run_name, job = place.job_name, count = 0 }
                list[#list + 1], by_job[place.job] = one, one
            end
            one.count = one.count + count
        end
    end
    return list
end

--- Whether more is to be shown of each line than its address and its text.
---@param options table
---@return boolean
function M.needs_lines(options)
    return not options.count and (options.json or options.context > 0 or term.color("stdout"))
end

---@class logs.SearchResult
---@field lines logs.FoundLine[]  where they are needed
---@field places logs.Place[]
---@field counts { run: string, job: string, count: integer }[]  of the jobs with lines that match
---@field is_complete boolean
---@field jobs integer  how many places were searched
---@field found logs.Found

--- Searches.
---@param store db.Connection
---@param segments logs.Store
---@param options table
---@return logs.SearchResult
function M.run(store, segments, options)
    local pattern = options.fixed_strings and re.escape(options.pattern) or options.pattern
    local places, found = searched(store, segments, filter_of(options), pattern, {
        flags = options.ignore_case and "i" or "", limit = options.count and 0 or options.limit,
        counts = options.count,
    })
    return {
        lines = M.needs_lines(options) and lines_of(store, segments, places, found, options) or {}, places = places,
        counts = counts_of(places, found), is_complete = found.is_complete, jobs = #places, found = found,
    }
end

-- Showing -------------------------------------------------------------------------------------------------------------

-- A line as it may be shown, with what matched in it emphasised.
local function emphasised(text, pattern, color)
    if not color then return term.untrusted(text) end
    local parts, at = {}, 1
    for _, first, last in pattern:gmatch(text) do
        if last >= first then
            parts[#parts + 1] = term.visible(text:sub(at, first - 1))
            parts[#parts + 1] = term.style(term.visible(text:sub(first, last)), "bold red")
            at = last + 1
        end
    end
    parts[#parts + 1] = term.visible(text:sub(at))
    return table.concat(parts)
end

local function show_on_terminal(result, pattern)
    local job, step
    for _, line in ipairs(result.lines) do
        local name = address.of(line.run, line.job)
        if name ~= job then
            print((job and "\n" or "") .. term.style(term.untrusted(name), "bold"))
            job, step = name, nil
        end
        if line.step and line.step ~= step then
            print("  " .. term.style(term.untrusted(line.step), "cyan"))
            step = line.step
        end
        for i, text in ipairs(line.before) do
            print(("%8d- %s"):format(line.line - #line.before + i - 1, term.untrusted(text)))
        end
        print(("%s %s"):format(term.style(("%8d:"):format(line.line), "green"), emphasised(line.text, pattern, true)))
        for i, text in ipairs(line.after) do print(("%8d- %s"):format(line.line + i, term.untrusted(text))) end
    end
end

-- Written so many lines at a time: there may be very many.
local portion = 500

local function show_plainly(result)
    local parts = {}
    for i, hit in ipairs(result.found.hits) do
        local place = result.places[hit.extent]
        place.address = place.address or address.of(place.run_name, place.job_name)
        parts[#parts + 1] = ("%s:%d: %s\n"):format(place.address, place.offset + hit.line, hit.text)
        if #parts == portion or i == #result.found.hits then
            io.write(term.untrusted(table.concat(parts)))
            parts = {}
        end
    end
end

local function show_with_context(result)
    for _, line in ipairs(result.lines) do
        local job = address.of(line.run, line.job)
        for i, text in ipairs(line.before) do
            print(term.untrusted(("%s-%d- %s"):format(job, line.line - #line.before + i - 1, text)))
        end
        print(term.untrusted(("%s: %s"):format(address.of(line.run, line.job, line.line), line.text)))
        for i, text in ipairs(line.after) do
            print(term.untrusted(("%s-%d- %s"):format(job, line.line + i, text)))
        end
    end
end

--- Prints what was found.
---@param result logs.SearchResult
---@param options table
function M.show(result, options)
    if options.count then
        local lines = {}
        for i, each in ipairs(result.counts) do
            lines[i] = ("%8d  %s\n"):format(each.count, address.of(each.run, each.job))
        end
        io.write(term.untrusted(table.concat(lines)))
        return
    end
    local flags = options.ignore_case and "i" or ""
    local pattern = options.fixed_strings and re.escape(options.pattern) or options.pattern
    if term.color("stdout") then
        show_on_terminal(result, re.compile(pattern, flags))
    elseif options.context > 0 then
        show_with_context(result)
    else
        show_plainly(result)
    end
end

return M
