-- Text from logs and branch names, as it may stand in an issue: without what nobody sees, and without other people's
-- secrets. What formats text is left to `report`, which escapes it.
local M = {}

-- Sequences that colour a terminal, and characters without width or that change the direction of text.
local unseen = {
    "\27%[[%d;?]*[%a]", "\27%][^\7\27]*\7", "\226\128[\139-\143\168-\174]", "\226\129[\160-\175]", "\239\187\191",
    "\216\156", "\194\173", "\243\160[\128-\129][\128-\191]",
}

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
    for _, pattern in ipairs(unseen) do text = text:gsub(pattern, "") end
    for _, secret in ipairs(secrets) do text = text:gsub(secret[1], secret[2]) end
    return uhost.mask((text:gsub("[%z\1-\8\11-\31\127]", "")))
end

--- The same in one line.
---@param text string
---@return string
function M.line(text)
    return (M.clean(text):gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

--- The first characters, with "…" for what is left out. Counted are characters, not bytes.
---@param text string
---@param count integer
---@return string
function M.cut(text, count)
    if #text <= count then return text end
    local position, characters = 1, 0
    while position <= #text and characters < count - 1 do
        position = text:find("[^\128-\191]", position + 1) or #text + 1
        characters = characters + 1
    end
    local rest = text:sub(position)
    if select(2, rest:gsub("[^\128-\191]", "")) <= 1 then return text end
    return text:sub(1, position - 1) .. "…"
end

return M
