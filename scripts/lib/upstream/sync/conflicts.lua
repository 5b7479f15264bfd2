-- What becomes of a conflicted file without a person: what the policy says of its path, what people did before, rules.
local worktrees = require("lib.upstream.sync.worktrees")

local M = {}

local file_mode = 33188  -- 0100644: a link, too, is saved as what it holds

-- Before the project's side is taken, what the fork had is saved; where that fails, the sync stops.
local function save_bytes(context, file, commit)
    if context.is_dry_run or not (file.fork and file.fork.text) then return end
    worktrees.write(fs.join(context.folder, "saved", commit.id), file.path, file.fork.text, file_mode)
end

local function how_of(answer)
    if answer.path_rule then return "path" end
    return answer.remembered and "remembered" or "rule"
end

-- A deletion, a link and a submodule have a mode of their own; of two modes, the fork's change counts.
local function mode_of(file)
    local base, upstream, fork = file.base or {}, file.upstream or {}, file.fork or {}
    if fork.mode and fork.mode ~= base.mode then return fork.mode end
    return upstream.mode or fork.mode
end

---@class upstream.Resolved
---@field how "path"|"remembered"|"rule"
---@field rule string
---@field why string
---@field text? string  nil: the file is deleted
---@field mode integer
---@field hashes? string[]  of what people did before
---@field command? string[]  makes the file anew, once the tree is there

--- Tries to resolve a file. Rules see the fork as "ours" and the project as "theirs", as a merge into the fork would
--- have it. What was tried is in `file.tried`, and what would be unsafe in `file.candidate`.
---@param context table
---@param file upstream.ConflictedFile
---@param commit git.Commit
---@return upstream.Resolved?
function M.resolve(context, file, commit)
    if file.kind == "binary" or file.kind == "submodule" or not (file.fork or file.upstream) then return nil end
    local function text(side) return file[side] and file[side].text or nil end
    local answer = context.resolver():resolve({
        path = file.path, kind = file.kind, base = text("base"), ours = text("fork"), theirs = text("upstream"),
        commit = { id = commit.id, subject = commit.subject, message = commit.message },
    })
    file.tried = answer.considered
    -- Where the project has a program of its own for a file, general rules know less than that.
    local is_safe = answer.safe and not (file.driver and how_of(answer) == "rule")
    if answer.resolved and not is_safe then
        file.candidate = { rule = answer.rule, text = answer.text, deleted = answer.deleted, why = answer.why }
    end
    if not answer.resolved or not is_safe then return nil end
    local resolved = { how = how_of(answer), rule = answer.rule, why = answer.why, mode = mode_of(file),
        text = not answer.deleted and answer.text or nil, hashes = answer.remembered, command = answer.command }
    if resolved.text == nil or resolved.text == text("upstream") then save_bytes(context, file, commit) end
    return resolved
end

return M
