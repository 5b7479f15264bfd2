-- Starts the Node servers of the end-to-end tests.
local servers_folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/../e2e/servers"

local M = {}

-- Fails when what a stand-in was asked, or answered, breaks its service's own description of its API. A test that is
-- about such a request has the stand-in for GitHub forget it: control({ forgive = true }).
local function assert_no_violations(server)
    local violations = http.get(server.control_url):json().violations
    if #violations == 0 then return end
    local lines = {}
    for _, each in ipairs(violations) do
        local problems = table.concat(each.problems, "; ")
        lines[#lines + 1] = ("%s %s (%s): %s"):format(each.method, each.path, each.kind, problems)
    end
    error("the description of the API was broken:\n  " .. table.concat(lines, "\n  "), 0)
end

-- Runs `body(server)` with a server of e2e/servers/NAME/server.mjs; `server.url` is its address, without a final slash.
-- After `body`, a stand-in for GitHub or Kubernetes is asked whether anything broke the description of its API.
function M.with(name, arguments, body)
    local command = { "node", ("%s/%s/server.mjs"):format(servers_folder, name) }
    for _, argument in ipairs(arguments) do command[#command + 1] = argument end
    local child = process.start(command)
    return task.finally(function()
        local ports = json.decode((assert(child:read_line(30), "the server did not start")))
        local scheme = arguments[1] == "--tls" and "https" or "http"
        local server = { port = ports.port, url = ("%s://localhost:%d"):format(scheme, ports.port), child = child,
            smtp_port = ports.smtp_port, ports = ports }
        if not ports.plain_port then return body(server) end
        server.plain_url = ("http://localhost:%d"):format(ports.plain_port)
        server.control_url = server.plain_url .. "/_control"
        body(server)
        assert_no_violations(server)
    end, function() child:close() end)
end

-- Runs `body(folder)` with a folder that is removed afterwards.
function M.in_folder(body)
    local folder = fs.temp_dir()
    return task.finally(function() return body(folder:path()) end, function() folder:close() end)
end

local binding = [[
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for each in sockets: each.bind(("127.0.0.1", 0))
print(*[each.getsockname()[1] for each in sockets])
]]

-- Ports of the loopback that nobody listens at, as the kernel gives them: for servers that cannot choose their own.
function M.free_ports(count)
    local ports = {}
    for port in process.run({ "python3", "-c", binding, count, check = true }).stdout:gmatch("%d+") do
        ports[#ports + 1] = tonumber(port)
    end
    return unpack(ports)
end

-- A key and a certificate for localhost that no authority has signed; their file names.
function M.certificate(folder)
    local key, certificate = folder .. "/key.pem", folder .. "/certificate.pem"
    process.run({
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", check = true,
    })
    return key, certificate
end

-- Runs `body(github)` with a stand-in for GitHub that has repository o/n: `ask(method, path, payload, headers)` sends a
-- request as no script would, by hand, `send(method, path, bytes)` one whose body is no JSON; `control(order)` steers
-- it, `report()` is what it says of itself, `violations()` what was wrong with the requests so far, and forgives it.
function M.github_by_hand(body)
    M.with("github", {}, function(server)
        local github = { url = server.url }
        function github.control(order)
            return http.post(server.control_url, { json = order, mutates = false })
        end
        function github.report() return http.get(server.control_url):json() end
        function github.violations()
            local list = github.report().violations
            github.control({ forgive = true })
            return list
        end
        local function send(method, path, request, headers)
            request.headers = { accept = "application/vnd.github+json", authorization = "Bearer ghp_test" }
            for name, value in pairs(headers or {}) do request.headers[name] = value end
            request.method, request.mutates = method, false
            request.url = path:match("^http") and path or server.url .. path
            return http.request(request)
        end
        function github.ask(method, path, payload, headers)
            return send(method, path, { json = payload }, headers)
        end
        function github.send(method, path, bytes)
            return send(method, path, { body = bytes }, { ["content-type"] = "application/octet-stream" })
        end
        github.control({ repository = "o/n", generate = 20 })
        body(github)
    end)
end

-- Iterates over example payloads of GitHub's webhooks: the name of the event, and the payload as JSON.
function M.webhook_payloads()
    local script = servers_folder .. "/github/webhooks.mjs"
    local result = process.run({ "node", script, check = true, max_output_bytes = 2 ^ 26 })
    return result.stdout:gmatch("([^\t\n]+)\t([^\n]+)")
end

-- Runs the real binary with `code`; `options` as for process.run, with `arguments` for the host.
function M.uhost(code, options)
    local command = { os.getenv("UHOST") or "uhost" }
    for _, argument in ipairs(options and options.arguments or {}) do command[#command + 1] = argument end
    command[#command + 1], command[#command + 2] = "-e", code
    for key, value in pairs(options or {}) do
        if key ~= "arguments" then command[key] = value end
    end
    command.timeout_s = command.timeout_s or 120
    return process.run(command)
end

return M
