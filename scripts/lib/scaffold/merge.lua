-- What a file that is there already becomes: it keeps all it has, and gets what it lacks.
local M = {}

-- Places in YAML ------------------------------------------------------------------------------------------------------

local function line_start(text, at)
    while at > 1 and text:sub(at - 1, at - 1) ~= "\n" do at = at - 1 end
    return at
end

local function line_end(text, at) return (text:find("\n", at, true) or #text + 1) - 1 end

-- The lines of an entry or item, with the comments right above it.
local function lines_of(text, first, last)
    local from = line_start(text, first)
    while from > 1 do
        local above = line_start(text, from - 1)
        if not text:sub(above, from - 2):find("^%s*#") then break end
        from = above
    end
    return text:sub(from, line_end(text, math.max(first, last)))
end

local function shifted(lines, by)
    return (("\n" .. lines):gsub("\n( *)([^\n])", function(spaces, character)
        return "\n" .. (" "):rep(#spaces + by) .. character
    end):sub(2))
end

local function indentation(text, first)
    local line = text:sub(line_start(text, first), first)
    return #line:match("^ *")
end

-- Puts lines behind everything that a block has.
local function appended(text, container, lines, by)
    local at = line_end(text, container.last)
    return text:sub(1, at) .. "\n" .. shifted(lines, by) .. text:sub(at + 1)
end

local function child(node, name)
    for _, entry in ipairs(node and node.entries or {}) do
        if entry.key.text == name then return entry end
    end
end

-- What YAML lacks -----------------------------------------------------------------------------------------------------

-- A block of `key` that can get more; what is written in one line cannot.
local function block_of(text, key, parts)
    local own = yaml.get(yaml.parse(text), key)
    if own and own.style == "block" and own[parts] and own[parts][1] then return own end
end

-- The text with the entries of a mapping that only the generated one has; nil where they cannot be added.
local function add_entries(text, generated, key)
    local own = block_of(text, key, "entries")
    for _, entry in ipairs(own and yaml.get(yaml.parse(generated), key).entries or {}) do
        if not child(own, entry.key.text) then
            local lines = lines_of(generated, entry.key.first, entry.value.last)
            local by = indentation(text, own.entries[1].key.first) - indentation(generated, entry.key.first)
            return add_entries(appended(text, own, "\n" .. lines, by), generated, key)
        end
    end
    return own and text
end

-- Jobs that come into a file without `defaults` bring the ones that they were written for.
local function with_defaults(text, generated)
    local defaults = child(yaml.parse(generated), "defaults")
    if not defaults or child(yaml.parse(text), "defaults") then return generated end
    local lines = shifted(lines_of(generated, defaults.key.first, defaults.value.last), 4)
    local jobs = yaml.get(yaml.parse(generated), "jobs")
    for i = #jobs.entries, 1, -1 do
        local first = line_end(generated, jobs.entries[i].key.first)
        generated = generated:sub(1, first) .. "\n" .. lines .. generated:sub(first + 1)
    end
    return generated
end

local function workflow(text, generated)
    generated = with_defaults(text, generated)
    local jobs = add_entries(text, generated, "jobs")
    for _, key in ipairs({ "permissions", "concurrency" }) do
        local entry = child(yaml.parse(generated), key)
        local root = jobs and yaml.parse(jobs)
        if root and entry and not child(root, key) then
            local first = child(root, "jobs")
            local at = first and line_start(jobs, first.key.first) or #jobs + 1
            local lines = lines_of(generated, entry.key.first, entry.value.last)
            jobs = jobs:sub(1, at - 1) .. lines .. "\n\n" .. jobs:sub(at)
        end
    end
    return jobs
end

local function dependabot(text, generated)
    local own = block_of(text, "updates", "items")
    if not own then return nil end
    local function ecosystem(item) return yaml.value(item)["package-ecosystem"] end
    local known = {}
    for _, item in ipairs(own.items) do known[ecosystem(item) or ""] = true end
    for _, item in ipairs(yaml.get(yaml.parse(generated), "updates").items) do
        if not known[ecosystem(item)] then
            local by = indentation(text, own.items[1].first) - indentation(generated, item.first)
            text = appended(text, own, lines_of(generated, item.first, item.last), by)
            own = yaml.get(yaml.parse(text), "updates")
        end
    end
    return text
end

local function compose(text, generated) return add_entries(text, generated, "services") end

local function lines(text, generated)
    local known, added = {}, {}
    for line in (text .. "\n"):gmatch("([^\r\n]*)\r?\n") do known[line] = true end
    for line in generated:gmatch("([^\n]+)") do
        if not known[line] then added[#added + 1] = line .. "\n" end
    end
    if #added == 0 then return text end
    return text .. (text:find("[^\n]$") and "\n" or "") .. table.concat(added)
end

local merges = {
    { "^%.github/workflows/", workflow }, { "^%.github/dependabot%.yml$", dependabot }, { "^compose%.yaml$", compose },
    { "^%.dockerignore$", lines },
}

-- Whether `after` still says everything that `before` says.
local function keeps(before, after)
    if type(before) ~= "table" then return before == after end
    if type(after) ~= "table" then return false end
    for key, value in pairs(before) do
        if not keeps(value, after[key]) then return false end
    end
    return true
end

--- The file with what it lacks; nil where only a person can bring the two together.
---@param path string
---@param text string  what is there
---@param generated string
---@return string?
function M.of(path, text, generated)
    for _, each in ipairs(merges) do
        if path:find(each[1]) then
            local ok, merged = pcall(function()
                local made = each[2](text, generated)
                local is_yaml = path ~= ".dockerignore"
                return made and (not is_yaml or keeps(yaml.decode(text), yaml.decode(made))) and made or nil
            end)
            if not ok and not uhost.is_error(merged) then error(merged, 0) end
            return ok and merged or nil
        end
    end
end

return M
