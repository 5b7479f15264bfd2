-- `uhost check --sandbox`: what keeps rules in on this machine, and what a missing layer would have done.
local M = {}

local layers = {
    { "descriptors", "no open files", "a rule that breaks out of Lua could use what the host has open" },
    { "limits", "limits of memory and time", "a rule could take the machine's memory or processors" },
    { "privileges", "no new privileges", "a rule that breaks out of Lua could gain rights from a setuid program" },
    { "system_calls", "a filter of system calls", "a rule that breaks out of Lua could read files and open "
        .. "connections; the kernel, or the container's profile, has to allow seccomp filters" },
}

--- Prints the layers. Gives the exit code.
---@param format string
---@return integer
function M.run(format)
    local active, missing = policy.sandbox(), 0
    if format == "json" then io.write(json.encode(active, { indent = 2 }), "\n") end
    for _, layer in ipairs(layers) do
        local holds = active[layer[1]]
        if not holds then missing = missing + 1 end
        if format ~= "json" then
            local word = holds and term.style("active ", "green") or term.style("missing", "bold red")
            print(("%s  %s%s"):format(word, layer[2], holds and "" or ": without it, " .. layer[3]))
        end
    end
    if format ~= "json" and missing == 0 then print("rules are kept in by all layers") end
    return missing == 0 and 0 or 2
end

return M
