-- Lua's own functions that change or read files, for runs that plan or may not do everything; the arguments are bound
-- functions, see guarded_libraries.cpp.
--
-- A script may change global names, the fields of libraries and, with setfenv, what these functions see as global: so
-- all that they use is local to the chunk.
local change, plan_command, may_read, _, may_run, note, exists, temporary_name, shell, dry_run = ...
local type, tostring, error, find = type, tostring, error, string.find
local io, raw_open, raw_output, raw_input, raw_lines = io, io.open, io.output, io.input, io.lines
local raw_popen, tmpfile = io.popen, io.tmpfile
local os, raw_remove, raw_rename, raw_execute = os, os.remove, os.rename, os.execute
local handle = debug.getmetatable(io.stdout).__index
local read, write, seek, close = handle.read, handle.write, handle.seek, handle.close
-- LuaJIT may be built with the results of Lua 5.2, and then asks tables for their length.
local plain_status = #setmetatable({}, { __len = function() return 1 end }) == 0

-- Where writing changes nothing, or is what a dry run prints.
local harmless = { ["/dev/null"] = true, ["/dev/full"] = true, ["/dev/stdout"] = true, ["/dev/stderr"] = true,
    ["/dev/tty"] = true }

-- What a dry run hands out for a file: a temporary one, with the old content where that matters.
local function stand_in(path, mode)
    if not find(mode, "^r") and not find(mode, "+", 1, true) then return tmpfile() end
    local old, message, code = raw_open(path, "rb")
    if not old and find(mode, "^r") then return nil, message, code end
    local file = tmpfile()
    while old do
        local piece = read(old, 65536)
        if not piece then break end
        write(file, piece)
    end
    if old then close(old) end
    if not find(mode, "^a") then seek(file, "set") end
    return file
end

local function open(path, mode)
    if type(path) == "number" then path = tostring(path) end
    if mode == nil then mode = "r" end
    if type(path) ~= "string" or type(mode) ~= "string" then return raw_open(path, mode) end
    local reads, writes = find(mode, "^r") or find(mode, "+", 1, true), find(mode, "[wa+]")
    if reads then may_read(path) end
    if not writes or harmless[path] or change("io.open", path, "write to it") then return raw_open(path, mode) end
    return stand_in(path, mode)
end
io.open = open

function io.output(file)
    if type(file) == "string" then
        local opened, message = open(file, "w")
        if not opened then error(message, 2) end
        file = opened
    end
    if file == nil then return raw_output() end
    return raw_output(file)
end

function io.input(file)
    if type(file) == "string" then may_read(file) end
    if file == nil then return raw_input() end
    return raw_input(file)
end

function io.lines(path, ...)
    if path == nil then return raw_lines() end
    if type(path) == "string" then may_read(path) end
    return raw_lines(path, ...)
end

function io.popen(command, mode)
    may_run("sh")
    if not dry_run() or type(command) ~= "string" then return raw_popen(command, mode) end
    if mode ~= nil and find(tostring(mode), "^w") then
        plan_command(command)
        return tmpfile()
    end
    local path = temporary_name()
    shell(command, path)
    local output = raw_open(path, "r")
    raw_remove(path)
    return output
end

function os.execute(command)
    if command == nil then return raw_execute() end
    may_run("sh")
    if not dry_run() or type(command) ~= "string" then return raw_execute(command) end
    local code, signal = shell(command)
    if plain_status then return code and code * 256 or signal end
    return code == 0 or nil, code and "exit" or "signal", code or signal
end

function os.remove(path)
    if type(path) ~= "string" then return raw_remove(path) end
    if dry_run() and not exists(path) then return raw_remove(path) end
    if change("os.remove", path, "remove it", true) then return raw_remove(path) end
    return true
end

function os.rename(from, to)
    if type(from) ~= "string" or type(to) ~= "string" then return raw_rename(from, to) end
    if dry_run() and not exists(from) then return raw_rename(from, to) end
    local moves = change("os.rename", from, "rename it to " .. to, true)
    local replaces = change("os.rename", to, "take the place of it: " .. from, true)
    if moves and replaces then return raw_rename(from, to) end
    return true
end

os.tmpname = temporary_name

-- What such code does, no plan knows.
local function noting(what, loader)
    return function(...)
        if dry_run() then note("lua.native", what, "was loaded: what it changes is not planned") end
        return loader(...)
    end
end
local preload, loadlib, loaders = package.preload, package.loadlib, package.loaders
if preload.ffi then preload.ffi = noting("ffi", preload.ffi) end
package.loadlib = noting("a C library", loadlib)
-- The first three look for what is preloaded, for primitives and for files of Lua.
for _, i in ipairs({ 4, 5 }) do
    local search = loaders[i]
    loaders[i] = function(name)
        local found = search(name)
        return type(found) == "function" and noting(name, found) or found
    end
end
