-- The first stage: what is to be brought onto what, whether it can be, and backups.
local analysis_of = require("lib.upstream.impact.analysis")
local base_of = require("lib.upstream.impact.base")
local counted = require("lib.counted")
local document = require("lib.upstream.impact.document")
local preflight = require("lib.preflight.checks")
local releases_of = require("lib.upstream.impact.releases")
local store_of = require("lib.upstream.store")
local syncs = require("lib.upstream.syncs")

local M = {}

local function fail(kind, message, hint, details)
    uhost.fail("upstream." .. kind, message, { hint = hint, details = details })
end

-- The release --------------------------------------------------------------------------------------------------------

local function tag_candidates(context, version, release)
    local prefix = context.rules.tags.prefix
    return { release and release.tag or prefix .. version, version, "v" .. version }
end

-- Fetches the first of these tags that the project has, without a reference: no tag of the fork is touched, and what a
-- killed sync has fetched leaves no trace. Gives the tag and its object.
local function fetch(context, tags)
    local url = context.rules.upstream.url
    if url == "" or context.is_dry_run or uhost.offline then return nil end
    local offered = {}
    for _, reference in ipairs(git.ls_remote(url)) do offered[reference.name] = reference.id end
    for _, tag in ipairs(tags) do
        local id = offered["refs/tags/" .. tag]
        if id then
            if not context.repo:resolve(id) then
                context.repo:fetch{ remote = url, tags = "none", refspecs = "refs/tags/" .. tag }
            end
            return tag, id
        end
    end
end

local function fail_without(context, list, release, version)
    if release then
        fail("missing", ("the commits of %s are not in this repository"):format(release.version),
            context.is_dry_run and ("a dry run fetches none; uhost upstream analyze %s does"):format(release.version)
            or ("set upstream.url in policies/upstream.lua, or fetch its tag: git fetch URL tag %s"):format(
                release.tag), { version = release.version })
    end
    local look = "uhost upstream monitor looks for releases"
    fail("unknown_release", ("there is no release %s"):format(version),
        list[1] and ("the newest that is known is %s; %s"):format(list[1].version, look) or look, { version = version })
end

-- The commit of a release, which must be the one that was seen before.
local function target_of(context, version)
    local list = releases_of.list(context.whole_project, context.repo)
    local release = releases_of.find(list, version)
    local tags = tag_candidates(context, version, release)
    local fetched, id = fetch(context, tags)
    for _, tag in ipairs(tags) do
        local theirs = tag == fetched and context.repo:resolve(id .. "^{commit}") or nil
        local ours = context.repo:resolve("refs/tags/" .. tag .. "^{commit}")
        local seen = release and release.tag == tag and release.commit_id or nil
        local commit = theirs or ours or seen and context.repo:resolve(seen .. "^{commit}")
            or context.repo:resolve(releases_of.fetched_reference(tag) .. "^{commit}")
        if commit and (ours and ours ~= commit or seen and seen ~= commit) then
            fail("tag_moved", ("the tag %s is another commit than before: %s, not %s"):format(tag, commit:sub(1, 12),
                (ours ~= commit and ours or seen):sub(1, 12)),
                "ask the project why; to follow it, run uhost upstream monitor, and git tag --force if the tag is "
                .. "here", { tag = tag, commit = commit, before = ours ~= commit and ours or seen })
        end
        if commit then return { version = release and release.version or version, commit = commit } end
    end
    fail_without(context, list, release, version)
end

-- The releases on the way, oldest first: those that contain the base and are contained in the target.
local function steps_to(context, target, base)
    if not context.options.step_by_release then return { target } end
    local steps = {}
    local releases = store_of.releases(context.store, context.project)
    for i = #releases, 1, -1 do
        local commit = releases[i].commit_id and context.repo:resolve(releases[i].commit_id .. "^{commit}")
        if commit and commit ~= base and commit ~= target.commit and context.repo:is_ancestor(base, commit)
            and context.repo:is_ancestor(commit, target.commit) then
            steps[#steps + 1] = { version = releases[i].version, commit = commit }
        end
    end
    steps[#steps + 1] = target
    return steps
end

-- The fork -----------------------------------------------------------------------------------------------------------

local function branch_of(context)
    local name = context.settings.branch
    if name == "" then
        local head = context.repo:head()
        name = head and head.branch
            or fail("detached", "HEAD is on no branch", "check out the fork's branch, or set sync.branch in "
                .. "policies/upstream.lua")
    end
    local tip = context.repo:resolve("refs/heads/" .. name)
    if not tip then
        fail("no_branch", ("there is no branch %s"):format(name), "set sync.branch in policies/upstream.lua",
            { branch = name })
    end
    return "refs/heads/" .. name, tip
end

-- What the policy `preflight` asks of a sync.
local function check_preconditions()
    local rules = preflight.load()
    local checks = preflight.chosen(preflight.check(rules:data().checks), rules,
        { profile = "sync", named = true, without_network = uhost.offline })
    rules:close()
    local problems, fixes = {}, {}
    for _, result in ipairs(preflight.look(checks)) do
        if not result.ok then
            problems[#problems + 1] = ("%s: %s"):format(result.id, result.problem)
            fixes[#fixes + 1] = result.fix
        end
    end
    if #problems > 0 then
        fail("preflight", "the sync cannot begin: " .. table.concat(problems, "; "),
            #fixes > 0 and table.concat(fixes, "; ") or "see policies/preflight.lua", { problems = problems })
    end
end

-- The work tree of the branch will follow it, so nothing in it may be lost.
local function check_work_tree(context, branch)
    for _, worktree in ipairs(context.repo:worktrees()) do
        if "refs/heads/" .. (worktree.branch or "") == branch and not worktree.bare then
            local repo = git.open(worktree.path)
            local changes = repo:status({ untracked = false })
            repo:close()
            if #changes > 0 then
                fail("dirty", ("%s has %s with changes"):format(worktree.path, counted(#changes, "file")),
                    "commit them, or put them away with git stash", { path = worktree.path })
            end
            return worktree.path
        end
    end
end

-- The release that a commit is.
local function version_of(context, commit)
    for _, release in ipairs(releases_of.list(context.whole_project, context.repo)) do
        if release.commit_id == commit then return release.version end
    end
end

-- Where the fork begins: the commit that it shares with the release, or, of a fork that was published without the
-- project's history, the release that it was made from and the commit that brought that in.
local function beginning_of(context, branch, tip, target)
    local repo = context.repo
    local base = repo:merge_base(tip, target.commit)
    if base then return { commit = base, version = version_of(context, base) } end
    local name = branch:match("[^/]+$")
    local snapshot = base_of.find_snapshot(repo, releases_of.list(context.whole_project, repo), tip)
    if not snapshot then
        fail("unrelated", ("%s and %s have no common history, and the files of %s are those of no release that is here")
            :format(name, target.version, name),
            "fetch the project's tags, so that its releases can be compared: git fetch --tags URL")
    end
    context.say(("no history is shared: %s is taken to be made from %s, as %.1f %% of its files are the same"):format(
        name, snapshot.release.version, snapshot.shared_percent))
    return { commit = snapshot.commit_id, import = base_of.import_of(repo, snapshot.commit_id, tip),
        version = snapshot.release.version }
end

local function commits_of(context, beginning, tip)
    local list = {}
    local function add(options, outcome, reason)
        options.order, options.reverse = "topo", true
        for commit in context.repo:log(options) do
            list[#list + 1] = { original = commit.id, source = commit.id, subject = commit.subject, outcome = outcome,
                reason = reason }
        end
    end
    if beginning.import then
        add({ range = beginning.import }, "dropped", ("what it left is in the commit that brought %s in"):format(
            beginning.version))
        local import = list[#list]
        import.outcome, import.reason, import.changed_from = "pending", nil, beginning.commit
    end
    add({ range = (beginning.import or beginning.commit) .. ".." .. tip,
        first_parent = context.settings.merges == "flatten" }, "pending")
    return list
end

--- The references that a sync makes new: its tag, and its branch where it leaves the fork's as it is.
---@param settings table
---@param version string
---@return { tag: string?, branch: string? }
function M.new_refs(settings, version)
    local name = version:gsub("%%", "%%%%")
    return {
        tag = settings.tag ~= "" and "refs/tags/" .. settings.tag:gsub("%%V", name) or nil,
        branch = settings.finish == "branch" and "refs/heads/upstream-sync/" .. version or nil,
    }
end

-- Said before building and testing, not after.
local function check_new_refs(context, version)
    local remedies = { tag = "git tag -d %s removes it; or set another sync.tag in policies/upstream.lua",
        branch = "git branch -m %s NAME puts it elsewhere" }
    for kind, ref in pairs(M.new_refs(context.settings, version)) do
        local commit = context.repo:resolve(ref)
        if commit then
            local name = ref:gsub("^refs/%w+/", "")
            fail("exists", ("the %s that the sync is to make is there already: %s"):format(kind, name),
                remedies[kind]:format(name), { ref = ref, commit = commit })
        end
    end
end

-- The stage ----------------------------------------------------------------------------------------------------------

--- What a sync would be about; nil when the fork has the release already.
---@param context table
---@param version string
---@return upstream.SyncState?
function M.look(context, version)
    local repo = context.repo
    local branch, tip = branch_of(context)
    local target = target_of(context, version)
    version = target.version
    if repo:is_ancestor(target.commit, tip) then return nil end
    if repo:is_shallow() then
        fail("shallow", "this is a clone without its history", "git fetch --unshallow")
    end
    local beginning = beginning_of(context, branch, tip, target)
    local base = beginning.commit
    if repo:is_ancestor(target.commit, base) then return nil end
    check_new_refs(context, version)
    check_preconditions()
    return {
        stage = "prepare", branch = branch, old_tip = tip, base = base, from_version = beginning.version,
        version = version, target = target.commit,
        steps = steps_to(context, target, base), step = 1, merges = context.settings.merges, known = {},
        commits = commits_of(context, beginning, tip), regenerate = {}, adaptations = {}, builds = {}, tests = {},
        worktree = check_work_tree(context, branch), began_at = time.iso(),
    }
end

function M.backup_ref(state, name) return ("refs/uhost/backup/%d/%s"):format(state.id, name) end

--- Begins a sync in the store.
---@param context table
---@param state upstream.SyncState
function M.begin(context, state)
    context.store:transaction(function()
        state.id = syncs.begin_sync(context.store, { project = context.project, fork = context.fork,
            from_version = state.from_version, to_version = state.version, started_at = state.began_at })
        context.save()
    end)
end

-- What is to be expected, for whoever reads of the sync later. A fork that cannot be analysed can still be synced.
local function write_analysis(context)
    local state = context.state
    local ok, analysis = pcall(analysis_of.run, context.whole_project, state.version, {})
    if not ok then
        if not uhost.is_error(analysis) or analysis.kind == "cancelled" or analysis.kind == "interrupted" then
            error(analysis, 0)
        end
        return context.say("no analysis before the sync: " .. analysis.message)
    end
    local path = fs.join(context.folder, "impact_report.json")
    fs.mkdir(context.folder)
    fs.write(path, document.json(analysis))
    syncs.update_sync(context.store, state.id, { impact_report_path = path })
    context.say(("analysis: %s risk; see %s"):format(analysis.overall_risk, path))
end

--- Makes the backups. What there is of them already is left as it is.
---@param context table
function M.run(context)
    local state = context.state
    local updates = {}
    for name, commit in pairs({ [state.branch:gsub("^refs/", "")] = state.old_tip, target = state.target }) do
        local ref = M.backup_ref(state, name)
        if context.repo:resolve(ref) ~= commit then updates[#updates + 1] = { ref = ref, to = commit } end
    end
    if #updates > 0 then context.update_refs(updates, "uhost upstream sync: backup") end
    write_analysis(context)
    state.stage = "rebase"
    context.checkpoint("prepared")
end

return M
