-- Writes a `git fast-import` stream of a history with the shape of a large compiler project: tens of thousands of
-- files, merges made by a bot on the mainline, roll-ups of several pull requests, and crash tests that come and go in
-- every way seen in real repositories (on side branches, moved out with and without an edit, renamed within the folder,
-- added again under the same name, added and removed before the branch was merged, removed by the merge itself).
--
-- Run by plain `luajit`: `luajit history_stream.lua COMMITS FILES [SEED] | git fast-import`.
-- The same arguments always give the same stream, so the same object ids.

package.path = arg[0]:gsub("[^/]*$", "?.lua;") .. package.path
local text = require("history_words")
local random, chance, pick, words = text.random, text.chance, text.pick, text.words
local line_of, new_lines, title = text.line_of, text.new_lines, text.title

local wanted_commits = tonumber(arg[1]) or 60000
local wanted_files = tonumber(arg[2]) or 58000
if arg[3] then text.seed(assert(tonumber(arg[3]), "the seed is not a number")) end

local out = io.stdout
out:setvbuf("full", 1048576)

-- Blobs ---------------------------------------------------------------------------------------------------------------

local next_mark = 0
local function new_mark()
    next_mark = next_mark + 1
    return next_mark
end

local function write_blob(content)
    local mark = new_mark()
    out:write("blob\nmark :", mark, "\ndata ", #content, "\n", content, "\n")
    return mark
end

-- The tree ------------------------------------------------------------------------------------------------------------

local files = {} -- list of {path, blob, lines}, without the crash tests
local function add_file(path, lines)
    local file = { path = path, lines = lines }
    file.blob = write_blob(table.concat(lines, "\n") .. "\n")
    files[#files + 1] = file
    return file
end

local function edit_file(file)
    local lines = file.lines
    lines[random(#lines)] = line_of(random(1000000))
    file.blob = write_blob(table.concat(lines, "\n") .. "\n")
    return { op = "M", path = file.path, blob = file.blob }
end

local ui_folders, folders = {}, {}
local function plan_folders()
    for i = 1, 300 do
        ui_folders[i] = ("tests/ui/%s-%s%d"):format(words[i % #words + 1], words[(i * 5) % #words + 1], i)
    end
    for i = 1, 75 do
        for _, part in ipairs { "", "/build", "/check", "/errors" } do
            folders[#folders + 1] = ("compiler/rustc_%s%d/src%s"):format(words[i % #words + 1], i, part)
        end
    end
    for i = 1, 60 do folders[#folders + 1] = ("library/%s/src/%s"):format(pick { "core", "alloc", "std" }, words[i]) end
    for i = 1, 150 do
        folders[#folders + 1] = ("src/tools/%s/%s%d/src"):format(pick { "clippy", "miri", "analyzer", "fmt" },
            words[i % #words + 1], i)
    end
    for i = 1, 80 do
        local suite = pick { "codegen", "mir-opt", "run-make", "rustdoc", "debuginfo" }
        folders[#folders + 1] = ("tests/%s/%s%d"):format(suite, words[i % #words + 1], i)
    end
    for i = 1, 20 do folders[#folders + 1] = ("src/doc/%s%d"):format(words[i], i) end
end

local function plant_files()
    for _, name in ipairs { "README.md", "LICENSE-MIT", "LICENSE-APACHE", "COPYRIGHT", "Cargo.toml", "Cargo.lock",
        "x.py", "x.ps1", "x", "configure", "RELEASES.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "INSTALL.md",
        "triagebot.toml", "config.example.toml", "rustfmt.toml", ".gitignore", ".gitattributes", ".gitmodules.txt",
        ".mailmap" } do
        add_file(name, new_lines(20))
    end
    local n = 0
    while #files < wanted_files do
        n = n + 1
        local folder = chance(38) and pick(ui_folders) or pick(folders)
        add_file(("%s/%s_%s_%d.rs"):format(folder, pick(words), pick(words), n), new_lines(6 + random(14)))
    end
end

-- Commits -------------------------------------------------------------------------------------------------------------

local people = {}
for i = 1, 400 do people[i] = ("%s %s <%s.%d@example.org>"):format(pick(words), pick(words), pick(words), i) end
local bot = "bors <bors@example.org>"
local made = 0

local function write_changes(changes)
    for _, change in ipairs(changes) do
        if change.op == "M" then
            out:write("M 100644 :", change.blob, " ", change.path, "\n")
        else
            out:write("D ", change.path, "\n")
        end
    end
end

local function write_commit(commit)
    local mark = new_mark()
    made = made + 1
    out:write("commit ", commit.ref, "\nmark :", mark, "\nauthor ", commit.author, " ", commit.authored or commit.time,
        " +0000\ncommitter ", commit.committer or commit.author, " ", commit.time, " +0000\n")
    out:write("data ", #commit.message, "\n", commit.message, "\n")
    if commit.from then out:write("from :", commit.from, "\n") end
    for _, parent in ipairs(commit.merges or {}) do out:write("merge :", parent, "\n") end
    write_changes(commit.changes)
    out:write("\n")
    return mark
end

-- Crash tests ---------------------------------------------------------------------------------------------------------

local next_issue, next_pull = 1000, 1001
local crashes = {} -- alive in tests/crashes: {path, issue, blob, lines, born}
local gone = {} -- names that were removed and may come back: {path, issue, lines}
local mainline = {} -- marks of the mainline commits, oldest first
local mainline_time = {}

local function crash_text(test)
    return table.concat(test.lines, "\n") .. "\n"
end

local function new_crash(path, issue)
    local lines = new_lines(5 + random(12))
    table.insert(lines, random(3), issue and ("//@ known-bug: #%d"):format(issue) or "//@ known-bug: unknown")
    return { path = path, issue = issue, lines = lines }
end

local function crash_name(issue)
    local form = random(20)
    if form == 1 then return ("tests/crashes/%d-2.rs"):format(issue) end
    if form == 2 then return ("tests/crashes/%d-%s.rs"):format(issue, pick(words)) end
    if form == 3 then return ("tests/crashes/%s-%s-%d.rs"):format(pick(words), pick(words), random(10000)) end
    if form == 4 then return ("tests/crashes/auxiliary/aux-%d.rs"):format(issue) end
    return ("tests/crashes/%d.rs"):format(issue)
end

local function place(test)
    test.blob = write_blob(crash_text(test))
    test.born = #mainline
    crashes[#crashes + 1] = test
    return { op = "M", path = test.path, blob = test.blob }
end

-- A crash test that was already there `base` commits up the mainline, taken out of the living.
local function take_crash(base)
    for _ = 1, 20 do
        local i = random(#crashes)
        local test = crashes[i]
        if test and test.born < base then
            crashes[i] = crashes[#crashes]
            crashes[#crashes] = nil
            return test
        end
    end
end

local crash_actions = {}

function crash_actions.add()
    local changes = {}
    for _ = 1, random(3) do
        next_issue = next_issue + random(5)
        changes[#changes + 1] = place(new_crash(crash_name(next_issue), next_issue))
    end
    return { changes }
end

function crash_actions.fix(base)
    local test = take_crash(base)
    if not test then return crash_actions.add() end
    gone[#gone + 1] = test
    local proof = add_file(("%s/fixed-issue-%d-%d.rs"):format(pick(ui_folders), test.issue, #files), new_lines(8))
    return { { { op = "D", path = test.path }, { op = "M", path = proof.path, blob = proof.blob } } }
end

function crash_actions.move(base)
    local test = take_crash(base)
    if not test then return crash_actions.add() end
    gone[#gone + 1] = test
    local target = { path = ("%s/issue-%d-%d.rs"):format(pick(ui_folders), test.issue, #files), blob = test.blob,
        lines = test.lines }
    files[#files + 1] = target
    return { { { op = "D", path = test.path }, { op = "M", path = target.path, blob = target.blob } } }
end

function crash_actions.move_edited(base)
    local test = take_crash(base)
    if not test then return crash_actions.add() end
    gone[#gone + 1] = test
    local lines = { "//@ check-pass" }
    for _, line in ipairs(test.lines) do
        if not line:find("known-bug", 1, true) then lines[#lines + 1] = line end
    end
    local target = add_file(("%s/issue-%d-%d.rs"):format(pick(ui_folders), test.issue, #files), lines)
    return { { { op = "D", path = test.path }, { op = "M", path = target.path, blob = target.blob } } }
end

function crash_actions.renumber(base)
    local test = take_crash(base)
    if not test then return crash_actions.add() end
    next_issue = next_issue + 1
    local renamed = { path = ("tests/crashes/%d.rs"):format(next_issue), issue = next_issue, lines = test.lines }
    return { { { op = "D", path = test.path }, place(renamed) } }
end

function crash_actions.come_back()
    if #gone == 0 then return crash_actions.add() end
    local test = table.remove(gone, random(#gone))
    for _, alive in ipairs(crashes) do
        if alive.path == test.path then return crash_actions.add() end
    end
    return { { place({ path = test.path, issue = test.issue, lines = test.lines }) } }
end

-- Added and removed on the same branch: the mainline never shows it.
function crash_actions.flash()
    next_issue = next_issue + 1
    local test = new_crash(("tests/crashes/%d.rs"):format(next_issue), next_issue)
    local blob = write_blob(crash_text(test))
    return { { { op = "M", path = test.path, blob = blob } }, { { op = "D", path = test.path } } }
end

-- Several at once, as when one fix closes a whole family.
function crash_actions.sweep(base)
    local changes = {}
    for _ = 1, 4 + random(8) do
        local test = take_crash(base)
        if test then
            gone[#gone + 1] = test
            changes[#changes + 1] = { op = "D", path = test.path }
        end
    end
    if #changes == 0 then return crash_actions.add() end
    return { changes }
end

local function crash_changes(base)
    local n = random(1000)
    if #crashes < 150 or n <= 380 then return crash_actions.add() end
    if n <= 560 then return crash_actions.fix(base) end
    if n <= 680 then return crash_actions.move(base) end
    if n <= 850 then return crash_actions.move_edited(base) end
    if n <= 890 then return crash_actions.renumber(base) end
    if n <= 930 then return crash_actions.come_back() end
    if n <= 960 then return crash_actions.flash() end
    return crash_actions.sweep(base)
end

-- Ordinary work -------------------------------------------------------------------------------------------------------

local created = 0
local function ordinary_changes()
    local changes, seen = {}, {}
    for _ = 1, (chance(3) and 10 + random(30) or random(4)) do
        local file = files[random(#files)]
        if not seen[file] then
            seen[file] = true
            changes[#changes + 1] = edit_file(file)
        end
    end
    if chance(25) then
        created = created + 1
        local folder = chance(60) and pick(ui_folders) or pick(folders)
        local file = add_file(("%s/%s_new_%d.rs"):format(folder, pick(words), created), new_lines(8 + random(10)))
        changes[#changes + 1] = { op = "M", path = file.path, blob = file.blob }
    end
    if chance(6) then
        local i = 30 + random(#files - 30)
        local file = files[i]
        if not seen[file] then
            files[i] = files[#files]
            files[#files] = nil
            changes[#changes + 1] = { op = "D", path = file.path }
        end
    end
    return changes
end

local function union(changes, more)
    for _, change in ipairs(more) do changes[#changes + 1] = change end
end

-- Writes the commits of one pull request on a branch that starts some way down the mainline. Returns the mark of its
-- last commit, everything it changed, its number and its author.
local function write_pull(now)
    local number = next_pull
    next_pull = next_pull + random(4)
    local base = math.max(1, #mainline - random(40) + 1)
    local author = pick(people)
    local steps = chance(6.5) and crash_changes(base) or {}
    for _ = 1, pick { 0, 0, 0, 1, 1, 2, 3 } do steps[#steps + 1] = ordinary_changes() end
    if #steps == 0 then steps[1] = ordinary_changes() end
    local tip, all = mainline[base], {}
    local time = mainline_time[base]
    local step_time = math.max(1, math.floor((now - time) / (#steps + 1)))
    for _, changes in ipairs(steps) do
        time = time + step_time
        local stamp = time
        if chance(0.5) then stamp = time - random(40) * 86400 end -- a clock that was wrong
        tip = write_commit { ref = "refs/heads/topic", author = author, time = stamp, authored = stamp - random(86400),
            message = title() .. "\n\nSee the pull request for the reasons.\n", from = tip, changes = changes }
        union(all, changes)
    end
    return { tip = tip, changes = all, number = number, author = author }
end

local function merge_message(pull, reviewer)
    local short = pull.author:match("^%a+")
    return ("Auto merge of #%d - %s:topic-%d, r=%s\n\n%s\n"):format(pull.number, short, pull.number, reviewer, title())
end

local function write_mainline(commit)
    commit.ref, commit.from = "refs/heads/main", mainline[#mainline]
    mainline[#mainline + 1] = write_commit(commit)
    mainline_time[#mainline] = commit.time
end

local function merge_one(now)
    local pull = write_pull(now)
    -- Now and then the merge itself takes a file away that every parent had.
    if chance(0.1) then
        local test = take_crash(#mainline - 50)
        if test then union(pull.changes, { { op = "D", path = test.path } }) end
    end
    write_mainline { author = bot, time = now, message = merge_message(pull, pick(words)), merges = { pull.tip },
        changes = pull.changes }
end

local function merge_rollup(now)
    local pulls = {}
    for i = 1, 3 + random(5) do pulls[i] = write_pull(now) end
    local tip, all, list = mainline[#mainline], {}, {}
    for i, pull in ipairs(pulls) do
        tip = write_commit { ref = "refs/heads/topic", author = pick(people), time = now - 7200 + i * 60, from = tip,
            message = ("Rollup merge of #%d - %s:topic-%d, r=%s\n\n%s\n"):format(pull.number, pull.author:match("^%a+"),
                pull.number, pick(words), title()), merges = { pull.tip }, changes = pull.changes }
        union(all, pull.changes)
        list[i] = (" - #%d"):format(pull.number)
    end
    local number = next_pull
    next_pull = next_pull + 1
    write_mainline { author = bot, time = now, merges = { tip }, changes = all,
        message = ("Auto merge of #%d - %s:rollup, r=%s\n\nRollup of %d pull requests\n\n%s\n"):format(number,
            pick(words), pick(words), #pulls, table.concat(list, "\n")) }
end

-- A folder of regression tests is renamed as a whole.
local function rename_folder(now)
    local i = random(#ui_folders)
    local old, new = ui_folders[i], ui_folders[i] .. "-x"
    local changes = {}
    for _, file in ipairs(files) do
        if file.path:sub(1, #old + 1) == old .. "/" then
            changes[#changes + 1] = { op = "D", path = file.path }
            file.path = new .. file.path:sub(#old + 1)
            changes[#changes + 1] = { op = "M", path = file.path, blob = file.blob }
        end
    end
    ui_folders[i] = new
    write_mainline { author = pick(people), time = now, changes = changes,
        message = ("Tidy up %s (#%d)\n"):format(old, next_pull) }
    next_pull = next_pull + 1
end

local function main()
    plan_folders()
    plant_files()
    local changes = {}
    for i, file in ipairs(files) do changes[i] = { op = "M", path = file.path, blob = file.blob } end
    local now = 1420070400
    write_mainline { author = people[1], time = now, message = "Start\n", changes = changes }
    local merges = 0
    while made < wanted_commits do
        now = now + 7200 + random(14400)
        merges = merges + 1
        if merges % 1500 == 0 then
            rename_folder(now)
        elseif chance(30) then
            merge_rollup(now)
        else
            merge_one(now)
        end
    end
    out:write("done\n")
end

main()
