-- One diagnostic, made of what readers captured; and what tools call severities, as error, warning or note.

local M = {}

-- Severities ----------------------------------------------------------------------------------------------------------

local severity_words = {
    error = {
        "error", "errors", "err", "e", "fatal", "fatal error", "f", "failure", "fail", "failed", "critical", "crit",
        "blocker", "high", "very high", "severe", "serious", "panic", "emergency", "alert", "runtime error",
        "syntax error", "internal error", "parse error", "catastrophic error", "security", "violation", "mandatory",
        "defect", "bug", "red",
    },
    warning = {
        "warning", "warnings", "warn", "w", "medium", "moderate", "major", "caution", "questionable", "deprecated",
        "deprecation", "performance", "portability", "suspicious", "weak warning", "unstable", "unknown",
        "severe warning", "normal", "required", "orange", "strict warning", "critical warning", "user warning",
    },
    note = {
        "note", "notice", "n", "info", "information", "informational", "i", "remark", "r", "hint", "h", "message",
        "style", "convention", "c", "refactor", "low", "very low", "minor", "trivial", "negligible", "suggestion",
        "help", "debug", "advice", "readability", "tip", "typo", "verbose", "advisory", "optimization", "ignore",
        "gray", "green", "status",
    },
}

local known_severities = {}
for severity, list in pairs(severity_words) do
    for _, word in ipairs(list) do known_severities[word] = severity end
end

--- error, warning or note for a tool's word; nil for words that say nothing of severity. Numbers are read as ESLint and
--- the Code Climate family write them: 2 and more is an error.
---@param word string|number|nil
---@param own? table<string, string>  a reader's own words
---@return "error"|"warning"|"note"|nil
function M.severity(word, own)
    if type(word) == "number" then
        if word == 5 then return "warning" end
        return word >= 2 and "error" or word == 1 and "warning" or "note"
    end
    if type(word) ~= "string" then return nil end
    local text = word:lower():gsub("^[%s%[(*]+", ""):gsub("[%s%]):*]+$", ""):gsub("[_-]", " ")
    if own and own[text] then return own[text] end
    local last, first = text:match("%a+$") or "", text:match("^%a+") or ""
    return known_severities[text] or known_severities[last] or known_severities[first]
end

--- Whether a text is just a word for a severity.
---@param text string
---@return boolean
function M.is_severity_word(text)
    return #text > 1 and known_severities[text:lower()] ~= nil
end

-- Diagnostics ---------------------------------------------------------------------------------------------------------

local message_bytes = 4096
local fields = { "file", "line", "column", "severity", "level", "message", "code", "tool" }

local function trimmed(text) return text:match("^%s*(.*%S)") or "" end

--- A path with forward slashes, a large drive letter and without quotes, as annotations and SARIF want it.
---@param path string
---@return string?
function M.path(path)
    local clean = trimmed(path):gsub("^##%[%a+%]", ""):gsub("\\", "/"):gsub("^file://", "")
        :gsub("^/(%a:/)", "%1"):gsub("^[\"'`]+", "")
    clean = trimmed((clean:gsub("[\"'`]+$", "")))
    clean = clean:gsub("^%l:/", string.upper)
    if clean == "" or #clean > 1024 then return nil end
    return clean
end

--- Puts captures into those fields that are empty as yet; `line_2` and its like are further places of `line`.
---@param into table
---@param captures table<string|integer, string>
function M.fill(into, captures)
    for _, name in ipairs(fields) do
        local text = captures[name]
        if text == nil or text == "" then text = captures[name .. "_2"] or captures[name .. "_3"] end
        if text ~= nil and text ~= "" and into[name] == nil then into[name] = text end
    end
end

--- Puts a further line at the end of a message; what is too long is left out.
---@param into table
---@param text string
function M.extend(into, text)
    text = trimmed(text)
    if text == "" then return end
    local message = into.message or ""
    if #message + #text > message_bytes then return end
    into.message = message == "" and text or (message .. "\n" .. text)
end

local function whole(value)
    local number = tonumber(value)
    if not number or number < 0 or number > 1e9 then return nil end
    return math.floor(number)
end

local function severity_of(raw, reader, message)
    local own = reader.severities
    return M.severity(raw.severity, own) or (reader.code_severities and raw.code and
        M.severity(raw.code:match("^%a"), reader.code_severities)) or M.severity(raw.level, own)
        or message:find("^%a*%s?[Ee]rror%f[%W]") and "error" or reader.severity or "warning"
end

local plain_words = { error = true, warning = true, note = true, info = true }

-- The message without the name of its rule, which many tools put in brackets at its end.
local function without_code(issue, message)
    if not message:find("[%])]", -1) then return message end
    local text, code = message:match("^(.-%S)%s+%[(%-?%a[%w_./,+=:@-]*)%]$")
    if not text and not issue.code then
        text, code = message:match("^(.-%S)%s+%((%l[%w/@]*%-[%w/_-]+)%)$")
        if not text then text, code = message:match("^(.-%S)%s+%((report%u%a+)%)$") end
    end
    if not text then return message end
    issue.code = issue.code or code
    return text
end

-- What tools put before the words of a message.
local function without_marks(issue, raw, message)
    local text = message:gsub("^[-:•*]%s+", ""):gsub("^– ", "")
    local word, rest = text:match("^(%a+)%s*:%s+(%S.*)$")
    if word and plain_words[word:lower()] then
        raw.severity, text = raw.severity or word, rest
    else
        local code
        word, code, rest = text:match("^(%a+)%s+([%a_]+%d+)%s*:%s+(%S.*)$")
        if word and plain_words[word:lower()] then issue.code, text = issue.code or code, rest end
    end
    local code, words = text:match("^#(%d+[-D]*):%s+(%S.*)$")
    if not code then code, words = text:match("^%((%u+%d+)%)%s+(%S.*)$") end
    if not code then code, words = text:match("^(%l+%.[%w.]+):%s*(%S.*)$") end
    if not code then code, words = text:match("^%a+%((%d+:%d+)%)%s+(%S.*)$") end
    if code then issue.code, text = issue.code or code, words end
    return text
end

--- The diagnostic of what was captured, or nil when it lacks what its reader asks for.
---@param raw table  fields as captured, `line_number` and `last_line` of the log
---@param reader table
---@return table?
function M.finish(raw, reader)
    local issue = { code = raw.code and trimmed(tostring(raw.code)):gsub(":$", "") or nil }
    local message = without_code(issue, without_marks(issue, raw, trimmed(raw.message or "")))
    if message == "" then message = issue.code or (reader.drop and reader.id) or "" end
    if message == "" then return nil end
    issue.message = message:sub(1, message_bytes)
    local known = {
        line_number = raw.line_number, last_line = raw.last_line or raw.line_number,
        file = type(raw.file) == "string" and M.path(raw.file) or nil, line = whole(raw.line),
        column = whole(raw.column),
        severity = severity_of(raw, reader, message), tool = raw.tool or reader.tool, reader = reader.id,
        specificity = reader.specificity or 50, drop = reader.drop, is_of_report = reader.document ~= nil or nil,
    }
    for name, value in pairs(known) do issue[name] = value end
    for _, name in ipairs(reader.requires or {}) do
        if issue[name] == nil then return nil end
    end
    return issue
end

return M
