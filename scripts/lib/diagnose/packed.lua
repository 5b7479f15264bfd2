-- Logs that are packed: what they hold, as iterators over their text. The unpacking is done by the programs that
-- everybody has for it.
local M = {}

-- A log that unpacks to more than this is no log.
local most_bytes = 16 * 2 ^ 30
local most_members = 1000

local programs = {
    [".gz"] = { "gzip", "-dc" }, [".zst"] = { "zstd", "-dcq" }, [".xz"] = { "xz", "-dc" },
    [".bz2"] = { "bzip2", "-dc" },
}

local function fail(file, program, said)
    uhost.fail("diagnose.unpack", ("cannot unpack %s"):format(file), {
        hint = "look at it with " .. program, native = said ~= "" and said or nil,
    })
end

local function started(file, command)
    command.stderr = "capture"
    local ok, result = pcall(process.start, command)
    if ok then return result end
    if not uhost.is_error(result) or result.kind ~= "process.not_found" then error(result, 0) end
    uhost.fail("diagnose.unpack", ("%s is needed to unpack %s, and is not installed"):format(command[1], file),
        { hint = "install it, or unpack the file by hand" })
end

-- The program's output in pieces.
local function pieces(file, command)
    local child, bytes = started(file, command), 0
    return function()
        if not child then return nil end
        local line = child:read_line()
        if line then
            bytes = bytes + #line + 1
            if bytes > most_bytes then
                child:close()
                uhost.fail("diagnose.too_large", ("%s holds more than %d GiB"):format(file, most_bytes / 2 ^ 30),
                    { hint = "unpack it, and diagnose the part that matters" })
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
function M.is_packed(file)
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
        if not name:find("/$") and #names < most_members then names[#names + 1] = name end
    end
    local result = listed:wait()
    if result.code ~= 0 then fail(file, "unzip", (result.stderr:gsub("%s+$", ""))) end
    return without_parts(names)
end

---@class diagnose.Packed
---@field name string?  of a member of an archive
---@field text fun(): fun(): string?  starts the unpacking, and gives an iterator over its output

--- The logs in a packed file.
---@param file string
---@return diagnose.Packed[]
function M.logs(file)
    local program = programs[fs.extension(file):lower()]
    if program then
        return { { text = function() return pieces(file, { program[1], program[2], "--", file }) end } }
    end
    local list = {}
    for i, name in ipairs(members(file)) do
        list[i] = {
            name = name,
            text = function() return pieces(file, { "unzip", "-p", "--", file, literal(name) }) end,
        }
    end
    return list
end

return M
