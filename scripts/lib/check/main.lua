-- Rule files from the command line to the report.
local command_line = require("lib.command_line")
local files = require("lib.check.files")
local inspect = require("lib.check.inspect")
local kinds = require("lib.check.rule_file").kinds
local render = require("lib.findings.render")

local M = {}

local nothing_to_check = "you have no rule files: there is neither policies/ nor kb/, here or above, up to the "
    .. "repository's root; --shipped checks those of uhost"

local function read_options(arguments)
    local parser = command_line.parser("check", "Look for mistakes in rule files, without running a workflow.", {
        "uhost check", "uhost check policies/labels.lua kb --strict", "uhost check --format sarif > rules.sarif",
        "uhost check --sandbox",
    })
    parser:argument("paths", "Rule files or folders. Default: policies/ and kb/, here or above, up to the "
        .. "repository's root."):args("*")
    parser:option("--format", "How findings are written."):choices(render.formats):default("text")
    parser:flag("--shipped", "Check the rule files that come with uhost, too.")
    parser:flag("--strict", "Warnings fail as errors do.")
    parser:flag("--sandbox", "Say which layers of the sandbox are active on this machine, and check no file.")
    return parser:parse(arguments)
end

--- Checks rule files.
---@param list check.RuleFile[]
---@return lib.FindingsResult
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
    render.sort(result.findings)
    return result
end

local layers = {
    { "descriptors", "no open files", "a rule that breaks out of Lua could use what the host has open" },
    { "limits", "limits of memory and time", "a rule could take the machine's memory or processors" },
    { "privileges", "no new privileges", "a rule that breaks out of Lua could gain rights from a setuid program" },
    { "system_calls", "a filter of system calls", "a rule that breaks out of Lua could read files and open "
        .. "connections; the kernel, or the container's profile, has to allow seccomp filters" },
}

-- Which layers hold, and what a missing one would have done. Gives the exit code.
local function print_layers(format)
    local active, missing = policy.sandbox(), 0
    if format == "json" then io.write(json.encode(active, { indent = 2 }), "\n") end
    for _, layer in ipairs(layers) do
        local holds = active[layer[1]]
        if not holds then missing = missing + 1 end
        if format ~= "json" then
            local word = holds and term.style("active ", "green") or term.style("missing", "bold red")
            print(("%s  %s%s"):format(word, layer[2], holds and "" or ": without it, " .. layer[3]))
        end
    end
    if format ~= "json" and missing == 0 then print("rules are kept in by all layers") end
    return missing == 0 and 0 or 2
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    if options.sandbox then return print_layers(options.format) end
    local list = files.find(options.paths, options.shipped)
    if #list == 0 then log.info(nothing_to_check) end
    local result = M.check(list)
    io.write(render.render(result, options.format, {
        what = "rule file", command = "uhost check", category = "check/", kinds = kinds,
        tags = { "maintenance", "policies" },
    }))
    return (result.errors > 0 or options.strict and result.warnings > 0) and 2 or 0
end

return M
