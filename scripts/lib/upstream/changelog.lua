-- What a changelog says of each version: the Markdown of Rust's RELEASES.md, of "Keep a Changelog", and of the notes
-- that GitHub generates. Which section means what is the policy's to say.
local versions = require("lib.upstream.versions")

local M = {}

local max_items = 2000
local max_item_bytes = 2000

---@class upstream.Notes
---@field stabilized_features string[]
---@field compiler_changes string[]
---@field breaking_changes string[]
---@field deprecations string[]
---@field other string[]

-- Titles of sections in lower case, and where their items go, when the policy says nothing else. Patterns of Lua.
local default_sections = {
    { "^stabili[sz]ed", "stabilized_features" }, { "^added", "stabilized_features" },
    { "^new features?", "stabilized_features" }, { "^features", "stabilized_features" },
    { "^compiler", "compiler_changes" }, { "^internal", "compiler_changes" },
    { "^breaking", "breaking_changes" }, { "^compatibility", "breaking_changes" }, { "^removed", "breaking_changes" },
    { "^deprecat", "deprecations" },
}

local function heading(line)
    local marks, title = line:match("^(#+)%s+(.-)%s*#*%s*$")
    if marks then return #marks, title end
end

-- "Version 1.84.0 (2025-01-09)", "[1.2.0] - 2024-05-01", "v2.0.0", "## 3.1 / 2020-01-01": the version and its date.
local function version_heading(title)
    local plain = title:gsub("%[(.-)%]%b()", "%1"):gsub("[%[%]]", ""):gsub("^[Vv]ersion%s+", "")
    local word = plain:match("^(%S+)")
    local version = word and word:find("%d") and versions.parse((word:gsub("[:,]$", "")))
    if not version then return nil end
    return version.text, plain:match("(%d%d%d%d%-%d%d%-%d%d)")
end

local function field_of(title, sections)
    local lower = title:lower():gsub("[*_`]", ""):gsub("^[^%w]+", "")
    for _, list in ipairs({ sections or {}, default_sections }) do
        for _, section in ipairs(list) do
            if lower:find(section[1]) then return section[2] end
        end
    end
    return "other"
end

-- Links keep their words, emphasis goes; code stays as it is written.
local function plain_text(text)
    text = text:gsub("!?%[(.-)%]%b()", "%1"):gsub("!?%[(.-)%]%[.-%]", "%1")
    text = text:gsub("%*%*(.-)%*%*", "%1"):gsub("<[^>]->", "")
    return (text:gsub("%s+", " "):match("^%s*(.-)%s*$"):sub(1, max_item_bytes))
end

local function new_notes()
    return { stabilized_features = {}, compiler_changes = {}, breaking_changes = {}, deprecations = {}, other = {} }
end

local function add_item(notes, field, text)
    local list = notes[field] or notes.other
    if #list < max_items then list[#list + 1] = plain_text(text) end
end

-- The items of lists, each with the lines that belong to it. Code blocks are no lists.
local function read_lines(text, visit_heading, visit_item)
    local item, in_code
    local function finish()
        if item then visit_item(item) end
        item = nil
    end
    for line in (text .. "\n"):gmatch("(.-)\r?\n") do
        if line:find("^%s*```") then in_code = not in_code end
        local level, title = heading(line)
        -- Headings may be underlined.
        local bullet = line:match("^%s?%s?%s?[-*+]%s+(.+)$")
        if in_code then
            item = item and item .. "\n" .. line
        elseif level then
            finish()
            visit_heading(level, title)
        elseif bullet then
            finish()
            item = bullet
        elseif line:find("^%s*$") then
            finish()
        elseif item then
            item = item .. " " .. line
        end
    end
    finish()
end

-- "Title\n=====" and "Title\n-----" as "# Title" and "## Title".
local function with_marked_headings(text)
    text = ("\n" .. text):gsub("\r\n", "\n")
    text = text:gsub("\n([^\n#%-*][^\n]*)\n===+[ \t]*%f[\n%z]", "\n# %1")
    return (text:gsub("\n([^\n#%-*][^\n]*)\n%-%-%-+[ \t]*%f[\n%z]", "\n## %1"):sub(2))
end

--- Reads a changelog of many versions.
---@param text string  Markdown
---@param sections? { [1]: string, [2]: string }[]  patterns of titles in lower case, and the fields that they mean
---@return table<string, upstream.Notes> notes  by version
---@return table<string, string> dates  by version, where the changelog has them
function M.read(text, sections)
    local by_version, dates = {}, {}
    local notes, field, version_level
    read_lines(with_marked_headings(text), function(level, title)
        local version, date = version_heading(title)
        if version and (not version_level or level <= version_level) then
            version_level = level
            notes, field = by_version[version] or new_notes(), "other"
            by_version[version], dates[version] = notes, date
        elseif version_level and level <= version_level then
            notes = nil  -- "Unreleased", an appendix
        else
            field = field_of(title, sections)
        end
    end, function(item)
        if notes then add_item(notes, field, item) end
    end)
    return by_version, dates
end

--- Reads the notes of one version, as a release at GitHub has them.
---@param text string  Markdown
---@param sections? { [1]: string, [2]: string }[]
---@return upstream.Notes
function M.read_notes(text, sections)
    local notes, field = new_notes(), "other"
    read_lines(with_marked_headings(text), function(_, title) field = field_of(title, sections) end,
        function(item) add_item(notes, field, item) end)
    return notes
end

return M
