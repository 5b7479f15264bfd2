-- Logs on this machine: files, packed files, folders, standard input.
local packed = require("lib.diagnose.packed")

local M = {}

local most_files = 1000

local function open_file(name)
    return function() return log_text.open(name) end
end

-- "0_build (ubuntu).txt" of a run's archive is the log of the job "build (ubuntu)".
local function job_of(member) return member:match("^%d+_(.+)%.txt$") end

local function add_packed(list, file)
    for _, each in ipairs(packed.logs(file)) do
        local name = each.name and ("%s:%s"):format(file, each.name) or file
        list[#list + 1] = {
            kind = "file", name = name, file = file, job_name = each.name and job_of(each.name),
            is_one_of_many = each.name ~= nil,
            open = function() return log_text.open{ stream = each.text(), name = name } end,
        }
    end
end

local function add_file(list, file, is_one_of_many)
    if packed.is_packed(file) then return add_packed(list, file) end
    list[#list + 1] = {
        kind = "file", name = file, file = file, is_one_of_many = is_one_of_many, open = open_file(file),
    }
end

local function add_folder(list, folder)
    local before = #list
    for path, type in fs.walk(folder, { skip = { ".git", "node_modules" } }) do
        local ending = fs.extension(path):lower()
        if type == "file" and (ending == ".log" or ending == ".txt" or packed.is_packed(path)) then
            add_file(list, path, true)
        end
        if #list > most_files then break end
    end
    if #list == before then
        uhost.fail("usage", ("no log is in the folder %s"):format(folder),
            { hint = "logs are files that end in .log or .txt, and packed ones" })
    end
end

--- The logs that are named on the command line. Raises `usage` for one that is not there.
---@param names string[]
---@return diagnose.Source[]
function M.of(names)
    local list = {}
    for _, name in ipairs(names) do
        local found = name ~= "-" and fs.stat(name)
        if name == "-" then
            list[#list + 1] = { kind = "stdin", name = "standard input", open = open_file("-") }
        elseif not found then
            uhost.fail("usage", ("no such log: %s"):format(name),
                { hint = "check the path, or see uhost diagnose --help" })
        elseif found.type == "directory" then
            add_folder(list, (name:gsub("(.)/+$", "%1")))
        else
            add_file(list, name, false)
        end
    end
    return list
end

return M
