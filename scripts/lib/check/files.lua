-- Which rule files are meant: those named, those in folders named, or all that uhost would find from here.
local rule_file = require("lib.check.rule_file")

local M = {}

local rooms = { "policies", "kb" }

-- A file's name as `policy.load` takes it is what stands below the nearest folder that is called policies or kb; below
-- another folder, what stands below that.
local function split(path, root)
    local absolute = fs.absolute(path)
    for _, room in ipairs(rooms) do
        local before, name = absolute:match(("^(.*)/%s/(.+)%%.lua$"):format(room))
        if before then return fs.join(before == "" and "/" or before, room), name end
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
    for _, room in ipairs(rooms) do
        local path = fs.join(folder, room)
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
            { hint = "without any path, ./policies, ./kb and the shipped ones are checked" })
    end
end

local function add_found(list, kb)
    for _, found in ipairs(policy.paths({ kb = kb })) do
        list[#list + 1] = rule_file.new({
            path = found.file, name = found.name, folder = found.file:sub(1, -#found.name - 6), kb = kb,
            shipped = not found.users_own,
        })
    end
end

-- Files that `policy.load` would never find, because of their names, but which somebody put there.
local function add_misnamed(list, room)
    local known = {}
    for _, file in ipairs(list) do known[file.path] = true end
    if not fs.exists(room) then return end
    for path, type in fs.walk(room, { glob = "**.lua" }) do
        if type ~= "directory" and not known[path] then list[#list + 1] = new(path, room) end
    end
end

--- The rule files to check.
---@param paths string[]  none for all that uhost would find
---@return check.RuleFile[]
function M.find(paths)
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
    if #paths == 0 then
        for i, room in ipairs(rooms) do
            add_found(list, i == 2)
            add_misnamed(list, room)
        end
    end
    return list
end

return M
