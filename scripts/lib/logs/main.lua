-- `uhost logs`: from a command line to what is kept, and back.
local byte_size = require("uhost.term.byte_size")
local counted = require("lib.counted")
local github_actions = require("lib.github_actions")
local options_of = require("lib.logs.options")
local store_of = require("lib.logs.store")

local M = {}

local function print_json(value)
    io.write(github_actions.without_commands(json.encode(value, { indent = 2 }), "json"), "\n")
end


local function ingest(context, options)
    local result = require("lib.logs.ingest").run(context.store, context.segments, options)
    if options.json then
        print_json(result)
    else
        print(("%s kept as run %s: %s, %s%s"):format(counted(result.logs, "log"), result.run,
            counted(result.lines, "line"), byte_size(result.bytes),
            result.known > 0 and ("; %d were kept already"):format(result.known) or ""))
    end
    return 0
end

-- What could not be searched is said, and is a failure of the outside world.
local function warn_of_damage(found)
    if #found.damages == 0 and #found.missing_segments == 0 then return 0 end
    log.warn(("%d blocks are damaged and %d segments are missing; uhost logs verify says which lines are lost"):format(
        #found.damages, #found.missing_segments))
    return 3
end

local function search(context, options)
    local searching = require("lib.logs.search")
    local result = searching.run(context.store, context.segments, options)
    local found = result.found
    if options.json then
        local lines = {}
        for i, line in ipairs(result.lines) do
            line.before, line.after = json.array(line.before), json.array(line.after)
            line.step, line.at = line.step or json.null, line.at or json.null
            lines[i] = line
        end
        print_json({ pattern = options.pattern, lines = json.array(lines), counts = json.array(result.counts),
            is_complete = result.is_complete, jobs = result.jobs, blocks = found.blocks,
            read_blocks = found.read_blocks, damaged_blocks = #found.damages })
    else
        searching.show(result, options)
        if not result.is_complete and not options.count then
            log.info(("more lines match; --limit shows more than %d, --count counts them"):format(options.limit))
        end
    end
    if result.jobs == 0 then
        log.info("no kept log is of such a run, job or step; uhost logs show lists those that are kept")
    end
    local damage = warn_of_damage(found)
    if damage ~= 0 then return damage end
    return #result.counts > 0 and 0 or 1
end

local function show(context, options)
    local data = require("lib.logs.show").run(context.store, context.segments, options)
    if data then print_json(data) end
    return 0
end

local function stats(context, options)
    local found = require("lib.logs.care").stats(context.store, context.segments)
    if options.json then
        found.oldest, found.newest = found.oldest or json.null, found.newest or json.null
        found.stored_percent = found.stored_percent or json.null
        print_json(found)
        return 0
    end
    local out = report.new{ title = "Logs" }
    out:facts{ { "Runs", found.runs }, { "Jobs", found.jobs }, { "Lines", found.lines },
        { "As they came", byte_size(found.bytes) },
        { "Stored", byte_size(found.stored_bytes) .. (found.stored_percent
            and (" (%.1f %%)"):format(found.stored_percent) or "") },
        { "Oldest", found.oldest or "none" }, { "Newest", found.newest or "none" } }
    io.write(out:render("text", { color = term.color("stdout") }))
    return 0
end

local function show_damage(damages)
    for _, damage in ipairs(damages) do
        print(("segment %d%s: %s"):format(damage.segment, damage.block and (", block %d"):format(damage.block) or "",
            damage.what))
        for _, lost in ipairs(damage.lost) do
            print("    " .. term.untrusted(("%s/%s: lines %d to %d"):format(lost.run, lost.job, lost.first_line,
                lost.last_line)))
        end
    end
end

local function verify(context, options)
    local result = require("lib.logs.care").verify(context.store, context.segments)
    if options.json then
        for _, damage in ipairs(result.damages) do
            damage.lost, damage.block = json.array(damage.lost), damage.block or json.null
        end
        result.damages = json.array(result.damages)
        print_json(result)
    else
        show_damage(result.damages)
        print(("%s read: %s"):format(counted(result.segments, "segment"),
            #result.damages == 0 and "no damage" or counted(#result.damages, "damaged place")))
    end
    return #result.damages > 0 and 1 or 0
end

local function prune(context, options)
    local result = require("lib.logs.care").prune(context.store, context.segments, options)
    if options.json then
        print_json(result)
    else
        print(("%s forgotten (%s of logs); %s removed, %d rewritten; %s stored"):format(
            counted(result.runs, "run"), byte_size(result.bytes), counted(result.removed_segments, "segment"),
            result.rewritten_segments, byte_size(result.stored_bytes)))
    end
    return 0
end

local function repository(context, options)
    if context.is_demo then return github.repository(require("lib.logs.demo").repository) end
    return github.repository(options.github)
end

local function fetch(context, options)
    local result = require("lib.logs.fetch").run(context.store, context.segments, repository(context, options), options)
    if options.json then
        print_json(result)
    else
        print(("%s looked at, %s kept: %s, %s%s"):format(counted(result.runs, "run"), counted(result.logs, "new log"),
            counted(result.lines, "line"), byte_size(result.bytes), result.without_log > 0
                and ("; GitHub has no log of %s"):format(counted(result.without_log, "job")) or ""))
    end
    return 0
end

local function tail(context, options)
    return require("lib.logs.tail").run(context, repository(context, options), options)
end

local function compare(context, options)
    local comparing = require("lib.logs.compare")
    local list = comparing.run(context.store, context.segments, options)
    if options.json then print_json(comparing.as_json(list)) else comparing.show(list, options) end
    for _, one in ipairs(list) do
        if comparing.differs(one) then return 1 end
    end
    return 0
end

local function ship(context, options)
    local folder = context.is_demo and fs.join(uhost.share, "scripts/lib/logs/demo") or nil
    local result = require("lib.logs.ship").run(context.store, context.segments,
        { since = context.is_demo and "2026-01-01T00:00:00Z" or options.since, sink = options.sink, folder = folder })
    if options.json then
        print_json(result)
    else
        print(("%d batches sent, %d to be tried again, %d given up, %d waiting"):format(result.sent, result.failed,
            result.dead, result.waiting))
    end
    return (result.failed > 0 or result.dead > 0) and 3 or 0
end

local function percent(part) return part and ("%.0f %%"):format(100 * part) or "none" end

local function predict(context, options)
    local prediction = require("lib.logs.prediction")
    local name = context.is_demo and require("lib.logs.demo").repository or options.github
    local history = require("lib.logs.history").runs(context.store, name, options.workflow)
    require("lib.logs.deviations").fill(context.store, context.segments, history)
    local measured = prediction.measure(history)
    if options.json then
        for _, each in ipairs(measured) do
            each.precision, each.recall = each.precision or json.null, each.recall or json.null
            each.remaining_error_percent = each.remaining_error_percent or json.null
        end
        print_json({ runs = #history, measured = json.array(measured) })
        return 0
    end
    local rows = {}
    for i, each in ipairs(measured) do
        rows[i] = { percent(each.at), each.runs, each.failures, percent(each.precision), percent(each.recall),
            each.remaining_error_percent and ("%.0f %%"):format(each.remaining_error_percent) or "none" }
    end
    local out = report.new{ title = ("Predictions, measured on %d runs of %s"):format(#history, options.workflow) }
    out:table{ columns = { "Part of the run", "Runs", "Failures", "Precision", "Recall", "Error of time left" },
        rows = rows }
    if #history < prediction.min_history then
        out:text(("Fewer than %d runs are kept: uhost logs fetch gets more."):format(prediction.min_history))
    end
    io.write(out:render("text", { color = term.color("stdout") }))
    return 0
end

local commands = { ingest = ingest, search = search, show = show, stats = stats, verify = verify, prune = prune,
    fetch = fetch, tail = tail, compare = compare, predict = predict, ship = ship }

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = options_of.read(arguments)
    local run = commands[options.command]
    if options.demo then
        return require("lib.logs.demo").run(function(context) return run(context, options) end, options)
    end
    return run({ store = store_of.open(), segments = logs.open() }, options)
end

return M
