-- This uhost once more: where this process keeps its state and its stores, and whether it is offline, holds for it.

---@return string[] command  to which the words that follow "uhost" are added
return function()
    local command = { fs.readlink("/proc/self/exe"), "--state", uhost.state_folder(), "--store",
        db.address() or "sqlite" }
    if uhost.offline then command[#command + 1] = "--offline" end
    return command
end
