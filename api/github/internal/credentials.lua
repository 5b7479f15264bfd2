-- Which token goes with a request: that of the App's installation if an App is set, otherwise the user's.
--
-- A GitHub App has a JWT, which finds its installations and gets tokens for them, renewed before they expire. JWT and
-- tokens stay in the vault; what is here names them.
-- https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
local clock = require("uhost.github.internal.clock")
local failures = require("uhost.github.internal.failures")

local jwt_life_s = 420      -- of the 8 minutes that a JWT is good for
local max_margin_s = 300    -- how long before its end a token is renewed

local function new_app(native, transport)
    local M = {}

    local jwt, jwt_ends_s     -- the credential, and when to make another (time.monotonic)
    local clock_offset_s = 0  -- what GitHub's clock is ahead of this machine's
    local by_account = {}     -- ids of installations by account, in lower case
    local tokens = {}         -- by installation: { name, installation, ends_s }
    local locks = {}          -- what many tasks want is asked for once

    local function locked(key, body)
        locks[key] = locks[key] or task.limit(1)
        return locks[key]:with(body)
    end

    local function app_name()
        return ("the GitHub App %s"):format(native.app().id)
    end

    local function current_jwt()
        if not jwt or time.monotonic() >= jwt_ends_s then
            jwt, jwt_ends_s = native.app_credential(clock_offset_s), time.monotonic() + jwt_life_s
        end
        return jwt
    end

    -- GitHub's message about a JWT whose times it does not believe names the claim.
    local function blames_the_clock(message)
        return message:find("'exp'", 1, true) or message:find("'iat'", 1, true) or message:find("Issued at", 1, true)
            or message:find("Expiration time", 1, true)
    end

    -- Whether a refusal is about the times in the JWT, and another one was made by GitHub's clock.
    local function corrected_clock(response)
        local served_at = clock.http_date(response.headers.date)
        if response.status ~= 401 or not served_at then return false end
        if not blames_the_clock((failures.message_of(response))) then return false end
        clock_offset_s = served_at - os.time()
        log.warn(("this machine's clock differs from GitHub's by %d s; the App's key is used by GitHub's"):format(
            math.abs(clock_offset_s)))
        jwt = nil
        return true
    end

    local function refuse(response, what)
        local message = failures.message_of(response)
        local details = { status = response.status, app = native.app().id }
        if response.status == 401 then
            uhost.fail("github.auth", ("GitHub does not accept the key of %s"):format(app_name()), {
                hint = "check that github.app_id belongs to the key in github.app_key_file, and that the key was not "
                    .. "deleted in the App's settings; also check this machine's clock",
                native = message, details = details,
            })
        end
        if response.status == 403 then
            uhost.fail("github.forbidden", ("GitHub gives %s no token for %s"):format(app_name(), what), {
                hint = "the installation may be suspended: see the account's settings, GitHub Apps", native = message,
                details = details,
            })
        end
        uhost.fail("github.auth", ("%s is not installed for %s"):format(app_name(), what), {
            hint = "install it there, or set github.app_installation to the number of its installation",
            native = message, details = details,
        })
    end

    -- The body of an answer to the App itself, which has no access but to what concerns it.
    local function get_as_app(path, what)
        for round = 1, 2 do
            local body, response = transport.send({
                method = "GET", url = native.endpoints().api_url .. path, what = path, idempotent = true, cache = false,
                credential = current_jwt(), token = ("the key of %s"):format(app_name()), scope = "App",
                accepts = { 401, 404 },
            })
            if response.ok then return body end
            if round == 2 or not corrected_clock(response) then refuse(response, what) end
        end
    end

    -- The installation in an account, which GitHub returns for the account's `place` ("/repos/o/n", "/orgs/name").
    local function installation_at(account, place)
        account = account:lower()
        return by_account[account] or locked(account, function()
            if not by_account[account] then
                by_account[account] = get_as_app(place .. "/installation", place:gsub("^/%a+/", "")).id
            end
            return by_account[account]
        end)
    end

    local function installation_of(repository)
        return installation_at(repository:match("^[^/]+"), "/repos/" .. repository)
    end

    local function only_installation()
        local list = get_as_app("/app/installations", "any account")
        if #list == 1 then return list[1].id end
        uhost.fail("github.auth", ("%s has %d installations, and nothing says which one to use")
            :format(app_name(), #list), { hint = "set github.app_installation to the number of one" })
    end

    -- The path of a request, which goes to the API or to the server for uploads.
    local function path_of(request)
        local base = native.endpoints()[request.endpoint == "uploads" and "uploads_url" or "api_url"]
        return request.url:sub(#base + 1)
    end

    local function repository_of(request)
        local named = path_of(request):match("^/repos/([^/]+/[^/?]+)")
        local variables = request.graphql and request.json and request.json.variables
        if not named and variables and type(variables.owner) == "string" and type(variables.name) == "string" then
            named = variables.owner .. "/" .. variables.name
        end
        return named
    end

    -- What the request itself names decides, never what was asked before it.
    local function installation_for(request)
        local fixed = request.installation or native.app().installation
        if fixed then return fixed end
        local repository = repository_of(request)
        if repository then return installation_of(repository) end
        local organization = path_of(request):match("^/orgs/([^/?]+)")
        if organization then return installation_at(organization, "/orgs/" .. organization) end
        local home = os.getenv("GITHUB_REPOSITORY")
        if home and home:match("^[^/]+/[^/]+$") then return installation_of(home) end
        return locked("/", only_installation)
    end

    -- One request for a token, made by the native half, which keeps the token. nil after what may pass.
    local function try_for_token(url, name, round, attempts)
        transport.requests = transport.requests + 1
        local ok, answer = pcall(native.request_token, url, current_jwt(), name)
        if ok and answer.status < 500 then return answer end
        if not ok and not failures.is_passing(answer) then error(answer, 0) end
        if round < attempts then
            task.sleep(transport.backoff(round))
            return nil
        end
        if not ok then error(answer, 0) end
        failures.raise({ what = "the request for a token", attempt = round, url = url, method = "GET" }, answer)
    end

    local function new_token(installation)
        local name = ("%s (installation %d)"):format(app_name(), installation)
        local url = ("%s/app/installations/%d/access_tokens"):format(native.endpoints().api_url, installation)
        local attempts, was_corrected = transport.attempts(), false
        for round = 1, attempts + 1 do
            local answer = try_for_token(url, name, math.min(round, attempts), attempts)
            if answer and answer.status == 201 then
                local life_s = clock.seconds_until(answer.expires_at, answer.headers)
                local margin_s = math.min(max_margin_s, life_s / 4)
                return { name = name, installation = installation, ends_s = time.monotonic() + life_s - margin_s }
            elseif answer then
                if was_corrected or not corrected_clock(answer) then
                    refuse(answer, ("installation %d"):format(installation))
                end
                was_corrected = true
            end
        end
    end

    local function is_good(token)
        return token and time.monotonic() < token.ends_s
    end

    -- The token for a request: { name (in the vault), installation }.
    function M.token_for(request)
        local installation = installation_for(request)
        if is_good(tokens[installation]) then return tokens[installation] end
        return locked(installation, function()
            if not is_good(tokens[installation]) then tokens[installation] = new_token(installation) end
            return tokens[installation]
        end)
    end

    -- Lets the next request get a new token, unless another task has replaced this one already.
    function M.forget(token)
        if tokens[token.installation] == token then tokens[token.installation] = nil end
    end

    return M
end

-- Answers from inside the process or from a recording need no sign-in.
local function is_simulated()
    return http.is_intercepted() or http.is_replay()
end

return function(native, transport)
    local M = { app = new_app(native, transport) }

    -- Gives the request its credential, the name that messages have for it (`token`), who asks (`identity`, for the
    -- cache) and whose rate limit it uses (`scope`). Answers from inside the process need none of an App's tokens,
    -- and those of a recording none at all.
    function M.prepare(request)
        local is_replay, had_secrets = http.is_replay()
        local endpoint = request.graphql and "graphql" or request.endpoint or "rest"
        if is_replay then
            request.token, request.identity = had_secrets and "the recording" or nil, "replay"
        elseif request.credential then
            request.token, request.identity = request.token or "the App's key", request.identity or "app"
        elseif native.app() and not is_simulated() then
            local held = M.app.token_for(request)
            request.credential = native.installation_credential(held.name, endpoint)
            request.token, request.held = held.name, held
            request.scope = ("installation %d"):format(held.installation)
            request.identity = ("app %s, %s"):format(native.app().id, request.scope)
        else
            request.credential, request.token = native.credential(endpoint), native.token()
            request.identity = native.identity()
        end
    end

    -- Whether a refused token of an installation was replaced by a new one, which is done once for each request.
    function M.renewed(request, response)
        if response.status ~= 401 or not request.held or request.was_renewed then return false end
        request.was_renewed, request.credential = true, nil
        M.app.forget(request.held)
        M.prepare(request)
        return true
    end

    function M.available()
        local is_replay, had_secrets = http.is_replay()
        if is_replay then return had_secrets end
        return native.app() ~= nil or native.token() ~= nil or is_simulated()
    end

    return M
end
