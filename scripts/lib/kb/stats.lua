-- `uhost kb stats`
local counted = require("lib.counted")
local history = require("uhost.kb.history")
local items = require("lib.kb.items")

local M = {}

local function iso_day(seconds) return os.date("!%Y-%m-%d", seconds) end

-- Entries that were found, the most often found first; those that never were; and those that are there no longer.
local function collect(base)
    local counts, logs = history.counts()
    local stats = { logs = logs, found = {}, never = {}, gone = {} }
    for _, entry in ipairs(base.entries) do
        local count = counts[entry.id]
        if count then
            stats.found[#stats.found + 1] = {
                id = entry.id, title = entry.title, hits = count.hits, logs = count.logs, last = count.last,
            }
            counts[entry.id] = nil
        else
            stats.never[#stats.never + 1] = entry.id
        end
    end
    for id in pairs(counts) do stats.gone[#stats.gone + 1] = id end
    table.sort(stats.found, function(a, b)
        if a.logs ~= b.logs then return a.logs > b.logs end
        return a.id < b.id
    end)
    table.sort(stats.never)
    table.sort(stats.gone)
    return stats
end

local function write_json(stats)
    for _, each in ipairs(stats.found) do each.last = time.iso(each.last) end
    items.write_json({
        logs = stats.logs, found = json.array(stats.found), never = json.array(stats.never),
        gone = json.array(stats.gone),
    })
end

-- Ids by domain, so that many fit on a screen.
local function write_ids(title, ids)
    if #ids == 0 then return end
    print(("\n%s (%d):"):format(title, #ids))
    local domains, words = {}, {}
    for _, id in ipairs(ids) do
        local domain, word = id:match("^([^.]+)%.(.+)$")
        if not domain then domain, word = "others", id end
        if not words[domain] then
            domains[#domains + 1], words[domain] = domain, {}
        end
        table.insert(words[domain], word)
    end
    for _, domain in ipairs(domains) do
        print(("  %s: %s"):format(term.style(items.shown(domain), "bold"),
            items.shown(table.concat(words[domain], " "))))
    end
end

local function write_text(stats)
    if stats.logs == 0 then
        print("no log was explained yet: `uhost diagnose LOG` remembers what it finds")
    else
        local rows = {}
        for i, each in ipairs(stats.found) do
            rows[i] = {
                id = items.shown(each.id), hits = each.hits, logs = each.logs,
                share = ("%.0f %%"):format(100 * each.logs / stats.logs), last = iso_day(each.last),
                title = items.shown(each.title),
            }
        end
        io.write(term.table({
            columns = {
                { key = "id", title = "Entry" }, { key = "logs", title = "Logs", align = "right" },
                { key = "share", title = "Share", align = "right" }, { key = "hits", title = "Hits", align = "right" },
                { key = "last", title = "Last" }, { key = "title", title = "What it is" },
            },
            rows = rows,
        }))
        print(("\n%d of %d entries were found in %s"):format(#stats.found, #stats.found + #stats.never,
            counted(stats.logs, "log")))
    end
    write_ids("never found", stats.never)
    write_ids("found, but no longer there", stats.gone)
end

---@param options table
---@param base kb.Base
---@return integer
function M.run(options, base)
    local stats = collect(base)
    if options.format == "json" then write_json(stats) else write_text(stats) end
    return 0
end

return M
