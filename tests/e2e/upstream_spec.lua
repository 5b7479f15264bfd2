-- Following a project: real git repositories, a feed from a server, the store of the real binary.
local servers = require("support.servers")
local upstream = require("support.upstream")
local with_fork, assert_schema = upstream.with_fork, upstream.assert_schema

local binary = os.getenv("UHOST")

describe("uhost upstream", function()
    it("finds the releases, and where the fork stands", function()
        with_fork(function(world)
            local result = world.upstream("monitor")
            assert.matches("newest: 1.2.0\n1 tag is not a version\n", result.stdout)
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
            assert.same({ "upstream.release info", "upstream.alert critical", "upstream.moved critical",
                "upstream.withdrawn warning" }, world.events())
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

    -- A fork whose policy names the project at GitHub, which answers with `contents`; `monitor` looks.
    local function with_github(policy, contents, body)
        with_fork(function(world)
            servers.with("github", {}, function(server)
                local token = "ghp_" .. ("a"):rep(36)
                contents.repository = "o/project"
                for _, order in ipairs({ { token = token, repository = "o/project" }, contents }) do
                    http.post(server.control_url, { json = order, mutates = false })
                end
                fs.mkdir(world.fork .. "/policies")
                fs.write(world.fork .. "/policies/upstream.lua", policy(world))
                body(function(url)
                    return process.run{ binary, "upstream", "monitor", "--json", cwd = world.fork, env = {
                        HOME = world.folder, UHOST_STATE = world.folder .. "/state", GITHUB_ACTIONS = false,
                        GITHUB_API_URL = url or server.url, GITHUB_TOKEN = token, UHOST_GITHUB_BACKOFF_S = "0.01" } }
                end)
            end)
        end)
    end

    it("puts GitHub's releases beside the tags, with their notes, and does without them", function()
        local function policy(world)
            return ("return { upstream = { url = %q, github = 'o/project' } }"):format(world.folder .. "/project")
        end
        with_github(policy, { releases = {
            { tag_name = "v1.1.0", published_at = "2026-01-10T12:00:00Z" },
            { tag_name = "v1.2.0", published_at = "2026-02-10T12:00:00Z",
                body = "## What's Changed\n* Contracts by @ada in https://github.com/o/project/pull/7\n\n"
                    .. "## Breaking Changes\n* The legacy pass is gone\n" },
            { tag_name = "v1.3.0", draft = true }, { tag_name = "v1.3.0-rc.1", prerelease = true },
        } }, function(monitor)
            local result = monitor()
            assert.same({ 0, "" }, { result.code, result.stderr })
            assert_schema("upstream_monitor", result.stdout)
            local newest = json.decode(result.stdout).releases[1]
            assert.same({ "1.2.0", "2026-02-10T12:00:00Z", { "The legacy pass is gone" } },
                { newest.version, newest.release_date, newest.breaking_changes })
            assert.matches("/o/project/releases/tag/v1.2.0", newest.changelog_url)
            -- Nobody listens there.
            result = monitor("http://127.0.0.1:" .. servers.free_ports(1))
            assert.equal(0, result.code)
            assert.matches("the releases at GitHub could not be read, so the other sources have to do", result.stderr)
            newest = json.decode(result.stdout).releases[1]
            assert.same({ "1.2.0", { "The legacy pass is gone" } }, { newest.version, newest.breaking_changes })
        end)
    end)

    it("reads the changelog at GitHub where the commit is not here", function()
        with_github(function() return "return { upstream = { github = 'o/project' } }" end, {
            releases = { { tag_name = "v1.2.0" } },
            files = { ["CHANGELOG.md"] = "# Changelog\n\n## 1.2.0\n### Removed\n- The legacy pass\n" },
        }, function(monitor)
            local result = monitor()
            assert.equal(0, result.code, result.stderr)
            assert.same({ "The legacy pass" }, json.decode(result.stdout).releases[1].breaking_changes)
        end)
    end)

    it("reads the changelog of the newest release for what nothing else says, and writes releases.json", function()
        with_fork(function(world)
            world.commit(world.project, { ["CHANGELOG.md"] = "# Changelog\n\n## [1.3.0] - 2026-01-31\n### Added\n"
                .. "- Contracts\n### Removed\n- The legacy pass\n\n## 1.2.0\n### Deprecated\n- Passes\n" }, "Notes")
            world.release("1.3.0")
            world.fetch()
            local file = world.folder .. "/releases.json"
            assert.equal("", world.upstream("monitor", "--output", file).stdout)
            local newest = json.decode(fs.read(file)).releases[1]
            assert.same({ "1.3.0", "2026-01-31T00:00:00Z", { "Contracts" }, { "The legacy pass" } }, { newest.version,
                newest.release_date, newest.stabilized_features, newest.breaking_changes })
            assert_schema("upstream_monitor", fs.read(file))
            -- What is known stays, whatever can be read later.
            fs.remove(world.fork .. "/.git/refs/tags/v1.3.0")
            world.upstream("monitor", "--output", file)
            assert.same({ "Contracts" }, json.decode(fs.read(file)).releases[1].stabilized_features)
        end)
    end)

    it("keeps what it knew when no source can be read", function()
        with_fork(function(world)
            world.upstream("monitor")
            fs.rename(world.folder .. "/project", world.folder .. "/gone")
            local result = world.upstream("monitor")
            assert.equal(3, result.code)
            assert.matches("no source of releases could be read: tags: .*there is no such repository", result.stderr)
            assert.matches("the newest is 1.2.0", world.upstream("status").stdout)
        end)
    end)

    it("may look twice at once", function()
        with_fork(function(world)
            world.release("1.3.0")
            world.alerts("disable = { 'upstream_behind' }")
            world.upstream("monitor")
            world.release("1.4.0")
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
