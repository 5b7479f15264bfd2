-- A draft of an entry: Lua source, with what the line shows, and placeholders for what only a person knows.
local M = {}

local placeholder = require("uhost.kb.schema").placeholder
local max_line_bytes = 1000

-- Words that stand in many messages and name none.
local common = {
    error = true, fatal = true, failed = true, failure = true, warning = true, the = true, a = true, an = true,
    of = true, to = true, at = true, ["in"] = true, on = true, is = true, was = true, be = true, ["for"] = true,
    with = true,
    ["and"] = true, ["or"] = true, by = true, from = true, err = true, exit = true, code = true, line = true,
}

--- An id made of a line's words, that no entry has.
---@param line string
---@param taken fun(id: string): boolean
---@return string
function M.id_of(line, taken)
    local words, plain = {}, line:gsub("^##%[%l+%]", ""):gsub("['\"`][^'\"`]*['\"`]", " "):gsub("%S*[/\\]%S*", " ")
    for word in plain:lower():gmatch("[%a_][%w_]*") do
        if #word > 1 and #word < 24 and not common[word] and #words < 4 then words[#words + 1] = word end
    end
    local joined = table.concat(words, "_"):gsub("^_+", ""):gsub("_+$", "")
    local base = "mine." .. (joined ~= "" and joined or "error")
    local id, number = base, 1
    while taken(id) do
        number = number + 1
        id = base .. number
    end
    return id
end

--- A text as Lua source: in long brackets where it can be.
---@param text string
---@return string
function M.literal(text)
    if text:find("[%z\1-\31\127]") then
        return '"' .. text:gsub('[%c"\\\127]', function(letter) return ("\\%03d"):format(letter:byte()) end) .. '"'
    end
    local level = ""
    while (text .. "]"):find("]" .. level .. "]", 1, true) do level = level .. "=" end
    return ("[%s[%s]%s]"):format(level, text, level)
end

local function comment(text)
    return (text:gsub("[%c\127]", " "))
end

local function lines_of(list, indent)
    local parts = {}
    for i, line in ipairs(list) do parts[i] = indent .. M.literal(line) .. "," end
    return table.concat(parts, "\n")
end

---@class kb.Draft
---@field id string
---@field log string  its name
---@field line_number integer
---@field line string
---@field pattern string
---@field names string[]  of its groups
---@field rejects string[]
---@field others { line_number: integer, line: string }[]  further telling lines
---@field alike integer  how many lines of the log the pattern matches

--- The source of a file with the draft.
---@param draft kb.Draft
---@return string
function M.source(draft)
    local out = {
        ("-- A draft, made from line %d of %s."):format(draft.line_number, comment(draft.log)),
        "-- `uhost check` says what is left to fill in, and `uhost test` tries the examples; kb/README.md describes",
        "-- the fields.",
    }
    if draft.alike > 1 then
        out[#out + 1] = ("-- The pattern matches %d lines of the log: keep what is particular about yours.")
            :format(draft.alike)
    end
    if #draft.others > 0 then
        out[#out + 1] = "-- Other salient lines, for --line:"
        for _, other in ipairs(draft.others) do
            out[#out + 1] = ("--   %d: %s"):format(other.line_number, comment(other.line:sub(1, 160)))
        end
    end
    local captured = #draft.names > 0 and (", with {%s} as in `match`"):format(table.concat(draft.names, "}, {")) or ""
    out[#out + 1] = "return {"
    out[#out + 1] = "    entries = { {"
    out[#out + 1] = ("        id = %q,"):format(draft.id)
    out[#out + 1] = ("        title = %q,      -- one line that names the problem"):format(placeholder)
    out[#out + 1] = "        match = " .. M.literal(draft.pattern) .. ","
    out[#out + 1] = ("        class = %q,"):format(placeholder)
    out[#out + 1] = '        severity = "error",'
    out[#out + 1] = "        priority = 50,      -- 80 and more: this line names the cause exactly"
    out[#out + 1] = ("        cause = %q,      -- why it happens%s"):format(placeholder, captured)
    out[#out + 1] = ("        fix = %q,        -- what to do about it"):format(placeholder)
    out[#out + 1] = "        examples = {"
    out[#out + 1] = "            matches = {"
    out[#out + 1] = lines_of({ draft.line:sub(1, max_line_bytes) }, "                ")
    out[#out + 1] = "            },"
    if #draft.rejects > 0 then
        out[#out + 1] = "            rejects = {"
        out[#out + 1] = lines_of(draft.rejects, "                ")
        out[#out + 1] = "            },"
    end
    out[#out + 1] = "        },"
    out[#out + 1] = "    } },"
    out[#out + 1] = "}"
    return table.concat(out, "\n") .. "\n"
end

return M
