-- Resolves a conflict of one file: by what the policy says of its path, by what a person made of the same conflict, by
-- the project's rules and by generic ones. Nothing is proposed that was not verified.
local actions = require("lib.upstream.resolution.actions")
local memory = require("lib.upstream.resolution.memory")
local rules_of = require("lib.upstream.resolution.rules")
local texts = require("lib.upstream.resolution.texts")
local three_way = require("lib.upstream.resolution.three_way")
local verify = require("lib.upstream.resolution.verify")

local M = {}

---@class upstream.Conflict
---@field path string
---@field kind? string  a kind of `repo:merge_trees`; default: what the sides that there are suggest
---@field base? string  text; nil: there is none
---@field ours? string  nil: deleted there
---@field theirs? string
---@field commit? table  what is replayed, for rules

---@class upstream.Proposal
---@field resolved boolean
---@field safe boolean  may be used with nobody looking
---@field rule? string  of several hunks, the names of all
---@field text? string
---@field deleted boolean
---@field why string
---@field considered { rule: string, outcome: string }[]
---@field command? string[]  makes the file anew, once the tree is there
---@field remembered? string[]  the hashes of resolutions that were used
---@field path_rule? string  the policy's path that settled it

local function kind_of(conflict)
    if conflict.kind then return conflict.kind end
    if conflict.ours and conflict.theirs then return conflict.base and "content" or "add_add" end
    return conflict.base and "modify_delete" or "directory_rename"
end

local Resolver = {}
Resolver.__index = Resolver

---@class upstream.ResolverOptions
---@field data? table  of the policy `resolution_rules`; default: the one that is found
---@field handle? policy.Policy
---@field memory? db.Connection  what people resolved before; default: nothing
---@field only? string  the name of the one rule that is asked

--- What resolves conflicts by one policy.
---@param options? upstream.ResolverOptions
function M.new(options)
    options = options or {}
    local handle = options.handle
        or policy.load("resolution_rules", { schema = require("lib.schemas.resolution_rules") })
    local data = options.data or handle:data()
    local resolver = setmetatable({
        paths = data.paths, rules = rules_of.list(data, handle), memory = options.memory, tested = {}, data = data,
        handle = handle,
    }, Resolver)
    if options.only then
        for _, rule in ipairs(resolver.rules) do
            if rule.name == options.only then resolver.rules, resolver.paths = { rule }, {} end
        end
        resolver.is_test = true
    end
    return resolver
end

-- What was asked, and what came of it -------------------------------------------------------------------------------

local function new_account() return { order = {}, outcomes = {}, settled = {} } end

local function note(account, rule, outcome)
    if not account.outcomes[rule] then account.order[#account.order + 1] = rule end
    -- A refusal says more than that a rule does not apply to another hunk.
    if not account.outcomes[rule] or outcome:find("^refused") then account.outcomes[rule] = outcome end
end

local function settle(account, rule)
    if not account.outcomes[rule] then note(account, rule, "") end
    account.settled[rule] = (account.settled[rule] or 0) + 1
end

local function considered(account, hunks)
    local list = {}
    for i, rule in ipairs(account.order) do
        local count, outcome = account.settled[rule], account.outcomes[rule]
        if count and hunks <= 1 then
            outcome = "proposed"
        elseif count then
            outcome = ("proposed for %d of %d hunks"):format(count, hunks)
        end
        list[i] = { rule = rule, outcome = outcome }
    end
    return list
end

local function unresolved(account, hunks, why)
    return { resolved = false, safe = false, deleted = false, why = why, considered = considered(account, hunks) }
end

-- Rules ---------------------------------------------------------------------------------------------------------------

--- What the resolver makes of an example of a rule: the text, true for a deletion, false where it resolves nothing.
---@param example table
---@param entry table  the rule that has it
---@return string|boolean gives
---@return string why
function Resolver:try(example, entry)
    local answer = self:resolve{
        path = example.path or (entry.file:gsub("%*+", "x")), base = example.base, ours = example.ours,
        theirs = example.theirs,
    }
    if not answer.resolved then return false, answer.why end
    return answer.text or answer.deleted, answer.why
end

-- The first of a rule's examples that fails, as a sentence; nil when all pass.
function Resolver:failing_example(rule)
    local one = M.new{ data = self.data, handle = self.handle, only = rule.name }
    for position, example in ipairs(rule.declared.examples) do
        if one:try(example, rule.declared) ~= example.gives then
            return ("its example %d does not pass"):format(position)
        end
    end
end

-- Why a rule of the project is not asked, or nil.
function Resolver:refuses(rule, conflict)
    if not rule.own then return nil end
    local refusal = rule.refuses(conflict)
    if refusal or self.is_test then return refusal end
    if self.tested[rule] == nil then self.tested[rule] = self:failing_example(rule) or false end
    return self.tested[rule] and "refused: " .. self.tested[rule] or nil
end

local function failed_check(rule, conflict, hunk, lines)
    local with_adds = rule.adds and texts.concat(lines, rule.adds) or lines
    return not rule.drops and verify.additions(hunk, with_adds)
        or rule.lines and verify.added_lines(hunk, lines)
        or not rule.adds and verify.brackets(hunk, lines)
        or verify.markers(conflict, texts.join(lines)) or nil
end

function Resolver:settle_hunk(conflict, hunk, account, refusals)
    if self.memory then
        local lines, hash, path = memory.recall(self.memory, hunk)
        if lines and not verify.markers(conflict, texts.join(lines)) then
            settle(account, "remembered")
            return { lines = lines, name = "remembered", safe = true, hash = hash,
                why = ("a person resolved the same in %s (%s)"):format(path, hash:sub(1, 12)) }
        end
    end
    for _, rule in ipairs(self.rules) do
        local refusal = refusals[rule]
        local lines, why
        if not refusal and rule.propose then lines, why = rule.propose(conflict, hunk) end
        if lines then
            local failure = failed_check(rule, conflict, hunk, lines)
            if not failure then
                settle(account, rule.name)
                return { lines = lines, name = rule.name, why = why, rule = rule,
                    safe = rule.safe and rule.is_safe(conflict, hunk, lines) }
            end
            note(account, rule.name, "refused: " .. failure)
        else
            note(account, rule.name, refusal or "does not apply")
        end
    end
end

-- Puts in what belongs to one place of the file, and runs the rules' own programs.
local function finished(answers, text, conflict)
    local done = {}
    for _, answer in ipairs(answers) do
        local rule = answer.rule
        if rule and not done[rule] then
            done[rule] = true
            if rule.finish then
                local changed, failure = rule.finish(text)
                if not changed then return nil, rule.name, failure end
                text = changed
            end
        end
    end
    for rule in pairs(done) do
        local failure = rule.declared.verify and verify.command(rule.declared.verify, text, conflict.path)
        if failure then return nil, rule.name, failure end
    end
    return text
end

local function summary(answers)
    local names, whys, known = {}, {}, {}
    for _, answer in ipairs(answers) do
        if not known[answer.name] then
            known[answer.name] = true
            names[#names + 1], whys[#whys + 1] = answer.name, answer.why
        end
    end
    return table.concat(names, " + "), table.concat(whys, "; ")
end

function Resolver:by_hunks(conflict, account)
    local hunks, answers, parts, refusals = conflict.merge.hunks, {}, {}, {}
    for _, rule in ipairs(self.rules) do refusals[rule] = self:refuses(rule, conflict) end
    local is_safe, hashes = #hunks > 0, {}
    for i, hunk in ipairs(hunks) do
        local answer = self:settle_hunk(conflict, hunk, account, refusals)
        if not answer then
            return unresolved(account, #hunks, ("no rule settles hunk %d of %d"):format(i, #hunks))
        end
        answers[i], parts[i] = answer, answer.lines
        is_safe = is_safe and answer.safe
        hashes[#hashes + 1] = answer.hash
    end
    local text, failed, failure = finished(answers, three_way.fill(conflict.merge, parts), conflict)
    if not text then
        account.settled[failed] = nil
        note(account, failed, "refused: " .. failure)
        return unresolved(account, #hunks, ("%s: %s"):format(failed, failure))
    end
    local names, whys = summary(answers)
    if #hunks == 0 then names, whys = "line_merge", "the lines merge without a conflict" end
    return { resolved = true, safe = is_safe, rule = names, text = text, deleted = false, why = whys,
        considered = considered(account, #hunks), remembered = #hashes > 0 and hashes or nil }
end

-- Of a whole file, as a rule's function or a declared path gives it.
local function whole_answer(rule, given, account)
    settle(account, rule.name)
    return { resolved = true, safe = rule.safe == true, rule = rule.name, text = given.text,
        deleted = given.deleted == true, why = given.why, command = given.command,
        considered = considered(account, 1) }
end

local function check_whole(rule, conflict, given)
    if given.failure or given.deleted then return given.failure end
    if not given.text then return "it gives no text" end
    return verify.markers(conflict, given.text)
        or conflict.merge and not given.command and rule.declared.action == nil
        and verify.outside(conflict.merge, given.text)
        or conflict.merge and not rule.drops and not given.command and rule.declared.action == nil
        and verify.whole_additions(conflict, given.text)
        or rule.declared.verify and verify.command(rule.declared.verify, given.text, conflict.path) or nil
end

function Resolver:by_file_rules(conflict, account)
    for _, rule in ipairs(self.rules) do
        if rule.whole then
            local refusal = self:refuses(rule, conflict)
            local given = not refusal and rule.whole(conflict)
            local failure = given and check_whole(rule, conflict, given)
            if given and not failure then return whole_answer(rule, given, account) end
            note(account, rule.name, failure and "refused: " .. failure or refusal or "does not apply")
        end
    end
end

local function path_rule(entry) return ("path %s: %s"):format(entry.file, entry.take) end

--- The names of the policy's paths, as answers have them in `path_rule`.
---@return string[]
function M.path_rules()
    local names = {}
    local handle = policy.load("resolution_rules", { schema = require("lib.schemas.resolution_rules") })
    for i, entry in ipairs(handle:data().paths) do names[i] = path_rule(entry) end
    handle:close()
    return names
end

function Resolver:by_path(conflict, account)
    for _, entry in ipairs(self.paths) do
        if fs.matches(conflict.path, entry.file) then
            local rule = { name = path_rule(entry), safe = true, declared = {} }
            local given = actions.of_path(entry)(conflict)
            if given then
                local answer = whole_answer(rule, given, account)
                answer.path_rule = rule.name
                return answer
            end
        end
    end
end

-- Without two texts to merge: one side has no such file.
function Resolver:by_presence(conflict, account)
    local kept = conflict.ours or conflict.theirs
    if not kept then
        settle(account, "deletion")
        return { resolved = true, safe = false, rule = "deletion", deleted = true,
            considered = considered(account, 1), why = "neither side has the file here any more" }
    end
    if not conflict.base then
        settle(account, "only_side")
        return { resolved = true, safe = false, rule = "only_side", text = kept, deleted = false,
            why = "only one side has the file", considered = considered(account, 1) }
    end
    settle(account, "deletion")
    local unchanged = texts.squeeze(kept) == texts.squeeze(conflict.base)
    return { resolved = true, safe = unchanged, rule = "deletion", deleted = true, considered = considered(account, 1),
        why = unchanged and "one side deleted what the other changed in spaces only"
            or "one side deleted what the other changed" }
end

-- Longer texts would cost more than they are worth, and rules know nothing of binary ones.
local max_bytes = 8 * 2^20

local function unreadable(conflict)
    local size = 0
    for _, side in ipairs{ "base", "ours", "theirs" } do
        local text = conflict[side] or ""
        size = size + #text
        if text:find("\0", 1, true) then return "it is a binary file" end
    end
    return size > max_bytes and ("its texts have more than %d MiB together"):format(max_bytes / 2^20) or nil
end

local function has_generic(resolver, name)
    for _, rule in ipairs(resolver.rules) do
        if rule.name == name and not rule.own then return true end
    end
    return false
end

---@param given upstream.Conflict
---@return upstream.Proposal
function Resolver:resolve(given)
    local conflict = { path = given.path, kind = kind_of(given), base = given.base, ours = given.ours,
        theirs = given.theirs, commit = given.commit }
    local account = new_account()
    local answer = self:by_path(conflict, account)
    if answer then return answer end
    local why = unreadable(conflict)
    if why then return unresolved(account, 0, why) end
    if conflict.ours and conflict.theirs then
        conflict.merge = three_way.merge(conflict.base, conflict.ours, conflict.theirs)
    end
    answer = self:by_file_rules(conflict, account)
    if answer then return answer end
    if conflict.merge then return self:by_hunks(conflict, account) end
    if has_generic(self, "deletion") then return self:by_presence(conflict, account) end
    return unresolved(account, 0, "no rule decides whether the file stays")
end

--- Remembers what a person made of a conflict, hunk by hunk. What they made elsewhere in the file is not.
---@param store db.Connection
---@param conflict upstream.Conflict
---@param text string
---@param source string  the sync or the commit
---@param fork? string  see `lib.upstream.syncs`
---@return string[] hashes
function M.remember(store, conflict, text, source, fork)
    local hashes = {}
    if not conflict.ours or not conflict.theirs then return hashes end
    local merge = three_way.merge(conflict.base, conflict.ours, conflict.theirs)
    for i, lines in ipairs(three_way.parts(merge, text) or {}) do
        hashes[#hashes + 1] = memory.remember(store, merge.hunks[i], lines,
            { path = conflict.path, source = source, fork = fork })
    end
    return hashes
end

--- Whether something of a conflict is remembered.
---@param store db.Connection
---@param conflict upstream.Conflict
---@return boolean
function M.is_remembered(store, conflict)
    if not conflict.ours or not conflict.theirs then return false end
    for _, hunk in ipairs(three_way.merge(conflict.base, conflict.ours, conflict.theirs).hunks) do
        if memory.recall(store, hunk) then return true end
    end
    return false
end

local default

--- Resolves by the policy that is found from here, and what is remembered in the store `uhost`.
---@param conflict upstream.Conflict
---@return upstream.Proposal
function M.resolve(conflict)
    default = default or M.new{ memory = memory.open() }
    return default:resolve(conflict)
end

return M
