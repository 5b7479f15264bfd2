-- Knowledge bases made up for tests.
local M = {}

-- An entry that has everything it needs, with `fields` over it; `false` takes a field away.
function M.entry(fields)
    local entry = {
        id = "test.entry", title = "a test", match = "error: (?<what>.+)", class = "code bug", cause = "because",
        fix = "fix it", examples = { matches = { "error: broken" } },
    }
    for key, value in pairs(fields or {}) do
        if value == false then entry[key] = nil else entry[key] = value end
    end
    return entry
end

local function literal(value)
    if type(value) == "string" then return ("%q"):format(value) end
    if type(value) ~= "table" then return tostring(value) end
    local parts = {}
    for i, item in ipairs(value) do parts[i] = literal(item) end
    for key, item in pairs(value) do
        if type(key) == "string" then parts[#parts + 1] = ("[%q] = %s"):format(key, literal(item)) end
    end
    return "{ " .. table.concat(parts, ", ") .. " }"
end

-- The source of a file with these entries; `functions` maps an entry's position to source text put into it.
function M.source(entries, functions)
    local parts = {}
    for i, entry in ipairs(entries) do
        local text = literal(entry)
        local extra = functions and functions[i]
        parts[i] = extra and text:gsub(" }$", function() return ", " .. extra .. " }" end) or text
    end
    return "return { about = \"tests\", entries = {\n" .. table.concat(parts, ",\n") .. "\n} }\n"
end

-- A folder that holds these files: name -> source.
function M.folder(files)
    local folder = fs.temp_dir()
    for name, source in pairs(files) do
        local path = fs.join(folder:path(), name .. ".lua")
        fs.mkdir(fs.dirname(path))
        fs.write(path, source)
    end
    return folder, folder:path()
end

return M
