-- The third stage: what the policy `migrations` rewrites, and files that a command makes anew, each as a commit of its
-- own that names its rule.
local counted = require("lib.counted")
local unified_diff = require("lib.unified_diff")
local worktrees = require("lib.upstream.sync.worktrees")

local M = {}

local max_files = 100000

local function matches_any(path, globs)
    for _, glob in ipairs(globs) do
        if fs.matches(path, glob) then return true end
    end
    return false
end

local function paths_of(context, rule)
    local state, list = context.state, {}
    local function consider(path)
        if matches_any(path, rule.files) then list[#list + 1] = path end
    end
    if rule.scope == "all" then
        for _, entry in ipairs(context.repo:tree(state.tip, { recursive = true, limit = max_files })) do
            consider(entry.path)
        end
    else
        local from = context.is_dry_run and state.base or state.target
        for _, path in ipairs(context.repo:changed_paths(from, state.tip)) do consider(path) end
    end
    return list
end

local function rewriter(rule, number, handle)
    if handle:functions()[("rules.%d.rewrite"):format(number)] then
        return function(text, path) return handle:call(("rules.%d.rewrite"):format(number), text, path) end
    end
    if rule.pattern == "" then
        uhost.fail("policy.migrations", ("the rule %s has neither a pattern nor a function"):format(rule.id),
            { hint = "give it `pattern` and `replacement`, or `rewrite`" })
    end
    local pattern = re.compile(rule.pattern, "m")
    return function(text) return (pattern:gsub(text, rule.replacement)) end
end

local function is_for(rule, version)
    if #rule.versions == 0 then return true end
    for _, each in ipairs(rule.versions) do
        if each == version then return true end
    end
    return false
end

--- Makes a commit on top of others, with other files than the last of them has. Its date is that commit's, so that it
--- is the same whenever it is made.
---@param context table
---@param parents string[]
---@param message string
---@param files? table<string, string>
---@return string id
function M.commit(context, parents, message, files)
    local last = parents[#parents]
    return context.repo:create_commit{
        parents = parents, base = last, message = message, files = files or {}, author = context.identity.name,
        author_email = context.identity.email, time = context.repo:commit(last).committer_time,
        mask = false,  -- the contents are the repository's own
    }
end

-- Under a dry run: the lines that would differ, in the fork as it is now.
local function show_changes(context, changes, paths)
    for _, path in ipairs(paths) do
        local before = context.repo:read(context.state.tip, path)
        context.show(unified_diff.of(path, before, changes[path]))
    end
end

local function apply(context, rule, number, handle)
    local state, rewrite = context.state, rewriter(rule, number, handle)
    local changes, paths = {}, {}
    for path, text in pairs(context.repo:read_many(state.tip, paths_of(context, rule))) do
        local new = rewrite(text, path)
        if new and new ~= text then
            changes[path] = new
            paths[#paths + 1] = path
        end
    end
    if #paths == 0 then return end
    table.sort(paths)
    context.say(("migration %s changes %s"):format(rule.id, counted(#paths, "file")))
    if context.is_dry_run then return show_changes(context, changes, paths) end
    local why = rule.description ~= "" and rule.description or "As policies/migrations.lua says."
    local message = ("Migrate to %s: %s\n\n%s\n\nMigration: %s\n"):format(state.version, rule.id, why, rule.id)
    state.tip = M.commit(context, { state.tip }, message, changes)
    table.insert(state.adaptations, { rule = rule.id, commit = state.tip, paths = json.array(paths) })
end

local function migrate(context)
    local handle = policy.load("migrations", { schema = require("lib.schemas.migrations") })
    local state, rules = context.state, handle:data().rules
    for number = (state.migrated or 0) + 1, #rules do
        if is_for(rules[number], state.version) then apply(context, rules[number], number, handle) end
        state.migrated = number
        context.checkpoint("migrated")
    end
end

-- Commands of the policy make files anew, in a work tree; what they change elsewhere is left there.
local function regenerate(context)
    local state = context.state
    for number = (state.regenerated or 0) + 1, #state.regenerate do
        local each = state.regenerate[number]
        local path = worktrees.make(context, "build", state.tip)
        build.run{ cmd = each.command, cwd = path, log = fs.join(context.folder, "logs", "regenerate.log"),
            timeout_s = context.settings.timeout_minutes * 60, check = true, mutates = "make anew " .. each.path }
        local text = worktrees.read(path, each.path)
        if not text then
            uhost.fail("upstream.regenerate", ("%s made no %s"):format(table.concat(each.command, " "), each.path),
                { hint = "look at the paths of policies/resolution_rules.lua" })
        end
        local before = context.repo:read(state.tip, each.path)
        if text ~= before then
            local message = ("Make %s anew for %s\n"):format(each.path, state.version)
            state.tip = M.commit(context, { state.tip }, message, { [each.path] = text })
            table.insert(state.adaptations, { rule = "regenerate", commit = state.tip,
                paths = json.array({ each.path }) })
        end
        state.regenerated = number
        context.checkpoint("regenerated")
    end
end

---@param context table
function M.run(context)
    migrate(context)
    if not context.is_dry_run then regenerate(context) end
    context.state.stage = "build"
    context.checkpoint("adapted")
end

return M
