-- Following a project: real git repositories, a feed from a server, the store of the real binary.
local peers = require("support.peers")
local servers = require("support.servers")

local binary = os.getenv("UHOST")

-- A project with releases, and a fork of it that was made at 1.1.0.
local function with_fork(body)
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
        function world.upstream(...)
            local command = { binary, "upstream", ... }
            command.cwd = world.fork
            command.env = { HOME = folder, GITHUB_TOKEN = false, UHOST_STATE = folder .. "/state",
                GITHUB_ACTIONS = false }
            return process.run(command)
        end
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

local function assert_schema(name, text)
    if peers.missing() then return end
    servers.in_folder(function(folder)
        local schema = json.decode(process.run{ binary, "schema", name }.stdout)
        fs.write(folder .. "/checked.json", json.encode({ schema = schema, value = json.decode(text) }))
        assert.equal("", peers.problems("schema", folder .. "/checked.json"))
    end)
end

describe("uhost upstream", function()
    it("finds the releases, and where the fork stands", function()
        with_fork(function(world)
            local result = world.upstream("monitor")
            assert.matches("newest: 1.2.0\n1 tags are no versions\n", result.stdout)
            world.fetch()
            local status = world.upstream("status", "--json")
            assert_schema("upstream_status", status.stdout)
            local standing = json.decode(status.stdout)
            assert.same({ "1.1.0", "1.2.0", 1, "BEHIND" }, { standing.current_base, standing.latest_stable,
                standing.releases_behind, standing.status })
            assert_schema("upstream_monitor", world.upstream("monitor", "--json").stdout)
        end)
    end)

    it("is unknown before the first look, and says what to do", function()
        with_fork(function(world)
            assert.matches("UNKNOWN", world.upstream("status", "--json").stdout)
            local check = world.upstream("check")
            assert.equal(3, check.code)
            assert.matches("never looked at\n  next: uhost upstream monitor\n", check.stderr)
        end)
    end)

    it("fails the check when the fork is further behind than the policy allows", function()
        with_fork(function(world)
            world.upstream("monitor")
            local check = world.upstream("check")
            assert.equal(0, check.code)
            assert.matches("1 release behind: based on 1.1.0, the newest is 1.2.0", check.stderr)
            world.release("1.3.0")
            world.upstream("monitor")
            assert.equal(1, world.upstream("check").code)
            world.policy("behind = { warning = 5, critical = 6 }")
            check = world.upstream("check")
            assert.same({ 0, "" }, { check.code, check.stderr })
        end)
    end)

    it("raises one event for a release, for a tag that moved, and for one that was withdrawn", function()
        with_fork(function(world)
            world.upstream("monitor")
            assert.same({}, world.events())
            world.release("1.3.0")
            assert.matches("1.3.0 was released", world.upstream("monitor").stdout)
            world.project:delete_tag("v1.2.0")
            world.project:create_tag("v1.2.0", "HEAD")
            world.project:delete_tag("v1.0.0")
            local result = world.upstream("monitor")
            assert.matches("1.2.0 names another commit than before", result.stdout)
            assert.matches("1.0.0 was withdrawn", result.stdout)
            assert.not_matches("was", world.upstream("monitor").stdout)
            assert.same({ "upstream.release info", "upstream.moved critical", "upstream.withdrawn warning" },
                world.events())
        end)
    end)

    it("puts what the feed says beside the tags, and does without a feed that is none", function()
        with_fork(function(world)
            servers.with("http", {}, function(server)
                local feed = "<rss><channel><item><title>Announcing Project 1.2.0</title><link>https://blog.example/1"
                    .. "</link><pubDate>Thu, 09 Jan 2025 12:00:00 GMT</pubDate></item></channel></rss>"
                world.policy(("feed = { url = \"%s/text?body=%s\" }"):format(server.url, http.encode(feed)))
                local newest = json.decode(world.upstream("monitor", "--json").stdout).releases[1]
                assert.same({ "1.2.0", "https://blog.example/1", "2025-01-09T12:00:00Z" },
                    { newest.version, newest.blog_post, newest.release_date })
                local page = http.encode("<html>Log in</html>")
                world.policy(("feed = { url = \"%s/text?body=%s\" }"):format(server.url, page))
                local result = world.upstream("monitor")
                assert.equal(0, result.code)
                assert.matches("feed could not be read.*web page, not a feed", result.stderr)
            end)
        end)
    end)

    it("keeps what it knew when no source can be read", function()
        with_fork(function(world)
            world.upstream("monitor")
            fs.rename(world.folder .. "/project", world.folder .. "/gone")
            local result = world.upstream("monitor")
            assert.equal(3, result.code)
            assert.matches("no source of releases could be read", result.stderr)
            assert.matches("the newest is 1.2.0", world.upstream("status").stdout)
        end)
    end)

    it("may look twice at once", function()
        with_fork(function(world)
            world.upstream("monitor")
            world.release("1.3.0")
            local results = task.map({ 1, 2, 3, 4 }, function() return world.upstream("monitor") end)
            for _, result in ipairs(results) do assert.equal("", result.stderr) end
            assert.same({ "upstream.release info" }, world.events())
        end)
    end)

    it("shows nothing of a tag's name to the terminal that acts on it", function()
        with_fork(function(world)
            world.upstream("monitor")
            world.release("1.3.0-x\u{202E}evil")
            assert.not_matches("\u{202E}", world.upstream("monitor").stdout)
        end)
    end)

    it("says how to name an upstream where there is none", function()
        servers.in_folder(function(folder)
            local result = process.run{ binary, "upstream", "monitor", cwd = folder, env = { HOME = folder } }
            assert.equal(2, result.code)
            assert.matches("the policy names no upstream\n  hint: set upstream.url", result.stderr)
        end)
    end)
end)
