-- What others say of files that uhost writes or ships: see check.mjs.
local peers_folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/../e2e/peers"

local M = {}

M.folder = peers_folder

--- Why the peers cannot be asked, or nil.
function M.missing()
    if fs.exists(peers_folder .. "/node_modules") then return nil end
    return "needs npm ci --prefix tests/e2e/peers"
end

local function ask(...) return process.run({ "node", peers_folder .. "/check.mjs", ... }) end

--- The problems that the peer for `kind` finds in files, a line for each; "" when there are none.
function M.problems(kind, ...)
    local result = ask(kind, ...)
    if result.code > 1 or result.stderr ~= "" then error(result.stderr .. result.stdout, 0) end
    return result.stdout
end

--- The commands in workflows or cron files.
function M.commands(kind, ...)
    local result = ask(kind, "--commands", ...)
    if result.code ~= 0 then error(result.stderr, 0) end
    return json.decode(result.stdout)
end

return M
