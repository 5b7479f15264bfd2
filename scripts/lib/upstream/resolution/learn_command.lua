-- `uhost upstream learn`: what the rules would have made of the repository's past conflicts.
local command_line = require("lib.command_line")
local learn = require("lib.upstream.resolution.learn")
local memory = require("lib.upstream.resolution.memory")
local resolution = require("lib.upstream.resolution")
local syncs = require("lib.upstream.syncs")

local M = { is_alone = true, commands = {} }

local max_merges = 100000

local function whole(text)
    local number = text:match("^%d+$") and tonumber(text)
    if not number or number < 1 or number > max_merges then
        return nil, ("--merges takes a whole number from 1 to %d, not '%s'"):format(max_merges, text)
    end
    return number
end

function M.declare(parser)
    local command = parser:command("learn", "Do the repository's past merges again in memory, compare what the rules "
        .. "make of their conflicts with what people made of them, and draft rules from what people did repeatedly.")
    command:option("--merges", "How many merges, newest first."):argname("COUNT"):convert(whole):default("1000")
    command:option("--range", "Which commits: a revision, or A..B."):argname("RANGE"):default("HEAD")
    command:option("--draft", "Write drafted rules to this file, as a policy."):argname("FILE")
    command:flag("--remember", "Remember what people made of each conflict, for the next like it.")
    command:flag("--json", "Write the figures as JSON (uhost schema upstream_learn).")
end

local function percent(part, all) return all > 0 and ("%d %%"):format(part * 100 / all + 0.5) or "" end

local function add_counts(out, title, list)
    local rows = {}
    for i, one in ipairs(list) do
        rows[i] = { one.name, one.conflicts, one.exact, percent(one.exact, one.conflicts), one.safe, one.safe_exact }
    end
    out:table({
        columns = { { title = title }, { title = "Conflicts" }, { title = "As people did" },
            { title = "", align = "right" }, { title = "Safe" }, { title = "Safe as people did" } },
        rows = rows, empty = "There was no conflict.",
    })
end

local function print_lesson(lesson)
    local out = report.new()
    out:text(("%d merges, %d conflicted files: %d resolved, %d exactly as people did (%s)"):format(lesson.merges,
        lesson.conflicts, lesson.resolved, lesson.exact, percent(lesson.exact, lesson.conflicts)))
    add_counts(out, "Rule", lesson.rules)
    add_counts(out, "Kind", lesson.kinds)
    local drafts = {}
    for i, each in ipairs(lesson.drafts) do drafts[i] = ("%s, %d times"):format(each.name, each.times) end
    if #drafts > 0 then out:heading("Drafted rules"):list(drafts) end
    io.write(term.without_commands(out:render("text", { color = term.color("stdout") })))
end

-- The newest of several that were made of the same conflict counts: merges come newest first.
local function remembering(repo)
    local store, fork = memory.open(), syncs.fork_of(repo)
    return function(learnt)
        if learnt.person and not resolution.is_remembered(store, learnt.conflict) then
            resolution.remember(store, learnt.conflict, learnt.person, learnt.commit, fork)
        end
    end
end

function M.commands.learn(options)
    local draft = options.draft and command_line.output_file(options.draft)
    local repo = git.open(".")
    local lesson = learn.from(repo, { range = options.range, limit = options.merges,
        visit = options.remember and remembering(repo) or nil })
    if options.json then
        io.write(json.encode({
            merges = lesson.merges, conflicts = lesson.conflicts, resolved = lesson.resolved, exact = lesson.exact,
            rules = json.array(lesson.rules), kinds = json.array(lesson.kinds), drafts = json.array(lesson.drafts),
        }), "\n")
    else
        print_lesson(lesson)
    end
    if draft then fs.write(draft, learn.policy(lesson.drafts)) end
    if options.draft == "-" then io.write(learn.policy(lesson.drafts)) end
    return 0
end

return M
