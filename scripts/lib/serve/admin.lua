-- What administrators see and do: jobs and deliveries as JSON, a page that shows them, and jobs ended or run again.
local store_of = require("lib.serve.store")

local M = {}

M.token = "SERVE_ADMIN_TOKEN"

local shown_rows = 200

local folder = fs.dirname(debug.getinfo(1, "S").source:sub(2))

local function refused(status, reason) return { status = status, body = reason .. "\n" } end

-- The page itself says nothing; what it shows it asks for with the token.
local files = {
    ["/admin"] = { "client/admin.html", "text/html; charset=utf-8" },
    ["/admin/admin.js"] = { "client/admin.js", "text/javascript; charset=utf-8" },
    ["/admin/style.css"] = { "../dashboard/client/style.css", "text/css; charset=utf-8" },
}

local security = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
    .. "form-action 'none'; frame-ancestors 'none'"

local function file(path)
    local name, media_type = unpack(files[path])
    return { body = assert(fs.read(fs.join(folder, name))), headers = { ["Content-Type"] = media_type,
        ["Content-Security-Policy"] = security, ["X-Content-Type-Options"] = "nosniff",
        ["Referrer-Policy"] = "no-referrer", ["Cache-Control"] = "no-cache" } }
end

local lists = {
    ["/admin/jobs"] = function(context)
        return { jobs = json.array(store_of.jobs(context.store, shown_rows)) }
    end,
    ["/admin/deliveries"] = function(context)
        return { deliveries = json.array(store_of.deliveries(context.store, shown_rows)) }
    end,
}

local actions = {}

function actions.cancel(context, id)
    local state = store_of.cancel_job(context.store, id)
    if not state then return refused(409, ("job %d has ended already"):format(id)) end
    -- One that another service runs, that one ends.
    if state == "running" and context.pool then context.pool.cancel(id) end
    return { json = { state = state } }
end

function actions.retry(context, id)
    if not store_of.retry_job(context.store, id) then
        return refused(409, ("job %d waits or runs already, or a newer one took its place"):format(id))
    end
    if context.pool then context.pool.wake() end
    return { json = { state = "queued" } }
end

local function action_of(request)
    local id, name = request.path:match("^/admin/jobs/(%d+)/(%l+)$")
    return name and actions[name], tonumber(id)
end

--- Answers a request below /admin; nil where there is nothing.
---@param context serve.Context
---@param request server.Request
---@return server.Response?
function M.answer(context, request)
    local action, id = action_of(request)
    local method = action and "POST" or "GET"
    if not action and not files[request.path] and not lists[request.path] then return nil end
    if request.method ~= method and not (method == "GET" and request.method == "HEAD") then
        return refused(405, method .. " it")
    end
    if files[request.path] then return file(request.path) end
    if not request:bears(M.token) then
        return { status = 401, headers = { ["WWW-Authenticate"] = "Bearer" },
            body = ("this is for whoever has the token in %s\n"):format(M.token) }
    end
    if action then
        if not store_of.has_job(context.store, id) then return refused(404, ("there is no job %.0f"):format(id)) end
        return action(context, id)
    end
    return { json = lists[request.path](context), headers = { ["Cache-Control"] = "no-store" } }
end

return M
