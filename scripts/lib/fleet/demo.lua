-- The demonstration: repositories made for it, and a script that ends in each of them in another way.
local demo_git = require("lib.demo_git")

local M = {}

local script = [[
-- Ends as the file `outcome` of the repository says
local ends, seen = {}, arg[1]
function ends.fine() return 0, { { line = 1, checked = true } } end
function ends.findings() return 1, { { file = "Makefile", message = "has no rule to clean" } } end
function ends.broken()
    uhost.fail("policy.invalid", "policies/rules.lua: the rule 'spaces' has no pattern", { hint = "give it one" })
end
function ends.unreachable() uhost.fail("http.connect", "cannot reach mirror.example: connection refused") end
-- It passes by itself: the second attempt succeeds.
function ends.flaky()
    if fs.exists(seen) then return 0 end
    fs.write(seen, "")
    ends.unreachable()
end
function ends.compiler()
    io.stderr:write("error[E0432]: unresolved import `crate::oven`\n --> src/main.rs:3:5\n")
    return 2
end
function ends.slow() task.sleep(3600) end
function ends.crash()
    local ffi = require("ffi")
    ffi.cdef("int raise(int signal);")
    ffi.C.raise(11)
end
local code, findings = ends[fs.read("outcome"):match("%S+")]()
print(json.encode({ findings = json.array(findings or {}) }))
return code
]]

-- By the name of the repository.
local endings = {
    { "kiln", "fine" }, { "oven", "findings" }, { "glaze", "broken" }, { "wheel", "unreachable" },
    { "clay", "unreachable" }, { "slip", "flaky" }, { "bisque", "compiler" }, { "firing", "slow" },
    { "shard", "crash" },
}

local function make_repository(folder, ending)
    local path = fs.join(folder, ending[1])
    demo_git.run({ "init", "--quiet", "--initial-branch=main", path })
    local text = ending[2] .. "\n"
    demo_git.run({ "-C", path, "fast-import", "--quiet" }, { stdin = ("commit refs/heads/main\n"
        .. "committer Ada <ada@example.org> 1790000000 +0000\ndata 4\nMake\n"
        .. "M 100644 inline outcome\ndata %d\n%s\n"):format(#text, text) })
    return "./" .. ending[1]
end

-- One that is not there is among them.
local function make_list(folder)
    local lines = {}
    for i, ending in ipairs(endings) do lines[i] = make_repository(folder, ending) end
    fs.mkdir(fs.join(folder, "gone"))
    lines[#lines + 1] = "./gone"
    return table.concat(lines, "\n") .. "\n"
end

--- Runs it with a store that is forgotten.
---@param options fleet.Options
---@param go fun(store: db.Connection, options: fleet.Options): integer
---@return integer exit_code
function M.run(options, go)
    local folder = fs.temp_dir()
    return task.finally(function()
        local list, path = fs.join(folder:path(), "repos.txt"), fs.join(folder:path(), "check.lua")
        fs.write(list, make_list(folder:path()))
        fs.write(path, script)
        options.script, options.over, options.mirrors = path, list, fs.join(folder:path(), "mirrors")
        options.arguments = { fs.join(folder:path(), "seen") }
        options.logs = fs.join(folder:path(), "logs")
        options.timeout, options.retry_pause, options.retries, options.resume = 3, 0.1, 1, false
        go(require("lib.fleet.store").open(true), options)
        return 0  -- it went as it was to go
    end, function() folder:close() end)
end

return M
