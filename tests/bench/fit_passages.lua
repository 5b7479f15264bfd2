-- Fits the weights of the passage anew and writes them into scripts/lib/diagnose/explanation_model.lua; run it after
-- signals, readers or properties have changed: `uhost tests/bench/fit_passages.lua`. What the weights are worth is what
-- accuracy_left_out.lua prints, not how well they know the logs that they were fitted to.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = ("%s/?.lua;%s/../../scripts/?.lua;%s"):format(here, here, package.path)
local passage_fit = require("passage_fit")
local model = require("lib.diagnose.explanation_model")

local file = fs.join(here, "../../scripts/lib/diagnose/explanation_model.lua")
local width = 120
-- A smaller weight says nothing.
local min_weight = 0.1

-- The longest prefix of a group that a property's name begins with.
local function group_of(name)
    local found
    for _, group in ipairs(model.groups) do
        if name:sub(1, #group.prefix) == group.prefix and (not found or #group.prefix > #found.prefix) then
            found = group
        end
    end
    return found
end

local function grouped(weights)
    local groups = {}
    for name, weight in pairs(weights) do
        if math.abs(weight) >= min_weight then
            local group = group_of(name)
            groups[group.prefix] = groups[group.prefix] or {}
            groups[group.prefix][name:sub(#group.prefix + 1)] = weight
        end
    end
    return groups
end

local function key_of(name) return name:find("^%a[%w_]*$") and name or ('["%s"]'):format(name) end

local function table_text(weights)
    local lines, line = { "" }, "           "
    for _, name in ipairs(tables.sorted_keys(weights)) do
        local pair = (" %s = %.2f,"):format(key_of(name), weights[name])
        if #line + #pair > width then
            lines[#lines + 1] = line
            line = "           "
        end
        line = line .. pair
    end
    if next(weights) then lines[#lines + 1] = line end
    return table.concat(lines, "\n")
end

local data, names = passage_fit.read()
local groups = grouped(passage_fit.by_name(passage_fit.fit(data, names), names))
local text = fs.read(file):gsub('(prefix = "([%w_]*)", why = [^\n]*\n%s*weights = {)(.-)(\n        },)',
    function(head, prefix, _, tail) return head .. table_text(groups[prefix] or {}) .. tail end)
fs.write(file, text)
