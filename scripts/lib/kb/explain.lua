-- `uhost kb explain ID`
local examples = require("lib.kb.examples")
local history = require("uhost.kb.history")
local items = require("lib.kb.items")

local M = {}

local shown = items.shown

local function list_of(value) return type(value) == "table" and value or value and { value } or {} end

local function describe(base, item, kind)
    local groups = item.match and base:groups_of(item) or { count = 0, names = {} }
    local names = {}
    for name in pairs(groups.names) do names[#names + 1] = name end
    table.sort(names, function(a, b) return groups.names[a] < groups.names[b] end)
    local counts, logs = history.counts()
    return {
        item = item, kind = kind, line = items.line_of(item), is_own = items.is_own(base, item), groups = groups.count,
        names = names, failures = examples.try(item), count = counts[item.id], logs = logs,
    }
end

local function write_field(name, text)
    if text and text ~= "" then print(("%-10s %s"):format(name, text)) end
end

local function write_prose(title, text)
    if not text or text == "" then return end
    print("\n" .. term.style(title, "bold"))
    for line in (text .. "\n"):gmatch("(.-)\n") do print("  " .. shown(line)) end
end

local function write_patterns(title, value)
    for i, pattern in ipairs(list_of(value)) do
        write_field(i == 1 and title or "then", shown(pattern))
    end
end

local function write_matching(item)
    write_patterns("match", item.match)
    if type(item.match) == "table" and #item.match > 1 then write_field("within", item.within .. " lines") end
    for i, pattern in ipairs(list_of(item.unless)) do write_field(i == 1 and "unless" or "or", shown(pattern)) end
    write_field("flags", item.flags)
end

local function write_roles(item)
    local roles = {}
    for role in pairs(item.patterns or {}) do roles[#roles + 1] = role end
    table.sort(roles)
    for _, role in ipairs(roles) do
        print("\n" .. term.style("pattern " .. shown(role), "bold"))
        write_matching(item.patterns[role])
    end
end

local function failure_at(subject, list, position)
    for _, failure in ipairs(subject.failures) do
        if failure.list == list and failure.position == position then return failure end
    end
end

local function write_examples(subject)
    local given = subject.item.examples
    if type(given) ~= "table" then return end
    for _, list in ipairs({ "matches", "rejects" }) do
        if type(given[list]) == "table" and #given[list] > 0 then
            print("\n" .. term.style(list == "matches" and "Matches" or "Does not match", "bold"))
            for i, text in ipairs(given[list]) do
                local failure = failure_at(subject, list, i)
                local mark = failure and term.style("✗", "bold red") or term.style("✓", "green")
                local indented = shown(tostring(text)):gsub("\n", "\n    ")
                print(("  %s %s%s"):format(mark, indented, failure and "  <- " .. failure.message or ""))
            end
        end
    end
end

local function write_seen(subject)
    if subject.kind ~= "entry" then return end
    local count = subject.count
    write_field("seen", count and ("in %d of %d logs, %s, last on %s"):format(count.logs, subject.logs,
        count.hits == 1 and "once" or count.hits .. " times", os.date("!%Y-%m-%d", count.last))
        or subject.logs > 0 and ("never, in %d logs"):format(subject.logs) or "no log was explained yet")
end

local function write_text(subject)
    local item = subject.item
    print(("%s  %s"):format(term.style(shown(item.id), "bold"), shown(item.title or subject.kind)))
    write_field("file", ("%s%s (%s)"):format(shown(item.file), subject.line and ":" .. subject.line or "",
        subject.is_own and "yours" or "shipped or named"))
    if subject.kind == "entry" then
        write_field("class", ("%s, %s, priority %d"):format(item.class, item.severity, item.priority))
    end
    write_field("tags", item.tags and shown(table.concat(item.tags, ", ")))
    write_field("owner", item.owner and shown(item.owner))
    write_field("fixed in", item.fixed_in and shown(item.fixed_in))
    write_matching(item)
    write_field("captures", shown(table.concat(subject.names, ", ")))
    write_seen(subject)
    write_roles(item)
    write_prose("Cause", item.cause)
    write_prose("Fix", item.fix)
    write_prose("Commands", table.concat(item.commands or {}, "\n"))
    write_prose("More", table.concat(item.docs or {}, "\n"))
    if item.patch then write_prose("Patch of " .. shown(item.patch.file or "the workflow"), item.patch.yaml) end
    write_examples(subject)
end

local function write_json(subject)
    local entry = {}
    for field, value in pairs(subject.item) do entry[field] = value end
    items.write_json({
        entry = entry, kind = subject.kind, line = subject.line or json.null, is_user = subject.is_own,
        captures = json.array(subject.names), failing_examples = json.array(subject.failures),
        seen = subject.count or json.null, logs = subject.logs,
    })
end

---@param options table
---@param base kb.Base
---@return integer
function M.run(options, base)
    local item, kind = items.find(base, options.id)
    -- Fields that are read later are there when one of them was asked for.
    local subject = describe(base, item, item.examples and kind)
    if options.format == "json" then write_json(subject) else write_text(subject) end
    return #subject.failures > 0 and 1 or 0
end

return M
