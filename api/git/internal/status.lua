-- The status as git reads it (porcelain version 2): with filters, sparse checkouts and split indexes, on all cores.
local program = require("uhost.git.internal.program")

local M = {}

local entry_of = uhost.record("git.StatusEntry", { "path", "old_path", "staged", "unstaged", "conflicted" })
local words = { A = "added", M = "modified", D = "deleted", R = "renamed", T = "type_changed", C = "copied" }

-- "1 XY sub mH mI mW hH hI path", "2 XY sub mH mI mW hH hI score path" with the old path in the next field,
-- "u XY sub m1 m2 m3 mW h1 h2 h3 path", "? path", "! path".
local function entries_in(output)
    local entries, waiting = {}, nil
    for field in output:gmatch("([^%z]*)%z") do
        local kind = field:sub(1, 1)
        if waiting then
            waiting.old_path, waiting = field, nil
        elseif kind == "?" or kind == "!" then
            entries[#entries + 1] = entry_of({
                path = field:sub(3), unstaged = kind == "?" and "untracked" or "ignored", conflicted = false,
            })
        else
            local fields_before = kind == "1" and 7 or kind == "2" and 8 or 9
            local path = field:match("^" .. ("%S+ "):rep(fields_before + 1) .. "(.*)$")
            local entry = entry_of({ path = path, conflicted = kind == "u" })
            if kind ~= "u" then entry.staged, entry.unstaged = words[field:sub(3, 3)], words[field:sub(4, 4)] end
            if kind == "2" then waiting = entry end
            entries[#entries + 1] = entry
        end
    end
    table.sort(entries, function(a, b) return a.path < b.path end)
    return entries
end

---@param repository git.Repository
---@param options table?
---@param by_libgit2 function  where git is not installed
---@return git.StatusEntry[]
function M.read(repository, options, by_libgit2)
    local owner = "Repository:status"
    options = uhost.check_options(options, owner, { "paths", "untracked", "ignored" })
    if repository:is_bare() then return by_libgit2(repository, options) end
    local arguments = {
        "-c", "core.fsmonitor=false", "--no-optional-locks", "status", "--porcelain=v2", "-z", "--renames",
        options.untracked == false and "--untracked-files=no" or "--untracked-files=all",
    }
    if options.ignored then arguments[#arguments + 1] = "--ignored=matching" end
    if options.paths then program.add_paths(arguments, program.texts(options.paths, "paths", owner)) end
    local ok, output = pcall(program.read, repository, arguments, "cannot read the status")
    if ok then return entries_in(output) end
    local is_without_git = output.kind == "process.not_found" or output.kind == "permission.denied"
    if is_without_git then return by_libgit2(repository, options) end
    error(output, 0)
end

return M
