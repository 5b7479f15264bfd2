-- A project with releases, a fork of it, and `uhost upstream` in the fork.
local assert = require("luassert")
local peers = require("support.peers")
local servers = require("support.servers")

local M = {}

local binary = os.getenv("UHOST")

-- A project with releases, and a fork of it that was made at 1.1.0.
function M.with_fork(body)
    servers.in_folder(function(folder)
        local project = git.init(folder .. "/project", { initial_branch = "main" })
        local world = { folder = folder, project = project, fork = folder .. "/fork" }
        function world.commit(repo, files, message)
            return repo:create_commit{ ref = "refs/heads/main", message = message, files = files, author = "A",
                author_email = "a@x" }
        end
        function world.release(version)
            world.commit(project, { version = version }, "Release " .. version)
            project:create_tag("v" .. version, "HEAD")
        end
        world.release("1.0.0")
        world.release("1.1.0")
        git.clone(folder .. "/project", world.fork):close()
        world.commit(git.open(world.fork), { own = "x" }, "Our own")
        world.release("1.2.0")
        project:create_tag("nightly", "HEAD")
        function world.policy(text)
            fs.mkdir(world.fork .. "/policies")
            fs.write(world.fork .. "/policies/upstream.lua",
                ("return { upstream = { url = %q }, %s }"):format(folder .. "/project", text or ""))
        end
        function world.alerts(text) fs.write(world.fork .. "/policies/alerts.lua", "return { " .. text .. " }") end
        local function command(...)
            local words = { binary, ... }
            words.cwd = world.fork
            words.env = { HOME = folder, GITHUB_TOKEN = false, UHOST_STATE = folder .. "/state",
                GITHUB_ACTIONS = false }
            return words
        end
        function world.upstream(...) return process.run(command("upstream", ...)) end
        function world.dry_run(...) return process.run(command("--dry-run", "upstream", ...)) end
        function world.start(...) return process.start(command("upstream", ...)) end
        function world.run(script) return process.run(command("-e", script)) end
        -- git's objects of the project, as a fetch brings them.
        function world.fetch() git.open(world.fork):fetch{ tags = "all" } end
        function world.events()
            local store = db.open(folder .. "/state/uhost.sqlite", { read_only = true })
            local keys = {}
            for i, row in ipairs(store:query("SELECT kind, severity FROM events ORDER BY id")) do
                keys[i] = row.kind .. " " .. row.severity
            end
            store:close()
            return keys
        end
        world.policy()
        body(world)
    end)
end

--- The fork of the demonstration and its project, as world.upstream works in it. `settings`: more of the policy.
function M.with_demo(body, settings)
    M.with_fork(function(world)
        local history = require("lib.upstream.demo_history")
        world.project_folder, world.fork = world.folder .. "/demo", world.folder .. "/demo_fork"
        process.run{ "git", "init", "-q", "-b", "main", world.project_folder, check = true }
        process.run{ "git", "-C", world.project_folder, "fast-import", "--quiet", "--done", check = true,
            stdin = history.stream(1780000000) }
        process.run{ "git", "clone", "-q", "-b", "fork", world.project_folder, world.fork, check = true }
        fs.mkdir(world.fork .. "/policies")
        function world.points(text) fs.write(world.fork .. "/policies/integration_points.lua", text) end
        world.points(history.points)
        fs.write(world.fork .. "/policies/upstream.lua",
            ("return { upstream = { url = %q }, %s }"):format(world.project_folder, settings or ""))
        function world.analyze(...) return json.decode(world.upstream("analyze", "--json", ...).stdout) end
        body(world)
    end)
end

--- Holds JSON text against the schema of a command, where the peers are installed.
---@param name string
---@param text string
function M.assert_schema(name, text)
    if peers.missing() then return end
    servers.in_folder(function(folder)
        local schema = json.decode(process.run{ binary, "schema", name }.stdout)
        fs.write(folder .. "/checked.json", json.encode({ schema = schema, value = json.decode(text) }))
        assert.equal("", peers.problems("schema", folder .. "/checked.json"))
    end)
end

return M
