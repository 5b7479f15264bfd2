-- Prometheus, its Pushgateway and promtool: installed, or unpacked by tests/run.
local servers = require("support.servers")

local M = {}

local unpacked = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/../../build/unpacked/usr/bin/"

local function program(name)
    if fs.exists(unpacked .. name) then return unpacked .. name end
    for folder in (os.getenv("PATH") or ""):gmatch("[^:]+") do
        if fs.exists(fs.join(folder, name)) then return fs.join(folder, name) end
    end
end

--- Why they cannot be asked, or nil.
function M.missing()
    if program("promtool") and program("prometheus-pushgateway") then return nil end
    return "needs prometheus and prometheus-pushgateway, which tests/run fetches"
end

--- What promtool finds wrong with metrics in its text format; "" for nothing.
function M.problems(text)
    local result = process.run{ program("promtool"), "check", "metrics", stdin = text }
    return result.code == 0 and "" or result.stdout .. result.stderr
end

-- Asks until the server answers that it is ready, or that it wants to know who asks.
local function wait_for(url)
    require("support.expect").eventually(function()
        local ok, response = pcall(http.get, url)
        return ok and (response.ok or response.status == 401)
    end)
end

local hash = "import crypt, sys; print(crypt.crypt(sys.argv[1], '$2b$04$' + 'a' * 22))"

--- A configuration file that lets one user in, for `with_pushgateway`.
function M.password_file(folder, user, password)
    local hashed = process.run({ "python3", "-W", "ignore", "-c", hash, password, check = true }).stdout
    local path = folder .. "/web.yml"
    fs.write(path, ("basic_auth_users: { %s: %q }\n"):format(user, hashed:gsub("%s+$", "")))
    return path
end

--- Runs `body(url)` with a Pushgateway.
---@param body fun(url: string)
---@param config string?  the path of its web configuration
function M.with_pushgateway(body, config)
    local url = ("http://127.0.0.1:%d"):format(servers.free_ports(1))
    local command = { program("prometheus-pushgateway"), "--web.listen-address", url:match("//(.*)"), "--log.level",
        "error" }
    if config then command[#command + 1] = "--web.config.file=" .. config end
    local child = process.start(command)
    return task.finally(function()
        wait_for(url .. "/-/ready")
        return body(url)
    end, function() child:close() end)
end

--- Runs `body(ask)` with a Prometheus that scrapes an address; `ask(query)` gives the results of a query.
function M.with_prometheus(scraped, folder, body)
    local url = ("http://127.0.0.1:%d"):format(servers.free_ports(1))
    fs.write(folder .. "/prometheus.yml", ([[
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: uhost
    honor_labels: true
    static_configs: [ { targets: [ "%s" ] } ]
]]):format(scraped:match("//(.*)")))
    local child = process.start{ program("prometheus"), "--config.file", folder .. "/prometheus.yml",
        "--storage.tsdb.path", folder .. "/data", "--web.listen-address", url:match("//(.*)"),
        "--log.level", "error" }
    return task.finally(function()
        wait_for(url .. "/-/ready")
        return body(function(query)
            return http.get(url .. "/api/v1/query", { query = { query = query } }):json().data.result
        end)
    end, function() child:close() end)
end

return M
