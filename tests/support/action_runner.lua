-- Runs a composite action as the runner of GitHub Actions does: inputs with their defaults, conditions, expressions,
-- the files behind GITHUB_OUTPUT, GITHUB_ENV and GITHUB_STEP_SUMMARY. Steps that use another action are only noted.
local expressions = require("lib.workflow_guard.expressions")

local M = {}

local function lookup(contexts, name)
    local value = contexts
    for part in name:gmatch("[^.]+") do value = type(value) == "table" and value[part] or nil end
    return value == nil and "" or tostring(value)
end

local function filled(text, contexts)
    return (tostring(text):gsub("%${{%s*(.-)%s*}}", function(expression)
        assert(expression:find("^[%w_.-]+$"), "this runner knows names only: " .. expression)
        return lookup(contexts, expression)
    end))
end

-- A condition with its names replaced by what they stand for.
local function holds(condition, contexts)
    if condition == nil then return true end
    local closed = condition:gsub("%f[%w_][%a_]+%.[%w_.-]+", function(name)
        return "'" .. lookup(contexts, name):gsub("'", "''") .. "'"
    end)
    local answer = expressions.holds(expressions.parse(closed), {})
    assert(answer ~= nil, "this runner cannot evaluate " .. condition)
    return answer
end

-- NAME=VALUE, or NAME<<END with lines up to END.
local function read_commands(path)
    local values, lines = {}, (fs.read(path)):gmatch("([^\n]*)\n")
    for line in lines do
        local name, ending = line:match("^([%w_-]+)<<(.+)$")
        if name then
            local text = {}
            for more in lines do
                if more == ending then break end
                text[#text + 1] = more
            end
            values[name] = table.concat(text, "\n")
        else
            name, ending = line:match("^([%w_-]+)=(.*)$")
            values[assert(name, "the runner does not understand: " .. line)] = ending
        end
    end
    return values
end

local function inputs_of(action, given, contexts)
    local inputs = {}
    for name, value in pairs(given) do
        assert(action.inputs[name], "the action has no input " .. name)
        inputs[name] = value
    end
    for name, input in pairs(action.inputs) do
        assert(inputs[name] or not input.required, "the action needs the input " .. name)
        inputs[name] = inputs[name] or filled(input.default or "", contexts)
    end
    return inputs
end

local function run_command(step, world)
    assert(step.shell == "bash", "a step of a composite action has a shell")
    local script = world.folder .. "/step.sh"
    fs.write(script, step.run)
    local env = {}
    for name, value in pairs(world.env) do env[name] = value end
    for name, value in pairs(step.env or {}) do env[name] = filled(value, world.contexts) end
    for _, name in ipairs({ "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY" }) do
        env[name] = env[name] or world.folder .. "/" .. name
    end
    fs.write(env.GITHUB_OUTPUT, "")
    local result = process.run({ "bash", "--noprofile", "--norc", "-eo", "pipefail", script, cwd = world.workspace,
        env = env, timeout_s = 300 })
    if step.id then world.contexts.steps[step.id] = { outputs = read_commands(env.GITHUB_OUTPUT) } end
    for name, value in pairs(read_commands(env.GITHUB_ENV)) do world.env[name] = value end
    return result
end

---@class action_runner.Outcome
---@field code integer  of the step that failed, else 0
---@field stdout string  of all steps
---@field stderr string
---@field used table<string, table>  `with` of the actions that were used, by the names of their steps
---@field outputs table<string, string>
---@field summary string

--- Runs the action in `path`.
---@param path string  of its action.yml
---@param options { folder: string, inputs: table, env: table, github: table }
---@return action_runner.Outcome
function M.run(path, options)
    local action = yaml.decode(fs.read(path))
    local world = { folder = options.folder, workspace = options.folder .. "/workspace", env = options.env,
        contexts = { github = options.github, runner = { arch = "X64" }, steps = {} } }
    world.contexts.inputs = inputs_of(action, options.inputs, world.contexts)
    world.env.RUNNER_TEMP = options.folder .. "/temp"
    for _, folder in ipairs({ world.workspace, world.env.RUNNER_TEMP }) do fs.mkdir(folder) end
    for _, name in ipairs({ "GITHUB_ENV", "GITHUB_STEP_SUMMARY" }) do fs.write(options.folder .. "/" .. name, "") end
    local outcome = { code = 0, stdout = "", stderr = "", used = {}, outputs = {} }
    for _, step in ipairs(action.runs.steps) do
        if outcome.code == 0 and holds(step["if"], world.contexts) then
            if step.uses then
                outcome.used[step.name] = {}
                for name, value in pairs(step.with) do
                    outcome.used[step.name][name] = filled(value, world.contexts)
                end
            else
                local result = run_command(step, world)
                outcome.code = result.code
                outcome.stdout, outcome.stderr = outcome.stdout .. result.stdout, outcome.stderr .. result.stderr
            end
        end
    end
    for name, output in pairs(action.outputs) do outcome.outputs[name] = filled(output.value, world.contexts) end
    outcome.summary = fs.read(options.folder .. "/GITHUB_STEP_SUMMARY")
    return outcome
end

return M
