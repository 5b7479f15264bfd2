-- Reads JUnit's XML, as most runners of tests can write it.
local M = {}

---@class lib.TestResults
---@field total integer  those that ran, and those that were skipped
---@field passed integer
---@field failed string[]  names, in the order of the document

local function has(case, names)
    for _, name in ipairs(names) do
        if xml.first(case, name) then return true end
    end
    return false
end

local function name_of(case)
    local class, name = case.attributes.classname or "", case.attributes.name or ""
    return class ~= "" and class ~= name and class .. "." .. name or name
end

-- Suites hold suites and cases; the counts that they declare are not believed.
local function add(element, results)
    for _, child in ipairs(element.children) do
        if type(child) == "table" and child.name == "testcase" then
            results.total = results.total + 1
            if has(child, { "failure", "error" }) then
                table.insert(results.failed, name_of(child))
            elseif not has(child, { "skipped" }) then
                results.passed = results.passed + 1
            end
        elseif type(child) == "table" then
            add(child, results)
        end
    end
end

--- The results in a document; nil when it is none of JUnit's. Raises what `xml.decode` raises.
---@param text string
---@return lib.TestResults?
function M.read(text)
    local root = xml.decode(text)
    if root.name ~= "testsuites" and root.name ~= "testsuite" then return nil end
    local results = { total = 0, passed = 0, failed = {} }
    add(root, results)
    return results
end

return M
