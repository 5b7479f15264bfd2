-- What a delivery leads to, by policies/events.lua: jobs, each a command of uhost.
local M = {}

local function text_of(value) return type(value) == "string" and value or nil end
local function table_of(value) return type(value) == "table" and value or {} end

---@class serve.Facts
---@field event string
---@field action string?
---@field repository string?  "owner/name"
---@field default_branch string?
---@field sender string?
---@field number integer?  of the issue or pull request
---@field is_pull boolean?  whether the issue is a pull request
---@field title string?
---@field branch string?
---@field sha string?
---@field tag string?
---@field is_prerelease boolean?
---@field workflow string?
---@field conclusion string?
---@field run_id integer?
---@field labels string[]
---@field comment string?  the comment's text

local function branch_of(event, payload)
    local run, pull = table_of(payload.workflow_run), table_of(payload.pull_request)
    if event == "push" then return (text_of(payload.ref) or ""):match("^refs/heads/(.*)$") end
    return text_of(run.head_branch) or text_of(table_of(pull.head).ref)
end

local function label_names(subject)
    local names = {}
    for _, label in ipairs(table_of(subject.labels)) do names[#names + 1] = text_of(table_of(label).name) end
    return names
end

--- What is known of a delivery. Only what the policy may want to know; texts of a delivery are anybody's.
---@param event string
---@param payload table
---@return serve.Facts
function M.facts_of(event, payload)
    local pull, issue = table_of(payload.pull_request), table_of(payload.issue)
    local subject = next(pull) and pull or issue
    local run, release, repository = table_of(payload.workflow_run), table_of(payload.release),
        table_of(payload.repository)
    return {
        event = event, action = text_of(payload.action), repository = text_of(repository.full_name),
        default_branch = text_of(repository.default_branch), sender = text_of(table_of(payload.sender).login),
        number = tonumber(subject.number), is_pull = next(pull) ~= nil or issue.pull_request ~= nil,
        title = text_of(subject.title), branch = branch_of(event, payload),
        sha = text_of(run.head_sha) or text_of(table_of(pull.head).sha) or text_of(payload.after),
        tag = text_of(release.tag_name), is_prerelease = release.prerelease == true,
        workflow = text_of(run.path) and run.path:match("([^/]+)$"), conclusion = text_of(run.conclusion),
        run_id = tonumber(run.id), labels = label_names(subject), comment = text_of(table_of(payload.comment).body),
    }
end

-- Commands ------------------------------------------------------------------------------------------------------------

-- The words of a command with the facts in their places; nil and why not. What a stranger may choose must not become an
-- option.
local function filled_in(words, facts)
    local command = {}
    for i, word in ipairs(words) do
        local missing
        local text = word:gsub("{(%l[%l_]*)}", function(name)
            local value = facts[name]
            if value == nil then missing = name end
            return tostring(value)
        end)
        if missing then return nil, ("the delivery has no %s"):format(missing) end
        if text ~= word and (text:sub(1, 1) == "-" and word:sub(1, 1) ~= "-" or text:find("%c")) then
            return nil, ("'%s' is not taken as an argument"):format(text:sub(1, 40))
        end
        command[i] = text
    end
    return command
end

-- The job of a rule or a command. Where the delivery says too little to tell its group, it is in none.
local function job_of(delivery, facts, id, rule, notes)
    local command, problem = filled_in(rule.run, facts)
    if not command then
        notes[#notes + 1] = ("%s: %s"):format(id, problem)
        return nil
    end
    notes[#notes + 1] = id
    local group = rule.concurrency and filled_in({ rule.concurrency }, facts)
    return { key = ("delivery %s %s"):format(delivery.id, id), source = ("%s %s"):format(facts.event, delivery.id),
        lane = facts.repository, command = command, concurrency = group and ("%s %s"):format(id, group[1]) }
end

-- Rules ---------------------------------------------------------------------------------------------------------------

local function is_among(value, list) return list == nil or #list == 0 or tables.set(list)[value] end

local function applies(rules, functions, position, rule, facts)
    if rule.event ~= facts.event or not is_among(facts.action, rule.actions) then return false end
    if not is_among(facts.repository, rule.repositories) then return false end
    local when = ("rules.%d.when"):format(position)
    return not functions[when] or rules:call(when, facts) == true
end

-- "/uhost audit": the first such line of a new comment.
local function words_of_comment(facts)
    if facts.event ~= "issue_comment" or facts.action ~= "created" or not facts.comment then return nil end
    local line = ("\n" .. facts.comment):match("\n/uhost[ \t]+([^\r\n]*)")
    if not line or #line > 200 then return nil end
    local words = {}
    for word in line:gmatch("%S+") do words[#words + 1] = word end
    return #words > 0 and words or nil
end

local may_write = tables.set({ "admin", "write" })

-- GitHub knows what somebody may do; what the delivery says of it (author_association) does not say enough.
local function can_write(facts)
    if not facts.repository or not facts.sender then return false end
    local found = github.call("repos/get-collaborator-permission-level", { username = facts.sender },
        { repository = facts.repository, statuses = { 404 } })
    return type(found) == "table" and may_write[found.permission] == true
end

local function job_of_comment(policy_data, delivery, facts, notes)
    local words = words_of_comment(facts)
    if not words then return nil end
    local command = policy_data.commands[words[1]]
    if not command then
        notes[#notes + 1] = ("there is no command '%s'"):format(words[1]:sub(1, 40))
    elseif #words > 1 then
        notes[#notes + 1] = ("the command '%s' takes no words"):format(words[1])
    elseif not can_write(facts) then
        notes[#notes + 1] = ("%s may not write to %s"):format(facts.sender or "?", facts.repository or "?")
    else
        return job_of(delivery, facts, "/" .. words[1], command, notes)
    end
end

--- Looks at a delivery: what becomes of it.
---@param rules policy.Policy
---@param delivery { id: string, event: string, payload: string }
---@return serve.Routed
function M.route(rules, delivery)
    local ok, payload = pcall(json.decode, delivery.payload, { omit_null = true })
    if not ok or type(payload) ~= "table" then
        return { id = delivery.id, state = "refused", note = "the body is not a JSON object" }
    end
    local facts, jobs, notes, data = M.facts_of(delivery.event, payload), {}, {}, rules:data()
    local functions = rules:functions()
    for position, rule in ipairs(data.rules) do
        if applies(rules, functions, position, rule, facts) then
            jobs[#jobs + 1] = job_of(delivery, facts, rule.id, rule, notes)
        end
    end
    jobs[#jobs + 1] = job_of_comment(data, delivery, facts, notes)
    return { id = delivery.id, state = "done", jobs = jobs,
        note = #notes > 0 and table.concat(notes, "; ") or "no rule is about it" }
end

return M
