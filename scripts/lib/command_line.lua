-- A script's command line: lua-argparse with help, mistakes and exit codes as the host has them.
local argparse = require("argparse")

local M = {}

local default_exit_codes = "0 fine, 1 findings, 2 usage, 3 the outside world failed, 130 interrupted."

-- The host's options, which stand before the script. Scripts may have options of these names themselves.
local host_options = { "--dry-run", "--plan-json", "--state", "--store", "--set", "--memory", "--offline",
    "--require-sandbox", "--record", "--replay", "--verbose", "--quiet", "--color", "--version", "--safe",
    "--allow-read", "--allow-fs", "--allow-net", "--allow-run", "--allow-env", "--allow-git-write",
    "--allow-github-write", "--allow-ffi" }

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
        if M.on_parse then M.on_parse(self) end
        refuse_host_options(self, name)
        return class.parse(self, arguments)
    end
    return parser
end

--- The parser that a script declares: the script runs until it would parse its arguments, and no further.
---@param path string
---@return table? parser
function M.parser_of(path)
    local declared = {}
    M.on_parse = function(parser)
        declared.parser = parser
        error(declared, 0)
    end
    pcall(dofile, path)
    M.on_parse = nil
    return declared.parser
end

-- Options that several scripts have -----------------------------------------------------------------------------------

--- What converts the value of an option that takes whole numbers:
--- `option:convert(command_line.whole_number("--limit", 1))`.
---@param option string
---@param least integer
---@return fun(text: string): integer?, string?
function M.whole_number(option, least)
    return function(text)
        local value = tonumber(text)
        if value and value >= least and value % 1 == 0 and value < 2 ^ 53 then return value end
        return nil, ("%s: '%s' is not a whole number of at least %d"):format(option, text, least)
    end
end

--- The point in time that an option such as --since names. Raises `usage`.
---@param option string  its name, without dashes
---@param text string  a date, or how long ago
---@return number  Unix seconds
function M.instant(option, text)
    local ok, instant = pcall(time.resolve, text)
    if ok then return instant end
    uhost.fail("usage", ("--%s: '%s' is neither a date nor a length of time"):format(option, text),
        { hint = "such as 2026-01-31, '14 days' or '3 months'" })
end

--- Adds `--max-wait SECONDS`, of scripts that ask GitHub.
---@param parser table
function M.declare_max_wait(parser)
    parser:option("--max-wait", "Seconds to wait at most for a rate limit of GitHub to end; a longer wait fails at "
        .. "once, with the time when it ends (default: the setting github.max_wait_s, or 3600).")
        :argname("SECONDS"):convert(function(text)
            local seconds = tonumber(text)
            if not seconds or seconds < 0 then return nil, ("--max-wait takes seconds, not '%s'"):format(text) end
            return seconds
        end)
end

--- Applies `--max-wait` to the rest of the run.
---@param options table  as parsed
function M.apply_max_wait(options)
    if options.max_wait then github.limit_wait(options.max_wait) end
end

--- The file that `--output` names, nil for "-": standard output. Raises `usage` unless it can be written.
---@param path string
---@return string?
function M.output_file(path)
    if path == "-" then return nil end
    local folder = fs.dirname(path)
    if not fs.stat(folder) then
        uhost.fail("usage", ("--output: there is no folder %s"):format(folder),
            { hint = "make it, or name another file" })
    end
    local status = fs.stat(path)
    if status and status.type == "directory" then
        uhost.fail("usage", ("--output: %s is a folder"):format(path), { hint = "name a file in it" })
    end
    return path
end

--- Writes a report to a file, through a symbolic link if it is one, and says so.
---@param path string
---@param text string
function M.write_report(path, text)
    fs.write(path, text)
    if uhost.dry_run then return end
    local target = fs.readlink(path)
    local link = target and (", a link to %s"):format(target) or ""
    log.info(("report written to %s%s"):format(path, link))
end

local format_of_ending = { md = "markdown", htm = "html" }

--- The format of a report: `--format`, or by how the name of `--output` ends, or text.
---@param options { format: string?, output: string? }
---@param formats string[]
---@return string
function M.report_format(options, formats)
    if options.format then return options.format end
    local ending = options.output and options.output:match("%.(%a+)$")
    local wanted = ending and (format_of_ending[ending:lower()] or ending:lower())
    for _, format in ipairs(formats) do
        if format == wanted then return format end
    end
    return "text"
end

return M
