-- A script's command line: lua-argparse with help, mistakes and exit codes as the host has them.
local argparse = require("argparse")

local M = {}

local default_exit_codes = "0 fine, 1 findings, 2 usage, 3 the outside world failed, 130 interrupted."

-- The host's options, which stand before the script. Scripts may have options of these names themselves.
local host_options = { "--dry-run", "--plan-json", "--state", "--set", "--offline", "--record", "--replay", "--verbose",
    "--quiet", "--color", "--version" }

local function has_option(parser, name)
    for _, option in ipairs(parser._options) do
        for _, alias in ipairs(option._aliases) do
            if alias == name then return true end
        end
    end
    return false
end

-- A host option behind the script is refused with the place where it belongs.
local function refuse_host_options(parser, command)
    for _, name in ipairs(host_options) do
        if not has_option(parser, name) then
            parser:option(name):args("?"):hidden(true):action(function()
                uhost.fail("usage", ("%s is an option of the host: it stands before the script"):format(name),
                    { hint = ("uhost %s %s …"):format(name, command) })
            end)
        end
    end
end

local function help_text(description, examples, options_help, exit_codes)
    local width = math.min(term.width(), 100)
    local function wrapped(text) return table.concat(term.wrap(text, width), "\n") end
    return ("%s\n\nExamples:\n  %s\n\n%s\n\n%s"):format(wrapped(description), table.concat(examples, "\n  "),
        options_help, wrapped("Exit codes: " .. exit_codes))
end

--- A parser whose mistakes are `usage` errors (exit code 2) with a hint. Its help begins with examples.
---@param name string  what one types after "uhost": "monthly_audit"
---@param description string
---@param examples string[]  whole command lines, what people do most first
---@param exit_codes? string  where they mean something else
---@return table parser  see lua-argparse
function M.parser(name, description, examples, exit_codes)
    local parser = argparse("uhost " .. name)
    local width = math.min(term.width(), 100)
    parser:help_max_width(width):usage_max_width(width)
    function parser:error(message) -- luacheck: ignore self
        -- lua-argparse puts its suggestion on a second line.
        local cause, suggestion = message:match("^([^\n]*)\nDid (.*)$")
        local help = ("see uhost %s --help"):format(name)
        uhost.fail("usage", cause or message, { hint = suggestion and ("did %s %s"):format(suggestion, help) or help })
    end
    local class = getmetatable(parser).__index
    function parser:get_help()
        return help_text(description, examples, class.get_help(self), exit_codes or default_exit_codes)
    end
    function parser:parse(arguments)
        refuse_host_options(self, name)
        return class.parse(self, arguments)
    end
    return parser
end

return M
