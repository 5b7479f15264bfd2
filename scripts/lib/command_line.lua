-- A script's command line: lua-argparse with the host's manners for help, mistakes and exit codes.
local argparse = require("argparse")

local M = {}

local default_exit_codes = "0 fine, 1 findings, 2 usage, 3 the outside world failed, 130 interrupted."

---A parser whose mistakes are `usage` errors (exit code 2) with a hint, and whose help ends with examples.
---@param name string  what one types after "uhost": "monthly_audit"
---@param description string
---@param examples string[]  whole command lines
---@param exit_codes? string  where they mean something else
---@return table parser  see lua-argparse
function M.parser(name, description, examples, exit_codes)
    local parser = argparse("uhost " .. name, description)
    parser:epilog("Examples:\n  " .. table.concat(examples, "\n  ")
        .. "\n\nExit codes: " .. (exit_codes or default_exit_codes))
    function parser:error(message) -- luacheck: ignore self
        -- lua-argparse puts its suggestion on a second line.
        local cause, suggestion = message:match("^([^\n]*)\nDid (.*)$")
        local help = ("see uhost %s --help"):format(name)
        uhost.fail("usage", cause or message, { hint = suggestion and ("did %s %s"):format(suggestion, help) or help })
    end
    return parser
end

return M
