-- Text from logs and branch names, as it may stand in an issue: without what nobody sees, and without other people's
-- secrets. What formats text is left to `report`, which escapes it.
local characters = require("uhost.notify.text")

local M = {}

-- Tokens by their form: https://docs.github.com/en/code-security/secret-scanning
local secrets = {
    { "gh[pousr]_%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w+", "***" },
    { "github_pat_[%w_]%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w[%w_]*", "***" },
    { "glpat%-[%w_%-]%w%w%w%w%w%w%w%w%w%w[%w_%-]*", "***" }, { "%f[%w]AKIA%u%u%u%u[%u%d]+", "***" },
    { "xox[abprs]%-[%w%-]%w%w%w%w%w%w%w%w[%w%-]*", "***" },
    { "npm_%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w+", "***" },
    { "hooks%.slack%.com/services/[%w/]+", "hooks.slack.com/services/***" },
    { "eyJ[%w_%-]+%.eyJ[%w_%-]+%.[%w_%-]+", "***" }, { "://[^%s/:@]+:[^%s/@]+@", "://***@" },
    { "%-%-%-%-%-BEGIN [%u ]*PRIVATE KEY%-%-%-%-%-.*", "***" },
    { "([Bb]earer%s+)[%w_%-%.~+/]%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w[%w_%-%.~+/=]*", "%1***" },
}

--- The text without unseen characters and secrets.
---@param text string
---@return string
function M.clean(text)
    text = characters.without_unseen(text)
    for _, secret in ipairs(secrets) do text = text:gsub(secret[1], secret[2]) end
    return uhost.mask((text:gsub("[%z\1-\8\11-\31\127]", "")))
end

--- The same in one line.
---@param text string
---@return string
function M.line(text)
    return (M.clean(text):gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

return M
