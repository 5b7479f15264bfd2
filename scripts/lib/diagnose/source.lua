-- Which logs are to be explained: those that are named, or jobs on GitHub.
local log_sources = require("lib.log_sources")

local M = {}

---@class diagnose.Source
---@field kind "file"|"stdin"|"job"
---@field name string  for people
---@field file string?
---@field is_one_of_many boolean?  whether it was found in a folder or an archive, where only failures matter
---@field job_name string?
---@field job github.Job?
---@field run github.Run?
---@field repo github.Repository?
---@field repository string?  "owner/name"
---@field url string?  the page of the job
---@field open fun(): log_text.Log?, string?  the log; nil and why when there is none

--- The logs to explain.
---@param options diagnose.Options
---@return diagnose.Source[]
---@return string? nothing  why there is none, when that is no mistake
function M.of(options)
    if options.run or options.job then return require("lib.diagnose.source_github").of(options) end
    return log_sources.named(options.logs)
end

--- The green log to compare with, which the caller closes; nil and why when there is none.
---@param options diagnose.Options
---@param source diagnose.Source
---@return log_text.Log?
---@return string|table|nil what  why not, or { run, job } that it is of
function M.green(options, source)
    if type(options.compare) == "string" then
        if options.compare ~= "-" and not fs.exists(options.compare) then
            uhost.fail("usage", ("no such log: %s"):format(options.compare), { hint = "check what follows --compare" })
        end
        local green = log_sources.named({ options.compare })[1]
        return green.open(), { name = options.compare }
    end
    if source.kind ~= "job" then return nil, "there is no green log of it" end
    local opened, what = require("lib.diagnose.source_github").green_log(source)
    if opened then return opened, what end
    return nil, ("no green run of the job '%s' was found"):format(source.name)
end

return M
