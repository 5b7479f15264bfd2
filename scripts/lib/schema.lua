-- `uhost schema NAME`: the JSON Schemas of what commands write with --json or --format json.
local command_line = require("lib.command_line")

local M = {}

local function folder() return fs.join(uhost.share, "scripts/lib/schemas") end

--- The names of all schemas.
---@return string[]
function M.names()
    local names = {}
    for _, file in ipairs(fs.list(folder())) do names[#names + 1] = file:match("^(.+)%.json$") end
    return names
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local parser = command_line.parser("schema", "Print the JSON Schema (draft 7) of what a command writes as JSON.",
        { "uhost schema", "uhost schema doctor", "uhost schema monthly_audit > audit.schema.json" })
    parser:argument("name", "A command. Without it, all names are listed."):args("?")
    local name = parser:parse(arguments).name
    if not name then
        print(table.concat(M.names(), "\n"))
        return 0
    end
    local path = fs.join(folder(), fs.basename(name) .. ".json")
    if not fs.exists(path) then
        uhost.fail("usage", ("there is no schema '%s'"):format(name), { hint = uhost.suggest(name, M.names()) })
    end
    io.write(fs.read(path))
    return 0
end

return M
