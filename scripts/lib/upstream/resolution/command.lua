-- `uhost upstream resolve`, `remembered` and `forget`: conflicts of three files, of a work tree, or one that git hands
-- to its merge driver. They need no project to follow.
local memory = require("lib.upstream.resolution.memory")
local resolution = require("lib.upstream.resolution")
local syncs = require("lib.upstream.syncs")

local M = { is_alone = true, commands = {} }

function M.declare(parser)
    local resolve = parser:command("resolve", "Resolve conflicts by the rules in policies/resolution_rules.lua: "
        .. "of files in the work tree, or of three files. What is safe is written; the rest is left to you.")
    resolve:argument("file", "Conflicted files of the work tree. Without any, all of them."):args("*")
    resolve:option("--base", "With --ours and --theirs: what both sides come from. A missing file, or /dev/null, says "
        .. "that there is none."):argname("FILE")
    resolve:option("--ours", "Our side."):argname("FILE")
    resolve:option("--theirs", "Their side."):argname("FILE")
    resolve:option("--path", "The file's path in its repository, which rules look at."):argname("PATH")
    resolve:option("--driver", "As git's merge driver: git config merge.uhost.driver 'uhost upstream resolve --driver "
        .. "%O %A %B %P'."):args(4):argname({ "BASE", "OURS", "THEIRS", "NAME" })
    resolve:flag("--explain", "Show what each rule said, and write nothing.")
    resolve:flag("--unsafe", "Write also what is not safe, for you to look at.")
    resolve:option("--format", "text or json."):choices({ "text", "json" }):default("text")
    local remembered = parser:command("remembered", "List the resolutions that people made, and where they were used.")
    remembered:flag("--json", "Write them as JSON (uhost schema upstream_remembered).")
    local forget = parser:command("forget", "Forget remembered resolutions: the next such conflict is yours again.")
    forget:argument("hash", "A resolution's hash or its beginning, as `remembered` shows it."):args("*")
    forget:option("--path", "All that were made in this file."):argname("PATH")
end

-- Output -------------------------------------------------------------------------------------------------------------

local function json_of(answer)
    local list = {}
    for i, each in ipairs(answer.considered) do list[i] = { rule = each.rule, outcome = each.outcome } end
    return {
        resolved = answer.resolved, safe = answer.safe, rule = answer.rule or json.null,
        text = answer.text or json.null, deleted = answer.deleted, why = answer.why, considered = json.array(list),
    }
end

local function print_json(value) io.write(json.encode(value), "\n") end

local function verdict(answer)
    if not answer.resolved then return "not resolved: " .. answer.why end
    return ("%s (%s%s): %s"):format(answer.deleted and "deleted" or "resolved", answer.rule,
        answer.safe and "" or ", not safe", answer.why)
end

local function print_answer(path, answer, explain)
    print(term.untrusted(("%s: %s"):format(path, verdict(answer))))
    if not explain then return end
    for _, each in ipairs(answer.considered) do
        print(term.untrusted(("  %-22s %s"):format(each.rule, each.outcome)))
    end
end

-- Three files --------------------------------------------------------------------------------------------------------

local function text_of(path)
    if not path or path == "/dev/null" or not fs.exists(path) then return nil end
    return fs.read(path)
end

-- Rules do without the store, where it cannot be opened.
local function resolver()
    local ok, store = pcall(memory.open)
    if not ok then
        if not uhost.is_error(store) then error(store, 0) end
        log.warn(("what people resolved before is not known: %s"):format(store.message))
    end
    return resolution.new{ memory = ok and store or nil }
end

local function resolve_files(options)
    local conflict = {
        path = options.path or options.ours or options.theirs or options.base,
        base = text_of(options.base), ours = text_of(options.ours), theirs = text_of(options.theirs),
    }
    if not conflict.base and not conflict.ours and not conflict.theirs then
        uhost.fail("usage", "none of the files is there", { hint = "--base, --ours and --theirs name them" })
    end
    local answer = resolver():resolve(conflict)
    if options.format == "json" then
        print_json(json_of(answer))
    elseif options.explain or not answer.text then
        print_answer(conflict.path, answer, options.explain)
    else
        io.write(answer.text)
    end
    return answer.resolved and 0 or 1
end

-- git takes the result from the file of our side, and a conflict from the exit code.
local function drive(files)
    local conflict = {
        base = fs.read(files[1]), ours = fs.read(files[2]), theirs = fs.read(files[3]), path = files[4],
    }
    if conflict.base == "" then conflict.base = nil end
    local answer = resolver():resolve(conflict)
    if answer.resolved and answer.safe and answer.text and not answer.command then
        fs.write(files[2], answer.text, { mask = false })
        log.info(("%s: %s"):format(term.untrusted(conflict.path), verdict(answer)))
        return 0
    end
    -- As git leaves binary files: ours, in conflict.
    if (conflict.ours .. conflict.theirs):find("\0", 1, true) then return 1 end
    local merged = git.merge_file{ base = conflict.base or "", ours = conflict.ours, theirs = conflict.theirs }
    fs.write(files[2], merged.text, { mask = false })
    return merged.clean and 0 or 1
end

-- The work tree ------------------------------------------------------------------------------------------------------

local function run_git(...)
    local command = { "git", ... }
    command.reads = true
    return process.run(command)
end

local function conflicted_files()
    local result = run_git("diff", "--name-only", "--diff-filter=U", "--relative", "-z")
    if result.code ~= 0 then
        uhost.fail("usage", "this is not a work tree of git", { hint = "or give --base, --ours, --theirs and --path" })
    end
    local paths = {}
    for path in result.stdout:gmatch("[^%z]+") do paths[#paths + 1] = path end
    return paths
end

local link_or_submodule = { ["120000"] = true, ["160000"] = true }

-- The texts of the three sides, as the index has them. What a link leads to is not for rules to write.
local function conflict_at(path)
    local listed = run_git("ls-files", "--unmerged", "--full-name", "-z", "--", path)
    local conflict, found = { path = path }, false
    for mode, id, stage, name in listed.stdout:gmatch("(%d+) (%x+) (%d)\t([^%z]+)%z") do
        conflict.has_no_text = conflict.has_no_text or link_or_submodule[mode]
        local blob = run_git("cat-file", "blob", id)
        conflict[({ "base", "ours", "theirs" })[tonumber(stage)]] = blob.code == 0 and blob.stdout or nil
        conflict.path, found = name, true
    end
    return found and conflict or nil
end

local function write(path, answer)
    if answer.deleted then
        if fs.exists(path) then fs.remove(path) end
    else
        fs.write(path, answer.text, { mask = false })
    end
    if answer.command then
        local command = { mutates = ("make %s anew"):format(path), stdout = "pass", stderr = "pass", check = true }
        for i, word in ipairs(answer.command) do command[i] = word end
        process.run(command)
    end
end

local function note_uses(store, path, answer)
    if not store then return end
    for _, hash in ipairs(answer.remembered or {}) do memory.note_use(store, hash, path, "work tree") end
    if answer.path_rule then memory.note_path_use(store, answer.path_rule, path, "work tree") end
end

-- What is not in HEAD any more as a person made it was a mistake.
local function forget_undone(store)
    if not store or plan.dry_run() then return end
    local repo = git.open(".")
    for _, each in ipairs(memory.forget_undone(store, repo, syncs.fork_of(repo))) do
        log.warn(("forgot what was made of %s: it was undone since"):format(term.untrusted(each.path)))
    end
    repo:close()
end

local no_text = { resolved = false, safe = false, why = "it is a link or a submodule on one side", considered = {} }

local function resolve_work_tree(options)
    local paths = #options.file > 0 and options.file or conflicted_files()
    local one, left, documents = resolver(), 0, {}
    if #paths > 0 then forget_undone(one.memory) end
    for _, path in ipairs(paths) do
        local conflict = conflict_at(path)
        if not conflict then
            uhost.fail("usage", ("%s has no conflict"):format(path), { hint = "see git status" })
        end
        local answer = conflict.has_no_text and no_text or one:resolve(conflict)
        local settled = answer.resolved and (answer.safe or options.unsafe)
        if settled and not options.explain then
            write(path, answer)
            note_uses(one.memory, path, answer)
        end
        if not settled then left = left + 1 end
        documents[#documents + 1] = json_of(answer)
        documents[#documents].path = path
        if options.format == "text" then print_answer(path, answer, options.explain) end
    end
    if options.format == "json" then
        print_json(json.array(documents))
    elseif #paths == 0 then
        print("there is no conflict")
    elseif not options.explain and left < #paths then
        print("what was written is not staged: look at it, then git add it")
    end
    return left > 0 and 1 or 0
end

function M.commands.resolve(options)
    if options.driver then return drive(options.driver) end
    if options.ours or options.theirs or options.base then return resolve_files(options) end
    return resolve_work_tree(options)
end

-- What is remembered -------------------------------------------------------------------------------------------------

local function times(count)
    return count == 0 and "never" or count == 1 and "once" or ("%d times"):format(count)
end

-- The paths of the policy and those that settled something before, with how often that was.
local function path_uses(store)
    local list, known = memory.path_uses(store), {}
    for _, each in ipairs(list) do known[each.rule] = true end
    for _, name in ipairs(resolution.path_rules()) do
        if not known[name] then list[#list + 1] = { rule = name, uses = 0 } end
    end
    return list
end

function M.commands.remembered(options)
    local store = memory.open()
    local list = memory.list(store)
    for _, each in ipairs(list) do each.used = json.array(memory.uses(store, each.hash)) end
    if options.json then
        print_json({ resolutions = json.array(list), paths = json.array(path_uses(store)) })
        return 0
    end
    if #list == 0 then print("nothing is remembered") end
    for _, each in ipairs(list) do
        print(term.untrusted(("%s %s, by %s, %s: used %s"):format(each.hash:sub(1, 12), each.path, each.source,
            each.created_at, times(each.uses))))
        for _, use in ipairs(each.used) do
            print(term.untrusted(("    %s in %s, by %s"):format(use.used_at, use.path, use.source)))
        end
    end
    for _, each in ipairs(path_uses(store)) do
        print(term.untrusted(each.uses == 0 and each.rule .. ": never needed"
            or ("%s: needed %s, last at %s"):format(each.rule, times(each.uses), each.last_used_at)))
    end
    return 0
end

function M.commands.forget(options)
    if #options.hash == 0 and not options.path then
        uhost.fail("usage", "nothing says what to forget", { hint = "see uhost upstream remembered" })
    end
    local store, count = memory.open(), 0
    local function forget(what)
        for _, each in ipairs(memory.forget(store, what)) do
            count = count + 1
            print(term.untrusted(("forgot %s of %s"):format(each.hash:sub(1, 12), each.path)))
        end
    end
    for _, hash in ipairs(options.hash) do forget({ hash = hash }) end
    if options.path then forget({ path = options.path }) end
    if count == 0 then print("nothing of that is remembered") end
    return count > 0 and 0 or 1
end

return M
