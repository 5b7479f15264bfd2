-- Which diagnostics stay where several readers read the same lines.
local M = {}

local function better(left, right)
    if left.specificity ~= right.specificity then return left.specificity > right.specificity end
    if left.line_number ~= right.line_number then return left.line_number < right.line_number end
    if left.last_line ~= right.last_line then return left.last_line > right.last_line end
    return left.order < right.order
end

-- What makes two diagnostics the same. A report does not repeat itself.
local function key(issue)
    return table.concat({ issue.file or "", issue.line or "", issue.column or "", issue.severity, issue.code or "",
        issue.message, issue.is_of_report and issue.order or "" }, "\0")
end

-- Takes the lines of an issue unless another reader has its first.
local function claim(owners, issue)
    local owner = owners[issue.line_number]
    if owner and owner ~= issue.reader then return false end
    for line_number = issue.line_number, issue.last_line do
        owners[line_number] = owners[line_number] or issue.reader
    end
    return true
end

--- Of the diagnostics that several readers found on the same line those of the most specific reader, in the order of
--- the log. A diagnostic that is printed again counts once.
---@param found table[]
---@return table[]
function M.resolve(found)
    for order, issue in ipairs(found) do issue.order = order end
    table.sort(found, better)
    local owners, kept, seen = {}, {}, {}
    for _, issue in ipairs(found) do
        if claim(owners, issue) and not issue.drop then kept[#kept + 1] = issue end
    end
    table.sort(kept, function(left, right)
        if left.line_number ~= right.line_number then return left.line_number < right.line_number end
        return left.order < right.order
    end)
    local unique = {}
    for _, issue in ipairs(kept) do
        local same = key(issue)
        if not seen[same] then
            seen[same] = true
            issue.order, issue.specificity, issue.reader, issue.last_line = nil, nil, nil, nil
            issue.is_of_report = nil
            unique[#unique + 1] = issue
        end
    end
    return unique
end

return M
