-- What goes into a bundle: uhost with its libraries, the script with its modules, policies and knowledge bases.
local repository_root = require("lib.repository_root")

local M = {}

local binary = fs.readlink("/proc/self/exe")
local library_folder = fs.join(fs.dirname(fs.dirname(binary)), "lib")

-- The C library: each system has its own, with a loader that fits, and it is the base of all others.
local of_system = {}
for name in ("ld-linux-x86-64 ld-linux-aarch64 libc libm libdl libpthread librt libresolv"):gmatch("%S+") do
    of_system[name] = true
end

---@class bundle.File
---@field path string  in the bundle
---@field source string
---@field executable boolean

local function add(files, path, source, executable)
    files[#files + 1] = { path = path, source = source, executable = executable or false }
end

-- uhost itself --------------------------------------------------------------------------------------------------------

local function native_files()
    local files = {}
    add(files, "bin/uhost", binary, true)
    for _, name in ipairs(fs.list(fs.join(library_folder, "uhost"))) do
        if name ~= "bundle-launcher" then
            add(files, "lib/uhost/" .. name, fs.join(library_folder, "uhost", name), not name:find("%.so$"))
        end
    end
    return files
end

-- The shared libraries that programs and libraries are linked with, as the loader finds them here.
local function add_libraries(files)
    local command = { "ldd", reads = true, check = true }
    for _, file in ipairs(files) do command[#command + 1] = file.source end
    local found = {}
    for name, path in process.run(command).stdout:gmatch("\n%s+(%S+) => (%S+) ") do
        if path == "not" then
            uhost.fail("bundle.library", ("the library %s is not on this machine"):format(name),
                { hint = "uhost self-check says what this installation lacks" })
        end
        if not of_system[name:match("^[^.]+")] then found[name] = path end
    end
    for _, name in ipairs(tables.sorted_keys(found)) do add(files, "lib/" .. name, fs.absolute(found[name])) end
end

local shared_endings = { lua = true, json = true, tsv = true, js = true, css = true }

local function add_folder(files, below, folder, is_wanted)
    for path, kind in fs.walk(folder) do
        if kind == "file" and (not is_wanted or is_wanted(path)) then
            add(files, below .. path:sub(#folder + 1), path)
        end
    end
end

local function add_share(files)
    local function is_wanted(path) return shared_endings[path:match("%.(%w+)$")] end
    for _, name in ipairs({ "api", "scripts", "policies", "kb" }) do
        local folder = fs.join(uhost.share, name)
        local target = fs.readlink(folder) or folder
        add_folder(files, "share/uhost/" .. name, target, is_wanted)
    end
    for _, name in ipairs({ "cache/kb", "cache/kb_cache" }) do
        local folder = fs.join(uhost.share, name)
        if fs.exists(folder) then add_folder(files, "share/uhost/" .. name, folder) end
    end
    local compiled = fs.join(uhost.share, "cache/lua")
    if fs.exists(compiled) then add(files, "share/uhost/cache/lua", compiled) end
    local argparse = assert(package.searchpath("argparse", package.path))
    add(files, "share/uhost/scripts/argparse.lua", argparse)
end

-- The script ----------------------------------------------------------------------------------------------------------

-- Modules that a Lua file requires by name. What it makes up while it runs, nobody can know.
local function required(source)
    local names = {}
    for _, pattern in ipairs({ "%f[%w_]require%s*%(?%s*\"([%w_.-]+)\"", "%f[%w_]require%s*%(?%s*'([%w_.-]+)'" }) do
        for name in source:gmatch(pattern) do names[#names + 1] = name end
    end
    return names
end

local function add_script(files, script)
    local folder = fs.dirname(script)
    local search = fs.join(folder, "?.lua") .. ";" .. fs.join(folder, "?/init.lua")
    local seen, open = { [script] = true }, { script }
    while #open > 0 do
        local path = table.remove(open)
        add(files, "share/uhost/bundled/" .. path:sub(#folder + 2), path)
        for _, name in ipairs(required(fs.read(path))) do
            local found = package.searchpath(name, search)
            if found and not seen[found] then
                seen[found] = true
                open[#open + 1] = found
            end
        end
    end
end

-- The rules of the repository that the script lies in, else of its folder.
local function add_rules(files, script)
    local repo = repository_root.open(fs.dirname(script))
    local root = repo and repo:work_tree() or fs.dirname(script)
    for _, name in ipairs({ "policies", "kb" }) do
        local rules = fs.join(root, name)
        if fs.exists(rules) then
            add_folder(files, "share/uhost/bundled/" .. name, rules, function(path) return path:find("%.lua$") end)
        end
    end
end

--- What goes into the bundle of a script.
---@param script string  an absolute path
---@return bundle.File[]
function M.of(script)
    local files = native_files()
    add_libraries(files)
    add_share(files)
    add_script(files, script)
    add_rules(files, script)
    table.sort(files, function(a, b) return a.path < b.path end)
    return files
end

M.launcher = fs.join(library_folder, "uhost", "bundle-launcher")

return M
