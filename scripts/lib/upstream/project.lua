-- What every command of `uhost upstream` works with: the policy, the store, and which project and fork they are about.
local store_of = require("lib.upstream.store")
local syncs = require("lib.upstream.syncs")

local M = {}

---@class upstream.Project
---@field store db.Connection
---@field rules table  the data of the policy `upstream`
---@field name string  identifies the project in the store
---@field fork string  identifies the fork in the store; "" outside of a repository
---@field folder string  of the fork
---@field policies? string  the folder of its policies; nil: what `policy.folder` finds

local function name_of(rules)
    local upstream = rules.upstream
    return upstream.github ~= "" and upstream.github or upstream.url ~= "" and upstream.url or rules.feed.url
end

local function fork_in(folder)
    local ok, repo = pcall(git.open, folder)
    if not ok then
        if repo.kind ~= "git.not_found" then error(repo, 0) end
        return ""
    end
    local fork = syncs.fork_of(repo)
    repo:close()
    return fork
end

local function load_rules(folder)
    return policy.load("upstream", { folder = folder, schema = require("lib.schemas.upstream") }):data()
end

--- Raises `policy.upstream` where the policy names no project.
---@param options? { folder?: string, store?: db.Connection }  default: the current folder, and the store `uhost`
---@return upstream.Project
function M.open(options)
    options = options or {}
    local folder, policies = options.folder or ".", options.folder and fs.join(options.folder, "policies")
    local loading = task.spawn(load_rules, policies)  -- meanwhile git looks for the fork
    local fork = fork_in(folder)
    local rules = loading:await()
    local name = name_of(rules)
    if name == "" then
        uhost.fail("policy.upstream", "the policy names no upstream",
            { hint = "set upstream.url, upstream.github or feed.url in policies/upstream.lua of this repository" })
    end
    return { store = options.store or store_of.open(), rules = rules, name = name, fork = fork,
        folder = folder, policies = policies }
end

return M
