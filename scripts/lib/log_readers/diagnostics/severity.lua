-- What tools call severities, as error, warning or note.
local M = {}

local words = {
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

local known = {}
for severity, list in pairs(words) do
    for _, word in ipairs(list) do known[word] = severity end
end

--- error, warning or note for a tool's word; nil for words that say nothing of severity. Numbers are read as ESLint and
--- the Code Climate family write them: 2 and more is an error.
---@param word string|number|nil
---@param own? table<string, string>  a reader's own words
---@return "error"|"warning"|"note"|nil
function M.normalise(word, own)
    if type(word) == "number" then
        if word == 5 then return "warning" end
        return word >= 2 and "error" or word == 1 and "warning" or "note"
    end
    if type(word) ~= "string" then return nil end
    local text = word:lower():gsub("^[%s%[(*]+", ""):gsub("[%s%]):*]+$", ""):gsub("[_-]", " ")
    if own and own[text] then return own[text] end
    return known[text] or known[text:match("%a+$") or ""] or known[text:match("^%a+") or ""]
end

--- Whether a text is just a word for a severity.
---@param text string
---@return boolean
function M.is_word(text)
    return #text > 1 and known[text:lower()] ~= nil
end

return M
