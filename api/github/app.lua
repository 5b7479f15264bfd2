-- A GitHub App: its JWT finds its installations, and gets tokens for them, which are renewed before they expire. Both
-- stay in the vault; what is here names them.
-- https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
local clock = require("uhost.github.clock")
local failures = require("uhost.github.failures")

local jwt_life_s = 420        -- of the 8 minutes that a JWT is good for
local longest_margin_s = 300  -- how long before its end a token is renewed
local passing = { ["http.dns"] = true, ["http.connect"] = true, ["http.reset"] = true, ["http.timeout"] = true,
    ["http.protocol"] = true }

return function(native, transport)
    local M = {}

    local jwt, jwt_ends_s     -- the credential, and when to make another (time.monotonic)
    local clock_offset_s = 0  -- what GitHub's clock is ahead of this machine's
    local by_account = {}     -- installation ids by account, in lower case
    local tokens = {}         -- by installation: { name, installation, ends_s }
    local locks = {}          -- what many tasks want is asked for once
    local last                -- the installation that was used last

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

    -- GitHub's words for a JWT whose times it does not believe name the claim.
    local function blames_the_clock(words)
        return words:find("'exp'", 1, true) or words:find("'iat'", 1, true) or words:find("Issued at", 1, true)
            or words:find("Expiration time", 1, true)
    end

    -- Whether a refusal is about the times in the JWT, and another one was made by GitHub's clock.
    local function corrected_clock(response)
        local served_at = clock.http_date(response.headers.date)
        if response.status ~= 401 or not served_at then return false end
        if not blames_the_clock((failures.words(response))) then return false end
        clock_offset_s = served_at - os.time()
        log.warn(("this machine's clock differs from GitHub's by %d s; the App's key is used by GitHub's"):format(
            math.abs(clock_offset_s)))
        jwt = nil
        return true
    end

    local function refuse(response, what)
        local words = failures.words(response)
        local details = { status = response.status, app = native.app().id }
        if response.status == 401 then
            uhost.fail("github.auth", ("GitHub does not accept the key of %s"):format(app_name()), {
                hint = "check that github.app_id belongs to the key in github.app_key_file, and that the key was not "
                    .. "deleted in the App's settings; also check this machine's clock",
                native = words, details = details,
            })
        end
        if response.status == 403 then
            uhost.fail("github.forbidden", ("GitHub gives %s no token for %s"):format(app_name(), what), {
                hint = "the installation may be suspended: see the account's settings, GitHub Apps", native = words,
                details = details,
            })
        end
        uhost.fail("github.auth", ("%s is not installed for %s"):format(app_name(), what), {
            hint = "install it there, or set github.app_installation to the number of its installation",
            native = words, details = details,
        })
    end

    -- The body of an answer to the App itself, which has no access but to what concerns it.
    local function ask(path, what)
        for round = 1, 2 do
            local body, response = transport.send({
                method = "GET", url = native.endpoints().api_url .. path, what = path, idempotent = true, cache = false,
                credential = current_jwt(), token = ("the key of %s"):format(app_name()), scope = "App",
                accepts = function(answer) return answer.status == 401 or answer.status == 404 end,
            })
            if response.ok then return body end
            if round == 2 or not corrected_clock(response) then refuse(response, what) end
        end
    end

    local function installation_of(repository)
        local account = repository:match("^[^/]+"):lower()
        return by_account[account] or locked(account, function()
            if not by_account[account] then
                by_account[account] = ask(("/repos/%s/installation"):format(repository), repository).id
            end
            return by_account[account]
        end)
    end

    local function only_installation()
        local list = ask("/app/installations", "any account")
        if #list == 1 then return list[1].id end
        uhost.fail("github.auth", ("%s has %d installations, and nothing tells which one to use")
            :format(app_name(), #list), { hint = "set github.app_installation to the number of one" })
    end

    local function repository_of(request)
        local named = request.url:sub(#native.endpoints().api_url + 1):match("^/repos/([^/]+/[^/?]+)")
        local variables = request.graphql and request.json and request.json.variables
        if not named and variables and type(variables.owner) == "string" and type(variables.name) == "string" then
            named = variables.owner .. "/" .. variables.name
        end
        return named
    end

    local function installation_for(request)
        local fixed = native.app().installation
        if fixed then return fixed end
        local repository = repository_of(request)
        if repository then return installation_of(repository) end
        local home = os.getenv("GITHUB_REPOSITORY")
        if last then return last end
        if home and home:match("^[^/]+/[^/]+$") then return installation_of(home) end
        return locked("/", only_installation)
    end

    -- One request for a token, made by the native half, which keeps the token. nil after what may pass.
    local function try_for_token(url, name, round, attempts)
        transport.requests = transport.requests + 1
        local ok, answer = pcall(native.request_token, url, current_jwt(), name)
        if ok and answer.status < 500 then return answer end
        if not ok and not (type(answer) == "table" and passing[answer.kind]) then error(answer, 0) end
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
                local margin_s = math.min(longest_margin_s, life_s / 4)
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
        last = installation
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
