-- The option `--max-wait` of scripts that ask GitHub.
local M = {}

---Adds `--max-wait SECONDS` to a parser of lib.command_line.
---@param parser table
function M.declare(parser)
    parser:option("--max-wait", "Seconds to wait at most for a rate limit of GitHub to end; a longer wait fails at "
        .. "once, with the time when it ends (default: the setting github.max_wait_s, or 3600).")
        :argname("SECONDS"):convert(function(text)
            local seconds = tonumber(text)
            if not seconds or seconds < 0 then return nil, ("--max-wait takes seconds, not '%s'"):format(text) end
            return seconds
        end)
end

---Lets the option hold for the rest of the run.
---@param options table  as parsed
function M.apply(options)
    if options.max_wait then require("uhost.github").limit_wait(options.max_wait) end
end

return M
