-- `notify` to GitHub: comments, issues and statuses, each once.
local github_world = require("support.github")
local servers = require("support.servers")

local event = [[
    notify.send({ kind = "ci_failures.new", key = "one", severity = "critical", title = "It fails @all",
        data = { commit = %q } })
    local first = notify.flush()
    db.open():execute("UPDATE notify_outbox SET state = 'pending', due_at = '2020-01-01T00:00:00Z'")
    local second = notify.flush()
    print(first.sent, second.sent)
]]

local function with_channel(to, body)
    github_world.with(function(stand_in)
        servers.in_folder(function(folder)
            fs.mkdir(folder .. "/policies")
            fs.write(folder .. "/policies/notifications.lua", ([[return {
                channels = { { id = "tracker", type = "github", to = %q } },
                routes = { { id = "all", match = {}, channels = { "tracker" } } },
            }]]):format(to))
            stand_in.control({ repository = "o/n", commits = { { sha = ("ab12"):rep(10) } } })
            local code = event:format(("ab12"):rep(10))
            local command = { os.getenv("UHOST") or "uhost", "-e", code, cwd = folder, env = {
                GITHUB_API_URL = stand_in.url, GITHUB_TOKEN = github_world.token, GH_TOKEN = false,
                GITHUB_ACTIONS = false, UHOST_GITHUB_BACKOFF_S = "0.01", UHOST_GITHUB_SETTLE_S = "0.02",
                UHOST_STATE = folder .. "/state" } }
            local result = process.run(command)
            assert.equal(0, result.code, result.stderr)
            assert.equal("1\t1\n", result.stdout, result.stderr)
            body(stand_in)
        end)
    end)
end

describe("notify to GitHub", function()
    it("comments once, and mentions nobody", function()
        with_channel("o/n#1", function(stand_in)
            local comments = {}
            for _, issue in ipairs(stand_in.report().issues) do
                for _, comment in ipairs(issue.comments) do comments[#comments + 1] = comment.body end
            end
            assert.equal(1, stand_in.report().effects["issues/create-comment"])
            assert.is_nil(table.concat(comments):find("@all", 1, true))
        end)
    end)

    it("opens one issue", function()
        with_channel("o/n", function(stand_in)
            assert.equal(1, #stand_in.issues_titled("It fails @all"))
        end)
    end)

    it("sets the status of the event's commit", function()
        with_channel("o/n@", function(stand_in)
            assert.is_truthy(stand_in.report().effects["repos/create-commit-status"])
        end)
    end)
end)
