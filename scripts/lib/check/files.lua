-- Which rule files are meant: those named, those in folders named, or those that uhost finds from here.
local rule_file = require("lib.check.rule_file")

local M = {}

local folder_names = { "policies", "kb" }

-- A file's name as `policy.load` takes it is what stands below the nearest folder that is called policies or kb; below
-- another folder, what stands below that.
local function split(path, root)
    local absolute = fs.absolute(path)
    for _, rules in ipairs(folder_names) do
        local before, name = absolute:match(("^(.*)/%s/(.+)%%.lua$"):format(rules))
        if before then return fs.join(before == "" and "/" or before, rules), name end
    end
    local folder = fs.absolute(root or fs.dirname(path))
    return folder, absolute:sub(#folder + (folder == "/" and 1 or 2)):gsub("%.lua$", "")
end

local function is_inside(path, folder)
    folder = fs.absolute(folder)
    return path == folder or path:sub(1, #folder + 1) == folder .. "/"
end

local function new(path, root)
    local folder, name = split(path, root)
    local shipped = is_inside(folder, fs.join(uhost.share, "policies")) or is_inside(folder, fs.join(uhost.share, "kb"))
    -- Rules find each other below the folder as it was named, and so are their messages.
    if path:sub(-#name - 4) == name .. ".lua" then
        folder = path:sub(1, -#name - 5):gsub("(.)/+$", "%1")
        if folder == "" then folder = "." end
    end
    return rule_file.new({
        path = path == fs.join(folder, name .. ".lua") and path or fs.join(folder, name .. ".lua"), name = name,
        folder = folder, kb = fs.basename(fs.absolute(folder)) == "kb", shipped = shipped,
    })
end

local function rule_folders(folder)
    local found = {}
    for _, rules in ipairs(folder_names) do
        local path = fs.join(folder, rules)
        local status = fs.stat(path)
        if status and status.type == "directory" then found[#found + 1] = path end
    end
    return #found > 0 and found or { folder }
end

local function add_folder(list, folder)
    local before = #list
    for _, root in ipairs(rule_folders(folder)) do
        for path, type in fs.walk(root, { glob = "**.lua", skip = { ".git", "node_modules" } }) do
            if type ~= "directory" then list[#list + 1] = new(path, root) end
        end
    end
    if #list == before then
        uhost.fail("usage", ("there are no rule files (*.lua) in %s"):format(folder),
            { hint = "without any path, your own policies/ and kb/ are checked" })
    end
end

-- What uhost finds from here; of the user's own folder also files whose names `policy.load` would not take.
local function add_own(list, kb)
    local folder = policy.folder({ kb = kb })
    if not folder then return end
    for path, type in fs.walk(folder, { glob = "**.lua", skip = { ".git", "node_modules" } }) do
        local file = type ~= "directory" and new(path, folder)
        if file and not file.shipped then list[#list + 1] = file end
    end
end

local function add_shipped(list, kb)
    for _, found in ipairs(policy.paths({ kb = kb })) do
        if not found.is_user then
            list[#list + 1] = rule_file.new({
                path = found.file, name = found.name, folder = found.file:sub(1, -#found.name - 6), kb = kb,
                shipped = true,
            })
        end
    end
end

--- The rule files to check.
---@param paths string[]  none for the user's own that uhost finds from here
---@param shipped? boolean  also those that come with uhost
---@return check.RuleFile[]
function M.find(paths, shipped)
    local list = {}
    for _, path in ipairs(paths) do
        local status = fs.stat(path)
        if not status then
            uhost.fail("usage", ("there is no '%s'"):format(path), { hint = "name rule files, or folders of them" })
        elseif status.type == "directory" then
            add_folder(list, path)
        else
            list[#list + 1] = new(path)
        end
    end
    for _, kb in ipairs({ false, true }) do
        if #paths == 0 then add_own(list, kb) end
        if shipped then add_shipped(list, kb) end
    end
    return list
end

return M
