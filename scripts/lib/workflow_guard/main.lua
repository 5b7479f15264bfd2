-- `uhost workflow_guard`: does a change to workflows check less than before?
local command_line = require("lib.command_line")
local demo = require("lib.workflow_guard.demo")
local guard = require("lib.workflow_guard.guard")
local output = require("lib.workflow_guard.output")
local repository_root = require("lib.repository_root")
local sources = require("lib.workflow_guard.sources")

local M = {}

local max_script_bytes = 1024 * 1024

local function read_options(arguments)
    local parser = command_line.parser("workflow_guard",
        "Say where a change to GitHub workflows checks less than before: what was removed, hidden or weakened. "
        .. "Renamed, moved and replaced checks are not losses.", {
            "uhost workflow_guard --demo", "uhost workflow_guard", "uhost workflow_guard --base HEAD --head HEAD",
            "uhost workflow_guard .github/workflows --format markdown",
        }, "0 the same checks run, 1 fewer checks run, 2 usage or policy, 3 the repository could not be read, "
        .. "130 interrupted.")
    parser:argument("paths", "Workflows and folders of them, from the repository's root. Default: all."):args("*")
    parser:option("--base", "The revision before."):argname("REV"):default("HEAD")
    parser:option("--head", "The revision after. Default: the work tree."):argname("REV")
    parser:option("--base-file", "Compare two files: the one before."):argname("FILE")
    parser:option("--head-file", "The one after."):argname("FILE")
    parser:option("--format", "How findings are written."):choices(output.formats):default("text")
    parser:flag("--demo", "Show what it finds in a change made for it.")
    return parser:parse(arguments)
end

local function two_files(options)
    if not (options.base_file and options.head_file) then
        uhost.fail("usage", "--base-file and --head-file belong together",
            { hint = "uhost workflow_guard --base-file old.yml --head-file new.yml" })
    end
    return { sources.file(options.base_file, options.head_file) }, { sources.file(options.head_file,
        options.head_file) }
end

-- The branch that the remote begins with; nil where no clone has said so.
local function default_branch(repo)
    for _, ref in ipairs(repo:refs("refs/remotes/origin/HEAD")) do
        local branch = ref.symbolic and ref.symbolic:match("^refs/remotes/origin/(.+)$")
        if branch then return branch end
    end
end

local function two_revisions(options)
    local repo = git.open(".")
    local base = sources.of_revision(repo, options.base, options.paths)
    local function of(revision)
        return sources.reader(function(path) return repo:read(revision, path, { limit_bytes = max_script_bytes }) end)
    end
    if options.head then
        return base, sources.of_revision(repo, options.head, options.paths),
            { base = of(options.base), head = of(options.head), default_branch = default_branch(repo) }
    end
    local root = repository_root.find()
    local function of_work_tree(path) return fs.read(fs.join(root, path), { limit_bytes = max_script_bytes }) end
    return base, sources.of_work_tree(root, options.paths),
        { base = of(options.base), head = sources.reader(of_work_tree), default_branch = default_branch(repo) }
end

local function read_files(options)
    if options.demo then return demo.base, demo.head end
    if options.base_file or options.head_file then return two_files(options) end
    return two_revisions(options)
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    local base, head, readers = read_files(options)
    local rules = policy.load("workflow_rules", { schema = require("lib.schemas.workflow_rules") })
    local result, texts = guard.compare(base, head, rules, readers), {}
    for _, file in ipairs(head) do texts[file.path] = file.text end
    io.write(output.render(result, options.format, texts))
    return result.coverage_reduced and 1 or 0
end

return M
