-- Rule files made for a spec, and what the checks say of them.
local files = require("lib.check.files")
local check = require("lib.check.main").check
local expect = require("support.expect")

local M = {}

--- Writes files into a new folder and gives what is found in the folder's rule files.
---@param sources table<string, string>  by path
---@return check.Result
function M.files(sources)
    return expect.in_folder(sources, function(folder)
        local result = check(files.find({ folder }))
        for _, finding in ipairs(result.findings) do finding.file = finding.file:sub(#folder + 2) end
        return result
    end)
end

--- The findings in one file, but for missing examples: "rule line:column", and the findings themselves.
---@param source string
---@return string[] reported, check.Finding[] findings
function M.source(source)
    local result = M.files({ ["policies/rules.lua"] = source })
    local reported, findings = {}, {}
    for _, finding in ipairs(result.findings) do
        if finding.rule ~= "missing-example" then
            reported[#reported + 1] = ("%s %d:%d"):format(finding.rule, finding.line or 0, finding.column or 0)
            findings[#findings + 1] = finding
        end
    end
    return reported, findings
end

return M
