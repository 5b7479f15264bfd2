-- An analysis as people and programs read it.
local merging = require("lib.upstream.impact.merging")

local M = {}

local function or_null(value) return value == nil and json.null or value end

local function list_of(items, read)
    local list = json.array()
    for i, item in ipairs(items) do list[i] = read(item) end
    return list
end

local function same(value) return value end

local function commit_value(commit) return { id = commit.id, subject = commit.subject } end

local function file_value(file)
    return {
        path = file.path, risk = file.risk, policy_risk = or_null(file.policy_risk),
        integration_points = list_of(file.points, same), changes = list_of(file.changes, same), action = file.action,
        commits = list_of(file.commits, commit_value),
        functions = list_of(file.functions, function(each)
            return { name = each.name, before = or_null(each.before), after = or_null(each.after) }
        end),
        hunks = list_of(file.hunks, function(hunk)
            return { first_line = hunk.first_line, last_line = hunk.last_line,
                in_function = or_null(hunk.in_function) }
        end),
    }
end

local function conflict_value(conflict)
    return {
        path = conflict.path, kind = conflict.kind, first_line = or_null(conflict.first_line),
        last_line = or_null(conflict.last_line), in_function = or_null(conflict.in_function),
        rule = or_null(conflict.rule), is_safe = conflict.is_safe or false, driver = or_null(conflict.driver),
        commits = list_of(conflict.commits, commit_value),
    }
end

local function replay_value(replay)
    if not replay then return json.null end
    return {
        replayed = replay.replayed,
        dropped = list_of(replay.dropped, function(each)
            return { commit = each.commit, subject = each.subject, reason = each.reason,
                upstream = or_null(each.upstream), difference = or_null(each.difference) }
        end),
        taken = list_of(replay.taken, same),
        conflicts = list_of(replay.conflicts, function(each)
            return { commit = each.commit, subject = each.subject, paths = list_of(each.paths, same) }
        end),
    }
end

local function dependency_value(dependency)
    return {
        module = dependency.module, risk = dependency.risk, policy_risk = dependency.policy_risk,
        used_by = list_of(dependency.used_by, same),
        apis = list_of(dependency.apis, function(api)
            return { name = api.name, state = api.state, risk = api.risk, before = or_null(api.before),
                after = or_null(api.after) }
        end),
    }
end

local function step_value(step)
    return {
        from_version = step.from_version, to_version = step.to_version, risk = step.risk,
        conflicts = list_of(step.conflicts, same), estimated_effort = step.estimated_effort,
        files = list_of(step.files, function(file)
            return { path = file.path, risk = file.risk, changes = list_of(file.changes, same) }
        end),
    }
end

--- The analysis as plain data: what `uhost schema upstream_analyze` describes.
---@param analysis impact.Analysis
---@return table
function M.value(analysis)
    local base = analysis.base
    return {
        from_version = analysis.from_version, to_version = analysis.to_version, analysis_date = analysis.analysis_date,
        head = analysis.head, overall_risk = analysis.overall_risk,
        base = { kind = base.kind, commit = base.commit_id, shared_percent = or_null(base.shared_percent) },
        affected_files = list_of(analysis.affected_files, file_value),
        dependencies = list_of(analysis.dependencies, dependency_value),
        undeclared_files = list_of(analysis.undeclared_files, same),
        untouched_points = list_of(analysis.untouched_points, same), own_files = analysis.own_files,
        policy_problems = list_of(analysis.policy_problems, same),
        conflicts_expected = list_of(analysis.conflicts_expected, conflict_value),
        replay = replay_value(analysis.replay),
        safety = list_of(analysis.safety, function(each)
            return { kind = each.kind, path = each.path, text = each.text }
        end),
        pull_requests = list_of(analysis.pull_requests, function(each)
            return { number = or_null(each.number), url = or_null(each.url), commit = each.commit,
                subject = each.subject }
        end),
        releases = list_of(analysis.steps, step_value), estimated_effort = analysis.estimated_effort,
        auto_mergeable = analysis.auto_mergeable, recommended_path = { kind = analysis.way,
            reason = analysis.way_reason },
    }
end

--- The analysis as JSON. File names are bytes; JSON is UTF-8.
---@param analysis impact.Analysis
---@return string
function M.json(analysis)
    return json.encode(M.value(analysis), { indent = 2, invalid_utf8 = "replace" }) .. "\n"
end

-- For people ----------------------------------------------------------------------------------------------------------

local base_words = {
    ancestor = "found in the fork's history",
    snapshot = "no history is shared; %.1f %% of the fork's files are the release's",
    given = "as --from says",
}

local function base_text(analysis)
    local words = base_words[analysis.base.kind]
    if analysis.base.shared_percent then words = words:format(analysis.base.shared_percent) end
    return ("%s (%s)"):format(analysis.from_version, words)
end

local function counted(count, one, many) return ("%d %s"):format(count, count == 1 and one or many) end

local function summary(analysis)
    local conflicts, findings = #analysis.conflicts_expected, #analysis.safety
    if conflicts == 0 and findings == 0 then return "It merges without conflicts, and nothing of the fork is lost." end
    if conflicts == 0 then
        return ("It merges without conflicts, but %s.")
            :format(counted(findings, "thing would be lost or broken", "things would be lost or broken"))
    end
    return ("%s to resolve%s."):format(counted(conflicts, "conflict", "conflicts"),
        findings > 0 and ", and " .. counted(findings, "thing lost or broken", "things lost or broken") or "")
end

local function commit_names(commits)
    local words = {}
    for i, commit in ipairs(commits) do
        if i > 3 then
            words[i] = ("and %d more"):format(#commits - 3)
            break
        end
        words[i] = ("%s %s"):format(commit.id:sub(1, 9), commit.subject)
    end
    return table.concat(words, ", ")
end

local function place_of(conflict)
    if not conflict.first_line then return conflict.path end
    return ("%s, %s"):format(conflict.path, merging.place(conflict))
end

local function resolution_of(conflict)
    if conflict.driver then
        return ("its merge driver %s is a program, which is not run; to be resolved by hand"):format(conflict.driver)
    end
    if not conflict.rule then return "to be resolved by hand" end
    return conflict.is_safe and ("the rule %s resolves it"):format(conflict.rule)
        or ("the rule %s proposes something, to be looked at"):format(conflict.rule)
end

-- Tables would have columns too narrow for paths: these are lists.
local function add_conflicts(out, analysis)
    if #analysis.conflicts_expected == 0 then return end
    local items = {}
    for i, conflict in ipairs(analysis.conflicts_expected) do
        local commits = #conflict.commits > 0 and (", of %s"):format(commit_names(conflict.commits)) or ""
        items[i] = { { text = place_of(conflict), strong = true }, (": %s%s; %s"):format(
            conflict.kind:gsub("_", "/"), commits, resolution_of(conflict)) }
    end
    out:heading("Conflicts"):list(items)
end

local function add_replay(out, analysis)
    local replay = analysis.replay
    if not replay then return end
    local words = { counted(replay.replayed, "commit would be replayed", "commits would be replayed") }
    if #replay.dropped > 0 then
        words[#words + 1] = ("%d dropped, as the project has %s"):format(#replay.dropped,
            #replay.dropped == 1 and "it" or "them")
    end
    if #replay.conflicts > 0 then words[#words + 1] = ("%d with conflicts"):format(#replay.conflicts) end
    out:text(table.concat(words, ", ") .. ".")
end

local function add_safety(out, analysis)
    if #analysis.safety == 0 then return end
    local items = {}
    for i, finding in ipairs(analysis.safety) do items[i] = ("%s: %s"):format(finding.path, finding.text) end
    out:heading("Clean, but not safe"):list(items)
end

local function add_files(out, analysis)
    local items, unchanged = {}, 0
    for _, file in ipairs(analysis.affected_files) do
        if #file.changes == 0 then
            unchanged = unchanged + 1
        else
            local action = file.action ~= "nothing" and "; to do: " .. file.action or ""
            items[#items + 1] = { file.risk .. " ", { text = file.path, strong = true },
                (": %s%s"):format(table.concat(file.changes, "; "), action) }
        end
    end
    if #items > 0 then out:heading("What the release does to the fork's files"):list(items) end
    if unchanged > 0 then
        out:text(unchanged == 1 and "The release leaves 1 file that the fork changes as it was."
            or ("The release leaves %d files that the fork changes as they were."):format(unchanged))
    end
end

local api_words = { gone = "is gone", renamed = "was renamed", changed = "has another signature",
    unknown = "is declared nowhere in the base; the policy may name the wrong path" }

local function add_dependencies(out, analysis)
    local items = {}
    for _, dependency in ipairs(analysis.dependencies) do
        for _, api in ipairs(dependency.apis) do
            if api_words[api.state] then
                local signatures = api.before and (" (%s%s)"):format(api.before,
                    api.after and " → " .. api.after or "") or ""
                items[#items + 1] = ("%s: %s %s %s%s"):format(api.risk, dependency.module, api.name,
                    api_words[api.state], signatures)
            end
        end
    end
    if #items > 0 then out:heading("What the fork calls"):list(items) end
end

local function add_policy(out, analysis)
    local items = {}
    for _, path in ipairs(analysis.undeclared_files) do
        items[#items + 1] = path .. " is changed by the fork and declared by no integration point"
    end
    for _, id in ipairs(analysis.untouched_points) do
        items[#items + 1] = id .. " is declared, and the fork changes nothing there"
    end
    for _, problem in ipairs(analysis.policy_problems) do items[#items + 1] = problem end
    if #items > 0 then out:heading("The policy integration_points"):list(items) end
end

local function add_steps(out, analysis)
    if #analysis.steps == 0 then return end
    local rows = {}
    for i, step in ipairs(analysis.steps) do
        rows[i] = { step.to_version, step.risk, #step.files, table.concat(step.conflicts, "\n"),
            ("%g h"):format(step.estimated_effort.hours) }
    end
    out:table({ title = "Release by release", rows = rows, columns = { { title = "To" }, { title = "Risk" },
        { title = "Files" }, { title = "Conflicts" }, { title = "Effort" } } })
    out:text(("Cheapest: %s (%s)."):format(analysis.way == "direct" and "all at once" or "release by release",
        analysis.way_reason))
end

local function add_pull_requests(out, analysis)
    if #analysis.pull_requests == 0 then return end
    local items = {}
    for i, each in ipairs(analysis.pull_requests) do
        local name = each.number and ("#%d"):format(each.number) or each.commit:sub(1, 9)
        items[i] = { { text = name, url = each.url }, " " .. each.subject:gsub("%s*%(#%d+%)$", "") }
    end
    out:heading("Behind these changes"):list(items)
end

--- The analysis as a report.
---@param analysis impact.Analysis
---@return report.Report
function M.report(analysis)
    local out = report.new{ title = ("From %s to %s: risk %s"):format(analysis.from_version, analysis.to_version,
        analysis.overall_risk) }
    out:text(summary(analysis))
    out:facts({
        { "Base", base_text(analysis) },
        { "Effort", ("%g h, by %s"):format(analysis.estimated_effort.hours, analysis.estimated_effort.basis) },
        { "Merges by itself", analysis.auto_mergeable and "yes" or "no" },
    })
    add_replay(out, analysis)
    add_conflicts(out, analysis)
    add_safety(out, analysis)
    add_files(out, analysis)
    add_dependencies(out, analysis)
    add_steps(out, analysis)
    add_policy(out, analysis)
    add_pull_requests(out, analysis)
    return out
end

return M
