-- git in repositories that are made for a demonstration.
local M = {}

--- What git must not read: a configuration, hooks or templates that would make this repository another one.
M.environment = {
    GIT_CONFIG_NOSYSTEM = "1", GIT_CONFIG_GLOBAL = "/dev/null", GIT_TEMPLATE_DIR = "", GIT_DIR = false,
    GIT_WORK_TREE = false, GIT_INDEX_FILE = false, GIT_OBJECT_DIRECTORY = false,
}

--- Runs git with these words.
---@param words string[]
---@param options? { stdin: string?, env: table<string, string>? }  env: more of it
function M.run(words, options)
    options = options or {}
    local command = { "git", env = tables.copy(M.environment), stdin = options.stdin, check = true }
    for name, value in pairs(options.env or {}) do command.env[name] = value end
    for _, word in ipairs(words) do command[#command + 1] = word end
    -- It changes nothing but the demonstration's own folder, also under a dry run.
    command.reads = true
    process.run(command)
end

return M
