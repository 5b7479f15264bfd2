-- Rule files from the command line to the report.
local command_line = require("lib.command_line")
local files = require("lib.check.files")
local findings = require("lib.check.findings")
local inspect = require("lib.check.inspect")
local safe_output = require("lib.safe_output")
local sandbox = require("lib.check.sandbox")

local M = {}

local formats = { "text", "json", "sarif", "github" }

local function read_options(arguments)
    local parser = command_line.parser("check", "Look for mistakes in rule files, without running a workflow.", {
        "uhost check", "uhost check policies/crash_tests.lua kb --strict", "uhost check --format sarif > rules.sarif",
        "uhost check --sandbox",
    })
    parser:argument("paths", "Rule files or folders (default: ./policies, ./kb and the shipped ones)."):args("*")
    parser:option("--format", "How findings are written."):choices(formats):default("text")
    parser:flag("--strict", "Warnings fail as errors do.")
    parser:flag("--sandbox", "Say which layers of the sandbox are active on this machine, and check no file.")
    return parser:parse(arguments)
end

---@class check.Result
---@field files integer
---@field errors integer
---@field warnings integer
---@field findings check.Finding[]

--- Checks rule files.
---@param list check.RuleFile[]
---@return check.Result
function M.check(list)
    local context = inspect.context()
    for _, file in ipairs(list) do inspect.read(context, file) end
    task.map(list, function(file)
        inspect.check(context, file)
        -- Of many files, only what is wrong with them is kept.
        file.source, file.tree, file.data, file.functions = nil, nil, nil, nil
    end, { concurrency = 4 })
    local result = { files = #list, errors = 0, warnings = 0, findings = {} }
    for _, file in ipairs(list) do
        for _, finding in ipairs(file.findings) do
            result.findings[#result.findings + 1] = finding
            local count = finding.level == "error" and "errors" or "warnings"
            result[count] = result[count] + 1
        end
    end
    findings.sort(result.findings)
    return result
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    if options.sandbox then return sandbox.run(options.format) end
    local result = M.check(files.find(options.paths))
    local text = require("lib.check.render_" .. options.format).render(result)
    io.write(options.format == "github" and text or safe_output.without_commands(text, options.format))
    return (result.errors > 0 or options.strict and result.warnings > 0) and 2 or 0
end

return M
