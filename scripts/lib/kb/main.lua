-- The command line of `uhost kb`.
local command_line = require("lib.command_line")

local M = {}

local function with_bases(command)
    command:option("--kb", "A knowledge base file, or a folder of them, in place of the shipped and your own; may be "
        .. "given several times."):argname("PATH"):count("*")
    return command
end

local function with_format(command)
    command:option("--format", "How the answer is written."):choices({ "text", "json" }):default("text")
    return with_bases(command)
end

local function declare_list(parser)
    local list = with_format(parser:command("list", "List the entries that there are."))
    list:argument("words", "Only entries with all of these words in their id, title or tags."):args("*"):argname("WORD")
    list:option("--class", "Only entries of this class."):choices(require("uhost.kb.schema").classes)
end

local function declare_learn(parser)
    local learn = with_bases(parser:command("learn", "Write a draft of an entry for what no entry knows."))
    learn:argument("log", "The log of a run that failed; - is standard input."):argname("LOG")
    learn:option("--green", "A log of a run of the same job that went well: what it has too is no news. May be given "
        .. "several times."):argname("LOG"):count("*")
    learn:option("--line", "The line to draft for, by number (default: the most telling one)."):argname("N")
        :convert(tonumber)
    learn:option("--id", "The draft's id (default: made of its words)."):argname("ID")
    learn:option("--output", "Write the draft to a file that is not there yet (default: standard output).")
        :argname("FILE")
end

local function read_options(arguments)
    local parser = command_line.parser("kb", "Look at knowledge bases of errors, try them, and extend them.", {
        "uhost kb list linker --class \"missing setup\"", "uhost kb explain rust.e0277", "uhost kb try build.log",
        "uhost kb learn build.log --green last-good.log --output kb/mine.lua", "uhost kb stats",
    })
    parser:command_target("command")
    parser:require_command(true)
    declare_list(parser)
    with_format(parser:command("try", "Say which entries match in a log, where, in which order, and why."))
        :argument("log", "A log; - is standard input."):argname("LOG")
    with_format(parser:command("explain", "Say all there is to an entry, and try its examples."))
        :argument("id", "The entry's id: rust.e0277."):argname("ID")
    with_format(parser:command("stats", "Say how often each entry was found, and which ones never were."))
    declare_learn(parser)
    local options = parser:parse(arguments)
    if #options.kb == 0 then options.kb = nil end
    return options
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    local base = kb.load({ paths = options.kb })
    return task.finally(function() return require("lib.kb." .. options.command).run(options, base) end,
        function() base:close() end)
end

return M
