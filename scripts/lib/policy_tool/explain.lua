-- `uhost policy explain NAME`
local found = require("lib.policy_tool.found")
local shown_path = require("lib.shown_path")
local report_failure = require("lib.policy_tool.failure").report

local M = {}

local function describe(handle)
    local examples = {}
    for _, example in ipairs(handle:examples()) do
        if example.call then examples[example.call] = (examples[example.call] or 0) + 1 end
    end
    local keys, functions = {}, handle:functions()
    for i, each in ipairs(handle:explain()) do
        keys[i] = {
            key = each.key, file = each.file, line = each.line, users_own = each.users_own,
            kind = functions[each.key] and "function" or "data", examples = examples[each.key] or 0,
        }
    end
    return { files = handle:files(), keys = keys }
end

local function write_text(described)
    local rows = {}
    for i, each in ipairs(described.keys) do
        rows[i] = {
            key = each.key, kind = each.kind, examples = each.kind == "function" and each.examples or "",
            from = (each.users_own and "yours" or "shipped"),
            place = shown_path(each.file) .. (each.line and ":" .. each.line or ""),
        }
    end
    io.write(term.table({
        columns = {
            { key = "key", title = "Key" }, { key = "kind", title = "Kind" }, { key = "examples", title = "Examples" },
            { key = "from", title = "From" }, { key = "place", title = "Place" },
        },
        rows = rows,
    }))
end

---@param options table
---@return integer
function M.run(options)
    local ok, described = pcall(function()
        local handle = found.load(options.name)
        local all = describe(handle)
        handle:close()
        return all
    end)
    if not ok then return report_failure(described) end
    if options.format == "json" then
        for _, each in ipairs(described.keys) do each.line = each.line or json.null end
        described.files, described.keys = json.array(described.files), json.array(described.keys)
        io.write(json.encode(described, { indent = 2 }), "\n")
    else
        write_text(described)
    end
    return 0
end

return M
