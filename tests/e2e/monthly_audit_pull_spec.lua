-- `uhost monthly_audit --pull`: what a pull request means for issues, from GitHub alone.
local expect = require("support.expect")
local servers = require("support.servers")

local uhost_binary = os.getenv("UHOST") or "uhost"

-- Runs `body(run, comments)` for a pull request #7 of o/n that changes these files, of a repository that has `left`.
local function with_pull(changed, left, body)
    servers.in_folder(function(folder)
        servers.with("github", {}, function(server)
            http.post(server.control_url, { mutates = false, json = { repository = "o/n", files = left, issues = {
                { number = 11 }, { number = 12, state = "closed" }, { number = 13 }, { number = 14 },
                { number = 7, kind = "pull_request", files = changed } } } })
            local function run(...)
                return process.run{ uhost_binary, "monthly_audit", "--github", "o/n", "--pull", "7", cwd = folder,
                    env = { UHOST_STATE = folder .. "/state", GITHUB_API_URL = server.url, GITHUB_ACTIONS = false,
                        GITHUB_TOKEN = "ghp_" .. ("a1"):rep(18) }, ... }
            end
            local function comments()
                for _, issue in ipairs(http.get(server.control_url):json().issues) do
                    if issue.number == 7 then return issue.comments end
                end
                return {}
            end
            body(run, comments)
        end)
    end)
end

local function removed(name) return { filename = "tests/crashes/" .. name, status = "removed" } end

describe("uhost monthly_audit --pull", function()
    it("says which issues lose their tests, and what to do about each", function()
        with_pull({ removed("11.rs"), removed("12.rs"), removed("13.rs"), removed("999.rs"),
            { filename = "tests/ui/14.rs", previous_filename = "tests/crashes/14.rs", status = "renamed" },
            { filename = "src/lib.rs", status = "modified" } },
            { ["tests/crashes/13-2.rs"] = "fn main() {}" }, function(run)
                local result = run()
                assert.equal(0, result.code, result.stderr)
                assert.matches("#11: open: close it when this is merged", result.stdout)
                assert.matches("#12: closed already", result.stdout)
                assert.matches("#13: stays open: other tests stand for it", result.stdout)
                assert.matches("#14: open: look whether it was fixed.*moves to `tests/ui/14.rs`", result.stdout)
                assert.matches("#999: there is no such issue", result.stdout)
                assert.equal(1, run("--fail-on-findings").code)
            end)
    end)

    it("keeps one comment, and none where there is nothing to say", function()
        with_pull({ removed("11.rs") }, {}, function(run, comments)
            assert.matches("comment: created", run("--comment").stderr)
            assert.matches("comment: unchanged", run("--comment").stderr)
            assert.equal(1, #comments())
            assert.matches("#11: open", comments()[1].body)
        end)
        with_pull({ { filename = "src/lib.rs", status = "modified" } }, {}, function(run, comments)
            assert.matches("comment: none", run("--comment").stderr)
            assert.same({}, comments())
        end)
    end)

    it("refuses what does not go together", function()
        with_pull({}, {}, function(run)
            assert.equal(2, run("--close").code)
            assert.matches("pull request #70", run("--pull", "70").stderr)
        end)
        local result = process.run{ uhost_binary, "monthly_audit", "--comment" }
        assert.equal(2, result.code)
        assert.matches("needs %-%-pull", result.stderr)
    end)

    it("asks for the repository where neither an option nor a clone names it", function()
        expect.in_folder({}, function(folder)
            local result = process.run{ uhost_binary, "monthly_audit", "--pull", "1", cwd = folder,
                env = { UHOST_STATE = folder .. "/state", GITHUB_REPOSITORY = "" } }
            assert.equal(2, result.code)
            assert.matches("add %-%-github OWNER/NAME", result.stderr)
        end)
    end)
end)
