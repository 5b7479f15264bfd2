-- `uhost repl`: reads what a person types, until each input is complete, and hands it on.
local M = {}

local editor, interactive, interpreter

-- The prompt has to be there at once: what runs the input is loaded while a person reads it.
local function interpret()
    interpreter = interpreter or require("lib.repl.interpreter").new(interactive)
    return interpreter
end

local function prompt(is_continued)
    if not interactive then return "" end
    if is_continued then return "    .. " end
    if plan.dry_run() then return term.style("uhost", "bold") .. term.style(" (plan)", "yellow") .. "> " end
    return term.style("uhost", "bold") .. term.style(" (execute)", "bold red") .. "> "
end

local function complete(text)
    local completion = require("lib.repl.completion")
    if text:find("^%.%a*$") then return completion.among(require("lib.repl.commands").names(), text) end
    return completion.complete(text, interpret().session.environment, { "repo", "gh", "help" })
end

-- The session is worth having without its history.
local function warn(failure)
    io.stderr:write(("warning: no history is kept: %s\n"):format(tostring(failure)))
end

local function remember(source)
    if not interactive or not source:find("%S") then return end
    local ok, failure = pcall(editor.remember, editor, source)
    if not ok then warn(failure) end
end

-- Reads lines until they make a whole input, and runs it. Returns "quit" at the end.
local function take_input()
    local source
    while true do
        local line = editor:read(prompt(source ~= nil), complete)
        if line == nil then
            if interactive then print() end
            if source then interpret():run_input(source, true) end
            return "quit"
        end
        source = source and source .. "\n" .. line or line
        local result = interpret():run_input(source, false)
        if result ~= "more" then
            remember(source)
            return result
        end
    end
end

-- Takes one input after the other. Ctrl-C drops what is typed; an input that runs takes it for itself.
local function take_inputs()
    while true do
        local taking = task.interruptible(take_input)
        local ok, result = pcall(taking.returned, taking)
        if ok and result == "quit" then return end
        if not ok then
            local interrupted = uhost.is_error(result) and result.kind == "interrupted" and not task.cancelled()
            if not interrupted then error(result, 0) end
            print("^C")
        end
    end
end

-- There is no option but --help, whose parser takes longer to load than everything else together.
local function read_options(arguments)
    local description = "Ask questions to a repository, and to everything else that scripts can use, line by line. "
        .. "Changes are only planned until .execute; .help lists such commands."
    local examples = {
        "uhost repl", "echo 'repo:head().branch' | uhost repl", "echo .help | uhost --dry-run repl",
    }
    require("lib.command_line").parser("repl", description, examples):parse(arguments)
end

local function begin_session()
    local ok, failure = pcall(editor.keep_history, editor, "repl")
    if not ok then warn(failure) end
    print(("uhost %s; .help for help, Control-D to leave"):format(uhost.version))
end

---@param arguments string[]  a script to run first, and its arguments
---@return integer exit_code
function M.run(arguments)
    if (arguments[1] or ""):find("^%-") then read_options(arguments) end
    editor = line_editor.open()
    interactive = editor:is_interactive()
    if arguments[1] then interpret():run_script(arguments[1], { unpack(arguments, 2) }) end
    if interactive then begin_session() end
    take_inputs()
    return not interactive and interpret().session.failed and 1 or 0
end

return M
