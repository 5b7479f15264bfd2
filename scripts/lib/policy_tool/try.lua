-- `uhost policy try NAME FUNCTION ARGUMENTS`
local arguments_of = require("lib.policy_tool.arguments").read
local found = require("lib.policy_tool.found")
local report_failure = require("lib.policy_tool.failure").report
local trace = require("lib.policy_tool.trace")

local M = {}

local function origin(handle, name)
    for _, each in ipairs(handle:explain()) do
        if each.key == name or name:sub(1, #each.key + 1) == each.key .. "." then return each end
    end
end

-- Rules know only one empty table; it is shown as a list.
local function shown(value)
    if value == nil then return "nil" end
    return json.encode(value, { indent = 2, invalid_utf8 = "replace" })
end

local function write_text(told)
    print(term.visible(shown(told.value)))
    print()
    if told.why then print("why:  " .. term.visible(told.why)) end
    print(("from: %s:%d (%s)"):format(term.visible(told.file), told.line, told.users_own and "yours" or "shipped"))
    print(("time: %.2f ms, with the lines noted"):format(told.time_s * 1000))
    if #told.steps > 0 then
        print("\nThe lines that ran (●), and how often:\n")
        trace.write(told.steps)
    end
end

local function write_json(told)
    io.write(json.encode({
        value = told.value == nil and json.null or told.value, why = told.why or json.null, file = told.file,
        line = told.line, users_own = told.users_own, time_s = told.time_s, steps = json.array(told.steps),
    }, { indent = 2, invalid_utf8 = "replace" }), "\n")
end

---@param options table
---@return integer
function M.run(options)
    local name, arguments = options["function"], arguments_of(options.arguments)
    local ok, told = pcall(function()
        local handle = found.load(options.name)
        local result = handle:trace(name, unpack(arguments, 1, arguments.n))
        local from = origin(handle, name)
        local steps = result.steps
        result.file = from and from.file or steps[1] and steps[1].file or handle:files()[1]
        result.users_own = from ~= nil and from.users_own
        handle:close()
        return result
    end)
    if not ok then return report_failure(told) end
    if options.format == "json" then write_json(told) else write_text(told) end
    return 0
end

return M
