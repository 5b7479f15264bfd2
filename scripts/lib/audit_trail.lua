-- `uhost plan`: the audit trail, for people and for programs.
local command_line = require("lib.command_line")

local M = {}

local examples = {
    "uhost plan",
    "uhost plan --kind git. --since '1 week'",
    "uhost plan --script monthly_audit --failed",
    "uhost plan --json --limit 1000",
    "uhost --dry-run monthly_audit --repo . --close",
}

local function parser()
    local p = command_line.parser("plan", "Shows what scripts have changed, newest first. To see what a script would "
        .. "change, run it with `uhost --dry-run`.", examples)
    p:option("--kind", "Only this kind, such as git.push, or with a dot at its end all of a primitive."):argname("KIND")
    p:option("--script", "Only of scripts with this name or path."):argname("NAME")
    p:option("--since", "Only what was begun since then: a date, or a duration such as '2 days'."):argname("TIME")
    p:option("--limit", "How many to show at most, 1 to 10,000 (default: 50)."):argname("N"):convert(tonumber)
    p:flag("--failed", "Only what failed."):target("failed")
    p:flag("--json", "Give the entries as JSON, with all details."):target("json")
    return p
end

-- The instant of "2026-01-31" or of "2 days" ago.
local function instant_of(text)
    local is_duration, instant = pcall(time.ago, text)
    if is_duration then return instant end
    local is_date, parsed = pcall(time.parse, text)
    if is_date then return parsed end
    uhost.fail("usage", ("--since: '%s' is neither a date nor a duration"):format(text),
        { hint = "such as 2026-01-31 or '2 weeks'" })
end

---@param given table  the options as parsed
---@return table query  for plan.history
local function query_of(given)
    local limit = given.limit or 50
    if limit < 1 or limit > 10000 or limit % 1 ~= 0 then
        uhost.fail("usage", "--limit takes a whole number from 1 to 10,000", { hint = "uhost plan --limit 100" })
    end
    return {
        kind = given.kind, script = given.script, limit = limit, outcome = given.failed and "failed" or nil,
        since = given.since and time.iso(instant_of(given.since)) or nil,
    }
end

local function row_of(entry)
    local result = entry.result ~= "" and (" — " .. entry.result) or ""
    return {
        time = entry.started_at:gsub("T", " "):gsub("Z$", ""), outcome = entry.outcome, kind = entry.kind,
        target = entry.target, what = entry.summary .. (entry.outcome == "failed" and result or ""),
        script = fs.basename(entry.script),
    }
end

--- The trail as a table.
---@param entries plan.Entry[]
---@return string
function M.render(entries)
    if #entries == 0 then return "Nothing that fits was changed.\n" end
    local rows = {}
    for i, entry in ipairs(entries) do rows[i] = row_of(entry) end
    return term.table({
        columns = {
            { key = "time", title = "Time (UTC)" }, { key = "outcome", title = "Outcome" },
            { key = "kind", title = "Kind" }, { key = "target", title = "Target" }, { key = "what", title = "Change" },
            { key = "script", title = "Script" },
        },
        rows = rows,
    })
end

---@param arguments string[]
function M.run(arguments)
    local given = parser():parse(arguments)
    local entries = plan.history(query_of(given))
    if given.json then
        print(json.encode({ version = 1, entries = json.array(entries) }, { indent = 2 }))
    else
        io.write(M.render(entries))
    end
end

return M
