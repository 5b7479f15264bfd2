-- Issues as the audit keys them: a number for one of the audited repository, "owner/repo#N" for any other's. And where
-- they, commits and pull requests are on the web.
local M = {}

-- One file stands for a few issues; each is asked for.
local max_named = 100

---@alias monthly_audit.Issue integer|string

--- An issue as a policy names it, keyed for an audit of `home` ("owner/repo"). Nil for what names no issue.
---@param home string
---@param named any
---@return monthly_audit.Issue?
function M.key(home, named)
    if type(named) == "number" then return named >= 1 and named % 1 == 0 and named or nil end
    if type(named) ~= "string" then return nil end
    local repository, digits = named:match("^([%w_%-]+/[%w_%-%.]+)#(%d+)$")
    digits = digits or named:match("^#?(%d+)$")
    local number = tonumber(digits)
    if not number or number < 1 then return nil end
    if not repository or repository:lower() == home:lower() then return number end
    return ("%s#%d"):format(repository, number)
end

local function wrong_answer(rules, text)
    uhost.fail("policy.result", ("policy %s: issues_of returned %s"):format(rules.name, text),
        { hint = "it returns a list of issues: numbers, or \"owner/repo#N\"", details = { policy = rules.name } })
end

--- The keys of all issues that a policy named, each once. Raises `policy.result` when the answer is no list of issues.
---@param home string
---@param named any  what `issues_of` returned
---@param rules policy.Policy
---@return monthly_audit.Issue[]
function M.keys(home, named, rules)
    if type(named) ~= "table" then wrong_answer(rules, "a " .. type(named)) end
    if #named > max_named then
        wrong_answer(rules, ("%d issues for one file, more than %d"):format(#named, max_named))
    end
    local keys, seen = {}, {}
    for _, each in ipairs(named) do
        local key = M.key(home, each)
        if not key then wrong_answer(rules, ("'%s', which is not an issue"):format(tostring(each))) end
        if not seen[key] then
            seen[key] = true
            keys[#keys + 1] = key
        end
    end
    return keys
end

--- The repository and the number of a key.
---@param home string
---@param key monthly_audit.Issue
---@return string repository
---@return integer number
function M.parts(home, key)
    if type(key) == "number" then return home, key end
    local repository, digits = key:match("^(.+)#(%d+)$")
    return repository, tonumber(digits)
end

--- As people write it: "#12", "owner/repo#12".
---@param key monthly_audit.Issue
---@return string
function M.text(key)
    return type(key) == "number" and ("#%d"):format(key) or key
end

--- Whether `a` comes before `b`: the repository's own by number, then others by repository and number.
---@param a monthly_audit.Issue
---@param b monthly_audit.Issue
---@return boolean
function M.before(a, b)
    if type(a) ~= type(b) then return type(a) == "number" end
    if type(a) == "number" then return a < b end
    local repository_a, number_a = M.parts("", a)
    local repository_b, number_b = M.parts("", b)
    if repository_a ~= repository_b then return repository_a < repository_b end
    return number_a < number_b
end

--- The address of the web site that the answers name; github.com when none does.
---@param verdicts monthly_audit.Verdict[]
---@return string
function M.site(verdicts)
    for _, verdict in ipairs(verdicts) do
        local site = verdict.url and verdict.url:match("^(https?://[^/]+)/")
        if site then return site end
    end
    return "https://github.com"
end

---@param model monthly_audit.Model
---@param issue monthly_audit.Issue
---@return string
function M.issue_url(model, issue)
    local repository, number = M.parts(model.home, issue)
    return ("%s/%s/issues/%d"):format(model.site, repository, number)
end

---@param model monthly_audit.Model
---@param id string
---@return string
function M.commit_url(model, id) return ("%s/%s/commit/%s"):format(model.site, model.home, id) end

---@param model monthly_audit.Model
---@param deletion monthly_audit.Deletion  with a `pr`
---@return string
function M.pull_request_url(model, deletion)
    return ("%s/%s/pull/%d"):format(model.site, deletion.pr_repository or model.home, deletion.pr)
end

--- As people write it: "#12", "owner/repo#12" of a subtree's own repository.
---@param deletion monthly_audit.Deletion  with a `pr`
---@return string
function M.pull_request_text(deletion) return ("%s#%d"):format(deletion.pr_repository or "", deletion.pr) end

return M
