-- `uhost doctor`: what works here and what does not, each with the remedy.
local command_line = require("lib.command_line")
local findings = require("lib.doctor.findings")

local M = {}

local function all_checks()
    local checks = {}
    for _, group in ipairs({ require("lib.doctor.machine"), require("lib.doctor.repository"),
        require("lib.doctor.github"), require("lib.doctor.stores") }) do
        for _, check in ipairs(group) do checks[#checks + 1] = check end
    end
    return checks
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
    local report = findings.report(findings.examine(all_checks()))
    local text = json.encode(report, { indent = 2 }) .. "\n"
    if options.report then fs.write(options.report, redacted(text)) end
    if options.json then
        io.write(text)
    else
        findings.print(report.checks)
    end
    return report.attention == 0 and 0 or 1
end

return M
