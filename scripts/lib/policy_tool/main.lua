-- `uhost policy`: its command line.
local command_line = require("lib.command_line")

local M = {}

local function with_format(command)
    command:option("--format", "How the answer is written."):choices({ "text", "json" }):default("text")
    return command
end

local function with_name(command)
    command:argument("name", "The policy's name: crash_tests, or kb/languages/rust for a knowledge base.")
    return command
end

local function read_options(arguments)
    local parser = command_line.parser("policy", "Look at policies, and try their functions.", {
        "uhost policy list", "uhost policy explain crash_tests",
        [[uhost policy try crash_tests issues_of '["tests/crashes/12.rs", "//@ known-bug: #7"]']],
        "uhost policy try crash_tests issues_of @arguments.json",
    })
    parser:command_target("command")
    parser:require_command(true)
    with_format(parser:command("list", "List the policies and knowledge bases that there are."))
    with_format(with_name(parser:command("explain", "Say which file each part of a policy comes from.")))
    local try = with_name(parser:command("try", "Call a function, and show which lines decided."))
    try:argument("function", "The function; of one inside tables its path, such as rules.3.when.")
    try:argument("arguments", "JSON, or @FILE with JSON: a list of arguments, or anything else as the one argument.")
        :args("?")
    with_format(try)
    return parser:parse(arguments)
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    return require("lib.policy_tool." .. options.command).run(options)
end

return M
