-- What a spec file was found to load while it ran: modules, other Lua files, pieces of primitives, and rule files.
local M = {}

local function module_file(name)
    local primitive, part = name:match("^uhost%.([%w_]+)%.?(.*)$")
    if primitive then
        local below = part ~= "" and part:gsub("%.", "/") .. ".lua" or "init.lua"
        return fs.join(uhost.share, "api", primitive, below)
    end
    return package.searchpath(name, package.path)
end

local function is_own(path) return not path:find("^/usr/") end

-- Replaces owner[name] by a function that passes its arguments to `note` first. busted restores globals after a file.
local function listen(owner, name, note)
    local original = rawget(owner, name)
    if not original then return end
    rawset(owner, name, function(...)
        note(...)
        return original(...)
    end)
end

local function listen_to_policies(add)
    local load = policy.load
    rawset(policy, "load", function(name, options)
        local handle = load(name, options)
        for _, file in ipairs(handle:files()) do add(file) end
        -- One that is made later would override it.
        local kb = type(options) == "table" and options.kb
        local folder = type(options) == "table" and options.folder or kb and "kb" or "policies"
        add(fs.join(folder, name .. ".lua"))
        return handle
    end)
end

---@return table recorder  `begin(file)` and `finish()` around a spec file, `add(file, files)` for all else; `files` is
---  what was found
function M.recorder()
    local recorder = { files = {} }
    local found, loaded

    local function note(path)
        if type(path) == "string" and path ~= "" and is_own(path) then found[fs.absolute(path)] = true end
    end

    local function note_module(name) note(type(name) == "string" and module_file(name) or nil) end

    function recorder.begin()
        found, loaded = {}, {}
        for name in pairs(package.loaded) do loaded[name] = true end
        listen(_G, "require", note_module)
        listen(_G, "dofile", note)
        listen(_G, "loadfile", note)
        listen_to_policies(note)
    end

    function recorder.finish(file)
        for name in pairs(package.loaded) do
            if not loaded[name] then note_module(name) end
        end
        local list = {}
        for path in pairs(found) do
            if fs.exists(path) or path:find("/policies/", 1, true) or path:find("/kb/", 1, true) then
                list[#list + 1] = path
            end
        end
        table.sort(list)
        recorder.files[fs.absolute(file)] = list
    end

    function recorder.add(file, files)
        local list = {}
        for _, path in ipairs(files) do list[#list + 1] = fs.absolute(path) end
        recorder.files[fs.absolute(file)] = list
    end

    return recorder
end

return M
