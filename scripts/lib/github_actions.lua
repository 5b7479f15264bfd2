-- What the runner of GitHub Actions takes from scripts: annotations, a page for the run, and text that it must not take
-- for commands. https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
local M = {}

-- Annotations ---------------------------------------------------------------------------------------------------------

local escapes = { ["%"] = "%25", ["\r"] = "%0D", ["\n"] = "%0A", [":"] = "%3A", [","] = "%2C" }

-- Masked before, since escaping would hide a secret from the mask.
local function escape_data(text) return (term.visible(uhost.mask(text)):gsub("[%%\r\n]", escapes)) end
local function escape_property(text) return (term.visible(uhost.mask(tostring(text))):gsub("[%%\r\n:,]", escapes)) end

local order = { "file", "line", "col", "endLine", "endColumn", "title" }

---@class lib.AnnotationProperties
---@field file? string  from the repository's root
---@field line? integer
---@field col? integer
---@field endLine? integer
---@field endColumn? integer
---@field title? string

--- A workflow command that shows a message beside the lines of a pull request, with its line feed.
---@param level "error"|"warning"|"notice"
---@param properties lib.AnnotationProperties
---@param message string
---@return string
function M.annotation(level, properties, message)
    local list = {}
    for _, name in ipairs(order) do
        if properties[name] then list[#list + 1] = ("%s=%s"):format(name, escape_property(properties[name])) end
    end
    local head = #list > 0 and " " .. table.concat(list, ",") or ""
    return ("::%s%s::%s\n"):format(level, head, escape_data(message))
end

-- Reports on standard output ------------------------------------------------------------------------------------------

local is_json = { json = true, sarif = true }

--- Text of a format, in which no line is a workflow command, inside GitHub Actions; elsewhere the text as it is. The
--- runner reads commands from standard output, and titles and file names come from strangers, who could write
--- `::add-mask::` or `##[error]`. JSON stays the same to whoever decodes it; other formats get a space.
---@param text string
---@param format string
---@return string
function M.without_commands(text, format)
    if not is_json[format] then return term.without_commands(text) end
    if os.getenv("GITHUB_ACTIONS") ~= "true" then return text end
    -- "#" stands within strings only, and no line begins with "::".
    return (text:gsub("##%[", "\\u0023#["))
end

-- The run's page ------------------------------------------------------------------------------------------------------

--- A step's summary may have 1 MiB; GitHub drops a longer one as a whole.
M.max_summary_bytes = 1024 * 1024

--- Adds the Markdown that `write(free_bytes)` gives to the run's page, $GITHUB_STEP_SUMMARY; nil when nothing fits.
--- Does nothing outside of a workflow. A summary that cannot be written is worth a warning, not a failure.
---@param write fun(free_bytes: integer): string?
function M.add_summary(write)
    local file = os.getenv("GITHUB_STEP_SUMMARY")
    if not file or file == "" then return end
    local ok, failure = pcall(function()
        local status = fs.stat(file)
        local text = write(M.max_summary_bytes - (status and status.size_bytes or 0) - 1)
        if not text then
            return log.warn("the step's summary has no space left for the report",
                { limit_bytes = M.max_summary_bytes })
        end
        fs.append(file, text .. "\n")
    end)
    if ok then return end
    if not uhost.is_error(failure) or failure.kind == "interrupted" then error(failure, 0) end
    log.warn(("the step's summary was not written: %s"):format(failure.message))
end

return M
