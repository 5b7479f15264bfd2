-- `uhost cache_advisor`: caches that workflows lack or that do not help, what each costs, and the patch.
local cache_layers = require("lib.cache_layers")
local command_line = require("lib.command_line")
local github_home = require("lib.github_home")
local history_of = require("lib.cache_advisor.history")
local output = require("lib.cache_advisor.output")
local proposals_of = require("lib.cache_advisor.proposals")
local repository_root = require("lib.repository_root")
local sources = require("lib.workflow_guard.sources")

local M = {}

-- Of a folder that is no repository; a file behind these counts as missing.
local max_files = 100000
local skipped = { ".git", "node_modules", "target", ".venv", "vendor" }

local function read_options(arguments)
    local parser = command_line.parser("cache_advisor",
        "Find caches that the workflows of this repository lack, and those that never hit or go stale. Says what each "
        .. "costs in minutes a week, by what is known of past runs, and proposes a patch.",
        { "uhost cache_advisor --demo", "uhost cache_advisor", "uhost cache_advisor --github owner/name",
            "uhost cache_advisor --patch > caches.patch" },
        "0 caches are as they should be, 1 something to improve, 2 usage or policy, 3 GitHub could not be asked, "
        .. "130 interrupted.")
    parser:argument("paths", "Workflows and folders of them, from the repository's root. Default: all."):args("*")
    parser:option("--github", "Take durations from this repository's newest runs; otherwise from the store.")
        :argname("OWNER/NAME")
    parser:flag("--patch", "Write all proposals as one patch, for git apply.")
    parser:flag("--json", "Write them as JSON (uhost schema cache_advisor).")
    parser:flag("--demo", "Show what it finds in workflows made for it.")
    command_line.declare_max_wait(parser)
    return parser:parse(arguments)
end

-- The repository ------------------------------------------------------------------------------------------------------

-- What is committed: a lock file that is not is not there for CI either.
local function files_of(root, repo)
    local list = {}
    for _, entry in ipairs(repo and repo:head() and repo:tree("HEAD", { recursive = true }) or {}) do
        list[#list + 1] = entry.path
    end
    if #list > 0 then return list end
    for path, kind in fs.walk(root, { skip = skipped }) do
        if kind == "file" then list[#list + 1] = root == "." and path:gsub("^%./", "") or path:sub(#root + 2) end
        if #list >= max_files then break end
    end
    return list
end

-- How many commits a week change lock files, of the last weeks; nil outside of a repository.
local function lock_changes(repo)
    if not repo then return nil end
    local patterns, count = {}, 0
    for _, layers in pairs(cache_layers.layers) do
        for _, layer in ipairs(layers) do
            if layer.id == "dependencies" then
                for _, pattern in ipairs(layer.hash) do patterns[#patterns + 1] = pattern end
            end
        end
    end
    local function is_lock(path)
        for _, pattern in ipairs(patterns) do
            if fs.matches(path, pattern) then return true end
        end
        return false
    end
    for commit in repo:log{ since = history_of.days .. " days", first_parent = true, files = true, renames = false,
        limit = 2000 } do
        for _, file in ipairs(commit.files) do
            if is_lock(file.path) then
                count = count + 1
                break
            end
        end
    end
    return count / (history_of.days / 7)
end

local function world_of(options)
    local root, repo = repository_root.find(), repository_root.open()
    local home = repo and github_home.of(repo)
    for _, path in ipairs(options.paths) do
        if not fs.exists(fs.join(root, path)) then
            uhost.fail("usage", ("there is no file or folder %s"):format(path),
                { hint = "name a workflow from the repository's root, such as .github/workflows/ci.yml" })
        end
    end
    local history
    if options.github then
        history = history_of.of_github(github_home.checked("--github", options.github))
    else
        history = history_of.of_store(home)
    end
    local world = {
        workflows = sources.of_work_tree(root, options.paths), files = files_of(root, repo), history = history,
        lock_changes = repo and repo:head() and lock_changes(repo) or nil,
        read = function(path) return fs.read(fs.join(root, path), { limit_bytes = 1024 * 1024 }) end,
    }
    if repo then repo:close() end
    return world
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    command_line.apply_max_wait(options)
    local world = options.demo and require("lib.cache_advisor.demo").world() or world_of(options)
    local rules = policy.load("workflow_rules", { schema = require("lib.schemas.workflow_rules") })
    local proposals, files, unread = proposals_of.advise(world, rules)
    for _, path in ipairs(unread) do log.warn(("%s is not valid YAML, and was left out"):format(term.visible(path))) end
    io.write(output.render(proposals, files, options.patch and "patch" or options.json and "json" or "text",
        #world.workflows))
    return #proposals > 0 and 1 or 0
end

return M
