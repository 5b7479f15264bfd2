-- Which token goes with a request: that of the App's installation if an App is set, otherwise the user's.
local answered_here = require("uhost.github.answered_here")
local app_of = require("uhost.github.app")

return function(native, transport)
    local M = { app = app_of(native, transport) }

    -- Gives the request its credential, the name that messages have for it (`token`), who asks (`identity`, for the
    -- cache) and whose rate limit it uses (`scope`). Answers from inside the process need none of an App's tokens,
    -- and those of a recording none at all.
    function M.prepare(request)
        local is_replay, had_secrets = http.is_replay()
        if is_replay then
            request.token, request.identity = had_secrets and "the recording" or nil, "replay"
        elseif request.credential then
            request.token, request.identity = request.token or "the App's key", request.identity or "app"
        elseif native.app() and not answered_here() then
            local held = M.app.token_for(request)
            request.credential = native.installation_credential(held.name, request.graphql or false)
            request.token, request.held = held.name, held
            request.scope = ("installation %d"):format(held.installation)
            request.identity = ("app %s, %s"):format(native.app().id, request.scope)
        else
            request.credential, request.token = native.credential(request.graphql or false), native.token()
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
        return native.app() ~= nil or native.token() ~= nil or answered_here()
    end

    return M
end
