-- The workflow files that a log may be of: in the work tree, or at GitHub at the commit that failed.
local guard_sources = require("lib.workflow_guard.sources")
local github_home = require("lib.github_home")
local repository_root = require("lib.repository_root")

local M = {}

local max_bytes = 1024 * 1024

---@class workflow_patch.Files
---@field list { path: string, text: string }[]  the workflows that come into question
---@field read fun(path: string): string?  other files of the repository
---@field where string  for people

local function of_work_tree(wanted)
    local root = repository_root.find()
    return {
        list = guard_sources.of_work_tree(root, wanted), where = "the work tree",
        read = guard_sources.reader(function(path)
            return fs.read(fs.join(root, path), { limit_bytes = max_bytes })
        end),
    }
end

local function is_clone_of(name)
    local repo = repository_root.open()
    if not repo then return false end
    local home = github_home.of(repo)
    repo:close()
    return home ~= nil and home:lower() == name:lower()
end

local function of_run(source)
    local path = source.run.workflow_path and source.run.workflow_path:gsub("@.*$", "")
    if not path then return nil, "GitHub does not say which workflow the run is of" end
    if is_clone_of(source.repository) then
        local files = of_work_tree({ path })
        if #files.list == 1 then return files end
    end
    local function read(name)
        local content = source.repo:contents(name, { ref = source.run.head_sha })
        return type(content) == "string" and #content <= max_bytes and content or nil
    end
    local text = read(path)
    if not text then return nil, ("%s has no %s at the commit that failed"):format(source.repository, path) end
    return { list = { { path = path, text = text } }, read = guard_sources.reader(read),
        where = ("%s at %s"):format(source.repository, source.run.head_sha:sub(1, 12)) }
end

--- The files for a log; nil and why when there are none.
---@param source diagnose.Source
---@param workflow? string  the file that the user named
---@return workflow_patch.Files?
---@return string? why
function M.of(source, workflow)
    if workflow then
        local files = of_work_tree({ "none" })
        files.list = { guard_sources.file(workflow, workflow) }
        return files
    end
    if source.run and source.repo then return of_run(source) end
    local files = of_work_tree({ ".github/workflows" })
    if #files.list == 0 then return nil, "there are no workflows in .github/workflows; name one with --workflow" end
    return files
end

return M
