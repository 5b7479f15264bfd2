-- Without the access `ffi`: nothing that leads out of Lua. The arguments are bound functions, see
-- guarded_libraries.cpp.
local may_read, may_require = ...
local type, error, read = type, error, io.read
local raw_load, raw_loadfile, raw_searchpath = load, loadfile, package.searchpath
local package, getinfo = package, debug.getinfo

require("uhost.tables")  -- keeps what it needs of `debug`
for _, name in ipairs({ "ffi", "jit.util", "jit.profile", "string.buffer" }) do
    package.loaded[name], package.preload[name] = nil, nil
end
for _, name in ipairs({ "attach", "prngstate", "util", "profile" }) do jit[name] = nil end

-- Text only: the virtual machine trusts compiled Lua.
function load(chunk, name, _, environment) return raw_load(chunk, name, "t", environment) end

function loadstring(text, name)
    if type(text) ~= "string" then
        error("bad argument #1 to 'loadstring' (string expected, got " .. type(text) .. ")", 2)
    end
    return raw_load(text, name, "t")
end

local function load_file(path, _, environment)
    if path == nil then return raw_load(read("*a"), "=stdin", "t") end
    may_read(path)
    return raw_loadfile(path, "t", environment)
end
loadfile = load_file

function dofile(path)
    local chunk, message = load_file(path)
    if not chunk then error(message, 0) end
    return chunk()
end

local function search_lua(name)
    local file, tried = raw_searchpath(name, package.path)
    if not file then return tried end
    may_require(file)
    local chunk, message = raw_loadfile(file, "t")
    return chunk or error(("error loading module '%s' from file '%s':\n\t%s"):format(name, file, message), 0)
end
local loaders = package.loaders
package.loaders = { loaders[1], loaders[2], search_lua }
package.loadlib, package.searchpath, package.searchers = nil, nil, nil

for name in pairs(debug) do
    if name ~= "traceback" and name ~= "getinfo" then debug[name] = nil end
end
-- Where code is, and not the functions themselves: those of the host hold what a script may not have.
function debug.getinfo(thread, level, what)
    if type(thread) ~= "thread" then thread, level, what = nil, thread, level end
    local info
    if thread then
        info = getinfo(thread, level, what or "nSlu")
    else
        info = getinfo(type(level) == "number" and level + 1 or level, what or "nSlu")
    end
    if type(info) == "table" then info.func = nil end
    return info
end
