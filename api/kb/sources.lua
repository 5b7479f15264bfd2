-- Which knowledge base files there are, in which layers.
local M = {}

---@class kb.Source
---@field name string  as `policy.load` takes it: "languages/rust"
---@field folder string  the user's own
---@field shipped string  what lies below it
---@field file string  of the highest layer
---@field is_user boolean
---@field readers_only? boolean  its entries are left out

local function bad_path(path, message, hint)
    uhost.fail("usage", ("'%s' %s"):format(path, message), { hint = hint })
end

local function add_folder(list, folder, shipped)
    local by_name, paths = {}, policy.paths({ folder = folder, shipped = shipped, kb = true })
    local has_own = false
    for _, found in ipairs(paths) do has_own = has_own or found.users_own end
    -- Without files of the user's own, there is one layer; both folders may also be the same.
    if not has_own then folder = shipped end
    for _, found in ipairs(paths) do
        if not by_name[found.name] then
            by_name[found.name] = true
            list[#list + 1] = {
                name = found.name, folder = folder, shipped = shipped, file = found.file, is_user = found.users_own,
            }
        end
    end
end

-- A file's folder and its name in it. The name counts from the folder called kb, if the file is in one.
local function split(path)
    local folder, name = path:match("^(.*%f[^/%z]kb)/([%l%d_/]+)%.lua$")
    if folder then return folder, name end
    return fs.dirname(path), fs.basename(path):match("^([%l%d_]+)%.lua$")
end

local function add_file(list, path)
    local root, name = split(path)
    if not name then
        bad_path(path, "is not a name that a knowledge base can have",
            "knowledge bases are named in lower-case letters, digits and '_', and end in .lua")
    end
    list[#list + 1] = { name = name, folder = root, shipped = root, file = path, is_user = true }
end

local function add_named(list, path)
    local status = fs.stat(path)
    if not status then bad_path(path, "is not there", "name a knowledge base file, or a folder of them") end
    if status.type ~= "directory" then return add_file(list, path) end
    local before = #list
    add_folder(list, path, path)
    if #list == before then bad_path(path, "holds no knowledge base (*.lua)", "name a folder of knowledge bases") end
end

local function usual(options)
    local list = {}
    local folder = options.folder or policy.folder({ kb = true }) or "kb"
    add_folder(list, folder, options.shipped or fs.join(uhost.share, "kb"))
    table.sort(list, function(a, b) return a.name < b.name end)
    return list
end

--- The knowledge bases to load, by name: of the files and folders named, or those shipped and the user's own over them;
--- with `readers`, of the latter also what is no entry.
---@param options { paths?: string[], folder?: string, shipped?: string, readers?: boolean }
---@return kb.Source[]
function M.find(options)
    local list, unique, seen = options.paths and {} or usual(options), {}, {}
    for _, path in ipairs(options.paths or {}) do add_named(list, path) end
    for _, source in ipairs(options.paths and options.readers and usual(options) or {}) do
        source.readers_only = true
        list[#list + 1] = source
    end
    for _, source in ipairs(list) do
        local key = fs.absolute(source.folder) .. "\n" .. source.name
        if not seen[key] then unique[#unique + 1] = source end
        seen[key] = true
    end
    return unique
end

--- Where a rule file of this name would be found for a source: its layers.
---@param source kb.Source
---@param name string
---@return string[]
function M.candidates(source, name)
    local shipped = fs.join(source.shipped, name .. ".lua")
    local has_one = source.folder == source.shipped or fs.absolute(source.folder) == fs.absolute(source.shipped)
    if has_one then return { shipped } end
    return { shipped, fs.join(source.folder, name .. ".lua") }
end

--- The name of a rule file that a source requires; nil for one outside of its folders.
---@param source kb.Source
---@param file string
---@return string?
function M.name_of(source, file)
    file = fs.absolute(file)
    for _, folder in ipairs({ source.folder, source.shipped }) do
        local prefix = fs.absolute(folder) .. "/"
        if file:sub(1, #prefix) == prefix then return (file:sub(#prefix + 1):gsub("%.lua$", "")) end
    end
end

return M
