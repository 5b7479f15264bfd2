-- The real binary against the stand-in for GitHub, as the specs of `github` use it.
local assert = require("luassert")
local servers = require("support.servers")

local M = { token = "ghp_0123456789abcdefTEST" }

-- Runs `body(stand_in)`: `control{…}` steers it, `run(code, options)` runs the real binary against it, with a token and
-- a state folder of its own by default, `report()` is what GET /_control answers, `requests()` what arrived.
function M.with(body)
    servers.with("github", {}, function(server)
        servers.in_folder(function(state)
            local stand_in = { url = server.url, plain_url = server.plain_url, state = state }
            function stand_in.control(order)
                http.post(server.control_url, { json = order, mutates = false })
            end
            function stand_in.report()
                return http.get(server.control_url):json()
            end
            function stand_in.requests()
                return stand_in.report().requests
            end
            -- What was made in the tests, with this title.
            function stand_in.issues_titled(title)
                local found = {}
                for _, issue in ipairs(stand_in.report().issues) do
                    if issue.title == title then found[#found + 1] = issue end
                end
                return found
            end
            function stand_in.run(code, options)
                options = options or {}
                local env = {
                    GITHUB_API_URL = server.url, GITHUB_TOKEN = M.token, GH_TOKEN = false, GITHUB_ACTIONS = false,
                    UHOST_GITHUB_BACKOFF_S = "0.01", UHOST_GITHUB_SETTLE_S = "0.02", UHOST_STATE = state,
                }
                for name, value in pairs(options.env or {}) do env[name] = value end
                return servers.uhost(code, { env = env, arguments = options.arguments, timeout_s = options.timeout_s })
            end
            stand_in.control({ token = M.token, repository = "o/n", generate = 1000 })
            body(stand_in)
        end)
    end)
end

-- Exit code 3, one line of cause, one of remedy, and the token in neither.
function M.assert_fails(result, cause, remedy)
    assert.equal(3, result.code, result.stderr)
    assert.matches(cause, result.stderr)
    assert.matches(remedy, result.stderr)
    assert.matches("error: [^\n]+\n  hint: [^\n]+\n$", result.stderr)
    assert.is_nil(result.stderr:find(M.token, 1, true))
end

return M
