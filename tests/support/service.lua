-- Starts `uhost serve` as a process of its own, in a folder with its policies, and sends it webhooks as GitHub does.
local M = {}

local uhost_binary = os.getenv("UHOST") or "uhost"
local secret = "a secret of the tests"

---@class support.Service
---@field url string
---@field folder string
---@field child process.Child

-- "listening at http://…", among what it logs.
local function address_in(file)
    local text = fs.read(file) or ""
    return text:match("listening at (https?://%S+)")
end

--- Starts it in `folder`; its state is in `folder`/state, its log in `folder`/log.
function M.start(folder, options)
    options = options or {}
    local log = ("%s/log-%d"):format(folder, math.random(2 ^ 30))
    local command = { uhost_binary, "serve", "--port", "0", cwd = folder,
        mutates = "start the service",
        stdout = { file = log }, merge_stderr = true,
        env = { UHOST_STATE = folder .. "/state", GITHUB_WEBHOOK_SECRET = secret,
            SERVE_ADMIN_TOKEN = "admin-token-1234",
            GITHUB_TOKEN = options.token or false, GITHUB_API_URL = options.api or false } }
    for name, value in pairs(options.env or {}) do command.env[name] = value end
    for i, option in ipairs(options.of_host or {}) do table.insert(command, i + 1, option) end
    if not options.dashboard then command[#command + 1] = "--no-dashboard" end
    for _, argument in ipairs(options.arguments or {}) do command[#command + 1] = argument end
    local child = process.start(command)
    require("support.expect").eventually(function() return address_in(log) or not child:running() end)
    local url = assert(address_in(log), fs.read(log))
    return { url = url, folder = folder, child = child, log = function() return fs.read(log) end }
end

--- Runs `body(service)` beside a service whose folder has these files; `options.prepare(folder)` comes before it.
function M.with(files, body, options)
    local folder = fs.temp_dir()
    task.finally(function()
        for name, text in pairs(files) do
            fs.mkdir(fs.dirname(fs.join(folder:path(), name)))
            fs.write(fs.join(folder:path(), name), text)
        end
        fs.mkdir(folder:path() .. "/state")
        if options and options.prepare then options.prepare(folder:path()) end
        local service = M.start(folder:path(), options)
        task.finally(function() body(service) end, function() service.child:close() end)
    end, function() folder:close() end)
end

local function signature_of(body, key)
    local result = process.run({ "openssl", "dgst", "-sha256", "-hmac", key or secret, stdin = body, reads = true,
        check = true })
    return "sha256=" .. result.stdout:match("(%x+)%s*$")
end

--- Sends a delivery; `options`: id, signature, content_type.
function M.deliver(service, event, payload, options)
    options = options or {}
    local body = type(payload) == "string" and payload or json.encode(payload)
    return http.post(service.url .. "/webhooks/github", { body = body, mutates = false, headers = {
        ["Content-Type"] = options.content_type or "application/json", ["X-GitHub-Event"] = event,
        ["X-GitHub-Delivery"] = options.id or hash.text(event .. body):sub(1, 36),
        ["X-Hub-Signature-256"] = options.signature or signature_of(body, options.key),
    } })
end

local function admin(service, page)
    return http.get(("%s/admin/%s"):format(service.url, page),
        { headers = { Authorization = "Bearer admin-token-1234" } }):json()[page]
end

function M.jobs(service) return admin(service, "jobs") end
function M.deliveries(service) return admin(service, "deliveries") end

M.secret, M.signature_of = secret, signature_of

return M
