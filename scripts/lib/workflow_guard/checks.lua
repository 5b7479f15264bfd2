-- What a step checks: its commands and actions, with what each is for and what a failure of it does.
local followed = require("lib.workflow_guard.followed")
local purposes = require("lib.workflow_guard.purposes")
local shell = require("lib.workflow_guard.shell")

local M = {}

-- Scripts within scripts.
local max_followed = 3

---@class workflow_guard.Check
---@field text string  in one spelling
---@field tool string
---@field words string[]  the tool and its arguments, without wrappers
---@field purpose "test"|"lint"|"security"|"build"|"task"|"preparing"|"looking"|"delivering"
---@field ignored? string  why a failure of it does not count: "|| true"
---@field script? string  of a step that is a check by its name only: all of it
---@field line? integer
---@field step table

local counted = tables.set({ "test", "lint", "security", "build", "task" })

--- Whether losing it is losing coverage.
function M.counts(check) return counted[check.purpose] and not check.unreachable end

-- Wrappers ------------------------------------------------------------------------------------------------------------

local wrappers = { sudo = 0, env = 0, time = 0, nice = 0, nohup = 0, npx = 0, bunx = 0, exec = 0, command = 0,
    ["xvfb-run"] = 0, timeout = 1, stdbuf = 0, retry = 0, arch = 0, uvx = 0, caffeinate = 0 }
local two_word_wrappers = { ["poetry run"] = true, ["uv run"] = true, ["pipenv run"] = true, ["bundle exec"] = true,
    ["hatch run"] = true, ["pnpm exec"] = true, ["yarn exec"] = true, ["pdm run"] = true, ["rye run"] = true,
    ["python -m"] = true, ["python3 -m"] = true, ["py -m"] = true, ["mise exec"] = true, ["npm exec"] = true,
    ["pnpm dlx"] = true, ["opam exec"] = true, ["dotnet tool"] = true, ["coverage run"] = true, ["cargo hack"] = true }

local function drop(words, count)
    local rest = {}
    for i = count + 1, #words do rest[#rest + 1] = words[i] end
    return rest
end

local function inner_of(words)
    local first = fs.basename(words[1])
    if words[1]:find("^[%w_]+%+?=") then return drop(words, 1), words[1] end
    if two_word_wrappers[first .. " " .. (words[2] or "")] and words[3] then
        local skip = 2
        while words[skip + 1] and words[skip + 1]:find("^%-") do skip = skip + 1 end
        return drop(words, skip)
    end
    if first == "nix" or first == "nix-shell" or first == "devenv" then
        for i, word in ipairs(words) do
            if (word == "-c" or word == "--command" or word == "--run" or word == "--") and words[i + 1] then
                return drop(words, i)
            end
        end
    end
    if wrappers[first] and words[2] then
        local skip = 1 + wrappers[first]
        while words[skip + 1] and words[skip + 1]:find("^%-") do skip = skip + 1 end
        return drop(words, skip)
    end
end

local function unwrap(words)
    local variables = {}
    for _ = 1, 8 do
        local inner, variable = inner_of(words)
        if not inner then break end
        variables[#variables + 1] = variable
        if #inner == 0 then return inner, variables end
        words = inner
    end
    return words, variables
end

-- Commands ------------------------------------------------------------------------------------------------------------

local many_targets = tables.set({ "make", "gmake", "gradle", "gradlew", "mvn", "mvnw", "nmake", "just", "rake",
    "ninja" })
local takes_value = tables.set({ "-C", "-f", "-j", "-I", "-o", "-p", "-P", "-pl", "-x", "--directory", "--file", "-s",
    "-l", "--tests" })

-- One check a target: `make lint test` is two.
local function by_target(words)
    if not many_targets[fs.basename(words[1])] then return { words } end
    local options, targets, i = { words[1] }, {}, 2
    while i <= #words do
        local word = words[i]
        if takes_value[word] or word:find("^%-") or word:find("=") or word:find("^%$") then
            options[#options + 1] = word
            if takes_value[word] and words[i + 1] and not words[i + 1]:find("^%-") then
                i = i + 1
                options[#options + 1] = words[i]
            end
        else
            targets[#targets + 1] = word
        end
        i = i + 1
    end
    if #targets < 2 then return { words } end
    local list = {}
    for t, target in ipairs(targets) do
        list[t] = drop(options, 0)
        table.insert(list[t], 2, target)
    end
    return list
end

local nothing = tables.set({ "true", ":", "echo", "printf", "exit0" })

-- Whether a script does something about a failure that it has asked for.
local function fails_later(commands, from)
    for i = from, #commands do
        local word, code = commands[i].words[1], commands[i].words[2]
        if word == "false" or (word == "exit" or word == "return") and code ~= "0" then return true end
    end
    return false
end

-- `|| { echo "no"; exit 1; }`
local function group_fails(commands, from, depth)
    for i = from, #commands do
        if commands[i].depth <= depth then return false end
        if commands[i].words[1] == "false" or commands[i].words[1] == "exit" and commands[i].words[2] ~= "0" then
            return true
        end
    end
    return false
end

local function ignored_by(commands, i, pipefail)
    local command, following = commands[i], commands[i + 1]
    if command.tested and not fails_later(commands, i + 1) then return "within if, where nothing fails" end
    if command.after == "&" then
        for j = i + 1, #commands do
            if commands[j].words[1] == "wait" then return nil end
        end
        return "&"
    end
    if command.after == "||" and following and not group_fails(commands, i + 1, command.depth) then
        local word = following.words[1]
        if nothing[word] or word == "exit" and following.words[2] == "0" then
            return "|| " .. table.concat(following.words, " ", 1, math.min(2, #following.words))
        end
    elseif command.after == "|" and not pipefail and following then
        return "| " .. following.words[1] .. " without pipefail"
    end
end

local function handles(command, following)
    return command.after == "||" and following and following.words[1]:find("^[%w_]+=") ~= nil or command.depth > 0
end

local function is_exit_of_success(command)
    return command.depth == 0 and command.words[1] == "exit" and (command.words[2] or "0") == "0"
        and command.after ~= "&&" and command.after ~= "||"
end

local function options_of_set(command)
    if command.words[1] ~= "set" then return "" end
    return table.concat(command.words, " ", 2)
end

local add_script

local conditions = tables.set({ "test", "[", "[[" })

-- `test -s report.xml` by itself fails the step; in front of && it only decides.
local function assertion(command, words)
    if not conditions[words[1]] then return nil end
    local decides = command.depth > 0 or command.after == "&&" or command.after == "||"
    return decides and "preparing" or "test"
end

-- What is unknown prepares when its step says so: "Start the database".
local function purpose_in_step(words, state)
    local key = table.concat(words, "\0")
    local found = state.vocabulary.purposes_of[key] or purposes.of_command(words, state.vocabulary)
    state.vocabulary.purposes_of[key] = found
    local first = (state.step.name or ""):lower():match("%a+")
    return found == "task" and first and state.vocabulary.preparing_words[first] and "preparing" or found
end

-- Adds what a script or target of the repository runs. It stands for the command then, at the command's place.
local function follow(out, check, state)
    local text = state.vocabulary.read and followed.text(check.words, state.vocabulary.read)
    if not text or state.depth > max_followed then return end
    local first = #out + 1
    add_script(out, text, state, 0)
    for i = first, #out do
        out[i].line, out[i].ignored = check.line, out[i].ignored or check.ignored
        if M.counts(out[i]) then check.purpose = "preparing" end
    end
end

local function add_command(out, command, state, ignored)
    local words, variables = unwrap(command.words)
    if #words == 0 then return end
    local tool = fs.basename(words[1])
    if (tool == "bash" or tool == "sh" or tool == "zsh") and words[2] then
        local at = 2
        while words[at] and words[at]:find("^%-") and not words[at]:find("c$") do at = at + 1 end
        if words[at] and words[at]:find("^%-%a*c$") and words[at + 1] then
            return add_script(out, words[at + 1], state, command.line)
        elseif words[at] then
            words = drop(words, at - 1)
        end
    end
    if command.heredoc and (tool == "sh" or tool == "bash" or tool == "su" or tool == "sudo" or tool == "ssh"
        or words[1] == "-") then
        return add_script(out, command.heredoc, state, command.line)
    end
    for _, target in ipairs(by_target(words)) do
        out[#out + 1] = {
            words = target, tool = fs.basename(target[1]), text = table.concat(target, " "), variables = variables,
            purpose = assertion(command, target) or purpose_in_step(target, state), line = state.line + command.line,
            step = state.step, ignored = ignored, unreachable = state.ended, redirected = command.redirected,
        }
        follow(out, out[#out], state)
    end
end

-- Workflows repeat their scripts; each is read once.
local function commands_of(text, vocabulary)
    local known = vocabulary.scripts[text] or shell.commands(text)
    vocabulary.scripts[text] = known
    return known
end

function add_script(out, text, state, line)
    if state.depth > max_followed then return end
    state.depth = state.depth + 1
    local outer_line, outer_ended = state.line, state.ended
    state.line = state.line + (line or 0)
    local pipefail, exits, unguarded = state.pipefail, true, {}
    local commands = commands_of(text, state.vocabulary)
    for i, command in ipairs(commands) do
        local options = options_of_set(command)
        if options:find("pipefail", 1, true) then pipefail = not options:find("%+o") end
        if options:find("^%+%a*e") then exits = false elseif options:find("^%-%a*e") then exits = true end
        local ignored = ignored_by(commands, i, pipefail)
        local first = #out + 1
        local after_or = commands[i - 1] and commands[i - 1].after == "||"
        if not (after_or and nothing[command.words[1]]) then add_command(out, command, state, ignored) end
        for j = first, not exits and #out or 0 do
            if not handles(command, commands[i + 1]) then unguarded[#unguarded + 1] = out[j] end
        end
        if is_exit_of_success(command) and not after_or then
            state.ended = state.ended or "exit 0"
        end
    end
    -- Without errexit the last command alone gives the result, unless the script looks at what failed.
    local last = commands[#commands]
    local looks = text:find("%$%?") or last and last.words[1] == "exit" and last.words[2] ~= "0"
    for _, check in ipairs(looks and {} or unguarded) do
        if last and check.line < state.line + last.line then check.ignored = check.ignored or "set +e" end
    end
    state.depth, state.line, state.ended = state.depth - 1, outer_line, outer_ended
end

-- Steps ---------------------------------------------------------------------------------------------------------------

local script_inputs = { "run", "script", "cmd", "command", "test", "prepare", "commands" }

--- All commands and actions of a step.
---@param step table
---@param vocabulary table  of `vocabulary`
---@return workflow_guard.Check[]
function M.of_step(step, vocabulary)
    local out = {}
    local function state(text_line, pipefail)
        return { vocabulary = vocabulary, step = step, line = text_line, depth = 0, pipefail = pipefail }
    end
    if step.run then
        local shell_name = step.shell or ""
        local pipefail = shell_name == "bash" or shell_name:find("pipefail") or shell_name:find("pwsh")
            or shell_name:find("powershell") or shell_name:find("python")
        add_script(out, step.run, state(step.run_line - 1, pipefail))
        -- A step that is called a check is one, by whatever commands.
        local purposeful = false
        for _, check in ipairs(out) do
            if check.purpose ~= "preparing" and check.purpose ~= "looking" then purposeful = true end
        end
        local named = not purposeful and purposes.of_name(step, vocabulary)
        if named then
            out[#out + 1] = {
                words = { step.name }, tool = step.name, text = step.name, purpose = named, line = step.line,
                    step = step,
                script = step.run:match("^%s*(.-)%s*$"),
            }
        end
    elseif step.uses then
        local name, words = purposes.action_words(step.uses)
        local scripts = {}
        if name:find("/cargo$") and type(step.with.command) == "string" then
            add_script(out, ("cargo %s %s"):format(step.with.command, tostring(step.with.args or "")),
                state(step.line, true))
            return out
        end
        for _, input in ipairs(script_inputs) do
            if type(step.with[input]) == "string" and step.with[input]:find("%s") then scripts[#scripts + 1] = input end
        end
        for _, input in ipairs(scripts) do add_script(out, step.with[input], state(step.line, true)) end
        local ignores = tostring(step.with.continue_on_error or step.with["continue-on-error"]) == "true"
        for _, check in ipairs(ignores and out or {}) do check.ignored = "continue_on_error" end
        if #scripts == 0 or name:find("lint") then
            out[#out + 1] = {
                words = { name }, tool = name, text = name, purpose = purposes.of_action(name, words, step, vocabulary),
                line = step.line, step = step, action = true,
            }
        end
    end
    return out
end

return M
