-- `uhost metrics`: from a command line to the store, and from there to reports.
local demo = require("lib.metrics.demo")
local options_of = require("lib.metrics.options")
local store_of = require("lib.metrics.store")

local M = {}

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = options_of.read(arguments)
    local store = store_of.open(options.demo)
    if options.demo then
        options.github = demo.repository
        if options.command ~= "collect" then
            local shifts = demo.fill(store)
            -- What is checked is a commit that made builds slower.
            if options.command == "check" then options.commit = options.commit or shifts[#shifts].commit_sha end
        end
    end
    return require("lib.metrics." .. options.command).run(store, options)
end

return M
