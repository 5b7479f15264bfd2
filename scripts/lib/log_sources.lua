-- Logs on this machine: files, packed files, folders, standard input.
local byte_size = require("uhost.term.byte_size")

local M = {}

---@class lib.LogSource
---@field kind "file"|"stdin"
---@field name string  for people
---@field file string?
---@field is_one_of_many boolean?  whether it was found in a folder or an archive
---@field job_name string?
---@field open fun(): log_text.Log

-- Packed logs. The unpacking is done by the programs that everybody has for it ----------------------------------------

--- What unpacks to more than this, an archive as a whole, is no log.
M.max_unpacked_bytes = 16 * 2 ^ 30
local max_members = 1000

local programs = {
    [".gz"] = { "gzip", "-dc" }, [".zst"] = { "zstd", "-dcq" }, [".xz"] = { "xz", "-dc" },
    [".bz2"] = { "bzip2", "-dc" },
}

local function fail(file, program, said)
    uhost.fail("log_sources.unpack", ("cannot unpack %s"):format(file), {
        hint = "look at it with " .. program, native = said ~= "" and said or nil,
    })
end

local function started(file, command)
    command.stderr, command.reads = "capture", true
    local ok, result = pcall(process.start, command)
    if ok then return result end
    if not uhost.is_error(result) or result.kind ~= "process.not_found" then error(result, 0) end
    uhost.fail("log_sources.unpack", ("%s is needed to unpack %s, and is not installed"):format(command[1], file),
        { hint = "install it, or unpack the file by hand" })
end

-- The program's output in pieces. What a file may still unpack to is taken from `budget`, which the members of an
-- archive share.
local function pieces(file, command, budget)
    local child = started(file, command)
    return function()
        if not child then return nil end
        local line = child:read_line()
        if line then
            budget.bytes = budget.bytes - #line - 1
            if budget.bytes < 0 then
                child:close()
                uhost.fail("log_sources.too_large", ("%s holds more than %s"):format(file,
                    byte_size(M.max_unpacked_bytes)),
                    { hint = "unpack it, and take the part that matters" })
            end
            return line .. "\n"
        end
        local result = child:wait()
        child = nil
        if result.code ~= 0 then fail(file, command[1], (result.stderr:gsub("%s+$", ""))) end
    end
end

--- Whether a file's name says that it is packed.
---@param file string
---@return boolean
local function is_packed(file)
    local ending = fs.extension(file):lower()
    return ending == ".zip" or programs[ending] ~= nil
end

-- Of the archive of a run, the files in folders are the steps of the jobs beside them.
local function without_parts(names)
    local outer = {}
    for _, name in ipairs(names) do
        if not name:find("/", 1, true) then outer[#outer + 1] = name end
    end
    return #outer > 0 and outer or names
end

-- What unzip takes for a pattern, as it is.
local function literal(name) return (name:gsub("[%[%]*?\\]", "\\%0")) end

local function members(file)
    local names = {}
    local listed = started(file, { "unzip", "-Z1", "--", file })
    for name in listed:lines() do
        if not name:find("/$") and #names < max_members then names[#names + 1] = name end
    end
    local result = listed:wait()
    if result.code ~= 0 then fail(file, "unzip", (result.stderr:gsub("%s+$", ""))) end
    return without_parts(names)
end

---@class lib.PackedLog
---@field name string?  of a member of an archive
---@field text fun(): fun(): string?  starts the unpacking, and gives an iterator over its output

--- The logs in a packed file.
---@param file string
---@return lib.PackedLog[]
local function packed_logs(file)
    local program, budget = programs[fs.extension(file):lower()], { bytes = M.max_unpacked_bytes }
    if program then
        return { { text = function() return pieces(file, { program[1], program[2], "--", file }, budget) end } }
    end
    local list = {}
    for i, name in ipairs(members(file)) do
        list[i] = {
            name = name,
            text = function() return pieces(file, { "unzip", "-p", "--", file, literal(name) }, budget) end,
        }
    end
    return list
end

-- Logs on this machine ------------------------------------------------------------------------------------------------

local max_files = 1000

local function open_file(name)
    return function() return log_text.open(name) end
end

-- "0_build (ubuntu).txt" of a run's archive is the log of the job "build (ubuntu)".
local function job_of(member) return member:match("^%d+_(.+)%.txt$") end

local function add_packed(list, file)
    for _, each in ipairs(packed_logs(file)) do
        local name = each.name and ("%s:%s"):format(file, each.name) or file
        list[#list + 1] = {
            kind = "file", name = name, file = file, job_name = each.name and job_of(each.name),
            is_one_of_many = each.name ~= nil,
            open = function() return log_text.open{ stream = each.text(), name = name } end,
        }
    end
end

local function add_file(list, file, is_one_of_many)
    if is_packed(file) then return add_packed(list, file) end
    list[#list + 1] = {
        kind = "file", name = file, file = file, is_one_of_many = is_one_of_many, open = open_file(file),
    }
end

local function add_folder(list, folder, most)
    local before = #list
    for path, type in fs.walk(folder, { skip = { ".git", "node_modules" } }) do
        local ending = fs.extension(path):lower()
        if type == "file" and (ending == ".log" or ending == ".txt" or is_packed(path)) then
            add_file(list, path, true)
        end
        if #list >= most then break end
    end
    if #list == before then
        uhost.fail("usage", ("no log is in the folder %s"):format(folder),
            { hint = "logs are files that end in .log or .txt, and packed ones" })
    end
end

--- The logs that are named on the command line. Raises `usage` for one that is not there.
---@param names string[]
---@param max_logs? integer  of a folder, so many at most; 1,000 unless given
---@return lib.LogSource[]
function M.named(names, max_logs)
    local list = {}
    for _, name in ipairs(names) do
        local found = name ~= "-" and fs.stat(name)
        if name == "-" then
            list[#list + 1] = { kind = "stdin", name = "standard input", open = open_file("-") }
        elseif not found then
            uhost.fail("usage", ("no such log: %s"):format(name),
                { hint = "check the path, or name a folder" })
        elseif found.type == "directory" then
            add_folder(list, (name:gsub("(.)/+$", "%1")), #list + (max_logs or max_files))
        else
            add_file(list, name, false)
        end
    end
    return list
end

return M
