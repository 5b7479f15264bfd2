-- Measures asking for the states of 1,000 issues against listing every open issue of the repository page by page, as
-- older tools do, served by the same local stand-in with 10,000 issues. Each side is a process of its own.
--
-- Prints: name, ours, the peer's, ratio, target, same answer; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = here .. "/../?.lua;" .. package.path
local servers = require("support.servers")

local asking = [[
    local numbers, open = {}, {}
    for n = 1, 1000 do numbers[n] = n end
    local states = github.issue_states(numbers, { repository = "o/n" })
    for n = 1, 1000 do
        local answer = states[n]
        if answer.kind == "issue" and answer.state == "open" then table.insert(open, n) end
    end]]

local listing = [[
    local open = {}
    for issue in github.pages("/repos/o/n/issues", { query = { state = "open", per_page = 100 } }) do
        if issue.number <= 1000 and not issue.pull_request then table.insert(open, issue.number) end
    end
    table.sort(open)]]

local answer = [[ print(table.concat(open, " ") .. "|" .. github.requests()) ]]

local function measure(code, url)
    local env = {
        GITHUB_API_URL = url, GITHUB_TOKEN = "ghp_0123456789abcdefTEST", GH_TOKEN = false, GITHUB_ACTIONS = false,
    }
    local started = time.monotonic()
    local result = servers.uhost(code .. answer, { env = env, check = true })
    local open, requests = result.stdout:match("^(.*)|(%d+)\n$")
    return { open = open, requests = tonumber(requests), seconds = time.monotonic() - started }
end

local function row(name, ours, peer, target, same)
    print(("%s\t%.3f\t%.3f\t%.3f\t%s\t%s"):format(name, ours, peer, ours / peer, target, same and "yes" or "no"))
end

servers.with("github", {}, function(server)
    http.post(server.url .. "/_control", {
        json = { token = "ghp_0123456789abcdefTEST", repository = "o/n", generate = 10000, check_answers = false },
        mutates = false,
    })
    -- The stand-in reads GitHub's schemas when they are first asked for: that is not what is measured.
    for _, code in ipairs({ asking, listing }) do measure(code, server.url) end
    local ours, peer = measure(asking, server.url), measure(listing, server.url)
    local same = ours.open == peer.open and #ours.open > 0
    row("1,000 issue states: requests", ours.requests, peer.requests, "<= 12 requests", same)
    row("1,000 issue states: seconds", ours.seconds, peer.seconds, "<= 1.00", same)
end)
