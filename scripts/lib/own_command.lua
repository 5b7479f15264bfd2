-- This uhost once more: what holds for the process that is told of a state folder, or that it is offline, holds for it.

---@return string[] command  to which the words that follow "uhost" are added
return function()
    local command = { fs.readlink("/proc/self/exe"), "--state", uhost.state_folder() }
    if uhost.offline then command[#command + 1] = "--offline" end
    return command
end
