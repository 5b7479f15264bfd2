-- Rows of a table whose first line names the columns: values separated by commas, semicolons, tabs or bars.
local M = {}

local max_rows = 200000

-- The values of the row at an offset, and where the next row begins.
local function row_at(text, offset, separator)
    local values = {}
    while true do
        local value, stop
        if text:sub(offset, offset) == "\"" then
            local parts, from = {}, offset + 1
            while true do
                local close = text:find("\"", from, true) or #text + 1
                parts[#parts + 1] = text:sub(from, close - 1)
                if text:sub(close + 1, close + 1) ~= "\"" then
                    stop = close + 1
                    break
                end
                parts[#parts + 1] = "\""
                from = close + 2
            end
            value = table.concat(parts)
            stop = text:find("[" .. separator .. "\n]", stop) or #text + 1
        else
            stop = text:find("[" .. separator .. "\n]", offset) or #text + 1
            value = text:sub(offset, stop - 1)
        end
        values[#values + 1] = value:match("^%s*(.-)%s*$")
        if text:sub(stop, stop) ~= separator then return values, stop + 1 end
        offset = stop + 1
    end
end

--- The rows of a text, as the values by the columns' names, with the offset where each begins.
---@param text string
---@return { fields: table<string, string>, offset: integer }[]?
function M.rows(text)
    local separator = text:match("[,;\t|]")
    if not separator then return nil end
    local names, offset = row_at(text, 1, separator)
    local rows = {}
    while offset <= #text and #rows < max_rows do
        local values, following = row_at(text, offset, separator)
        local fields = {}
        for at, name in ipairs(names) do
            if name ~= "" and values[at] then fields[name] = values[at] end
        end
        if #values > 1 and not table.concat(values):find("^[-=:%s]*$") then
            rows[#rows + 1] = { fields = fields, offset = offset }
        end
        offset = following
    end
    return rows
end

return M
