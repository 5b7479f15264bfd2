-- Tests that name issues of other repositories: whoever writes one chooses what the token is used for.
local audit_world = require("support.audit_world")

local secret_title = "Unreleased: the merger with Initech"

-- A repository whose deleted tests name issues of others, two of which only the token may see.
local function with_foreign_issues(body)
    audit_world.with(function(world)
        world.control { repository = "example/private", members_only = "example/private",
            issues = { { number = 7, title = secret_title } } }
        world.control { repository = "other/open", issues = { { number = 8, title = "A bug of theirs" } } }
        world.control { repository = "example/compiler",
            issues = { { number = 901, kind = "transferred", moved_to = "example/private#7" } } }
        for name, header in pairs({ a = "example/private#7", b = "other/open#8", ["901"] = "#901" }) do
            fs.write(("%s/tests/crashes/%s.rs"):format(world.repo, name), "//@ known-bug: " .. header .. "\n")
        end
        audit_world.git(world.repo, "add", "-A")
        audit_world.git(world.repo, "commit", "-qm", "Add")
        audit_world.git(world.repo, "rm", "-q", "tests/crashes/a.rs", "tests/crashes/b.rs", "tests/crashes/901.rs")
        audit_world.git(world.repo, "commit", "-qm", "Remove")
        world.control { forget = true }
        --- The verdict on an issue, and the whole report; nothing private may be in it.
        function world.verdict_on(issue, arguments, options)
            local command = { "--repo", world.repo, "--github", "example/compiler", "--format", "json" }
            for _, argument in ipairs(arguments or {}) do command[#command + 1] = argument end
            local result = world.audit(command, options)
            assert.equal(0, result.code, result.stderr)
            assert.not_matches(secret_title, result.stdout, 1, true)
            for _, verdict in ipairs(json.decode(result.stdout, { omit_null = true }).verdicts) do
                if verdict.issue == issue then return verdict end
            end
        end
        body(world)
    end)
end

local function asked_about(world, name)
    for _, request in ipairs(world.requests()) do
        if json.encode(request):find(name, 1, true) then return true end
    end
    return false
end

describe("an issue of another repository", function()
    it("is not asked about unless somebody allows it", function()
        with_foreign_issues(function(world)
            for _, issue in ipairs({ "example/private#7", "other/open#8" }) do
                local verdict = world.verdict_on(issue)
                assert.same({ "unknown", "not_asked" }, { verdict.verdict, verdict.state })
                assert.matches("--also OWNER/NAME", verdict.action, 1, true)
            end
            assert.is_false(asked_about(world, "private"))
            assert.is_false(asked_about(world, '"open"'))
        end)
    end)

    it("is asked about when --also names its repository, or its owner", function()
        with_foreign_issues(function(world)
            assert.equal("out_of_sync", world.verdict_on("other/open#8", { "--also", "Other/Open" }).verdict)
            local verdict = world.verdict_on("other/open#8", { "--also", "example/*", "--also", "other/*" })
            assert.equal("out_of_sync", verdict.verdict)
            assert.matches("A bug of theirs",
                world.audit_here({ "--also", "other/*", "--format", "markdown" }).stdout, 1, true)
            local near = { "--also", "other/op", "--also", "othe/*" }
            assert.equal("unknown", world.verdict_on("other/open#8", near).verdict)
        end)
    end)

    it("is asked about when the policy names its repository", function()
        with_foreign_issues(function(world)
            fs.mkdir(world.folder .. "/policies")
            fs.write(world.folder .. "/policies/crash_tests.lua", [[return { also = { "other/open" } }]])
            assert.equal("out_of_sync", world.verdict_on("other/open#8").verdict)
            fs.write(world.folder .. "/policies/crash_tests.lua", [[return { also = "other/open" }]])
            assert.equal(2, world.audit({ "--repo", world.repo, "--github", "example/compiler" }).code)
        end)
    end)

    it("says nothing of itself that is private, in any format, allowed or transferred there", function()
        with_foreign_issues(function(world)
            local verdict = world.verdict_on("example/private#7", { "--also", "example/*" })
            assert.same({ "out_of_sync", "open" }, { verdict.verdict, verdict.state })
            local moved = world.verdict_on(901)
            assert.same({ "unknown", "transferred" }, { moved.verdict, moved.state })
            assert.matches("find out where", moved.action, 1, true)
            for _, format in ipairs({ "text", "markdown", "html", "csv", "sarif" }) do
                local report = world.audit_here({ "--format", format }).stdout
                assert.not_matches(secret_title, report, 1, true)
                assert.matches("901", report, 1, true)
            end
        end)
    end)

    it("takes OWNER/NAME or OWNER/* only", function()
        local result = audit_world.run({ "monthly_audit", "--demo", "--also", "*" })
        assert.equal(2, result.code)
        assert.matches("--also: '*' is not OWNER/NAME", result.stderr, 1, true)
    end)
end)
