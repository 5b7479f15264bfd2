-- The guide for a person: each conflict that is left, where it comes from, what might resolve it, and what to type.
local M = {}

local max_commits, max_lines = 10, 200

local function lines_of(text)
    local lines = {}
    for line in (text .. (text:find("\n$") and "" or "\n")):gmatch("(.-)\n") do
        if #lines == max_lines then
            lines[#lines + 1] = "…"
            break
        end
        lines[#lines + 1] = line
    end
    return lines
end

local function add_commits(page, context, heading, range, path)
    local rows = {}
    for commit in context.repo:log{ range = range, path = path, limit = max_commits } do
        rows[#rows + 1] = { { text = commit.id:sub(1, 12), code = true }, commit.subject, commit.author,
            commit.subject:match("#%d+") or "" }
    end
    page:table{ title = heading, columns = { "Commit", "Subject", "Author", "Pull request" }, rows = rows,
        empty = "None that names this file." }
end

local function side_text(file, side)
    local entry = file[side]
    if not entry then return "The file is not there." end
    return entry.text or "Not a text."
end

local function add_candidate(page, file)
    local candidate = file.candidate
    if not candidate then return end
    page:text({ "The rule ", { text = candidate.rule, code = true }, " would resolve it, but not safely: ",
        candidate.why or "" })
    if candidate.deleted then
        page:text("It would delete the file.")
    elseif candidate.text then
        page:code(lines_of(candidate.text))
    end
end

local function add_file(page, context, file)
    local state = context.state
    page:heading(("%s (%s)"):format(file.path, file.kind), 2)
    if file.marked then
        page:code(lines_of(file.marked))
    else
        for _, side in ipairs({ "base", "upstream", "fork" }) do
            page:heading(({ base = "Before the fork's commit", upstream = "Upstream", fork = "The fork" })[side], 3)
            page:code(lines_of(side_text(file, side)))
        end
    end
    if file.driver then
        page:text({ "gitattributes name the merge driver ", { text = file.driver, code = true },
            " for this file. It is a program, which a sync does not run: run it on the three versions by hand." })
    end
    add_candidate(page, file)
    local release = state.steps[state.step].commit
    add_commits(page, context, "What upstream did to it", state.base .. ".." .. release, file.path)
    add_commits(page, context, "What the fork did to it", state.base .. ".." .. state.old_tip, file.path)
end

--- The guide as Markdown.
---@param context table
---@param entry table  the commit
---@param files upstream.ConflictedFile[]
---@param folder string  where they are to be resolved
---@return string
function M.text(context, entry, files, folder)
    local page = report.new{ title = ("Conflicts with %s"):format(context.state.version) }
    page:facts{
        { "Commit", { text = entry.original, code = true } }, { "Subject", entry.subject },
        { "Files", #files }, { "Folder", { text = folder, code = true } },
    }
    page:heading("What to do", 2)
    page:text("Edit the files below in that folder until no markers are left. Delete a file that is to go. Files that "
        .. "are new and belong to the resolution have to be staged.")
    page:code({ "cd " .. folder, "git diff", "git add NEW_FILE    # only for new files",
        "cd " .. context.repo:path(), "uhost upstream sync --resume" }, { language = "sh" })
    page:text("uhost upstream sync --abort ends the sync and leaves the fork as it was.")
    for _, file in ipairs(files) do add_file(page, context, file) end
    return page:render("markdown")
end

return M
