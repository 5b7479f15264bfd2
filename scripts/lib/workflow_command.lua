-- Annotations as workflow commands on standard output, which GitHub Actions shows beside the lines of a pull request.
-- https://docs.github.com/actions/reference/workflow-commands-for-github-actions
local M = {}

local escapes = { ["%"] = "%25", ["\r"] = "%0D", ["\n"] = "%0A", [":"] = "%3A", [","] = "%2C" }

-- Masked before, since escaping would hide a secret from the mask.
local function data(text) return (term.visible(uhost.mask(text)):gsub("[%%\r\n]", escapes)) end
local function property(text) return (term.visible(uhost.mask(tostring(text))):gsub("[%%\r\n:,]", escapes)) end

local order = { "file", "line", "col", "endLine", "endColumn", "title" }

---@class lib.AnnotationProperties
---@field file? string  from the repository's root
---@field line? integer
---@field col? integer
---@field endLine? integer
---@field endColumn? integer
---@field title? string

--- One command, with its line feed.
---@param level "error"|"warning"|"notice"
---@param properties lib.AnnotationProperties
---@param message string
---@return string
function M.annotation(level, properties, message)
    local list = {}
    for _, name in ipairs(order) do
        if properties[name] then list[#list + 1] = ("%s=%s"):format(name, property(properties[name])) end
    end
    local head = #list > 0 and " " .. table.concat(list, ",") or ""
    return ("::%s%s::%s\n"):format(level, head, data(message))
end

return M
