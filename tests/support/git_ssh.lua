-- An sshd of one's own on the loopback, without root where need be: for git over ssh.
local servers = require("support.servers")

local M = {}

local configuration = [[
ListenAddress 127.0.0.1
Port @PORT@
HostKey @FOLDER@/host_key
PidFile @FOLDER@/sshd.pid
AuthorizedKeysFile @FOLDER@/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
]]

local function write(path, text)
    local file = assert(io.open(path, "wb"))
    file:write(text)
    file:close()
end

local function read(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    return text
end

--- Whether there is one to start.
function M.available()
    local test = "test -x /usr/sbin/sshd && command -v ssh ssh-keygen"
    return process.run{ "sh", "-c", test, stdout = "discard" }.code == 0
end

--- Runs `body(server)`: `server.url`, "ssh://user@127.0.0.1:port", and `server.command(key)`, a GIT_SSH_COMMAND that
--- knows the server and logs in with the key "good" or "bad"; "stranger" does not know the server.
function M.with(body)
    return servers.in_folder(function(folder)
        for _, name in ipairs{ "host_key", "good", "bad" } do
            process.run{ "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder .. "/" .. name, check = true }
        end
        process.run{ "cp", folder .. "/good.pub", folder .. "/authorized_keys", check = true }
        if process.run{ "id", "-u" }.stdout == "0\n" then process.run{ "mkdir", "-p", "/run/sshd", check = true } end
        local port = servers.free_ports(1)
        write(folder .. "/sshd_config", (configuration:gsub("@FOLDER@", folder):gsub("@PORT@", tostring(port))))
        write(folder .. "/known_hosts", ("[127.0.0.1]:%d %s"):format(port, read(folder .. "/host_key.pub")))
        write(folder .. "/no_hosts", "")
        local sshd = process.start{ "/usr/sbin/sshd", "-D", "-e", "-f", folder .. "/sshd_config", stderr = "discard" }
        return task.finally(function()
            for _ = 1, 100 do
                if process.run{ "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" .. port, stderr = "discard" }.code == 0 then
                    break
                end
                task.sleep(0.05)
            end
            local user = process.run{ "id", "-un", check = true }.stdout:gsub("\n", "")
            return body{
                url = ("ssh://%s@127.0.0.1:%d"):format(user, port), folder = folder,
                command = function(key)
                    local hosts = key == "stranger" and "no_hosts" or "known_hosts"
                    local options = "-F none -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes"
                    return ("ssh %s -o UserKnownHostsFile=%s/%s -i %s/%s"):format(
                        options, folder, hosts, folder, key == "bad" and "bad" or "good")
                end,
            }
        end, function() sshd:close() end)
    end)
end

return M
