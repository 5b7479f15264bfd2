-- git's own HTTP server: nginx, fcgiwrap and git http-backend, over a folder of bare repositories.
local servers = require("support.servers")

local M = {}

M.token = "ghs_token-for-tests-0123456789"
M.user, M.password = "ann", "nobodyguessesthis"

-- Where it serves what: open; behind a login; so slowly that a transfer can be cut; sent on to another host name.
local configuration = [[
worker_processes 2;
pid @FOLDER@/nginx.pid;
error_log @FOLDER@/error.log;
daemon off;
@ACCOUNT@
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path @FOLDER@/body;
    fastcgi_temp_path @FOLDER@/fastcgi;
    proxy_temp_path @FOLDER@/proxy;
    scgi_temp_path @FOLDER@/scgi;
    uwsgi_temp_path @FOLDER@/uwsgi;
    client_max_body_size 0;
    fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
    fastcgi_param GIT_PROJECT_ROOT @FOLDER@/repositories;
    fastcgi_param GIT_HTTP_EXPORT_ALL "";
    fastcgi_param REQUEST_METHOD $request_method;
    fastcgi_param QUERY_STRING $query_string;
    fastcgi_param CONTENT_TYPE $content_type;
    fastcgi_param CONTENT_LENGTH $content_length;
    fastcgi_param REMOTE_USER $remote_user;
    fastcgi_param REMOTE_ADDR $remote_addr;
    server {
        listen 127.0.0.1:@PORT@;
        @LISTEN_TLS@
        location ~ ^/open(/.*)$ { fastcgi_param PATH_INFO $1; @INHERIT@ fastcgi_pass unix:@FOLDER@/fcgi.sock; }
        location ~ ^/auth(/.*)$ {
            auth_basic "repositories";
            auth_basic_user_file @FOLDER@/users;
            fastcgi_param PATH_INFO $1; @INHERIT@
            fastcgi_pass unix:@FOLDER@/fcgi.sock;
        }
        location ~ ^/slow(/.*)$ {
            limit_rate 200k;
            fastcgi_param PATH_INFO $1; @INHERIT@
            fastcgi_pass unix:@FOLDER@/fcgi.sock;
        }
        location ~ ^/elsewhere(/.*)$ { return 302 http://localhost:@PORT@/auth$1$is_args$args; }
        location ~ ^/moved(/.*)$ { return 301 http://127.0.0.1:@PORT@/auth$1$is_args$args; }
        location ~ ^/broken/ { return 503; }
        location / { return 404; }
    }
}
]]

local function accepts(port)
    return process.run{ "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" .. port, stderr = "discard" }.code == 0
end

local function write(path, text)
    local file = assert(io.open(path, "wb"))
    file:write(text)
    file:close()
end

local function configure(folder, port, tls_port, tls)
    -- A location's own fastcgi_param hides those above it, so each repeats them.
    local inherited = {}
    for line in configuration:gmatch("\n    (fastcgi_param[^\n]+)") do table.insert(inherited, line) end
    local certificate = tls and ("listen 127.0.0.1:%d ssl; ssl_certificate %s; ssl_certificate_key %s;"):format(
        tls_port, tls.certificate, tls.key) or ""
    local text = configuration:gsub("@INHERIT@", (table.concat(inherited, " "):gsub("%%", "%%%%")))
        :gsub("@LISTEN_TLS@", certificate):gsub("@FOLDER@", folder):gsub("@PORT@", tostring(port))
        :gsub("@ACCOUNT@", process.run{ "id", "-u" }.stdout == "0\n" and "user root;" or "")
    write(folder .. "/nginx.conf", text)
end

local function start_nginx(folder, tls)
    for _ = 1, 20 do
        local port, tls_port = servers.free_ports(2)
        configure(folder, port, tls_port, tls)
        local nginx = process.start{ "nginx", "-c", folder .. "/nginx.conf", "-e", folder .. "/error.log",
            stderr = "discard" }
        for _ = 1, 100 do
            if accepts(port) then return nginx, port, tls_port end
            if not nginx:running() then break end
            task.sleep(0.05)
        end
        nginx:close()
    end
    error("nginx does not start: " .. (io.open(folder .. "/error.log"):read("*l") or ""))
end

--- Runs `body(server)`: `server.url` without a final slash, `server.repositories`, the folder that it serves.
function M.with(body)
    return servers.in_folder(function(folder)
        process.run{ "mkdir", folder .. "/repositories", check = true }
        write(folder .. "/users",
            ("%s:{PLAIN}%s\nx-access-token:{PLAIN}%s\n"):format(M.user, M.password, M.token))
        local key, certificate = servers.certificate(folder)
        local wrapper = process.start{ "fcgiwrap", "-c", "4", "-s", "unix:" .. folder .. "/fcgi.sock",
            stderr = "discard" }
        local nginx, port, tls_port = start_nginx(folder, { key = key, certificate = certificate })
        return task.finally(function()
            return body{
                url = "http://127.0.0.1:" .. port, tls_url = "https://localhost:" .. tls_port, port = port,
                certificate = certificate, repositories = folder .. "/repositories", nginx = nginx,
            }
        end, function()
            nginx:close()
            wrapper:close()
        end)
    end)
end

return M
