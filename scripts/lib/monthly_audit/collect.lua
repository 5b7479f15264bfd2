-- The evidence for an audit: from the repository, from the policy, and from GitHub.
local issues = require("lib.monthly_audit.issues")
local moves = require("lib.monthly_audit.moves")

local M = {}

-- Files are read, given to the policy and forgotten in batches: memory does not grow with the repository.
local files_at_a_time = 200
local reads_at_a_time = 8
-- A policy sees the beginning of a file, where its headers are. A batch of these fits into one message to the sandbox.
local max_policy_bytes = 256 * 1024

-- `read(item)` gives path and content; the result is, for each item, the keys of the issues it stands for.
local function issues_of_all(rules, home, items, read, progress)
    local keys = {}
    for first = 1, #items, files_at_a_time do
        local part = {}
        for i = first, math.min(first + files_at_a_time - 1, #items) do part[#part + 1] = items[i] end
        local arguments = task.map(part, function(item)
            local path, content = read(item)
            return { path, content and content:sub(1, max_policy_bytes), n = 2 }
        end, { concurrency = reads_at_a_time })
        for _, named in ipairs(rules:map("issues_of", arguments)) do
            keys[#keys + 1] = issues.keys(home, named, rules)
        end
        progress:advance(#part)
    end
    return keys
end

local function with_progress(title, total, body)
    local progress = term.progress { title = title, total = total }
    return task.finally(function() return body(progress) end, function() progress:finish() end)
end

-- The deletions of files that the mainline had, and of those that came and went within a merge.
local function find_deletions(repo, options)
    local found, passing, place = {}, {}, 0
    with_progress("Looking for deleted files in " .. options.place, nil, function(progress)
        local query = { path = options.path, since = options.from, ["until"] = options.to }
        -- An index of a repository that will not be seen again would only be in the way.
        if options.demo then query.index = false else query.refresh = options.refresh end
        for record in repo:deletions(query) do
            place = place + 1
            table.insert(record.in_mainline and found or passing, moves.deletion(record, place))
            progress:advance(1)
        end
    end)
    return found, passing
end

local function assign_deletions(repo, rules, home, deletions)
    local keys = with_progress("Reading what the deleted files were", #deletions, function(progress)
        return issues_of_all(rules, home, deletions, function(deletion)
            return deletion.path, repo:read_blob(deletion.blob)
        end, progress)
    end)
    for i, deletion in ipairs(deletions) do deletion.issues = keys[i] end
end

-- Says of which repository a pull request is, where the policy knows it for that of a subtree.
local function name_pull_requests(repo, rules, deletions)
    local subtrees, subjects = rules:data().subtrees, {}
    local function subject_of(merge)
        if not merge then return "" end
        subjects[merge] = subjects[merge] or repo:commit(merge).subject
        return subjects[merge]
    end
    local function fits(subtree, deletion)
        return deletion.path:sub(1, #subtree.path) == subtree.path
            and deletion.pr >= (subtree.least or 0) and deletion.pr <= (subtree.most or math.huge)
            and (subtree.merge == "" or subject_of(deletion.merge):find(subtree.merge, 1, true) ~= nil)
    end
    for _, deletion in ipairs(deletions) do
        for _, subtree in ipairs(deletion.pr and subtrees or {}) do
            if fits(subtree, deletion) then
                deletion.pr_repository = subtree.repository
                break
            end
        end
    end
end

--- Every file below the path at a commit, with the issues it stands for.
---@param repo git.Repository
---@param rules policy.Policy
---@param home string
---@param tip string  the commit
---@param options monthly_audit.Options
---@return table<string, monthly_audit.Issue[]>
function M.tip(repo, rules, home, tip, options)
    local files, entries = {}, repo:tree(tip, { path = options.path, recursive = true })
    for _, entry in ipairs(entries or {}) do
        if entry.kind ~= "submodule" then files[#files + 1] = entry.path end
    end
    if not entries and repo:has_files(tip, { options.path })[1] then files[1] = options.path end
    local keys = with_progress("Reading the files that are left", #files, function(progress)
        return issues_of_all(rules, home, files, function(path) return path, repo:read(tip, path) end, progress)
    end)
    local survey = {}
    for i, path in ipairs(files) do survey[path] = keys[i] end
    return survey
end

local function fail_for_nothing(options)
    uhost.fail("usage", ("nothing was ever in %s of this repository"):format(options.place),
        { hint = "name the folder with the crash tests: --path FOLDER" })
end

-- Whether the path was ever there, also before or after a window.
local function was_ever_there(repo, options)
    if not options.from and not options.to then return false end
    return repo:deletions{ path = options.path, renames = false, index = false }() ~= nil
end

-- Fewer files may all be helpers.
local min_files_for_doubt = 5

-- A rule that finds no issue for any file is more likely the wrong rule than the truth.
local function doubt_about_rule(evidence)
    if #evidence.deletions < min_files_for_doubt then return nil end
    for _, deletion in ipairs(evidence.deletions) do
        if #deletion.issues > 0 then return nil end
    end
    for _, named in pairs(evidence.tip) do
        if #named > 0 then return nil end
    end
    return ("None of %d deleted files stands for an issue: the rule for their names may not fit (policy crash_tests)")
        :format(#evidence.deletions)
end

local function warn(text)
    if text then log.warn(text) end
    return text
end

---@class monthly_audit.Evidence
---@field tip_commit string?  nil in a repository without commits
---@field warning string?  why nothing should be concluded from what was found

--- What the repository and the policy say: all of the evidence but `states`.
---@param repo git.Repository
---@param rules policy.Policy
---@param home string  "owner/repo"
---@param options monthly_audit.Options
---@return monthly_audit.Evidence
function M.files(repo, rules, home, options)
    options.place = options.path == "" and "the whole tree" or options.path
    local deletions, passing = find_deletions(repo, options)
    local head = repo:head()
    if not head then
        local warning = warn("The repository has no commits")
        return { path = options.path, deletions = {}, tip = {}, states = {}, warning = warning }
    end
    local tip = M.tip(repo, rules, home, head.id, options)
    if #deletions + #passing == 0 and not next(tip) and not was_ever_there(repo, options) then
        fail_for_nothing(options)
    end
    assign_deletions(repo, rules, home, deletions)
    name_pull_requests(repo, rules, deletions)
    local evidence = {
        path = options.path, deletions = deletions, passing = passing, tip = tip, tip_commit = head.id, states = {},
    }
    moves.follow(repo, evidence, deletions)
    moves.follow(repo, evidence, passing)
    evidence.warning = warn(doubt_about_rule(evidence))
    return evidence
end

-- Numbers to ask for, by repository.
local function questions(deletions, home)
    local by_repository, seen = {}, {}
    for _, deletion in ipairs(deletions) do
        for _, key in ipairs(deletion.issues) do
            if not seen[key] then
                seen[key] = true
                local repository, number = issues.parts(home, key)
                by_repository[repository] = by_repository[repository] or {}
                table.insert(by_repository[repository], { number = number, key = key })
            end
        end
    end
    return by_repository
end

-- Whether a repository is one of those named: "owner/name", or "owner/*" for all of an owner.
local function is_named(repository, names)
    repository = repository:lower()
    for _, name in ipairs(names) do
        name = name:lower()
        if name == repository or name:sub(-2) == "/*" and repository:sub(1, #name - 1) == name:sub(1, -2) then
            return true
        end
    end
    return false
end

-- What the token shows of another repository, and the report must not: nobody knows who reads it.
local function without_private_text(state, repository, home)
    local is_foreign = repository ~= home or state.kind == "transferred"
    if not is_foreign or not state.private then return state end
    return { kind = state.kind, state = state.state, reason = state.reason, private = true }
end

-- A header may name any repository. One that is gone or private is no reason to fail: its issues are unknown.
local function states_in(repository, numbers, home, also)
    if repository ~= home and not is_named(repository, also) then
        local states = {}
        for _, number in ipairs(numbers) do states[number] = { kind = "not_asked" } end
        return states
    end
    if repository == home then return github.issue_states(numbers, { repository = repository }) end
    local ok, states = pcall(github.issue_states, numbers, { repository = repository })
    if ok then return states end
    if not uhost.is_error(states) or states.kind ~= "github.not_found" then error(states, 0) end
    return {}
end

--- Asks GitHub for the states of all issues with a deletion. Whoever writes a test chooses which issues it names, and
--- the token may see more than they do: of other repositories, only those that are named are asked.
---@param evidence monthly_audit.Evidence  gets its `states`
---@param home string
---@param also string[]  "owner/name" or "owner/*"
function M.states(evidence, home, also)
    local by_repository = questions(evidence.deletions, home)
    for repository, queried in pairs(by_repository) do
        with_progress("Asking GitHub about issues of " .. repository, #queried, function(progress)
            local numbers = {}
            for i, question in ipairs(queried) do numbers[i] = question.number end
            table.sort(numbers)
            local states = states_in(repository, numbers, home, also)
            for _, question in ipairs(queried) do
                local state = states[question.number]
                evidence.states[question.key] = state and without_private_text(state, repository, home)
            end
            progress:advance(#queried)
        end)
    end
end

return M
