-- --pull: what the audit will say once a pull request is merged, from GitHub alone. No clone is needed.
local issues = require("lib.monthly_audit.issues")

local M = {}

local marker = "monthly_audit:pull"

-- Of a file, this much is read; folders are looked into so deep.
local max_policy_bytes, max_depth = 256 * 1024, 3

-- Tests that the pull request takes out of the folder.
local function removed_tests(repo, pull, folder)
    local prefix, found = folder == "" and "" or folder .. "/", {}
    for file in repo:pull_files(pull.number) do
        local path = file.status == "renamed" and file.previous_path or file.path
        local stays = file.status == "renamed" and file.path:sub(1, #prefix) == prefix
        if (file.status == "removed" or file.status == "renamed") and path:sub(1, #prefix) == prefix and not stays then
            found[#found + 1] = { path = path, moved_to = file.status == "renamed" and file.path or nil }
        end
    end
    return found
end

local function content_at(repo, path, ref)
    local content = repo:contents(path, { ref = ref })
    return type(content) == "string" and content:sub(1, max_policy_bytes) or nil
end

-- The issues that the tests stand for, each with its tests.
local function issues_of(rules, repo, pull, tests)
    local arguments = task.map(tests, function(test)
        return { test.path, content_at(repo, test.path, pull.base.sha), n = 2 }
    end)
    local by_issue, keys = {}, {}
    for i, named in ipairs(rules:map("issues_of", arguments)) do
        for _, key in ipairs(issues.keys(repo.name, named, rules)) do
            if type(key) == "number" then
                if not by_issue[key] then keys[#keys + 1] = key end
                by_issue[key] = by_issue[key] or {}
                table.insert(by_issue[key], tests[i])
            end
        end
    end
    table.sort(keys)
    return keys, by_issue
end

local function each_file(repo, folder, ref, depth, visit)
    local entries = repo:contents(folder, { ref = ref })
    for _, entry in ipairs(type(entries) == "table" and entries or {}) do
        if entry.type == "file" then visit(entry.path) end
        if entry.type == "dir" and depth > 0 then each_file(repo, entry.path, ref, depth - 1, visit) end
    end
end

-- The issues that tests stand for by their names which the pull request leaves in the folder.
local function issues_left(rules, repo, pull, folder, tests)
    local is_removed = {}
    for _, test in ipairs(tests) do is_removed[test.path] = true end
    local arguments, left = {}, {}
    each_file(repo, folder, pull.base.sha, max_depth, function(path)
        if not is_removed[path] then arguments[#arguments + 1] = { path, "", n = 2 } end
    end)
    for _, named in ipairs(#arguments > 0 and rules:map("issues_of", arguments) or {}) do
        for _, key in ipairs(issues.keys(repo.name, named, rules)) do left[key] = true end
    end
    return left
end

local function line_of(key, tests, state, is_left)
    local names = {}
    for i, test in ipairs(tests) do
        names[i] = ("`%s`"):format(test.path) .. (test.moved_to and (" moves to `%s`"):format(test.moved_to) or "")
    end
    local verdict
    if not state or state.kind ~= "issue" then
        verdict = "there is no such issue"
    elseif state.state == "closed" then
        verdict = "closed already"
    elseif is_left then
        verdict = "stays open: other tests stand for it"
    elseif tests[1].moved_to then
        verdict = "open: look whether it was fixed, since its test is moved"
    else
        verdict = "open: close it when this is merged, or say why not"
    end
    return ("- #%d: %s (%s)"):format(key, verdict, table.concat(names, ", "))
end

---@class monthly_audit.PullModel
---@field number integer
---@field tests integer  that the pull request removes
---@field lines string[]  an issue each, as Markdown
---@field open integer  issues that are open and have no test left

---@param repo github.Repository
---@param rules policy.Policy
---@param number integer
---@param folder string
---@return monthly_audit.PullModel
function M.look(repo, rules, number, folder)
    local pull = repo:pull(number)
    if not pull then
        uhost.fail("usage", ("%s has no pull request #%d"):format(repo.name, number),
            { hint = "give the number of one" })
    end
    local tests = removed_tests(repo, pull, folder)
    local model = { number = number, tests = #tests, lines = {}, open = 0 }
    if #tests == 0 then return model end
    local keys, by_issue = issues_of(rules, repo, pull, tests)
    local states = #keys > 0 and repo:issue_states(keys) or {}
    local left = #keys > 0 and issues_left(rules, repo, pull, folder, tests) or {}
    for i, key in ipairs(keys) do
        local state = states[key]
        model.lines[i] = line_of(key, by_issue[key], state, left[key])
        if state and state.state == "open" and not left[key] then model.open = model.open + 1 end
    end
    return model
end

--- The report, in Markdown.
---@param model monthly_audit.PullModel
---@return string
function M.text(model)
    if #model.lines == 0 then return "This pull request removes no test that stands for an issue.\n" end
    return ("Crash tests that this pull request removes stand for these issues:\n\n%s\n"):format(
        table.concat(model.lines, "\n"))
end

--- Keeps one comment with it. Where there is nothing to say, and nothing was said before, there is none.
---@param repo github.Repository
---@param model monthly_audit.PullModel
---@return "created"|"updated"|"unchanged"|"none"
function M.comment(repo, model)
    if #model.lines == 0 then
        local is_there = false
        for comment in repo:comments(model.number) do
            if comment.body:find(github.marker(marker), 1, true) then is_there = true end
        end
        if not is_there then return "none" end
    end
    local _, outcome = repo:ensure_comment(model.number, { marker = marker, body = M.text(model), cut = true })
    return outcome
end

return M
