-- Clients of HTTP servers that say what no library would: Python programs on bare sockets.
local M = {}

local prelude = [[
import socket, sys, time
def connect():
    s = socket.create_connection((%q, %d)); s.settimeout(%d); return s
def all_of(s):
    data = b""
    try:
        while True:
            more = s.recv(65536)
            if not more: break
            data += more
    except OSError: pass
    return data
]]

---@class support.BareAddress
---@field host string
---@field port integer
---@field timeout_s integer  how long a read waits

--- The command that runs a program: `connect()` gives it a socket to the address, `all_of(socket)` what comes until its
--- end.
---@param address support.BareAddress
---@param program string
---@return string[]
function M.command(address, program)
    return { "python3", "-u", "-c", prelude:format(address.host, address.port, address.timeout_s) .. program }
end

--- What a program prints.
---@param address support.BareAddress
---@param program string
---@return string
function M.play(address, program)
    local command = M.command(address, program)
    command.check = true
    return process.run(command).stdout
end

return M
