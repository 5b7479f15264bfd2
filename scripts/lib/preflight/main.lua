-- `uhost preflight`: everything that a job needs, looked at before it starts.
local checks_of = require("lib.preflight.checks")
local command_line = require("lib.command_line")
local github_actions = require("lib.github_actions")

local M = {}

local formats = { "text", "github", "json" }

-- For the demonstration: one check that holds, one that does not, one of another profile.
local demo_checks = {
    { id = "git", kind = "tool", command = { "git", "--version" }, least = "1.0", fix = "install git" },
    { id = "deploy_key", kind = "variable", name = "UHOST_PREFLIGHT_DEMO_KEY",
        fix = "add the secret to the environment production" },
    { id = "inputs", kind = "together", name = "PATH", needs = { "UHOST_PREFLIGHT_DEMO_REF" },
        fix = "give ref as well" },
    { id = "history", kind = "full_history", profiles = { "audit" }, fix = "check out with fetch-depth: 0" },
}

local function read_options(arguments)
    local parser = command_line.parser("preflight",
        "Look at what a job needs before it starts, all of it at once: tools, variables, space, files, git's state. "
        .. "policies/preflight.lua says what is needed.",
        { "uhost preflight --demo", "uhost preflight --list", "uhost preflight --explain disk",
            "uhost preflight --profile release --format github" },
        "0 the job may start, 1 something is missing, 2 usage or policy, 130 interrupted.")
    parser:option("--profile",
        "What the job is for; adds the checks of that profile."):argname("NAME"):default("default")
    parser:option("--format", "How the result is written."):choices(formats):default("text")
    parser:option("--explain", "Describe one check, and look at nothing."):argname("ID")
    parser:flag("--list", "List the checks of the profile, and look at nothing.")
    parser:flag("--without-network", "Leave out checks that need the network.")
    parser:flag("--demo", "Show what it finds with checks made for it.")
    return parser:parse(arguments)
end

-- Output --------------------------------------------------------------------------------------------------------------

local function as_text(results, failed)
    local lines = {}
    for _, result in ipairs(results) do
        local mark = result.ok and term.style("ok    ", "green") or term.style("failed", "bold red")
        lines[#lines + 1] = ("%s  %s%s"):format(mark, term.visible(result.id),
            result.ok and "" or ": " .. term.visible(result.problem))
        if not result.ok and result.fix then lines[#lines + 1] = "        fix: " .. term.visible(result.fix) end
    end
    lines[#lines + 1] = failed == 0 and ("%d checks hold"):format(#results)
        or ("%d of %d checks failed"):format(failed, #results)
    return github_actions.without_commands(table.concat(lines, "\n") .. "\n", "text")
end

local function as_github(results)
    local lines = {}
    for _, result in ipairs(results) do
        if not result.ok then
            lines[#lines + 1] = github_actions.annotation("error", { title = "preflight: " .. result.id },
                result.fix and ("%s\nfix: %s"):format(result.problem, result.fix) or result.problem)
        end
    end
    return table.concat(lines)
end

local function as_json(results, failed)
    local list = json.array({})
    for i, result in ipairs(results) do
        list[i] = { id = result.id, ok = result.ok, problem = result.problem or json.null, fix = result.fix
            or json.null }
    end
    return github_actions.without_commands(json.encode({ ok = failed == 0, checks = list }, { indent = 2 })
        .. "\n", "json")
end

local renderers = { text = as_text, github = as_github, json = as_json }

local function explain(checks, id)
    local ids = {}
    for _, check in ipairs(checks) do
        ids[#ids + 1] = check.id
        if check.id == id then
            io.write(yaml.encode(check))
            return 0
        end
    end
    uhost.fail("usage", ("there is no check '%s'"):format(id), { hint = uhost.suggest(id, ids) })
end

local function list(checks)
    for _, check in ipairs(checks) do print(("%s (%s)"):format(check.id, check.kind)) end
    return 0
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    local rules = checks_of.load()
    local checks = checks_of.check(options.demo and demo_checks or rules:data().checks)
    if options.explain then return explain(checks, options.explain) end
    checks = checks_of.chosen(checks, rules, options)
    if options.list then return list(checks) end
    local results, failed = checks_of.look(checks), 0
    for _, result in ipairs(results) do failed = failed + (result.ok and 0 or 1) end
    io.write(renderers[options.format](results, failed))
    return failed == 0 and 0 or 1
end

return M
