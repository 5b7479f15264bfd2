-- The report for a terminal: the cause and what to do come first, then the passage of the log, then the rest.
local counted = require("lib.counted")
local exit_codes = require("lib.diagnose.exit_codes")
local groups = require("lib.diagnose.groups")
local passage = require("lib.diagnose.passage")
local rich_text = require("lib.diagnose.rich_text")
local wording = require("lib.diagnose.wording")

local M = {}

-- A page --------------------------------------------------------------------------------------------------------------
--
-- Lines that fit, with colours where they are taken. Whatever a terminal would act on is made visible before.

local Page = {}
Page.__index = Page

-- Lines of a log are cut where a terminal ends; in a file there is room.
local widest, widest_in_file = 110, 400
local max_quoted = 600
local min_repeated = 3

---@param color boolean
local function new_page(color)
    local width = math.min(term.width(), widest)
    return setmetatable({ color = color, width = width, room = color and width or widest_in_file, lines = {} }, Page)
end

function Page:style(text, style) return self.color and term.style(text, style) or text end

function Page:link(text, url) return self.color and term.link(text, url) or text end

function Page:add(line) self.lines[#self.lines + 1] = line end

--- An empty line, but not two.
function Page:gap()
    if #self.lines > 0 and self.lines[#self.lines] ~= "" then self:add("") end
end

function Page:heading(text) self:gap() self:add(self:style(text, "bold")) end

--- A line that is cut where the page ends.
function Page:cut(indent, text, style)
    local room = math.max(20, self.room - #indent)
    self:add(indent .. self:style(term.truncate((term.visible(text):gsub("\t", "  ")), room), style or ""))
end

-- Code stands out by its colour, or by its backticks.
local function with_code(page, text)
    if not page.color then return text end
    return (text:gsub("`([^`]+)`", function(code)
        return (code:gsub("[^\n]+", function(line) return term.style(line, "cyan") end))
    end))
end

--- Text that wraps; `first` is what its first line begins with.
function Page:words(indent, text, first, style)
    local room = math.max(20, self.width - #indent)
    local wrapped = table.concat(term.wrap(term.visible(text), room), "\n")
    local number = 0
    for line in (with_code(self, wrapped) .. "\n"):gmatch("(.-)\n") do
        number = number + 1
        self:add((number == 1 and first or indent) .. self:style(line, style or ""))
    end
end

--- A line as it is, on as many as it takes.
function Page:quote(indent, text, style)
    text = term.truncate((term.visible(text):gsub("\t", "  ")), max_quoted)
    for _, line in ipairs(term.wrap(text, math.max(20, self.room - #indent))) do
        self:add(indent .. self:style(line, style))
    end
end

--- An entry's Markdown.
function Page:rich(indent, text)
    for number, block in ipairs(rich_text.blocks(text)) do
        if number > 1 and block.kind == "text" then self:gap() end
        if block.kind == "text" then self:words(indent, rich_text.plain(block.pieces)) end
        for i, item in ipairs(block.items or {}) do
            local mark = block.ordered and ("%d. "):format(i) or "- "
            self:words(indent .. (" "):rep(#mark), rich_text.plain(item), indent .. mark)
        end
        for _, line in ipairs(block.lines or {}) do self:cut(indent .. "  ", line, "cyan") end
    end
end

-- A line that says the same as the one before, but for numbers.
local function is_like(line, before) return line == before or (line:gsub("%d+", "")) == (before:gsub("%d+", "")) end

-- How many lines from `i` on say the same as the one before, when they are too many to be read.
local function repeated(lines, i, first, marked)
    local last = i - 1
    while lines[last + 1] and lines[i - 1]:find("%w") and is_like(lines[last + 1], lines[i - 1])
        and first + last ~= marked do
        last = last + 1
    end
    return last - i + 1 >= min_repeated and last - i + 1 or 0
end

function Page:log_line(line, number, width, is_marked)
    local shown = (" "):rep(width - #tostring(number)) .. number
    local text = term.truncate((term.visible(line):gsub("\t", "    ")), math.max(20, self.room - width - 5))
    if is_marked then
        self:add(("%s %s"):format(self:style("> " .. shown .. " |", "bold red"), self:style(text, "bold")))
    else
        self:add(("%s %s"):format(self:style("  " .. shown .. " |", "dim"), text))
    end
end

--- Lines of a log with their numbers, one of them marked. What is said over and over is shown once.
---@param lines string[]
---@param first integer  the number of the first
---@param marked? integer
---@param width? integer  of the numbers
function Page:log_lines(lines, first, marked, width)
    width = width or #tostring(first + #lines - 1)
    local i = 1
    while i <= #lines do
        local count = i > 1 and repeated(lines, i, first, marked) or 0
        if count > 0 then
            self:add(self:style(("  %s | … %d more like it"):format((" "):rep(width), count), "dim"))
            i = i + count
        else
            self:log_line(lines[i], first + i - 1, width, first + i - 1 == marked)
            i = i + 1
        end
    end
end

function Page:text() return term.without_commands(table.concat(self.lines, "\n") .. "\n") end

-- The report ----------------------------------------------------------------------------------------------------------

local max_causes, max_tests, max_others, max_unknown, max_same = 3, 10, 5, 5, 12
local max_around, max_elsewhere = { before = 8, after = 12 }, 12
local max_name, max_differences = 60, 40

-- The name of a step may be a script.
local function shortened(name) return name and term.truncate(term.visible(name):gsub("%s+", " "), max_name) end

-- "build › Run tests  ·  build.log:1234  ·  code bug  ·  rust.e0277"
local function add_place(page, report, finding, is_first)
    local parts = {}
    local job, step = wording.failing(report)
    if finding then job, step = finding.job or job, finding.step or step end
    parts[#parts + 1] = wording.where({ job = shortened(job), step = shortened(step) })
    if report.name ~= job and is_first then
        parts[#parts + 1] = finding and ("%s:%d"):format(report.name, finding.line_number) or report.name
    elseif finding then
        parts[#parts + 1] = ("line %d"):format(finding.line_number)
    end
    if finding and finding.place then
        parts[#parts + 1] = ("%s:%d"):format(finding.place.file, finding.place.line)
    end
    if finding then parts[#parts + 1] = ("%s (%s)"):format(finding.id, finding.class) end
    page:words("", table.concat(parts, " · "), "", "dim")
end

local function add_fix(page, finding)
    page:heading("What to do")
    page:rich("  ", finding.fix)
    for _, command in ipairs(finding.commands) do page:cut("    $ ", command, "cyan") end
    if finding.fixed_in then page:words("  ", "Fixed in " .. finding.fixed_in .. ".", "  ") end
    for _, address in ipairs(finding.docs) do
        page:add("  " .. page:style(page:link(term.visible(address), address), "dim"))
    end
end

-- The first cause is shown in full, others with what to do about them.
local function add_cause(page, report, finding, number)
    page:gap()
    local title = (number and ("%d. "):format(number) or "") .. finding.title
    page:words("", title, "", finding.severity == "error" and "bold red" or "bold yellow")
    add_place(page, report, finding, not number or number == 1)
    page:gap()
    page:quote("    ", finding.line:match("^%s*(.*)$"), "bold")
    page:gap()
    if number and number > 1 then return page:rich("  ", finding.fix) end
    page:rich("", finding.cause)
    add_fix(page, finding)
end

local function add_segments(page, title, segments, marked)
    if #segments == 0 then return end
    page:heading(title)
    local last = segments[#segments]
    local width = #tostring(last.first_line + #last.lines - 1)
    for i, segment in ipairs(segments) do
        if i > 1 then page:add(page:style("  …", "dim")) end
        page:log_lines(segment.lines, segment.first_line, marked, width)
    end
end

-- The lines around the finding; of another salient passage, as much as one reads.
local function add_passage(page, report, finding)
    local explanation = report.explanation
    if not finding then
        local title = report.is_known and "In the log" or "The most telling lines"
        return add_segments(page, title, passage.whole(explanation, report.around))
    end
    local inside = explanation and passage.is_within(explanation, finding.line_number)
    add_segments(page, "In the log", passage.segments(inside and explanation or nil, finding, max_around),
        finding.line_number)
    if inside or not explanation then return end
    local first = math.max(explanation.line_start, explanation.line_end - max_elsewhere + 1)
    add_segments(page, "Also telling", passage.segments(passage.from(explanation, first)))
end

local function add_why(page, finding)
    if not finding or not finding.why then return end
    page:gap()
    page:words("", "Why this line: " .. finding.why, "", "dim")
    if not finding.confidence then return end
    page:words("", ("Confidence: %s, %s."):format(finding.confidence, finding.confidence_why), "", "dim")
end

-- What matched but is not sure enough to be claimed.
local function add_possible(page, report)
    if #report.possible == 0 then return end
    page:heading(report.is_green and "Found on the way" or "Possible causes")
    for i, finding in ipairs(report.possible) do
        if i > max_others then
            return page:add(("  and %d more; --format json has all"):format(#report.possible - max_others))
        end
        local indent, tail = ("  %d  "):format(finding.line_number), (" (%s)"):format(finding.id)
        local room = math.max(20, page.width - #indent - term.display_width(tail))
        page:cut(indent, term.truncate(term.visible(finding.title), room) .. tail)
    end
end

local function add_tests(page, report, is_headline)
    local tests = report.tests
    if not tests or #tests.all == 0 then return end
    if is_headline then page:gap() else page:heading(wording.tests(tests)) end
    for i, test in ipairs(tests.all) do
        if i > max_tests then return page:add(("  and %d more"):format(#tests.all - max_tests)) end
        local message = (test.message or ""):match("[^\n]*%S[^\n]*")
        local line = test.line_number and ("  %d  "):format(test.line_number) or "  "
        page:cut(line, test.name .. (message and " — " .. message:gsub("^%s+", "") or ""))
    end
end

local function add_others(page, causes, symptoms)
    local list = {}
    for i, cause in ipairs(causes) do
        if i > max_causes then list[#list + 1] = { cause.lead, "" } end
        for _, other in ipairs(cause.again) do list[#list + 1] = { other, ", again" } end
        for _, follow in ipairs(cause.follows) do
            list[#list + 1] = { follow, (", follows from line %d"):format(cause.lead.line_number) }
        end
    end
    for _, symptom in ipairs(symptoms) do list[#list + 1] = { symptom, ", a symptom" } end
    if #list == 0 then return end
    page:heading("Also in the log")
    for i, each in ipairs(list) do
        if i > max_others then
            return page:add(("  and %d more; --format json has all"):format(#list - max_others))
        end
        local finding = each[1]
        local what = each[2] == ", again" and finding.line:match("^%s*(.*)$") or finding.title
        local indent, tail = ("  %d  "):format(finding.line_number), (" (%s%s)"):format(finding.id, each[2])
        local room = math.max(20, page.width - #indent - term.display_width(tail))
        page:cut(indent, term.truncate(term.visible(what), room) .. tail)
    end
end

local function add_unknown(page, report)
    page:gap()
    page:words("", wording.headline(report), "", report.is_known and "bold red" or "bold yellow")
    add_place(page, report, nil, true)
    if report.lines == 0 or report.is_known then return end
    page:gap()
    local meaning = exit_codes.meaning(((report.structure.failed_steps or {})[1] or {}).exit_code)
    if meaning then page:words("", ("The step ended with %s."):format(meaning), "") end
    page:words("", #report.possible > 0 and "No entry of the knowledge bases is sure enough to be the cause."
        or "No entry of the knowledge bases explains this failure.", "")
end

local function add_new_lines(page, report)
    local shown, explanation = 0, report.explanation
    for _, each in ipairs(report.unknown) do
        local number = each.line_number
        local is_quoted = explanation and passage.is_within(explanation, number)
        if not is_quoted and shown < max_unknown then
            if shown == 0 then page:heading("Other lines without a known meaning") end
            shown = shown + 1
            page:log_lines({ each.line }, number)
        end
    end
    if report.is_known or report.lines == 0 then return end
    page:gap()
    page:words("", ("To teach it: `%s` writes a draft of an entry to edit."):format(wording.learn(report)), "")
end

local function add_same(page, group)
    if #group.same == 0 then return end
    page:heading(("The same in %s"):format(counted(#group.same, "more log")))
    for i, report in ipairs(group.same) do
        if i > max_same then return page:add(("  and %d more"):format(#group.same - max_same)) end
        local lead = report.findings[1]
        page:cut("  ", report.name .. (lead and (":%d"):format(lead.line_number) or ""))
    end
end

local diff_styles = { ["+"] = "green", ["-"] = "red", ["@"] = "cyan" }

local function add_proposal(page, report)
    local diff, what = require("lib.workflow_patch.sections").text(report)
    if what == "" then return end
    page:heading("Proposed patch")
    page:words("  ", what, "  ")
    if not diff then return end
    page:gap()
    for _, line in ipairs(diff) do
        page:add("  " .. page:style(term.visible(line), diff_styles[line:sub(1, 1)] or ""))
    end
end

local function add_group(page, group)
    local report = group.report
    local causes, symptoms = wording.causes(report)
    for i, cause in ipairs(causes) do
        if i > max_causes then break end
        add_cause(page, report, cause.lead, #causes > 1 and i or nil)
        if i == 1 then
            add_passage(page, report, cause.lead)
            add_why(page, cause.lead)
        end
    end
    if #causes == 0 then
        add_unknown(page, report)
        add_tests(page, report, true)
        if not report.is_green then add_passage(page, report) end
        add_new_lines(page, report)
    else
        add_tests(page, report)
    end
    add_proposal(page, report)
    add_others(page, causes, symptoms)
    add_possible(page, report)
    add_same(page, group)
    if report.comparison then
        page:heading("Compared with a green run")
        local lines = require("lib.log_comparison").text(report.comparison)
        for i, line in ipairs(lines) do
            if i > max_differences then return page:add("  …  --format markdown has more") end
            page:cut("  ", line)
        end
    end
end

local function rule(page, group, number, count)
    page:gap()
    local title = (" %d of %d: %s "):format(number, count, term.visible(group.report.name))
    title = term.truncate(title, page.width - 4)
    local rest = page.width - 2 - term.display_width(title)
    page:add(page:style(("──%s%s"):format(title, ("─"):rep(math.max(2, rest))), "dim"))
end

--- The report as text. With `result.color` it has colours, and addresses are links.
---@param result diagnose.Result
---@return string
function M.render(result)
    local page = new_page(result.color)
    if result.nothing then page:words("", result.nothing, "") end
    local list = groups.of(result.reports)
    for i, group in ipairs(list) do
        if #list > 1 then rule(page, group, i, #list) end
        add_group(page, group)
    end
    return page:text()
end

return M
