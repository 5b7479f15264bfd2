-- Everything that `uhost scaffold` writes, for a project of each language.
local M = {}

M.languages = { "rust", "cpp", "python", "node", "go" }

--- A project as scaffold sees it, with these files.
---@param language string
---@param files? table<string, string>
function M.project(language, files)
    files = files or {}
    return {
        root = ".", name = "kiln", github = "example/kiln", branch = "main", language = language,
        languages = { language }, scripts = {}, has = function(path) return files[path] ~= nil end,
        read = function(path) return files[path] end,
    }
end

--- The files of all modules, by path.
---@param language string
---@param files? table<string, string>
function M.files(language, files)
    local all = {}
    for _, module in ipairs(require("lib.scaffold.modules")) do
        for path, text in pairs(module.files(M.project(language, files))) do all[path] = text end
    end
    return all
end

function M.is_workflow(path) return path:find("^%.github/workflows/") ~= nil end
function M.is_action(path) return path:find("/action%.yml$") ~= nil end

--- The jobs of a workflow or composite action, with the default shell of each.
function M.jobs(path, text)
    local value = yaml.decode(text)
    if M.is_action(path) then return { runs = value.runs }, value end
    return value.jobs, value
end

--- The scripts of a workflow or action: { name, run, shell }.
function M.scripts(path, text)
    local list, jobs, value = {}, M.jobs(path, text)
    for id, job in pairs(jobs) do
        local default = job.container and "sh" or value.defaults and value.defaults.run.shell or "bash"
        for i, step in ipairs(job.steps or {}) do
            if step.run then
                list[#list + 1] = { name = ("%s.%s.%d"):format(path:gsub("[/.]", "_"), id, i), run = step.run,
                    shell = step.shell or default }
            end
        end
    end
    return list
end

return M
