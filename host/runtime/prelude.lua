-- What the host does to Lua's own libraries when it starts; the arguments are bound functions, see prelude.cpp.
--
-- A host wait inside a user's coroutine yields the mark; resume passes it outwards until the scheduler gets it, and
-- resumes the same coroutine when the wait is over.
local emit, emit_error, flush, getenv, exit, execute, new_masker, new_command_output, now, mark = ...
local raw_resume, status, yield, create = coroutine.resume, coroutine.status, coroutine.yield, coroutine.create
local type, tostring, select, concat, error = type, tostring, select, table.concat, error

local function pass_on(thread, ok, first, ...)
    if ok and first == mark and status(thread) == "suspended" then
        yield(mark)
        return pass_on(thread, raw_resume(thread))
    end
    return ok, first, ...
end

function coroutine.resume(thread, ...)
    return pass_on(thread, raw_resume(thread, ...))
end

local function results_or_error(ok, first, ...)
    if ok then return first, ... end
    error(first, 0)
end

function coroutine.wrap(body)
    local thread = create(body)
    return function(...) return results_or_error(pass_on(thread, raw_resume(thread, ...))) end
end

function print(...)
    local pieces = {}
    for i = 1, select("#", ...) do pieces[i] = tostring((select(i, ...))) end
    emit(concat(pieces, "\t"), "\n")
end

-- Standard output and error are the host's, whichever way a script writes to them. Every other file, which may be
-- /dev/stdout, has a mask of its own.
local output, stdout, stderr = io.output, io.stdout, io.stderr
local of_files = debug.getmetatable(stdout)
local methods, raw_collect = of_files.__index, of_files.__gc
local raw_write, raw_flush, raw_seek, raw_close = methods.write, methods.flush, methods.seek, methods.close
local maskers, beside = setmetatable({}, { __mode = "k" }), setmetatable({}, { __mode = "k" })

local function write_masked(file, ...)
    local masker = maskers[file] or new_masker()
    if not masker then return raw_write(file, ...) end
    maskers[file] = masker
    return raw_write(file, masker:pass(...))
end

-- What was held back, as it may have been the beginning of a secret.
local function finish(file)
    local masker = maskers[file]
    if not masker then return end
    local held = masker:finish()
    if held ~= "" then raw_write(file, held) end
end

function methods.write(file, ...)
    if file == stdout then
        emit(...)
    elseif file == stderr then
        emit_error(...)
    else
        return write_masked(file, ...)
    end
    return file
end

function methods.flush(file)
    if file ~= stdout then return raw_flush(file) end
    flush()
    return true
end

function methods.seek(file, ...)
    finish(file)
    return raw_seek(file, ...)
end

local function pass_on_output(file, ...)
    local printed = beside[file]
    if printed then printed:pass_on() end
    return ...
end

function methods.close(file)
    finish(file)
    return pass_on_output(file, raw_close(file))
end

function of_files.__gc(file)
    finish(file)
    return pass_on_output(file, raw_collect(file))
end

local raw_popen = io.popen
function io.popen(command, mode)
    local printed = type(command) == "string" and new_command_output(mode)
    if not printed then return raw_popen(command, mode) end
    local file, message, code = raw_popen(printed:redirected(command), mode)
    if file then beside[file] = printed end
    return file, message, code
end

function io.close(file) return methods.close(file or output()) end

local raw_execute = os.execute
function os.execute(command)
    return command ~= nil and execute(command) or raw_execute(command)
end

function io.write(...) return output():write(...) end

function io.flush() return output():flush() end

os.getenv, os.exit = getenv, exit

-- The time is the host's, as that of `time.now`.
local raw_time, raw_date = os.time, os.date

function os.time(fields)
    if fields == nil then return now() end
    return raw_time(fields)
end

function os.date(format, at) return raw_date(format or "%c", at or now()) end

-- Loaded when they are used.
local raw_publish = uhost.publish
function uhost.publish(topic, value)
    if raw_publish(topic) then raw_publish(topic, require("uhost.json").encode(value)) end
end

function uhost.inspect(value, options) return require("uhost.uhost.inspect")(value, options) end
