-- What paths on the command line stand for: spec files, and rule files whose examples are tests.
local display_path = require("lib.display_path")

local M = {}

M.skipped_folders = { ".git", "node_modules", "build" }

---@class RuleFile
---@field file string
---@field folder string  the folder that its name counts from
---@field name string  as `policy.load` takes it
---@field kb boolean
---@field shown string  as it is called in reports

local function is_spec(path) return path:find("_spec%.lua$") ~= nil end

local function is_folder(path)
    local status = fs.stat(path)
    return status ~= nil and status.type == "directory"
end

-- The innermost folder called policies or kb on the way to a path, and whether it is kb; nil when there is none.
local function rules_folder(path)
    local folder = fs.absolute(path)
    while folder ~= "/" do
        local name = fs.basename(folder)
        if name == "policies" or name == "kb" then return folder, name == "kb" end
        folder = fs.dirname(folder)
    end
    return nil
end

---@param path string  a Lua file
---@return RuleFile
function M.rule_file(path)
    local whole = fs.absolute(path)
    local folder, kb = rules_folder(fs.dirname(whole))
    folder = folder or fs.dirname(whole)
    return {
        file = whole, folder = folder, name = whole:sub(#folder + 2):gsub("%.lua$", ""), kb = kb or false,
        shown = display_path(whole),
    }
end

local function lua_files_below(folder)
    local files = {}
    for path, kind in fs.walk(folder, { skip = M.skipped_folders }) do
        if path:find("%.lua$") and kind ~= "directory" then files[#files + 1] = path end
    end
    return files
end

local function add_folder(selection, folder)
    local inside_rules = rules_folder(folder) ~= nil
    for _, path in ipairs(lua_files_below(folder)) do
        local below = fs.absolute(path):sub(#fs.absolute(folder) + 2)
        if is_spec(path) then
            selection.add_spec(path)
        elseif inside_rules or below:find("^policies/") or below:find("^kb/") then
            selection.add_rule(path)
        end
    end
end

local function add_own(selection)
    for _, kb in ipairs({ false, true }) do
        local folder = policy.folder({ kb = kb })
        for _, each in ipairs(folder and policy.paths({ kb = kb }) or {}) do
            if each.is_user then selection.add_rule(each.file) end
        end
    end
    if is_folder("tests/lua") then add_folder(selection, "tests/lua") end
end

local function add_shipped(selection)
    for _, kb in ipairs({ false, true }) do
        for _, each in ipairs(policy.paths({ kb = kb })) do
            if not each.is_user then selection.add_rule(each.file) end
        end
    end
end

local function new_selection()
    local specs, rules, seen = {}, {}, {}
    local function first_time(path)
        local whole = fs.absolute(path)
        local new = not seen[whole]
        seen[whole] = true
        return new
    end
    return {
        specs = specs,
        rules = rules,
        add_spec = function(path)
            if first_time(path) then specs[#specs + 1] = path end
        end,
        add_rule = function(path)
            if first_time(path) then rules[#rules + 1] = M.rule_file(path) end
        end,
    }
end

-- A shipped file and the user's own over it would be called the same.
local function tell_apart(rules)
    local owner = {}
    for _, rule in ipairs(rules) do
        if owner[rule.shown] then
            local shipped = rule.file:sub(1, #uhost.share) == uhost.share and rule or owner[rule.shown]
            shipped.shown = shipped.file
        end
        owner[rule.shown] = rule
    end
end

--- The tests that paths stand for. A folder stands for the specs in it and for the rule files of its policies/ and kb/;
--- any Lua file that is not a spec, for a rule file. No paths: the user's own rules that uhost finds from here, and
--- tests/lua.
---@param paths string[]
---@param shipped? boolean  also the rules that come with uhost
---@return { specs: string[], rules: RuleFile[] }
function M.select(paths, shipped)
    local selection = new_selection()
    if #paths == 0 then add_own(selection) end
    if shipped then add_shipped(selection) end
    for _, path in ipairs(paths) do
        if is_folder(path) then
            add_folder(selection, path)
        elseif not fs.exists(path) then
            uhost.fail("usage", ("there is no file or folder '%s'"):format(path), { hint = "see uhost test --help" })
        elseif is_spec(path) then
            selection.add_spec(path)
        elseif path:find("%.lua$") then
            selection.add_rule(path)
        else
            uhost.fail("usage", ("'%s' is neither a spec nor a rule file"):format(path),
                { hint = "specs are called *_spec.lua, rule files *.lua" })
        end
    end
    tell_apart(selection.rules)
    return { specs = selection.specs, rules = selection.rules }
end

--- What to watch for new and changed tests.
---@param paths string[]
---@param shipped? boolean
---@return string[]
function M.roots(paths, shipped)
    local roots = {}
    for _, path in ipairs(paths) do roots[#roots + 1] = path end
    if #paths == 0 then
        roots = { policy.folder() or "policies", policy.folder({ kb = true }) or "kb" }
        if is_folder("tests") then roots[#roots + 1] = "tests/lua" end
    end
    if shipped then
        roots[#roots + 1] = fs.join(uhost.share, "policies")
        roots[#roots + 1] = fs.join(uhost.share, "kb")
    end
    return roots
end

return M
