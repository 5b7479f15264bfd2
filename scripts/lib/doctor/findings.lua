-- Checks of what `uhost doctor` and `uhost self-check` look at: run side by side, and shown with the remedies.
local M = {}

local max_check_s = 3

---@class doctor.Finding
---@field id string
---@field title string
---@field status "ok"|"attention"|"unknown"
---@field text string
---@field fix? string
---@field details? table

---@class doctor.Check
---@field id string
---@field title string
---@field run fun(): table
---@field network? boolean
---@field max_s? number  how long it may take

-- What a failed check says: how it failed is the finding.
local function failure_finding(failure, max_s)
    if not uhost.is_error(failure) then return { status = "attention", text = tostring(failure) } end
    if failure.kind == "timeout" then
        return { status = "unknown", text = ("not known after %d s"):format(max_s) }
    end
    return { status = "attention", text = failure.message, fix = failure.hint }
end

local function run(check)
    local ok, finding
    if check.network and uhost.offline then
        finding = { status = "unknown", text = "not asked: offline" }
    else
        local max_s = check.max_s or max_check_s
        ok, finding = pcall(task.timeout, max_s, check.run)
        if task.cancelled() then error(finding, 0) end
        if not ok then finding = failure_finding(finding, max_s) end
    end
    finding.id, finding.title = check.id, check.title
    return finding
end

---@param checks doctor.Check[]
---@return doctor.Finding[]
function M.examine(checks) return task.map(checks, run, { concurrency = #checks }) end

local words = { ok = { "ok", "green" }, attention = { "look", "bold yellow" }, unknown = { "–", "dim" } }
local indent = (" "):rep(6)

---@param findings doctor.Finding[]
function M.print(findings)
    local title_width, width = 0, math.min(term.width(), 110)
    for _, finding in ipairs(findings) do title_width = math.max(title_width, #finding.title) end
    local margin = indent .. (" "):rep(title_width + 2)
    for _, finding in ipairs(findings) do
        local word = words[finding.status]
        local padding = (" "):rep(#indent - term.display_width(word[1]))
        for i, line in ipairs(term.wrap(finding.text, math.max(width - #margin, 20))) do
            local head = i == 1 and term.style(word[1], word[2]) .. padding .. finding.title
                .. (" "):rep(title_width + 2 - #finding.title) or margin
            print(head .. line)
        end
        if finding.fix then
            for i, line in ipairs(term.wrap(finding.fix, math.max(width - #margin - 2, 20))) do
                print(margin .. (i == 1 and "→ " or "  ") .. line)
            end
        end
    end
end

---@param findings doctor.Finding[]
---@return table  as the schema doctor has it
function M.report(findings)
    local attention = 0
    for _, finding in ipairs(findings) do
        if finding.status == "attention" then attention = attention + 1 end
    end
    return { version = 1, uhost = uhost.version, attention = attention, checks = findings }
end

return M
