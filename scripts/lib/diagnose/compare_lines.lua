-- Which lines one log has and another one has not, by their templates: numbers, hashes, times and temporary paths make
-- no difference.

local M = {}

local most_lines, longest_bytes = 200000, 500
-- So many different ones are kept while they are looked for.
local most_kept = 2000

local function is_worth_telling(line)
    return line:find("%w") ~= nil and not line:find("^##%[end") and not line:find("^##%[debug%]")
end

---@class diagnose.OnlyLine
---@field line_number integer  where the first of its template is
---@field line string
---@field count integer  how many lines have this template

--- Learns a log, of which a bounded number of lines.
---@param log log_text.Log
---@return kb.Miner
function M.learn(log)
    local miner = log_text.miner()
    miner:add_log(log)
    return miner
end

-- Every line of a log, or of parts of it.
local function each_line(log, parts, visit)
    if not parts then return log_text.each_line(log, nil, nil, most_lines, visit) end
    for _, part in ipairs(parts) do log_text.each_line(log, part.first, part.last, most_lines, visit) end
end

--- The lines of a log whose templates another one does not know: in the log's order, each template once.
---@param log log_text.Log
---@param known kb.Miner  of the other log
---@param parts? { first: integer, last: integer }[]
---@return diagnose.OnlyLine[]
function M.only_in(log, known, parts)
    local list, by_template = {}, {}
    each_line(log, parts, function(line, line_number)
        if not is_worth_telling(line) or known:knows(line) then return end
        local template = log_text.mask(line)
        local same = by_template[template]
        if same then
            same.count = same.count + 1
        elseif #list < most_kept then
            same = { line_number = line_number, line = line:sub(1, longest_bytes), count = 1 }
            by_template[template], list[#list + 1] = same, same
        end
    end)
    return list
end

--- At most so many of them: the most telling ones, in the order of the log.
---@param list diagnose.OnlyLine[]
---@param most integer
---@param weight fun(line: string): number
---@return diagnose.OnlyLine[]
function M.foremost(list, most, weight)
    if #list <= most then return list end
    local ranked = {}
    for at, one in ipairs(list) do ranked[at] = { one = one, weight = weight(one.line), at = at } end
    table.sort(ranked, function(left, right)
        if left.weight ~= right.weight then return left.weight > right.weight end
        return left.at < right.at
    end)
    local chosen = {}
    for at = 1, most do chosen[at] = ranked[at].one end
    table.sort(chosen, function(left, right) return left.line_number < right.line_number end)
    return chosen
end

return M
