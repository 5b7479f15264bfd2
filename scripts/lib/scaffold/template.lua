-- Texts with places to fill in. A place is `<<name>>`, which neither GitHub's `${{ }}` nor a shell's `$` looks like;
-- `<<uses:actions/checkout>>`, `<<tool:ruff>>`, `<<image:rust>>` and `<<runner:linux>>` are the pinned versions.
local pins = require("lib.scaffold.pins")

local M = {}

local place = "<<([%w_:/%-]+)>>"

local pinned = {
    uses = pins.uses,
    tool = function(name) return pins.tools[name] end,
    image = function(name) return pins.images[name] end,
    runner = function(name) return pins.runners[name] end,
}

local function value_of(name, values)
    local kind, of = name:match("^(%l+):(.+)$")
    local value = kind and pinned[kind](of) or values[name]
    return value or error(("the template has no value for <<%s>>"):format(name), 0)
end

--- The text with its places filled. A place that is alone on its line takes the indentation of the line for all lines
--- of its value, and is left out with its line where the value is empty.
---@param text string
---@param values? table<string, string>
---@return string
function M.fill(text, values)
    local out = {}
    for line in text:gmatch("([^\n]*)\n") do
        local indentation, name = line:match("^( *)" .. place .. "$")
        if name and not name:find("^uses:") then
            for each in value_of(name, values or {}):gmatch("([^\n]*)\n?") do
                out[#out + 1] = each == "" and "" or indentation .. each
            end
            out[#out] = nil  -- what is matched behind the last line
        else
            out[#out + 1] = line:gsub(place, function(each) return value_of(each, values or {}) end)
        end
    end
    return table.concat(out, "\n") .. "\n"
end

return M
