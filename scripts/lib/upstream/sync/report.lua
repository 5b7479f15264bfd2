-- The report of a sync: what became of every commit, who resolved what, how building and testing went.
local accounting = require("lib.upstream.sync.accounting")

local M = {}

local function or_null(value)
    if value == nil then return json.null end
    return value
end

local function commands(list)
    local plain = {}
    for i, each in ipairs(list or {}) do
        plain[i] = { command = each.command, outcome = each.outcome, duration_s = or_null(each.duration_s),
            log = or_null(each.log), cause = or_null(each.cause) }
    end
    return json.array(plain)
end

local function resolution(each)
    return {
        path = each.path, kind = each.kind, how = each.how, rule = or_null(each.rule), why = or_null(each.why),
        hashes = json.array(each.hashes or {}),
    }
end

local function commit(each)
    local resolutions = {}
    for i, one in ipairs(each.resolutions) do resolutions[i] = resolution(one) end
    return { original = each.original, subject = each.subject, outcome = each.outcome, commit = or_null(each.commit),
        reason = or_null(each.reason), resolutions = json.array(resolutions), differences = each.differences }
end

-- What the branch is now, or would be; nil as long as that is not known.
local function tip_of(state)
    if state.stage == "undone" then return state.old_tip end
    return state.final and state.final.tip or state.tip
end

local function conflict_of(state)
    local conflict = state.conflict
    if not conflict then return json.null end
    local files = {}
    for i, file in ipairs(conflict.files) do
        local candidate = file.candidate
        files[i] = { path = file.path, kind = file.kind, candidate = or_null(candidate and candidate.rule) }
    end
    local entry = state.commits[conflict.number]
    return { commit = entry.original, subject = entry.subject, files = json.array(files) }
end

local statuses = { done = "success", undone = "rolled_back", conflict = "conflict" }

--- The document, as `--json` writes it: `uhost schema upstream_sync` describes it.
---@param context table
---@return table
function M.document(context)
    local state, list = context.state, {}
    for i, each in ipairs(accounting.of(context)) do list[i] = commit(each) end
    local adaptations = {}
    for i, each in ipairs(state.adaptations) do
        adaptations[i] = { rule = each.rule, commit = each.commit, paths = each.paths }
    end
    local comparison = state.test_comparison or { newly_failing = {}, newly_passing = {}, vanished = 0 }
    return {
        sync_id = or_null(state.id),
        status = context.is_dry_run and "planned" or statuses[state.stage] or "in_progress",
        stage = state.stage, from_version = or_null(state.from_version), to_version = state.version,
        branch = state.branch, before = state.old_tip, after = or_null(tip_of(state)),
        target = state.target, started_at = state.began_at, commits = json.array(list), conflict = conflict_of(state),
        adaptations = json.array(adaptations), builds = commands(state.builds), tests = commands(state.tests),
        newly_failing = json.array(comparison.newly_failing), newly_passing = json.array(comparison.newly_passing),
        vanished_tests = comparison.vanished, first_bad = or_null(state.first_bad and state.first_bad.original),
    }
end

-- For people ---------------------------------------------------------------------------------------------------------

local function short(id) return { text = id:sub(1, 12), code = true } end

local function how_text(each)
    if each.how == "person" then return "by a person" end
    local hashes = {}
    for i, hash in ipairs(each.hashes) do hashes[i] = hash:sub(1, 12) end
    local which = #hashes > 0 and (" (%s)"):format(table.concat(hashes, ", ")) or ""
    return ({ path = "the policy's ", remembered = "", rule = "rule " })[each.how] .. each.rule .. which
end

local function add_commits(page, document)
    local rows, resolutions, differences = {}, {}, {}
    for i, each in ipairs(document.commits) do
        local became = each.commit ~= json.null and short(each.commit) or ""
        rows[i] = { short(each.original), each.subject, each.outcome, became,
            each.reason ~= json.null and each.reason or "" }
        for _, one in ipairs(each.resolutions) do
            resolutions[#resolutions + 1] = { one.path, one.kind, how_text(one), short(each.original) }
        end
        for _, one in ipairs(each.differences) do
            local line = { text = one.line, code = true }
            differences[#differences + 1] = { short(each.original), one.path, one.how, line }
        end
    end
    page:table{ title = "Commits of the fork", columns = { "Commit", "Subject", "Outcome", "Became", "Why" },
        rows = rows, empty = "The fork has no commits of its own." }
    page:table{ title = "Conflicts that were resolved", columns = { "File", "Kind", "How", "Commit" },
        rows = resolutions }
    page:table{ title = "Lines whose change differs from the original commit's",
        columns = { "Commit", "File", "How", "Line" }, rows = differences }
end

local function add_commands(page, title, list)
    local rows = {}
    for i, each in ipairs(list) do
        local took = each.duration_s ~= json.null and ("%.1f s"):format(each.duration_s) or ""
        rows[i] = { each.command, each.outcome, took, each.cause ~= json.null and each.cause or "" }
    end
    if #rows > 0 then page:table{ title = title, columns = { "Command", "Outcome", "Took", "Cause" }, rows = rows } end
end

local function add_lists(page, document)
    local rows = {}
    for i, each in ipairs(document.adaptations) do
        rows[i] = { each.rule, table.concat(each.paths, "\n"), short(each.commit) }
    end
    if #rows > 0 then page:table{ title = "Adaptations", columns = { "Rule", "Files", "Commit" }, rows = rows } end
    if document.conflict ~= json.null then
        local files = {}
        for i, file in ipairs(document.conflict.files) do files[i] = { file.path, file.kind } end
        page:table{ title = "Left for a person", columns = { "File", "Kind" }, rows = files }
    end
    for _, each in ipairs({ { "Newly failing tests", document.newly_failing },
        { "Newly passing tests", document.newly_passing } }) do
        if #each[2] > 0 then
            page:heading(each[1], 2)
            page:list(each[2])
        end
    end
end

--- The report for people.
---@param document table
---@return report.Report
function M.page(document)
    local page = report.new{ title = ("Sync with %s"):format(document.to_version) }
    page:facts{
        { "Status", document.status:gsub("_", " ") .. "" },
        { "From", document.from_version ~= json.null and document.from_version or "an unknown release" },
        { "Branch", { text = document.branch, code = true } }, { "It was", short(document.before) },
        { "It becomes", document.after ~= json.null and short(document.after) or "not known yet" },
    }
    add_commits(page, document)
    add_lists(page, document)
    add_commands(page, "Build", document.builds)
    add_commands(page, "Tests", document.tests)
    return page
end

--- Writes the report in all formats into the folder of the sync. Gives the path of the Markdown.
---@param context table
---@return string
function M.write(context)
    local document = M.document(context)
    local page = M.page(document)
    fs.mkdir(context.folder)
    fs.write(fs.join(context.folder, "report.json"), json.encode(document, { indent = 2 }))
    for _, format in ipairs({ "markdown", "html" }) do
        fs.write(fs.join(context.folder, "report." .. (format == "markdown" and "md" or format)), page:render(format))
    end
    return fs.join(context.folder, "report.md")
end

return M
