-- What GitHub sends to webhooks, and leaves for workflows in $GITHUB_EVENT_PATH, read and written by `json`.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
local servers = require("support.servers")

describe("the payloads of GitHub's webhooks", function()
    it("are decoded, and encoded to the same", function()
        local lines, events = {}, {}
        for event, text in servers.webhook_payloads() do
            local payload = json.decode(text)
            assert.equal("table", type(payload), event)
            events[event] = true
            lines[#lines + 1] = event .. "\t" .. json.encode(payload)
        end
        assert.is_true(#lines > 200, #lines)
        for _, event in ipairs({ "issues", "issue_comment", "pull_request", "push", "workflow_run", "workflow_job" }) do
            assert.is_true(events[event], event)
        end
        local script = here .. "/servers/github/webhooks.mjs"
        local written = table.concat(lines, "\n") .. "\n"
        local compared = process.run({ "node", script, "--compare", stdin = written, check = true })
        assert.same({}, json.decode(compared.stdout))
    end)
end)
