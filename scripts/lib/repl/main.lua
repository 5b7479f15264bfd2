-- `uhost repl`: questions to a repository and to everything else that scripts can use, line by line.
local M = {}

local introduction = [[
Type Lua: an expression shows its value; `_` is the last one, and Tab completes. Every primitive is there, `repo` is the
repository here and `gh` the one on GitHub. Changes are only planned until `.execute`. `name?` describes a name.
]]

-- Modules are required when they are needed: the prompt has to be there at once.
local function display() return require("lib.repl.display") end
local function commands() return require("lib.repl.commands") end

---@class repl.Repl
---@field session repl.Session
---@field interactive boolean
---@field introduction string
---@field editor line_editor.Editor
local Repl, new_repl = uhost.class("repl.Repl")

-- Control characters in what a script raises are made visible by the host.
local function report_failure(self, failure)
    io.flush()
    io.stderr:write(uhost.error_report(failure))
    local line = uhost.is_error(failure) and self.session:line_at(failure.where)
    if line then io.stderr:write("  " .. term.visible(line) .. "\n") end
end

function Repl:show_values(results, is_call)
    local texts, values = {}, { n = results.n }
    for i = 1, results.n do texts[i], values[i] = display().value(results[i], is_call) end
    self.session:keep(values)
    local text = table.concat(texts)
    if self.interactive then return require("lib.pager").show(text) end
    io.write(text)
end

local function show_planned(self)
    for _, change in ipairs(self.session:newly_planned()) do
        print(term.style("planned: ", "yellow") .. term.visible(("%s: %s"):format(change.target, change.summary)))
    end
end

--- Shows what running a line came to.
function Repl:show(outcome)
    if not outcome.ok then
        report_failure(self, outcome.failure)
    elseif outcome.is_expression and outcome.results.n > 0 then
        local source = self.session.inputs[#self.session.inputs]
        self:show_values(outcome.results, source:find("[%)}\"'%]]%s*$") ~= nil)
    end
    if plan.dry_run() then show_planned(self) end
end

-- Runs a function of the REPL's own under the same rules: Ctrl-C stops it, an error is reported.
local function guarded(self, run)
    local outcome = self.session:run(run, "the command")
    if not outcome.ok then report_failure(self, outcome.failure) end
    return outcome.results[1]
end

local function describe(self, topic)
    guarded(self, function() require("lib.help").run({ self.session:definition_name(topic) or topic }) end)
end

-- Runs a whole input. Returns "quit" when the session is to end, "more" when its end is missing.
local function run_input(self, source, is_last)
    if source:find("^%s*$") then return nil end
    if source:find("^%.%a") then
        return guarded(self, function() return commands().run(self, source) end)
    end
    local topic = source:match("^%s*([%a_][%w_.:]*)%s*%?%s*$")
    if topic then return describe(self, topic) end
    local outcome = self.session:evaluate(source, is_last)
    if outcome.is_incomplete then return "more" end
    self:show(outcome)
end

local function prompt_of(is_continued)
    if is_continued then return "    .. " end
    if plan.dry_run() then return term.style("uhost", "bold") .. term.style(" (plan)", "yellow") .. "> " end
    return term.style("uhost", "bold") .. term.style(" (execute)", "bold red") .. "> "
end

local function complete(self)
    return function(text)
        local completion = require("lib.repl.completion")
        local extra = { "repo", "gh", "help" }
        if text:find("^%.%a*$") then return completion.among(commands().names(), text) end
        return completion.complete(text, self.session.environment, extra)
    end
end

local function remember(self, source)
    if not self.interactive then return end
    local ok, failure = pcall(self.editor.remember, self.editor, source)
    if not ok then report_failure(self, failure) end
end

-- Reads lines until they make a whole input, and runs it. Returns "quit" at the end.
local function take_input(self)
    local source
    while true do
        local line = self.editor:read(self.interactive and prompt_of(source ~= nil) or "", complete(self))
        if line == nil then
            if self.interactive then print() end
            if source then run_input(self, source, true) end
            return "quit"
        end
        source = source and source .. "\n" .. line or line
        local result = run_input(self, source, false)
        if result ~= "more" then
            if source:find("%S") then remember(self, source) end
            return result
        end
    end
end

-- The session is worth having without its history.
local function keep_history(editor)
    local ok, failure = pcall(editor.keep_history, editor, "repl")
    if not ok then io.stderr:write(("warning: no history is kept: %s\n"):format(tostring(failure))) end
end

-- `-i FILE`: a script first, whose global variables stay.
local function run_script(self, path, arguments)
    local chunk, failure = loadfile(path)
    if not chunk then uhost.fail("script", failure) end
    setfenv(chunk, self.session.environment)
    self:show(self.session:run(function() chunk(unpack(arguments)) end, path))
end

-- Takes one input after the other. Ctrl-C drops what is typed; an input that runs takes it for itself.
local function take_inputs(self)
    while true do
        local taking = task.interruptible(take_input, self)
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
    local examples = {
        "uhost repl", "echo 'repo:head().branch' | uhost repl", "echo .help | uhost --dry-run repl",
    }
    require("lib.command_line").parser("repl", introduction, examples):parse(arguments)
end

---@param arguments string[]  a script to run first, and its arguments
---@return integer exit_code
function M.run(arguments)
    if (arguments[1] or ""):find("^%-") then read_options(arguments) end
    local function help(topic) require("lib.help").run({ topic }) end
    local editor = line_editor.open()
    local interactive = editor:is_interactive()
    if interactive then keep_history(editor) end
    local self = new_repl({
        interactive = interactive, introduction = introduction, editor = editor,
        session = require("lib.repl.session").new({ help = help }),
    })
    if arguments[1] then run_script(self, arguments[1], { unpack(arguments, 2) }) end
    if interactive then print(("uhost %s; .help for help, Control-D to leave"):format(uhost.version)) end
    take_inputs(self)
    return not interactive and self.session.failed and 1 or 0
end

return M
