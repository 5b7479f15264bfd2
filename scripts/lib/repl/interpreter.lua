-- Runs what is typed, and shows what it comes to.
local session = require("lib.repl.session")

local M = {}

local introduction = [[
Type Lua: an expression shows its value; `_` is the last one, and Tab completes. Every primitive is there, `repo` is the
repository here and `gh` the one on GitHub. Changes are only planned until `.execute`. `name?` describes a name.
]]

-- Most lines need one of these, and few both.
local function display() return require("lib.repl.display") end
local function commands() return require("lib.repl.commands") end

---@class repl.Repl
---@field session repl.Session
---@field interactive boolean
---@field introduction string
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

--- Runs a whole input. Returns "quit" when the session is to end, "more" when its end is missing.
---@param source string
---@param is_last boolean  nothing more can come
---@return "quit"|"more"|nil
function Repl:run_input(source, is_last)
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

--- Runs a script, whose global variables stay.
---@param path string
---@param arguments string[]
function Repl:run_script(path, arguments)
    local chunk, failure = loadfile(path)
    if not chunk then uhost.fail("script", failure) end
    setfenv(chunk, self.session.environment)
    self:show(self.session:run(function() chunk(unpack(arguments)) end, path))
end

---@param interactive boolean
---@return repl.Repl
function M.new(interactive)
    local function help(topic) require("lib.help").run({ topic }) end
    return new_repl({
        interactive = interactive, introduction = introduction, session = session.new({ help = help }),
    })
end

return M
