-- What a fork calls: whether a release still declares it, and in the same way.
local judging = require("lib.upstream.impact.judging")
local languages_of = require("lib.upstream.impact.languages")

local M = {}

-- A name that half the project uses is looked for in so many files at most.
local max_files = 500

---@class impact.Dependency
---@field id string
---@field module string
---@field used_by string[]
---@field policy_risk string
---@field risk impact.Risk
---@field apis { name: string, state: "same"|"changed"|"renamed"|"gone"|"unknown",
---    risk: impact.Risk, before?: string, after?: string }[]

local function quoted(text) return (text:gsub("[^%w_]", "\\%0")) end

-- The last part of "TyCtxt::def_path_str" is what a declaration has.
local function bare(name) return name:match("([%w_]+)$") or name end

-- Declarations in a path's files where one of the names stands, by name.
local function declarations(context, revision, path, names)
    local alternatives, found, paths, seen = {}, {}, {}, {}
    for i, name in ipairs(names) do alternatives[i] = quoted(bare(name)) end
    local matches = context.repo:grep("\\b(" .. table.concat(alternatives, "|") .. ")\\b",
        { revision = revision, paths = path })
    for _, match in ipairs(matches) do
        if not seen[match.path] and #paths < max_files then
            seen[match.path] = true
            paths[#paths + 1] = match.path
        end
    end
    for file, text in pairs(context.repo:read_many(revision, paths)) do
        local list = languages_of.functions(languages_of.of(context.languages, file), text)
        for _, each in ipairs(list) do
            found[each.name] = found[each.name] or { signature = each.signature, file = file }
        end
    end
    return found
end

-- A declaration that is new and has the signature of one that is gone, but for the name.
local function renamed(context, before, name, file, target)
    local text = context.repo:read(target, file)
    if not text then return nil end
    local old = context.repo:read(context.base.commit_id, file) or ""
    local language = languages_of.of(context.languages, file)
    local known = {}
    for _, each in ipairs(languages_of.functions(language, old)) do known[each.name] = true end
    local wanted = before:gsub("%f[%w_]" .. name .. "%f[^%w_]", "?")
    for _, each in ipairs(languages_of.functions(language, text)) do
        local pattern = "%f[%w_]" .. each.name:gsub("%p", "%%%0") .. "%f[^%w_]"
        if not known[each.name] and each.signature:gsub(pattern, "?") == wanted then return each.signature end
    end
end

local function api_of(context, name, before, after, target)
    local old, new = before[bare(name)], after[bare(name)]
    if not old then return { name = name, state = "unknown" } end
    if not new then
        local other = renamed(context, old.signature, bare(name), old.file, target)
        return { name = name, state = other and "renamed" or "gone", before = old.signature, after = other }
    end
    if old.signature == new.signature then return { name = name, state = "same" } end
    return { name = name, state = "changed", before = old.signature, after = new.signature }
end

local risks = { same = "SAFE", unknown = "SAFE", changed = "MODERATE", renamed = "BREAKING", gone = "BREAKING" }

--- Looks at the dependencies of the policy.
---@param context impact.Context
---@param target string
---@return impact.Dependency[]
function M.look(context, target)
    local list = {}
    for i, entry in ipairs(context.points.dependencies) do
        local dependency = { id = entry.id, module = entry.module, used_by = entry.used_by, policy_risk = entry.risk,
            risk = "SAFE", apis = {} }
        if #entry.apis > 0 then
            local before = declarations(context, context.base.commit_id, entry.path, entry.apis)
            local after = declarations(context, target, entry.path, entry.apis)
            for _, name in ipairs(entry.apis) do
                local api = api_of(context, name, before, after, target)
                api.risk = risks[api.state]
                dependency.risk = judging.worse(dependency.risk, api.risk)
                table.insert(dependency.apis, api)
            end
        end
        list[i] = dependency
    end
    return list
end

return M
