-- `uhost policy list`
local shown_path = require("lib.shown_path")

local M = {}

local function collect()
    local list = {}
    for _, kb in ipairs({ false, true }) do
        local by_name = {}
        for _, found in ipairs(policy.paths({ kb = kb })) do
            local entry = by_name[found.name]
            if not entry then
                entry = { name = (kb and "kb/" or "") .. found.name, files = {} }
                by_name[found.name] = entry
                list[#list + 1] = entry
            end
            entry[found.users_own and "users" or "shipped"] = true
            entry.files[#entry.files + 1] = found.file
        end
    end
    return list
end

local function whose(entry)
    if entry.users and entry.shipped then return "yours over shipped" end
    return entry.users and "yours" or "shipped"
end

---@param options table
---@return integer
function M.run(options)
    local list = collect()
    table.sort(list, function(a, b) return a.name < b.name end)
    if options.format == "json" then
        local entries = json.array({})
        for i, entry in ipairs(list) do
            entries[i] = { name = entry.name, from = whose(entry), files = json.array(entry.files) }
        end
        io.write(json.encode(entries, { indent = 2 }), "\n")
        return 0
    end
    local rows = {}
    for i, entry in ipairs(list) do
        local shown = {}
        for j, file in ipairs(entry.files) do shown[j] = shown_path(file) end
        rows[i] = { name = entry.name, from = whose(entry), files = table.concat(shown, "\n") }
    end
    io.write(term.table({
        columns = { { key = "name", title = "Policy" }, { key = "from", title = "From" },
            { key = "files", title = "Files" } },
        rows = rows,
    }))
    return 0
end

return M
