-- Amounts of bytes, for people.
local units = { "B", "KiB", "MiB", "GiB", "TiB" }

---@param bytes number
---@return string  such as "1.5 MiB"
return function(bytes)
    local index = 1
    while bytes >= 1024 and index < #units do bytes, index = bytes / 1024, index + 1 end
    return (index == 1 and "%d %s" or "%.1f %s"):format(bytes, units[index])
end
