-- `uhost lint`: luacheck, with the primitives known as globals. Policies and knowledge bases are left to `uhost check`,
-- which knows what the sandbox lends them.
local command_line = require("lib.command_line")
local definitions = require("lib.definitions")
local repository_root = require("lib.repository_root")

local M = {}

-- Folders that hold nothing of one's own, and those that `uhost check` looks at.
local skipped = { ".git", ".cache", "node_modules", "build", "policies", "kb" }

local function files_of(paths)
    local list = {}
    for _, path in ipairs(paths) do
        local stat = fs.stat(path)
        if not stat then uhost.fail("usage", "there is no file or folder " .. path, { hint = "check the spelling" }) end
        if stat.type == "directory" then
            for file in fs.walk(path, { glob = "**/*.lua", skip = skipped }) do list[#list + 1] = file end
        else
            list[#list + 1] = path
        end
    end
    return list
end

local function luacheck(files, standard)
    if #files == 0 then return 0 end
    local command = { "luacheck", "--std", standard, "--codes", "--read-globals" }
    for _, name in ipairs(definitions.primitive_names()) do command[#command + 1] = name end
    if not term.color("stdout") then command[#command + 1] = "--no-color" end
    command[#command + 1] = "--"
    for _, path in ipairs(files) do command[#command + 1] = path end
    command.stdout, command.stderr = "pass", "pass"
    local ok, result = pcall(process.run, command)
    if ok then return result.code end
    if uhost.is_error(result) and result.kind == "process.not_found" then
        uhost.fail("lint.luacheck", "luacheck is not installed", { hint = "apt-get install lua-check" })
    end
    error(result, 0)
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local parser = command_line.parser("lint", "Look for mistakes in scripts: unknown globals, unused variables and "
        .. "the like. Settings in .luacheckrc hold.", { "uhost lint", "uhost lint .", "uhost lint --help" })
    parser:argument("paths", "Files or folders. Default: all Lua files of this repository but policies/ and kb/, "
        .. "which `uhost check` looks at."):args("*")
    local paths = parser:parse(arguments).paths
    local files = files_of(#paths > 0 and paths or { repository_root.find() })
    if #files == 0 then
        log.info("there are no Lua files to look at")
        return 0
    end
    local scripts, specs = {}, {}
    for _, path in ipairs(files) do
        local list = path:find("_spec%.lua$") and specs or scripts
        list[#list + 1] = path
    end
    local code = math.max(luacheck(scripts, "luajit"), luacheck(specs, "luajit+busted"))
    return code <= 2 and math.min(code, 1) or 2
end

return M
