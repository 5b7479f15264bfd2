-- Commits made again on another base, in memory: no index, no work tree, no reference. The installed git merges, with
-- its own strategy; what it makes are objects that nothing names yet.
local M = {}

-- Committers' dates are those of the original commits, so that the same replay gives the same ids whenever it is made.
local function identity_of(commit)
    local function seconds(iso) return ("@%d +0000"):format(time.parse(iso)) end
    return {
        GIT_AUTHOR_NAME = commit.author, GIT_AUTHOR_EMAIL = commit.author_email,
        GIT_AUTHOR_DATE = seconds(commit.author_time), GIT_COMMITTER_NAME = commit.committer,
        GIT_COMMITTER_EMAIL = commit.committer_email, GIT_COMMITTER_DATE = seconds(commit.committer_time),
    }
end

local function run(repo, words, options)
    options = options or {}
    local command = { "git", "--git-dir", repo:common_folder(), "-c", "core.hooksPath=/dev/null", "-c",
        "commit.gpgSign=false" }
    for _, word in ipairs(words) do command[#command + 1] = word end
    command.env, command.stdin, command.check = options.env, options.stdin, not options.any_code
    command.reads = true  -- under a dry run, `repo` is a temporary one
    return process.run(command)
end

local function line_of(...) return (run(...).stdout:gsub("\n$", "")) end

--- Makes a commit with a tree, the words and people of `original`, and these parents.
---@param repo git.Repository
---@param original git.Commit
---@param tree string
---@param parents string[]
---@return string id
function M.commit_again(repo, original, tree, parents)
    local words = { "commit-tree", tree }
    for _, parent in ipairs(parents) do
        words[#words + 1] = "-p"
        words[#words + 1] = parent
    end
    return line_of(repo, words, { env = identity_of(original), stdin = original.message })
end

--- A tree with changes.
---@param repo git.Repository
---@param tree string
---@param changes table<string, { text: string, mode: string? } | false>  by path; false removes
---@return string tree
function M.change_tree(repo, tree, changes)
    local folder = fs.temp_dir()
    return task.finally(function()
        local env = { GIT_INDEX_FILE = fs.join(folder:path(), "index") }
        run(repo, { "read-tree", tree }, { env = env })
        local lines = {}
        for path, change in pairs(changes) do
            if change then
                local blob = line_of(repo, { "hash-object", "-w", "--stdin" }, { stdin = change.text })
                lines[#lines + 1] = ("%s %s\t%s"):format(change.mode or "100644", blob, path)
            else
                lines[#lines + 1] = ("0 %s\t%s"):format(("0"):rep(40), path)
            end
        end
        lines[#lines + 1] = ""
        run(repo, { "update-index", "-z", "--index-info" }, { env = env, stdin = table.concat(lines, "\0") })
        return line_of(repo, { "write-tree" }, { env = env })
    end, function() folder:close() end)
end

-- The stages of conflicted files, from the answer of `git merge-tree -z`.
local function stages_of(text)
    local files, order = {}, {}
    for entry in text:gmatch("([^%z]*)%z") do
        if entry == "" then break end
        local mode, oid, stage, path = entry:match("^(%d+) (%x+) (%d)\t(.*)$")
        if path then
            if not files[path] then
                files[path] = { path = path }
                order[#order + 1] = files[path]
            end
            files[path][({ "base", "upstream", "fork" })[tonumber(stage)]] = { oid = oid, mode = mode }
        end
    end
    return order
end

local function kind_of(file)
    if file.base and file.upstream and file.fork then
        return file.base.mode == "160000" and "submodule" or "content"
    end
    if file.upstream and file.fork then return "add/add" end
    if file.base and (file.upstream or file.fork) then return "modify/delete" end
    return "rename"
end

local function is_binary(text) return text:find("\0", 1, true) ~= nil end

-- The three texts, and what git would write into the file.
local function read_texts(repo, file, labels)
    for _, side in ipairs({ "base", "upstream", "fork" }) do
        local entry = file[side]
        if entry and entry.mode ~= "160000" then entry.text = repo:read_blob(entry.oid) end
    end
    if not (file.upstream and file.fork and file.upstream.text and file.fork.text) then return end
    local base = file.base and file.base.text or ""
    if is_binary(base) or is_binary(file.upstream.text) or is_binary(file.fork.text) then
        file.kind = "binary"
        return
    end
    local folder = fs.temp_dir()
    task.finally(function()
        local paths = {}
        for i, text in ipairs({ file.upstream.text, base, file.fork.text }) do
            paths[i] = fs.join(folder:path(), tostring(i))
            fs.write(paths[i], text, { mask = false })
        end
        file.marked = process.run{ "git", "merge-file", "-p", "--diff3", "-L", labels.upstream, "-L", labels.base, "-L",
            labels.fork, paths[1], paths[2], paths[3], reads = true }.stdout
    end, function() folder:close() end)
end

---@class upstream.ConflictedFile
---@field path string
---@field kind string  content, add/add, modify/delete, rename, binary, submodule
---@field base? { oid: string, mode: string, text: string? }
---@field upstream? { oid: string, mode: string, text: string? }
---@field fork? { oid: string, mode: string, text: string? }
---@field marked? string  the text with markers in diff3 style

-- git takes the merge base from history, so what is merged into gets a history in which it is the commit's parent.
local function stand_in_for(repo, onto, parent)
    local env = { GIT_AUTHOR_NAME = "uhost", GIT_AUTHOR_EMAIL = "uhost@localhost", GIT_AUTHOR_DATE = "@0 +0000",
        GIT_COMMITTER_NAME = "uhost", GIT_COMMITTER_EMAIL = "uhost@localhost", GIT_COMMITTER_DATE = "@0 +0000" }
    return line_of(repo, { "commit-tree", repo:commit(onto).tree, "-p", parent, "-m", "base" }, { env = env })
end

-- The merge of two commits: its tree, whether it is clean, and what git said of conflicts.
local function merge_trees(repo, ours, theirs)
    local merged = run(repo, { "merge-tree", "--write-tree", "-z", ours, theirs }, { any_code = true })
    local tree, rest = merged.stdout:match("^(%x+)%z(.*)$")
    if not tree or merged.code == nil or merged.code > 1 then
        uhost.fail("git.failed", ("git could not merge %s"):format(theirs), { native = merged.stderr,
            hint = "the sync needs git 2.38 or newer", details = { commit = theirs, code = merged.code } })
    end
    return tree, merged.code == 0, rest
end

-- A merge that git made alone is made by git again, if it can. In any other, a person's work may be.
local function merge_again(repo, original, parents)
    if #original.parents ~= 2 or #parents ~= 2 then return nil end
    local before, was_clean = merge_trees(repo, original.parents[1], original.parents[2])
    if not was_clean or before ~= original.tree then return nil end
    local tree, is_clean = merge_trees(repo, parents[1], parents[2])
    return is_clean and { commit = M.commit_again(repo, original, tree, parents), tree = tree } or nil
end

local function same(a, b)
    for i = 1, math.max(#a, #b) do
        if a[i] ~= b[i] then return false end
    end
    return true
end

--- Makes one commit again with other parents: what it changed from its first parent, on the first of them.
---@param repo git.Repository
---@param original git.Commit
---@param parents string[]
---@param labels { upstream: string, base: string, fork: string }  for the markers
---@return { commit: string? , dropped: boolean?, tree: string, files: upstream.ConflictedFile[]? } outcome
function M.pick(repo, original, parents, labels)
    if same(original.parents, parents) then return { commit = original.id, tree = original.tree } end
    local merged = merge_again(repo, original, parents)
    if merged then return merged end
    local onto = parents[1]
    local tree, is_clean, rest = merge_trees(repo, stand_in_for(repo, onto, original.parents[1]), original.id)
    if is_clean then
        if #parents == 1 and tree == repo:commit(onto).tree then return { dropped = true, tree = tree } end
        return { commit = M.commit_again(repo, original, tree, parents), tree = tree }
    end
    local files = stages_of(rest)
    for _, file in ipairs(files) do
        file.kind = kind_of(file)
        read_texts(repo, file, labels)
    end
    return { tree = tree, files = files }
end

--- The commits of `from..to` whose change is in `upstream` already, by patch id.
---@param repo git.Repository
---@param upstream string
---@param to string
---@return table<string, boolean>
function M.contained(repo, upstream, to)
    local list = {}
    for sign, id in run(repo, { "cherry", upstream, to }).stdout:gmatch("([%+%-]) (%x+)") do
        if sign == "-" then list[id] = true end
    end
    return list
end

return M
