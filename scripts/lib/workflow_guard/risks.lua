-- What is dangerous in a workflow, whatever it was before.
-- Anchors: https://github.com/rhysd/actionlint and https://docs.zizmor.sh/audits/
local M = {}

local branches = { main = true, master = true, develop = true, latest = true, trunk = true, HEAD = true }

-- What strangers write: titles, bodies, names of branches.
local untrusted = { "github%.event%.issue%.title", "github%.event%.issue%.body", "github%.event%.pull_request%.title",
    "github%.event%.pull_request%.body", "github%.event%.comment%.body", "github%.event%.review%.body",
    "github%.event%.review_comment%.body", "github%.event%.pull_request%.head%.ref",
    "github%.event%.pull_request%.head%.label", "github%.event%.pull_request%.head%.repo%.default_branch",
    "github%.head_ref", "github%.event%.head_commit%.message", "github%.event%.head_commit%.author",
    "github%.event%.commits", "github%.event%.discussion%.title", "github%.event%.discussion%.body",
    "github%.event%.pages" }

local removed_commands = { "::set%-output", "::save%-state", "::set%-env", "::add%-path" }
local retired_images = { "ubuntu%-16%.04", "ubuntu%-18%.04", "ubuntu%-20%.04", "macos%-10%.15", "macos%-11",
    "macos%-12",
    "windows%-2016", "windows%-2019" }

local function expression_with(text, patterns)
    for expression in text:gmatch("%${{(.-)}}") do
        for _, pattern in ipairs(patterns) do
            if expression:find(pattern) then return expression:match("^%s*(.-)%s*$") end
        end
    end
end

local function check_uses(step, add)
    local name, version = step.uses:match("^([^@]+)@(.+)$")
    if name and not name:find("^%.") and branches[version] then
        add("unpinned_action", { after = step.uses, key = { "uses" },
            what = ("'%s' follows a branch"):format(step.uses) })
    end
    local image = step.uses:match("^docker://(.+)$")
    if image and (image:find(":latest$") or not image:find("[:@]")) then
        add("unpinned_image", { after = image, key = { "uses" },
            what = ("the image '%s' has no version"):format(image) })
    end
end

local function check_checkout(step, workflow, add)
    if not (workflow.events.pull_request_target or workflow.events.workflow_run) then return end
    local ref = tostring(step.with.ref or "") .. tostring(step.with.repository or "")
    if step.uses:find("^actions/checkout") and (ref:find("pull_request%.head") or ref:find("head_ref")
        or ref:find("workflow_run%.head") or ref:find("refs/pull/")) then
        add("untrusted_checkout", { after = ref, key = { "with" }, what = "it checks out what a stranger wrote" })
    end
end

local function check_run(step, add)
    local expression = expression_with(step.run, untrusted)
    if expression then
        add("script_injection", { after = ("${{ %s }}"):format(expression), key = { "run" },
            what = ("'%s' becomes part of the script"):format(expression) })
    end
    for _, command in ipairs(removed_commands) do
        if step.run:find(command) then
            add("deprecated_command", { after = command:gsub("%%", ""), key = { "run" },
                what = ("the runner takes %s no longer"):format(command:gsub("%%", "")) })
            break
        end
    end
end

local function check_versions(step, add)
    if not step.uses then return end
    local with = yaml.get(step.node, "with")
    for _, entry in ipairs(with and with.entries or {}) do
        if entry.key.text:find("version") and entry.value.doubt then
            add("version_as_number", { after = entry.value.text, line = entry.value.line, column = entry.value.column,
                what = entry.value.doubt })
        end
    end
end

local function check_job(job, workflow, add_finding)
    local function add(rule, fields, step)
        fields.job, fields.job_model = job.id, job
        fields.step, fields.step_model = step and step.label, step
        add_finding(rule, fields)
    end
    if job.permissions == "write-all" then
        add("permissions_widened", { after = "write-all", key = { "permissions" },
            what = "the token can write everything" })
    end
    if job.container and (job.container:find(":latest$") or not job.container:find("[:@%$]")) then
        add("unpinned_image", { after = job.container, key = { "container" },
            what = ("the image '%s' has no version"):format(job.container) })
    end
    for _, combination in ipairs(job.combinations) do
        local runner = tostring(type(job.runs_on) == "table" and job.runs_on[1] or job.runs_on or "")
            :gsub("%${{%s*matrix%.([%w_%.%-]+)%s*}}", function(key) return tostring(combination[key] or "") end)
        for _, image in ipairs(retired_images) do
            if runner:find("^" .. image .. "$") then
                add("retired_runner", { after = runner, key = { "runs-on" }, what = ("%s is retired"):format(runner) })
            end
        end
    end
    for _, step in ipairs(job.steps) do
        local function add_step(rule, fields) add(rule, fields, step) end
        if step.uses then
            check_uses(step, add_step)
            check_checkout(step, workflow, add_step)
            check_versions(step, add_step)
        end
        if step.run then check_run(step, add_step) end
    end
end

--- Reports the risks of a workflow.
---@param workflow table  of model.of
---@param add fun(rule: string, fields: table)
function M.check(workflow, add)
    if workflow.permissions == "write-all" then
        add("permissions_widened", { after = "write-all", key = { "permissions" },
            what = "the token can write everything" })
    end
    for _, job in ipairs(workflow.jobs) do check_job(job, workflow, add) end
end

return M
