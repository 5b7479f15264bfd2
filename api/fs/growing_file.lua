-- Files that grow by lines, and that policies name.
local M = {}

--- Where a file is that a policy names; nil when nothing may be written there. A policy may be changed by anybody who
--- opens a pull request, and what is added to a shell's profile is run: so it chooses neither folder nor ending.
---@param name string
---@param ending string  ".jsonl"
---@param folder string  "" for the state folder
---@return string?
function M.path(name, ending, folder)
    if not name:find("^[%w_-][%w._-]*$") or name:sub(-#ending) ~= ending then return nil end
    return fs.join(folder ~= "" and folder or uhost.state_folder(), name)
end

--- Adds text. A file that has grown to so many bytes is put aside first, as NAME.1, in place of the one before it.
---@param path string
---@param text string
---@param max_bytes integer
function M.append(path, text, max_bytes)
    local status = fs.stat(path)
    if status and status.size_bytes >= max_bytes then fs.rename(path, path .. ".1") end
    fs.append(path, text)
end

return M
