-- What follows from GitHub's own examples of webhooks by the policies that uhost comes with.
local routing = require("lib.serve.routing")
local servers = require("support.servers")

-- The rules that apply to a delivery, and the commands that follow.
local function followed(rules, event, text)
    local routed = routing.route(rules, { id = "x", event = event, payload = text })
    local commands = {}
    for i, job in ipairs(routed.jobs or {}) do commands[i] = table.concat(job.command, " ") end
    return routed.state, routed.note, commands
end

describe("the shipped policy for webhooks", function()
    local rules
    setup(function() rules = policy.load("events", { schema = require("lib.schemas.events") }) end)
    teardown(function() rules:close() end)

    it("looks at all of GitHub's examples, and acts on those that it is about", function()
        local examples, refused, acted_on = 0, {}, {}
        for event, text in servers.webhook_payloads() do
            local state, note, commands = followed(rules, event, text)
            local name = event .. " " .. tostring(json.decode(text).action)
            examples = examples + 1
            if state ~= "done" then refused[#refused + 1] = name end
            if note ~= "no rule is about it" then acted_on[name] = note end
            for _, command in ipairs(commands) do assert.is_nil(command:find("{", 1, true), command) end
        end
        assert.same({}, refused)
        assert.equal(329, examples)
        assert.same({ ["release published"] = "release", ["pull_request opened"] = "audit_pull",
            ["pull_request synchronize"] = "audit_pull", ["pull_request reopened"] = "audit_pull" }, acted_on)
    end)

    it("tracks failures of the default branch, and puts pushes to one pull request together", function()
        local function run(branch, conclusion)
            return json.encode({ action = "completed", repository = { full_name = "o/n", default_branch = "main" },
                workflow_run = { id = 1, head_branch = branch, conclusion = conclusion, path = "ci.yml" } })
        end
        local _, _, commands = followed(rules, "workflow_run", run("main", "failure"))
        assert.same({ "ci_failures track --github o/n --execute" }, commands)
        for _, other in ipairs({ run("topic", "failure"), run("main", "success") }) do
            assert.equal("no rule is about it", select(2, followed(rules, "workflow_run", other)))
        end
        local groups = {}
        for _, number in ipairs({ 7, 7, 8 }) do
            local payload = json.encode({ action = "synchronize", repository = { full_name = "o/n" },
                pull_request = { number = number } })
            local routed = routing.route(rules, { id = "x", event = "pull_request", payload = payload })
            groups[#groups + 1] = routed.jobs[1].concurrency
        end
        assert.same({ "audit_pull o/n#7", "audit_pull o/n#7", "audit_pull o/n#8" }, groups)
    end)
end)
