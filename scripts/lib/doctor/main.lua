-- `uhost doctor`: what works here and what does not, each with the remedy.
local command_line = require("lib.command_line")

local M = {}

local max_check_s = 3

---@class doctor.Finding
---@field id string
---@field title string
---@field status "ok"|"attention"|"unknown"
---@field text string
---@field fix? string
---@field details? table

local function groups()
    return { require("lib.doctor.machine"), require("lib.doctor.repository"), require("lib.doctor.github"),
        require("lib.doctor.stores") }
end

-- What a failed check says: how it failed is the finding.
local function failure_finding(failure)
    if not uhost.is_error(failure) then return { status = "attention", text = tostring(failure) } end
    if failure.kind == "timeout" then
        return { status = "unknown", text = ("not known after %d s"):format(max_check_s) }
    end
    return { status = "attention", text = failure.message, fix = failure.hint }
end

local function run(check)
    local ok, finding
    if check.network and uhost.offline then
        finding = { status = "unknown", text = "not asked: offline" }
    else
        ok, finding = pcall(task.timeout, max_check_s, check.run)
        if task.cancelled() then error(finding, 0) end
        if not ok then finding = failure_finding(finding) end
    end
    finding.id, finding.title = check.id, check.title
    return finding
end

---@return doctor.Finding[]
function M.examine()
    local checks = {}
    for _, group in ipairs(groups()) do
        for _, check in ipairs(group) do checks[#checks + 1] = check end
    end
    return task.map(checks, run, { concurrency = #checks })
end

local words = { ok = { "ok", "green" }, attention = { "look", "bold yellow" }, unknown = { "–", "dim" } }
local indent = (" "):rep(6)

local function print_findings(findings)
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

local function report_of(findings)
    local attention = 0
    for _, finding in ipairs(findings) do
        if finding.status == "attention" then attention = attention + 1 end
    end
    return { version = 1, uhost = uhost.version, attention = attention, checks = findings }
end

-- For a bug report: without secrets, names of users and of their folders.
local function redacted(text)
    local home = os.getenv("HOME") or ""
    if #home > 1 then text = text:gsub(home:gsub("%p", "%%%0"), "~") end
    return (uhost.mask(text):gsub("/home/[^/\"]+", "~"))
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local parser = command_line.parser("doctor", "Say what works here and what does not, each with the remedy.",
        { "uhost doctor", "uhost doctor --json", "uhost --offline doctor --report report.json" })
    parser:flag("--json", "Write the findings as JSON (uhost schema doctor).")
    parser:option("--report", "Write them to a file, without names of users and folders, to attach to a bug report.")
        :argname("FILE")
    local options = parser:parse(arguments)
    local report = report_of(M.examine())
    local text = json.encode(report, { indent = 2 }) .. "\n"
    if options.report then fs.write(options.report, redacted(text)) end
    if options.json then
        io.write(text)
    else
        print_findings(report.checks)
    end
    return report.attention == 0 and 0 or 1
end

return M
