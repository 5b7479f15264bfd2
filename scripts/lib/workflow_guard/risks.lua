-- What is dangerous in a workflow, whatever it was before: what strangers may do with it, and what changes by itself.
-- Anchors: https://github.com/rhysd/actionlint and https://docs.zizmor.sh/audits/

local M = {}

local branches = tables.set({ "main", "master", "develop", "latest", "trunk", "HEAD" })

-- What strangers write: titles, bodies, names of branches.
local untrusted = { "github%.event%.issue%.title", "github%.event%.issue%.body", "github%.event%.pull_request%.title",
    "github%.event%.pull_request%.body", "github%.event%.comment%.body", "github%.event%.review%.body",
    "github%.event%.review_comment%.body", "github%.event%.pull_request%.head%.ref",
    "github%.event%.pull_request%.head%.label", "github%.event%.pull_request%.head%.repo%.default_branch",
    "github%.event%.pull_request%.head%.repo%.description", "github%.event%.pull_request%.head%.repo%.homepage",
    "github%.head_ref", "github%.event%.head_commit%.message", "github%.event%.head_commit%.author",
    "github%.event%.commits", "github%.event%.discussion%.title", "github%.event%.discussion%.body",
    "github%.event%.pages", "github%.event%.workflow_run%.head_branch", "github%.event%.workflow_run%.display_title",
    "github%.event%.workflow_run%.head_commit", "github%.event%.changes%.title", "github%.event%.release%.body" }

local removed_commands = { "::set%-output", "::save%-state", "::set%-env", "::add%-path" }
local retired_images = { "ubuntu%-16%.04", "ubuntu%-18%.04", "ubuntu%-20%.04", "macos%-10%.15", "macos%-11",
    "macos%-12",
    "windows%-2016", "windows%-2019" }

local function expression_with(text, patterns)
    for expression in text:gmatch("%${{(.-)}}") do
        for _, pattern in ipairs(expression:find("github.", 1, true) and patterns or {}) do
            if expression:find(pattern) then return expression:match("^%s*(.-)%s*$") end
        end
    end
end

-- Whether runs have the repository's token and secrets although strangers start them.
local function is_privileged(workflow)
    return workflow.events.pull_request_target or workflow.events.workflow_run
end

-- Actions and images --------------------------------------------------------------------------------------------------

local function check_uses(step, actions, add)
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
    local repository = (name or ""):lower():match("^[^/]+/[^/]+")
    if repository and actions.archived[repository] then
        add("archived_action", { after = step.uses, key = { "uses" },
            what = ("'%s' is archived: nobody repairs it"):format(name) })
    end
    local least, major = actions.least_versions[name or ""], tonumber((version or ""):match("^v?(%d+)"))
    if least and major and #version < 20 and major < least then
        add("outdated_action", { after = step.uses, key = { "uses" },
            what = ("'%s' needs a Node.js that runners no longer have; v%d is the oldest that does not"):format(
                step.uses, least) })
    end
end

local function check_image(node, image, add, key)
    if image and (image:find(":latest$") or not image:find("[:@%$]")) then
        add("unpinned_image", { after = image, key = key, what = ("the image '%s' has no version"):format(image) })
    end
    local password = yaml.get(node, "credentials", "password")
    if password and password.kind == "scalar" and password.text ~= "" and not password.text:find("${{", 1, true) then
        add("hardcoded_credentials", { line = password.line, column = password.column,
            what = "a password stands in the workflow" })
    end
end

local function check_containers(job, add)
    local container = yaml.get(job.node, "container")
    if container then check_image(container, job.container, add, { "container" }) end
    local services = yaml.get(job.node, "services")
    for _, entry in ipairs(services and services.entries or {}) do
        local image = yaml.get(entry.value, "image")
        check_image(entry.value, image and image.text, add, { "services", entry.key.text })
    end
end

-- What strangers bring ------------------------------------------------------------------------------------------------

local function check_checkout(step, workflow, add)
    if not is_privileged(workflow) then return end
    local ref = tostring(step.with.ref or "") .. tostring(step.with.repository or "")
    if step.uses:find("^actions/checkout") and (ref:find("pull_request%.head") or ref:find("head_ref")
        or ref:find("workflow_run%.head") or ref:find("refs/pull/")) then
        add("untrusted_checkout", { after = ref, key = { "with" }, what = "it checks out what a stranger wrote" })
    end
end

local function check_script(text, key, add)
    local expression = expression_with(text, untrusted)
    if expression then
        add("script_injection", { after = ("${{ %s }}"):format(expression), key = key,
            what = ("'%s' becomes part of the script"):format(expression) })
    end
end

local function check_environment_file(step, workflow, add)
    if is_privileged(workflow) and step.run:find(">>?%s*\"?%$%{?GITHUB_ENV") then
        add("untrusted_environment", { after = "$GITHUB_ENV", key = { "run" },
            what = "it sets variables for later steps in a run that strangers start" })
    end
end

local function check_actor(text, workflow, add, what)
    if workflow.events.pull_request_target and text and text:find("github%.actor%s*==%s*'[^']*%[bot%]'") then
        add("spoofable_actor", { after = text, key = { "if" },
            what = ("%s trusts github.actor, which is whoever pushed last"):format(what) })
    end
end

local function check_self_hosted(job, workflow, add)
    local labels = type(job.runs_on) == "table" and (job.runs_on.labels or job.runs_on) or { job.runs_on }
    if type(labels) ~= "table" then labels = { labels } end
    local own = false
    for _, label in ipairs(labels) do own = own or label == "self-hosted" end
    if own and (workflow.events.pull_request or workflow.events.pull_request_target) then
        add("self_hosted_runner", { after = "self-hosted", key = { "runs-on" },
            what = "pull requests of strangers run on a machine of your own" })
    end
end

-- Secrets -------------------------------------------------------------------------------------------------------------

-- Variables of a step that hold secrets.
local function secret_variables(job, step, workflow)
    local names = {}
    for _, env in ipairs({ workflow.env, job.env, step.env }) do
        for name, value in pairs(env) do
            local is_secret = type(value) == "string" and value:find("secrets.", 1, true)
            if is_secret and value:find("%${{%s*secrets%.") then names[#names + 1] = name end
        end
    end
    return names
end

local function prints(line, value)
    local command, rest = line:match("^%s*(%a[%w_%-]*)%s+(.*)$")
    if command ~= "echo" and command ~= "printf" and command ~= "Write-Host" and command ~= "Write-Output" then
        return false
    end
    -- What goes on to a file or program is not printed.
    local shown = rest:match("^[^|>]*")
    return #shown == #rest and not rest:find("::add-mask::", 1, true) and shown:find(value) ~= nil
end

local function check_printed_secrets(job, step, workflow, add)
    local values = { "%${{%s*secrets%." }
    for _, name in ipairs(secret_variables(job, step, workflow)) do
        values[#values + 1] = "%${?" .. name:gsub("%p", "%%%0") .. "%f[^%w_]"
    end
    if #values == 1 and not step.run:find("secrets.", 1, true) then return end
    for line in step.run:gmatch("[^\n]+") do
        for _, value in ipairs(values) do
            if prints(line, value) then
                return add("secret_in_log", { after = line:match("^%s*(.-)%s*$"), key = { "run" },
                    what = "it prints a secret; only its exact text is masked" })
            end
        end
    end
end

local function check_secret_expressions(job, add)
    for _, item in ipairs(job.expressions) do
        local lower = item.text:find("ecrets", 1, true) and item.text:lower() or ""
        local rule = lower:find("tojson%(%s*secrets%s*%)") and "all_secrets"
            or lower:find("fromjson%(%s*secrets%.[%w_]+%s*%)") and "unmasked_secret"
        if rule then
            add(rule, { after = item.text:match("^%s*(.-)%s*$"), line = item.scalar.line, column = item.scalar.column,
                what = rule == "all_secrets" and "every secret of the repository is given away"
                    or "a part of a secret is not masked in logs" })
        end
    end
end

-- Secrets of the whole job are there for whatever it runs of a stranger.
local function check_untrusted_job(job, workflow, add)
    if not is_privileged(workflow) then return end
    local is_untrusted = false
    for _, step in ipairs(job.steps) do
        if step.uses then check_checkout(step, workflow, function() is_untrusted = true end) end
    end
    for _, env in ipairs(is_untrusted and { workflow.env, job.env } or {}) do
        for _, name in ipairs(tables.sorted_keys(env)) do
            if tostring(env[name]):find("%${{%s*secrets%.") then
                add("secret_for_untrusted", { after = name, key = { "env", name },
                    what = ("what a stranger wrote runs with the secret in %s"):format(name) })
            end
        end
    end
end

local function check_uploaded_credentials(job, add)
    local checked_out
    for _, step in ipairs(job.steps) do
        local name = (step.uses or ""):match("^([^@]+)@")
        if name == "actions/checkout" then
            local kept = step.with["persist-credentials"]
            checked_out = tostring(kept) ~= "false" and (step.with.path == nil and "." or tostring(step.with.path))
        elseif name == "actions/upload-artifact" and checked_out and checked_out == "." then
            local path = tostring(step.with.path or ""):gsub("/$", "")
            if path == "." or path == "${{ github.workspace }}" then
                add("credentials_in_artifact", { after = path, key = { "with" },
                    what = "the artifact has .git/config, with the job's token" }, step)
            end
        end
    end
end

-- The rest ------------------------------------------------------------------------------------------------------------

local function check_run(step, add)
    if not step.run:find("::", 1, true) then return end
    for _, command in ipairs(removed_commands) do
        if step.run:find(command) then
            add("deprecated_command", { after = command:gsub("%%", ""), key = { "run" },
                what = ("the runner takes %s no longer"):format(command:gsub("%%", "")) })
            break
        end
    end
end

-- A loop that ends only with success.
local function check_retry(job, step, add)
    local text = step.run
    if job.timeout or step.timeout or not text:find("done", 1, true) then return end
    local endless = text:match("%f[%w]until%s+([^\n;]+)[;\n]%s*do") or text:match("while%s+(!%s+[^\n;]+)[;\n]%s*do")
    if not endless then
        local body = text:match("while%s+true%s*[;\n]%s*do(.-)done") or text:match("while%s+:%s*[;\n]%s*do(.-)done")
        endless = body and body:find("&&%s*break") and not body:find("exit") and body:match("^%s*([^\n]*)")
    end
    if not endless or endless:find("%-%a%a") or endless:find("timeout") or text:find("%(%(") or text:find("let ") then
        return
    end
    add("endless_retry", { after = endless, key = { "run" },
        what = ("'%s' is tried for ever, for nothing limits the loop, the step or the job"):format(endless) })
end

local function check_commands(env, add)
    if env.ACTIONS_ALLOW_UNSECURE_COMMANDS ~= nil then
        add("insecure_commands", { after = "ACTIONS_ALLOW_UNSECURE_COMMANDS", key = { "env" },
            what = "whatever a step prints may set variables of later ones" })
    end
end

local function check_permissions(owner, add, node_key)
    if owner.permissions == "write-all" then
        add("permissions_widened", { after = "write-all", key = node_key, what = "the token can write everything" })
    end
end

-- Without any, the repository's settings say what the token can do; for a long time that was everything.
local function check_missing_permissions(workflow, add)
    if workflow.permissions ~= nil or workflow.by_id.runs then return end
    for _, job in ipairs(workflow.jobs) do
        if job.permissions == nil then
            return add("permissions_missing", { key = { "jobs", job.id }, after = "permissions",
                what = "nothing says what the token may do" })
        end
    end
end

local function check_runner(job, add)
    for _, combination in ipairs(job.combinations) do
        local runner = tostring(type(job.runs_on) == "table" and job.runs_on[1] or job.runs_on or "")
            :gsub("%${{%s*matrix%.([%w_%.%-]+)%s*}}", function(key) return tostring(combination[key] or "") end)
        for _, image in ipairs(retired_images) do
            if runner:find("^" .. image .. "$") then
                add("retired_runner", { after = runner, key = { "runs-on" }, what = ("%s is retired"):format(runner) })
            end
        end
    end
end

local function check_step(job, step, workflow, actions, add)
    if step.uses then
        check_uses(step, actions, add)
        check_checkout(step, workflow, add)
        if type(step.with.script) == "string" then check_script(step.with.script, { "with", "script" }, add) end
    end
    if step.run then
        check_script(step.run, { "run" }, add)
        check_environment_file(step, workflow, add)
        check_printed_secrets(job, step, workflow, add)
        check_run(step, add)
        check_retry(job, step, add)
    end
    check_commands(step.env, add)
    check_actor(step.if_text, workflow, add, ("step '%s'"):format(step.label))
end

local function check_job(job, workflow, actions, add_finding)
    local function add(rule, fields, step)
        fields.job, fields.job_model = job.id, job
        fields.step, fields.step_model = step and step.label, step
        add_finding(rule, fields)
    end
    check_permissions(job, add, { "permissions" })
    check_commands(job.env, add)
    check_containers(job, add)
    check_runner(job, add)
    check_self_hosted(job, workflow, add)
    check_untrusted_job(job, workflow, add)
    check_uploaded_credentials(job, add)
    check_secret_expressions(job, add)
    check_actor(job.if_text, workflow, add, ("job '%s'"):format(job.id))
    local secrets = job.uses and not job.uses:find("^%./") and yaml.get(job.node, "secrets")
    if secrets and secrets.text == "inherit" then
        add("inherited_secrets", { after = job.uses, key = { "secrets" },
            what = ("'%s' gets every secret"):format(job.uses) })
    end
    for _, step in ipairs(job.steps) do
        check_step(job, step, workflow, actions, function(rule, fields) add(rule, fields, step) end)
    end
end

--- Reports the risks of a workflow.
---@param workflow table  of model.of
---@param rules table  data of the policy
---@param add fun(rule: string, fields: table)
function M.check(workflow, rules, add)
    check_permissions(workflow, add, { "permissions" })
    check_missing_permissions(workflow, add)
    if workflow.events.pull_request_target then
        add("privileged_trigger", { after = "pull_request_target", key = { "on", "pull_request_target" },
            what = "pull_request_target gives runs of strangers this repository's token and secrets" })
    end
    check_commands(workflow.env, add)
    local actions = { archived = tables.set(rules.archived_actions or {}),
        least_versions = rules.least_versions or {} }
    for _, job in ipairs(workflow.jobs) do check_job(job, workflow, actions, add) end
end

return M
