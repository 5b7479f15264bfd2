-- What scaffolding has to know of a repository.
local repository_root = require("lib.repository_root")

local M = {}

---@class scaffold.Project
---@field root string
---@field name string  as packages and images may be called
---@field github string  "owner/name"; "OWNER/NAME" when no remote says so
---@field branch string  the default branch
---@field language? string
---@field has fun(path: string): boolean
---@field read fun(path: string): string?
---@field scripts table<string, boolean>  of package.json

local max_bytes = 1024 * 1024

-- A language by the files that only its projects have, most telling first.
M.manifests = {
    { "rust", { "Cargo.toml" } }, { "go", { "go.mod" } },
    { "python", { "pyproject.toml", "setup.py", "requirements.txt" } }, { "node", { "package.json" } },
    { "cpp", { "CMakeLists.txt" } },
}

--- The languages of a project, most telling first.
---@param has fun(path: string): boolean
---@return string[]
function M.languages(has)
    local list = {}
    for _, each in ipairs(M.manifests) do
        for _, file in ipairs(each[2]) do
            if has(file) then
                list[#list + 1] = each[1]
                break
            end
        end
    end
    return list
end

local function safe(text, pattern) return text and text:match(pattern) == text and text or nil end

-- Names come from files that others may write, and go into YAML and shell scripts.
local function name_of(project, remote)
    local manifest = project.read("package.json")
    local ok, package = pcall(json.decode, manifest or "null")
    local names = {
        (project.read("Cargo.toml") or ""):match('%[package%][^%[]-\nname%s*=%s*"([^"\n]+)"'),
        (project.read("go.mod") or ""):match("^module%s+%S-([%w._-]+)%s*\n"),
        (project.read("pyproject.toml") or ""):match('%[project%][^%[]-\nname%s*=%s*"([^"\n]+)"'),
        manifest and ok and type(package) == "table" and type(package.name) == "string"
            and package.name:match("([^/]+)$") or nil,
        (project.read("CMakeLists.txt") or ""):match("project%s*%(%s*([%w._-]+)"), remote and remote:match("[^/]+$"),
        fs.basename(fs.absolute(project.root)),
    }
    for i = 1, 7 do
        local name = names[i] and safe(names[i], "%w[%w._-]*")
        if name and #name <= 64 then return name end
    end
    return "app"
end

local function remote_of(repo)
    for _, remote in ipairs(repo and repo:remotes() or {}) do
        local found = remote.name == "origin" and github.repository_of(remote.url or "")
        if found and safe(found, "[%w._-]+/[%w._-]+") then return found end
    end
end

-- The branch that the remote calls its default; without one, that which is checked out in a new repository.
local function branch_of(repo)
    for _, ref in ipairs(repo and repo:refs("refs/remotes/origin/") or {}) do
        local branch = ref.name == "refs/remotes/origin/HEAD" and ref.symbolic
            and ref.symbolic:gsub("^refs/remotes/origin/", "")
        if branch and safe(branch, "%w[%w._/-]*") then return branch end
    end
    for _, name in ipairs({ "main", "master" }) do
        if repo and #repo:refs("refs/heads/" .. name) > 0 then return name end
    end
    return "main"
end

local function scripts_of(project)
    local ok, package = pcall(json.decode, project.read("package.json") or "null")
    local names = {}
    for name, command in pairs(ok and type(package) == "table" and type(package.scripts) == "table"
        and package.scripts or {}) do
        names[name] = type(command) == "string" and not command:find("no test specified", 1, true)
    end
    return names
end

--- The repository that the current folder lies in, or the folder; or another folder, without its repository.
---@param options { language?: string, root?: string }
---@return scaffold.Project
function M.open(options)
    local repo = not options.root and repository_root.open() or nil
    local project = { root = options.root or repository_root.find() }
    function project.read(path) return fs.read(fs.join(project.root, path), { limit_bytes = max_bytes }) end
    function project.has(path) return fs.exists(fs.join(project.root, path)) end
    local remote = remote_of(repo)
    project.github, project.branch = remote or "OWNER/NAME", branch_of(repo)
    project.name, project.scripts = name_of(project, remote), scripts_of(project)
    project.languages = M.languages(project.has)
    project.language = options.language or (#project.languages == 1 and project.languages[1] or nil)
    if repo then repo:close() end
    return project
end

return M
