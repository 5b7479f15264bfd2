-- What a file system has left, as df says.
local M = {}

local max_answer_s = 10

-- The number in df's fourth column; nil where df says none.
local function available(path, option)
    local result = process.run{ "df", "-P", option, path, timeout_s = max_answer_s, reads = true }
    return result.code == 0 and tonumber(result.stdout:match("\n%S+ +%S+ +%S+ +(%d+)")) or nil
end

---@param path string  anything on the file system
---@return integer?
function M.bytes(path)
    local blocks = available(path, "-k")
    return blocks and blocks * 1024
end

--- How many more files fit; 0 on file systems that do not limit them.
---@param path string
---@return integer?
function M.inodes(path) return available(path, "-i") end

return M
