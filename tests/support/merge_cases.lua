-- Random three-way merges, written into a repository by one `git fast-import`, for git and uhost to answer alike.
local M = {}

local random = math.random
local words = { "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "{", "}", "", "    return 0;" }
local names = { "a", "b", "c", "lib", "src", "doc", "main.c", "util.c", "README", "x.txt", "Makefile", "test" }

local function line() return words[random(#words)] .. (random(3) == 1 and "" or (" %d"):format(random(40))) end

local function text(ending)
    local lines = {}
    for i = 1, random(4, 40) do lines[i] = line() end
    return table.concat(lines, ending) .. (random(6) == 1 and "" or ending)
end

local function content()
    local kind = random(20)
    if kind == 1 then return "bin\0" .. text("\n") end
    if kind == 2 then return text("\r\n") end
    if kind == 3 then return "" end
    return text("\n")
end

local function edited(old)
    local ending = old:find("\r\n", 1, true) and "\r\n" or "\n"
    local lines = {}
    for each in (old .. (old:sub(-1) == "\n" and "" or "\n")):gmatch("(.-)\r?\n") do table.insert(lines, each) end
    for _ = 1, random(3) do
        local at = random(#lines + 1)
        local kind = random(3)
        if kind == 1 or not lines[at] then
            table.insert(lines, math.min(at, #lines + 1), line())
        elseif kind == 2 then
            table.remove(lines, at)
        else
            lines[at] = line()
        end
    end
    return table.concat(lines, ending) .. (random(12) == 1 and "" or ending)
end

local function hex() return (("x"):rep(40):gsub("x", function() return ("%x"):format(random(0, 15)) end)) end

local function file()
    local kind = random(24)
    if kind == 1 then return { mode = "120000", content = names[random(#names)] } end
    if kind == 2 then return { mode = "160000", commit = hex() } end
    return { mode = random(10) == 1 and "100755" or "100644", content = content() }
end

local function path()
    local parts = {}
    for i = 1, random(3) do parts[i] = names[random(#names)] end
    return table.concat(parts, "/")
end

-- Puts a file into a tree; what is in its way goes.
local function put(tree, name, entry)
    for other in pairs(tree) do
        if other:sub(1, #name + 1) == name .. "/" or name:sub(1, #other + 1) == other .. "/" then tree[other] = nil end
    end
    tree[name] = entry
end

local function paths(tree)
    local list = {}
    for name in pairs(tree) do table.insert(list, name) end
    table.sort(list)
    return list
end

local function changed(entry)
    if entry.mode == "160000" then return { mode = entry.mode, commit = hex() } end
    if random(8) == 1 then return file() end
    local copy = { mode = entry.mode, content = entry.content }
    if entry.mode ~= "120000" and random(8) == 1 then
        copy.mode = entry.mode == "100644" and "100755" or "100644"
        if random(2) == 1 then return copy end
    end
    copy.content = edited(entry.content)
    return copy
end

local edits = {
    function(tree, name) tree[name] = changed(tree[name]) end,
    function(tree, name) tree[name] = changed(tree[name]) end,
    function(tree, name) tree[name] = nil end,
    function(tree) put(tree, path(), file()) end,
    function(tree, name)  -- a new name, perhaps with a change
        local entry = tree[name]
        tree[name] = nil
        put(tree, random(2) == 1 and path() or path() .. "/" .. name:match("[^/]*$"),
            random(2) == 1 and entry or changed(entry))
    end,
    function(tree, name)  -- a folder goes elsewhere
        local folder = name:match("^(.*)/")
        if not folder then return end
        local target = path()
        for _, other in ipairs(paths(tree)) do
            if other:sub(1, #folder + 1) == folder .. "/" then
                local entry = tree[other]
                tree[other] = nil
                put(tree, target .. other:sub(#folder + 1), entry)
            end
        end
    end,
    function(tree, name)  -- a new file beside one
        put(tree, (name:match("^(.*/)") or "") .. "new" .. random(5), file())
    end,
}

function M.tree()
    local tree = {}
    for _ = 1, random(3, 16) do put(tree, path(), file()) end
    return tree
end

function M.edited(tree)
    local copy = {}
    for name, entry in pairs(tree) do copy[name] = entry end
    for _ = 1, random(5) do
        local list = paths(copy)
        if #list == 0 then break end
        edits[random(#edits)](copy, list[random(#list)])
    end
    return copy
end

-- Three versions of one long text with much that repeats, which both sides change in many places.
function M.texts()
    local lines = {}
    for i = 1, random(20, 200) do lines[i] = random(3) == 1 and ("unique %d"):format(random(1e6)) or line() end
    local base = table.concat(lines, "\n") .. "\n"
    local function version()
        local new = base
        for _ = 1, random(6) do new = edited(new) end
        return { text = { mode = "100644", content = new } }
    end
    return { text = { mode = "100644", content = base } }, version(), version()
end

-- Conflicts of real merges, one file each, from a file of them (xz, a JSON object a line).
function M.recorded(data, count)
    local command = ("xz -dc '%s' | head -n %d"):format(data, count)
    local records = {}
    for encoded in process.run{ "sh", "-c", command, check = true }.stdout:gmatch("[^\n]+") do
        local record, trees = json.decode(encoded), {}
        for _, side in ipairs{ "base", "ours", "theirs" } do
            local version, name = record[side], record[side .. "_path"]
            if type(name) ~= "string" then name = record.path end
            trees[side] = { other = { mode = "100644", content = "the same\n" } }
            if type(version) == "string" then trees[side][name] = { mode = "100644", content = version } end
        end
        table.insert(records, trees)
    end
    return records
end

-- A stream for `git fast-import`: `commit(tree, parents)` gives the mark of a new commit.
function M.stream()
    local lines, mark = {}, 0
    local stream = {}
    function stream.commit(tree, parents, message)
        mark = mark + 1
        message = message or ("commit %d"):format(mark)
        table.insert(lines, ("commit refs/heads/c%d\nmark :%d\ncommitter C <c@example.org> %d +0000\ndata %d\n%s\n")
            :format(mark, mark, 1700000000 + mark * 60, #message, message))
        for i, parent in ipairs(parents) do
            table.insert(lines, ("%s :%d\n"):format(i == 1 and "from" or "merge", parent))
        end
        table.insert(lines, "deleteall\n")
        for _, name in ipairs(paths(tree)) do
            local entry = tree[name]
            if entry.commit then
                table.insert(lines, ("M 160000 %s %s\n"):format(entry.commit, name))
            else
                table.insert(lines, ("M %s inline %s\ndata %d\n%s\n"):format(entry.mode, name, #entry.content,
                    entry.content))
            end
        end
        return mark
    end
    function stream.text() return table.concat(lines) end
    return stream
end

-- What `git merge-tree` says of two commits: the tree, whether it is clean, and "mode oid stage path" of conflicts.
function M.git_answer(repository, ours, theirs, ...)
    local run = process.run{ "git", "-C", repository.path, "merge-tree", "--write-tree", "-z", "--no-messages", ours,
        theirs, env = { GIT_CONFIG_GLOBAL = "/dev/null", GIT_CONFIG_NOSYSTEM = "1" }, ... }
    assert(run.code == 0 or run.code == 1, run.stderr)
    local parts = {}
    for part in run.stdout:gmatch("([^%z]*)%z") do table.insert(parts, part) end
    local stages = {}
    for i = 2, #parts do
        if parts[i] ~= "" then table.insert(stages, (parts[i]:gsub("\t", " "))) end
    end
    table.sort(stages)
    return { tree = parts[1], clean = run.code == 0, stages = stages }
end

function M.uhost_answer(merge)
    local stages = {}
    for _, conflict in ipairs(merge.conflicts) do
        for stage, side in ipairs{ "base", "ours", "theirs" } do
            local entry = conflict[side]
            if entry then
                table.insert(stages, ("%06o %s %d %s"):format(entry.mode, entry.oid, stage, conflict.path))
            end
        end
    end
    table.sort(stages)
    return { tree = merge.tree, clean = merge.clean, stages = stages }
end

return M
