-- The report for a terminal, or a mail: a block for each issue, because a table of these does not fit 80 columns.
-- File names and titles come from strangers, so whatever a terminal would act on is made visible first.
local issues = require("lib.monthly_audit.issues")
local links = require("lib.monthly_audit.links")
local sections = require("lib.monthly_audit.sections")

local M = {}

local widest_path = 40

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
    name = page.link(page.style(name, "bold"), links.issue(page.model, verdict.issue))
    page.add(title == "" and name or name .. " " .. title)
end

local function add_file(page, verdict, deletion, path_width)
    local model, pr = page.model, deletion.pr and "#" .. deletion.pr or ""
    local path = term.visible(sections.short_path(model, deletion.path))
    local commit = page.link(deletion.commit:sub(1, 9), links.commit(model, deletion.commit))
    pr = deletion.pr and page.link(pr, links.pull_request(model, deletion.pr)) .. (" "):rep(7 - #pr) or (" "):rep(7)
    page.add(("  %s  %s  %s  %s"):format(padded(path, path_width), deletion.date:sub(1, 10), pr, commit))
    if deletion.moved_to and #verdict.files > 1 then
        add_wrapped(page, "    to ", term.visible(deletion.moved_to), "dim")
    end
end

local function path_width(model, verdicts)
    local widest = 0
    for _, verdict in ipairs(verdicts) do
        for _, deletion in ipairs(verdict.files) do
            local path = term.visible(sections.short_path(model, deletion.path))
            widest = math.max(widest, term.display_width(path))
        end
    end
    return math.min(widest, widest_path)
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
    local numbers, widest = sections.numbers(page.model), 0
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
function M.render(model)
    local page = new_page(model)
    page.add(page.style(sections.title(model), "bold"))
    add_wrapped(page, "", sections.summary(model))
    if model.demo then add_wrapped(page, "", sections.demo_words) end
    for _, line in ipairs(sections.done(model)) do add_wrapped(page, "", term.visible(line)) end
    for _, section in ipairs(sections.of(model)) do add_section(page, section) end
    add_numbers(page)
    add_addresses(page)
    return term.without_commands(table.concat(page.lines, "\n") .. "\n")
end

return M
