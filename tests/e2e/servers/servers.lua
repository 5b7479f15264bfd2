-- Starts the Node servers of the end-to-end tests.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")

local M = {}

-- Runs `body(server)` with a server of servers/NAME/server.mjs; `server.url` is its address, without a final slash.
function M.with(name, arguments, body)
    local command = { "node", ("%s/%s/server.mjs"):format(here, name) }
    for _, argument in ipairs(arguments) do command[#command + 1] = argument end
    local child = process.start(command)
    return task.finally(function()
        local port = assert(child:read_line(30), "the server did not start"):match('"port":(%d+)')
        local scheme = arguments[1] == "--tls" and "https" or "http"
        return body({ port = port, url = ("%s://localhost:%s"):format(scheme, port), child = child })
    end, function() child:close() end)
end

-- Runs `body(folder)` with a folder that is removed afterwards.
function M.in_folder(body)
    local folder = fs.temp_dir()
    return task.finally(function() return body(folder:path()) end, function() folder:close() end)
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
