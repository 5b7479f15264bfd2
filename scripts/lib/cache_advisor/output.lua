-- Proposals for people, as JSON, and as one patch.
local counted = require("lib.counted")
local github_actions = require("lib.github_actions")
local render = require("lib.findings.render")
local unified_diff = require("lib.unified_diff")

local M = {}

local function costs(proposal)
    if not proposal.minutes then return "cost unknown: " .. proposal.basis end
    if proposal.minutes == 0 then return proposal.basis end
    return ("about %.1f minutes a week: %s"):format(proposal.minutes, proposal.basis)
end

local styles = { ["+"] = "green", ["-"] = "red", ["@"] = "cyan" }

local function patch_lines(patch)
    local lines = {}
    for line in patch:gmatch("[^\n]+") do
        if not line:find("^%-%-%- ") and not line:find("^%+%+%+ ") then
            local style, text = styles[line:sub(1, 1)], "    " .. term.visible(line)
            lines[#lines + 1] = style and term.style(text, style) or text
        end
    end
    return table.concat(lines, "\n") .. "\n"
end

local function wrapped(text, indentation)
    local lines = term.wrap(text, math.min(term.width(), 100) - #indentation)
    return indentation .. table.concat(lines, "\n" .. indentation) .. "\n"
end

local function summary_of(proposals, files)
    if files == 0 then return "there are no workflows below .github\n" end
    if #proposals == 0 then
        return ("%d %s: caches are as they should be\n"):format(files, files == 1 and "workflow"
            or "workflows and actions")
    end
    local total, unknown = 0, 0
    for _, proposal in ipairs(proposals) do
        total, unknown = total + (proposal.minutes or 0), unknown + (proposal.minutes and 0 or 1)
    end
    local minutes = unknown < #proposals and total > 0 and (", about %.0f minutes a week"):format(total) or ""
    local rest = unknown > 0 and (" (the cost of %d is not known)"):format(unknown) or ""
    return ("%s%s%s; as one patch: uhost cache_advisor --patch\n"):format(
        counted(#proposals, "proposal"), minutes, rest)
end

local function as_text(proposals, _, files)
    local out = {}
    for _, proposal in ipairs(proposals) do
        local parts = {}
        for _, problem in ipairs(proposal.problems) do
            parts[#parts + 1] = render.block({
                file = proposal.file, line = proposal.line, column = proposal.column, level = "warning",
                message = ("job %s: %s"):format(proposal.job, problem.message), rule = problem.rule,
            })
        end
        parts[#parts + 1] = wrapped(term.visible(costs(proposal)), "  ")
        if proposal.patch then parts[#parts + 1] = patch_lines(proposal.patch) end
        out[#out + 1] = table.concat(parts)
    end
    out[#out + 1] = summary_of(proposals, files)
    return github_actions.without_commands(table.concat(out, "\n"), "text")
end

local function as_patch(_, files)
    local out = {}
    for i, file in ipairs(files) do out[i] = unified_diff.of(file.path, file.before, file.after) end
    return table.concat(out)
end

local fields = { "file", "line", "column", "job", "step", "language", "layer", "basis", "patch" }

local function as_json(proposals)
    local list = json.array({})
    for i, proposal in ipairs(proposals) do
        local problems = json.array({})
        for j, problem in ipairs(proposal.problems) do
            problems[j] = { rule = problem.rule, message = problem.message }
        end
        list[i] = { problems = problems, minutes_per_week = proposal.minutes or json.null }
        for _, field in ipairs(fields) do
            list[i][field] = proposal[field] == nil and json.null or proposal[field]
        end
    end
    local text = json.encode({ proposals = list }, { indent = 2, invalid_utf8 = "replace" })
    return github_actions.without_commands(text .. "\n", "json")
end

local renderers = { text = as_text, patch = as_patch, json = as_json }

---@param proposals table[]
---@param files { path: string, before: string, after: string }[]
---@param format "text"|"patch"|"json"
---@param count integer  of workflows and actions
---@return string
function M.render(proposals, files, format, count) return renderers[format](proposals, files, count) end

return M
