-- Reports on standard output. The runner of GitHub Actions reads its commands from there, and titles and file names
-- come from strangers, who could write `::add-mask::` or `##[error]`.
local M = {}

local is_json = { json = true, sarif = true }

--- Text of a format, in which no line is a workflow command, inside GitHub Actions; elsewhere the text as it is. JSON
--- stays the same to whoever decodes it; other formats get a space.
---@param text string
---@param format string
---@return string
function M.without_commands(text, format)
    if not is_json[format] then return term.without_commands(text) end
    if os.getenv("GITHUB_ACTIONS") ~= "true" then return text end
    -- "#" stands within strings only, and no line begins with "::".
    return (text:gsub("##%[", "\\u0023#["))
end

return M
