-- The report in each format. Markdown and HTML have a table for each verdict, CSV one with a row for each file; SARIF
-- has a result for each issue that needs attention.
local classify = require("lib.monthly_audit.classify")
local document = require("lib.monthly_audit.document")
local issues = require("lib.monthly_audit.issues")
local sarif = require("lib.findings.sarif")

local M = {}

---@class monthly_audit.Model
---@field home string  "owner/repo"
---@field site string  "https://github.com"
---@field path string
---@field tip string?  the commit that "left" and "back" are judged at
---@field from string?  ISO 8601
---@field to string?
---@field since string?  what --since says: "6 months"
---@field demo boolean
---@field color boolean  whether text may have colours and links
---@field verdicts monthly_audit.Verdict[]
---@field stats monthly_audit.Statistics  with api_requests and time_s
---@field closing monthly_audit.Closing?  with --close
---@field tracking monthly_audit.Tracking?  with --tracking-issue

function M.markdown(model) return document.whole(model):render("markdown") end

function M.html(model) return document.whole(model):render("html") end

local csv_columns = {
    { key = "issue" }, { key = "verdict" }, { key = "state" }, { key = "path" }, { key = "commit" }, { key = "date" },
    { key = "pr" }, { key = "moved_to" }, { key = "present" }, { key = "remaining" }, { key = "action" },
    { key = "issue_url" }, { key = "commit_url" }, { key = "pr_url" },
}
for _, column in ipairs(csv_columns) do column.title = column.key end

function M.csv(model)
    local rows = {}
    for _, verdict in ipairs(model.verdicts) do
        for _, deletion in ipairs(verdict.files) do
            rows[#rows + 1] = {
                issue = verdict.issue, verdict = verdict.verdict, state = verdict.state, path = deletion.path,
                commit = deletion.commit, date = deletion.date, pr = deletion.pr, moved_to = deletion.moved_to,
                present = deletion.present, remaining = table.concat(verdict.remaining, " "), action = verdict.action,
                issue_url = issues.issue_url(model, verdict.issue),
                commit_url = issues.commit_url(model, deletion.commit),
                pr_url = deletion.pr and issues.pull_request_url(model, deletion),
            }
        end
    end
    local out = report.new { title = "verdicts" }
    out:table { columns = csv_columns, rows = rows }
    return out:render("csv")
end

-- Text ----------------------------------------------------------------------------------------------------------------

-- For a terminal, or a mail: a block for each issue, because a table of these does not fit 80 columns. File names and
-- titles come from strangers, so whatever a terminal would act on is made visible first.

local max_path_width = 40

-- How text is decorated, and how wide it may be.
local function new_page(model)
    local page = { model = model, color = model.color, width = math.min(term.width(), 140), lines = {} }
    function page.add(line) page.lines[#page.lines + 1] = line end
    function page.style(text, style) return page.color and term.style(text, style) or text end
    function page.link(text, url) return page.color and term.link(text, url) or text end
    return page
end

local function padded(text, width) return text .. (" "):rep(width - term.display_width(text)) end

local function add_wrapped(page, mark, text, style)
    local room = page.width - term.display_width(mark)
    for i, line in ipairs(term.wrap(text, room)) do
        page.add((i == 1 and mark or (" "):rep(term.display_width(mark))) .. page.style(line, style))
    end
end

local function add_head(page, verdict)
    local name = issues.text(verdict.issue)
    local title = term.truncate(term.visible(verdict.title or ""):gsub("%s+", " "), page.width - #name - 1)
    name = page.link(page.style(name, "bold"), issues.issue_url(page.model, verdict.issue))
    page.add(title == "" and name or name .. " " .. title)
end

local function add_file(page, verdict, deletion, path_width)
    local model, pr = page.model, deletion.pr and issues.pull_request_text(deletion) or ""
    local path = term.visible(document.short_path(model, deletion.path))
    local commit = page.link(deletion.commit:sub(1, 9), issues.commit_url(model, deletion.commit))
    local gap = (" "):rep(7 - #pr)
    pr = deletion.pr and page.link(pr, issues.pull_request_url(model, deletion)) .. gap or gap
    page.add(("  %s  %s  %s  %s"):format(padded(path, path_width), deletion.date:sub(1, 10), pr, commit))
    if deletion.moved_to and #verdict.files > 1 then
        add_wrapped(page, "    to ", term.visible(deletion.moved_to), "dim")
    end
end

local function path_width(model, verdicts)
    local widest = 0
    for _, verdict in ipairs(verdicts) do
        for _, deletion in ipairs(verdict.files) do
            local path = term.visible(document.short_path(model, deletion.path))
            widest = math.max(widest, term.display_width(path))
        end
    end
    return math.min(widest, max_path_width)
end

local function add_section(page, section)
    page.add("")
    add_wrapped(page, "", ("%s (%d): %s"):format(section.title, #section.verdicts, section.meaning), "bold underline")
    local width = path_width(page.model, section.verdicts)
    for i, verdict in ipairs(section.verdicts) do
        if verdict.attention or i == 1 or section.verdicts[i - 1].attention then page.add("") end
        add_head(page, verdict)
        for _, deletion in ipairs(verdict.files) do add_file(page, verdict, deletion, width) end
        add_wrapped(page, "  → ", term.visible(verdict.action), verdict.attention and "yellow" or "green")
    end
end

local function add_numbers(page)
    page.add("")
    local numbers, widest = document.numbers(page.model), 0
    for _, fact in ipairs(numbers) do widest = math.max(widest, #fact[1]) end
    for _, fact in ipairs(numbers) do page.add(padded(fact[1], widest) .. "  " .. fact[2]) end
end

local function add_addresses(page)
    local model = page.model
    if page.color or #model.verdicts == 0 then return end
    page.add("")
    add_wrapped(page, "", ("Issues, pull requests and commits are at %s/%s/issues/N, …/pull/N and …/commit/ID."):format(
        model.site, model.home))
end

--- The report as text. With `model.color` it has colours, and names are links.
---@param model monthly_audit.Model
---@return string
function M.text(model)
    local page = new_page(model)
    page.add(page.style(document.title(model), "bold"))
    add_wrapped(page, "", document.summary(model))
    if model.demo then add_wrapped(page, "", document.demo_words) end
    for _, line in ipairs(document.done(model)) do add_wrapped(page, "", term.visible(line)) end
    for _, section in ipairs(document.sections(model)) do add_section(page, section) end
    add_numbers(page)
    add_addresses(page)
    return term.without_commands(table.concat(page.lines, "\n") .. "\n")
end

-- JSON ----------------------------------------------------------------------------------------------------------------

local function or_null(value)
    if value == nil then return json.null end
    return value
end

local function json_file(model, deletion)
    return {
        path = deletion.path, commit = deletion.commit, date = deletion.date, pr = or_null(deletion.pr),
        pr_repository = or_null(deletion.pr and (deletion.pr_repository or model.home)),
        moved_to = or_null(deletion.moved_to), present = deletion.present,
    }
end

local function json_verdict(model, verdict)
    local files = json.array({})
    for i, deletion in ipairs(verdict.files) do files[i] = json_file(model, deletion) end
    local remaining = json.array({})
    for i, path in ipairs(verdict.remaining) do remaining[i] = path end
    return {
        issue = verdict.issue, verdict = verdict.verdict, state = verdict.state, files = files, remaining = remaining,
        action = verdict.action,
    }
end

local function json_closing(outcome)
    local closed, left = json.array({}), json.array({})
    for i, issue in ipairs(outcome.closed) do closed[i] = issue end
    for i, each in ipairs(outcome.left) do
        left[i] = { issue = each.issue, why = each.why, failed = each.failed or false }
    end
    return { closed = closed, left = left, over_limit = outcome.over_limit, planned = outcome.planned }
end

--- The report as JSON, with a line feed at its end.
---@param model monthly_audit.Model
---@return string
function M.json(model)
    local stats = {
        repository = model.home, path = model.path, tip = or_null(model.tip),
        from = or_null(model.from), to = or_null(model.to),
    }
    for name, value in pairs(model.stats) do stats[name] = value end
    local verdicts = json.array({})
    for i, verdict in ipairs(model.verdicts) do verdicts[i] = json_verdict(model, verdict) end
    -- File names are bytes; JSON is UTF-8.
    local whole = { verdicts = verdicts, stats = stats }
    if model.closing then whole.closing = json_closing(model.closing) end
    whole.tracking_issue = model.tracking
    whole.warning = model.warning
    return json.encode(whole, { indent = 2, invalid_utf8 = "replace" }) .. "\n"
end

-- SARIF ---------------------------------------------------------------------------------------------------------------

-- SARIF 2.1.0, for GitHub's code scanning and other viewers: a rule for each verdict, a result for each issue that
-- needs attention.

-- Of more locations code scanning shows only these.
local max_locations = 100

local levels = {
    out_of_sync = "warning", moved = "note", partial = "warning", back = "warning", unknown = "note", in_sync = "none",
}

local function sarif_rule(verdict)
    local title, meaning = document.words(verdict)
    local sentence = meaning:gsub("^%l", string.upper) .. "."
    return sarif.rule({
        id = verdict, title = "Crash tests and their issue: " .. title, text = sentence, level = levels[verdict],
        help = sentence .. " The result says what to do about the issue.", tags = { "maintenance", "tests" },
        properties = { precision = "high" },
    })
end

local function sarif_locations(verdict)
    local list = json.array({})
    for i, deletion in ipairs(verdict.files) do
        if i > max_locations then break end
        local how = ("deleted on %s in commit %s"):format(deletion.date:sub(1, 10), deletion.commit:sub(1, 9))
        if deletion.pr then how = ("%s, pull request %s"):format(how, issues.pull_request_text(deletion)) end
        list[i] = {
            physicalLocation = sarif.location(deletion.path, {}),
            message = { text = sarif.plain(how) },
        }
    end
    return list
end

-- Says what a finding is about, and stays while that stays.
local function sarif_fingerprint(model, verdict)
    local repository, number = issues.parts(model.home, verdict.issue)
    return ("%s#%d:%s"):format(repository:lower(), number, verdict.verdict)
end

local function sarif_result(model, verdict)
    local title = verdict.title and verdict.title ~= "" and (" (%s)"):format(verdict.title) or ""
    local key = sarif_fingerprint(model, verdict)
    return {
        ruleId = verdict.verdict, level = levels[verdict.verdict],
        message = { text = sarif.plain(("%s%s: %s."):format(issues.text(verdict.issue), title, verdict.action)) },
        locations = sarif_locations(verdict),
        -- Code scanning knows its own name only; where it is missing, it reads the file, which is gone.
        partialFingerprints = { primaryLocationLineHash = key, ["issueVerdict/v1"] = key },
        workItemUris = json.array({ issues.issue_url(model, verdict.issue) }),
        properties = { issue = verdict.issue, state = verdict.state, deletedFiles = #verdict.files },
    }
end

local function sarif_results(model)
    local list = {}
    for _, verdict in ipairs(model.verdicts) do
        if verdict.attention then list[#list + 1] = sarif_result(model, verdict) end
    end
    return list
end

--- The report as SARIF, with a line feed at its end. The same findings give the same text but for the commit it is of.
---@param model monthly_audit.Model
---@return string
function M.sarif(model)
    local rules = {}
    for i, verdict in ipairs(classify.order) do rules[i] = sarif_rule(verdict) end
    local address = ("%s/%s"):format(model.site, model.home)
    return sarif.render({
        command = "uhost monthly_audit", root = model.home,
        category = ("monthly_audit/%s/"):format(model.path == "" and "." or model.path),
        rules = rules, results = sarif_results(model),
        fields = { versionControlProvenance = json.array({ { repositoryUri = address, revisionId = model.tip } }) },
    })
end

return M
