-- What is kept of syncs, and what the commands that look back say of it.
local upstream = require("support.upstream")
local assert_schema, with_fork = upstream.assert_schema, upstream.with_fork

-- `count` syncs that took `hours` each, as a sync keeps them; with one conflict in `file` each.
local function add_syncs(world, count, options)
    world.upstream("status")  -- makes the tables
    local script = ([[
        local syncs = require("lib.upstream.syncs")
        local store = require("lib.upstream.store").open()
        local repo = git.open(".")
        for i = 1, %d do
            local began = time.iso(time.now() - %d * 3600)
            local id = syncs.begin_sync(store, { project = %q, fork = syncs.fork_of(repo), from_version = "1.0.0",
                to_version = "1.1." .. i, started_at = began, sync_branch = "sync/" .. i })
            syncs.record_resolution(store, id, { file_path = %q, conflict_type = "content",
                resolution_type = %q, rule = %s, resolution_description = "kept both" })
            syncs.finish_sync(store, id, { status = %q, tests_passed = 10, tests_failed = 0 })
        end
    ]]):format(count, options.hours or 1, world.folder .. "/project", options.file or "a.c",
        options.by_hand and "manual" or "pattern", options.by_hand and "nil" or '"keep_both"',
        options.status or "success")
    local result = world.run(script)
    assert.same({ 0, "" }, { result.code, result.stderr })
end

describe("uhost upstream history", function()
    it("lists syncs, newest first, with their conflicts", function()
        with_fork(function(world)
            assert.matches("There was no sync yet", world.upstream("history").stdout)
            add_syncs(world, 3, { hours = 2 })
            local result = world.upstream("history", "--last", "2", "--verbose")
            assert.matches("ID +From.*\n +3 +1%.0%.0 +1%.1%.3 .* 2 h.*success.*1, 0 by hand.*10 passed.*1%.1%.2",
                result.stdout)
            assert.matches("a%.c +content +keep_both +kept both", result.stdout)
            assert.not_matches("1%.1%.1", result.stdout)
            local list = json.decode(world.upstream("history", "--json").stdout).syncs
            assert.same({ 3, "1.1.3", 1, 1, 0, "a.c" }, { #list, list[1].to_version, list[1].conflicts_count,
                list[1].conflicts_auto_resolved, list[1].conflicts_manual_resolved,
                list[1].resolutions[1].file_path })
            assert_schema("upstream_history", world.upstream("history", "--json").stdout)
            assert.equal(2, world.upstream("history", "--last", "0").code)
        end)
    end)
end)

describe("uhost upstream report", function()
    it("says how syncs go and which files keep hurting, in every format", function()
        with_fork(function(world)
            add_syncs(world, 1, { hours = 4, file = "b.c", by_hand = true })
            add_syncs(world, 2, { hours = 1 })
            add_syncs(world, 1, { status = "failed" })
            local value = json.decode(world.upstream("report", "--format", "json").stdout)
            assert.same({ 4, 3, 75, 2, 25 }, { value.ended, value.succeeded, value.success_rate_percent,
                value.average_hours, value.manual_interventions_percent })
            assert.same({ { name = "a.c", conflicts = 3, by_hand = 0 }, { name = "b.c", conflicts = 1, by_hand = 1 } },
                value.conflicts_by_file)
            assert.same({ { name = "keep_both", conflicts = 3, by_hand = 0 },
                { name = "by hand", conflicts = 1, by_hand = 1 } }, value.conflicts_by_rule)
            assert_schema("upstream_report", world.upstream("report", "--format", "json").stdout)
            for format, pattern in pairs({ text = "Succeeded +75 %%", markdown = "%*%*Succeeded", html = "<h1>" }) do
                assert.matches(pattern, world.upstream("report", "--format", format).stdout)
            end
            local file = world.folder .. "/report.md"
            assert.equal("", world.upstream("report", "--output", file).stdout)
            assert.matches("# Syncs with", fs.read(file))
        end)
    end)
end)

describe("uhost upstream alerts", function()
    local function ids(result)
        local list = {}
        for i, alert in ipairs(json.decode(result.stdout).alerts) do list[i] = alert.id end
        return table.concat(list, " ")
    end

    it("measures what the policy names, and is quiet while all is well", function()
        with_fork(function(world)
            world.upstream("monitor")
            local result = world.upstream("alerts")
            assert.same({ 0, "no alerts\n" }, { result.code, result.stdout })
            add_syncs(world, 1, { hours = 30, by_hand = true })
            add_syncs(world, 1, { status = "failed" })
            result = world.upstream("alerts", "--json")
            assert.same({ 1, "upstream_success upstream_duration upstream_manual" }, { result.code, ids(result) })
            assert_schema("upstream_alerts", result.stdout)
            assert.matches("warning: 50 %% of the last syncs succeeded; it should be 90 %% or more",
                world.upstream("alerts").stdout)
            world.alerts("alerts = { { id = 'upstream_duration', metric = 'upstream.average_sync_hours', target = 1, "
                .. "threshold = 40, message = 'slow' } }, disable = { 'upstream_success', 'upstream_manual' }")
            assert.equal(0, world.upstream("alerts").code)
        end)
    end)

    it("are told once, and again when they begin again", function()
        with_fork(function(world)
            world.release("1.3.0")
            assert.matches("critical: the fork is 2 releases behind", world.upstream("monitor").stderr)
            assert.equal("", world.upstream("monitor").stderr)
            assert.equal("", world.upstream("status").stderr)
            world.fetch()
            git.open(world.fork):create_commit{ ref = "refs/heads/main", message = "Sync", author = "A",
                author_email = "a@x", base = "v1.3.0", files = {}, parents = { "HEAD", "v1.3.0" } }
            assert.equal("", world.upstream("status").stderr)
            world.release("1.4.0")
            world.release("1.5.0")
            assert.matches("critical", world.upstream("monitor").stderr)
            local alerts = {}
            for _, event in ipairs(world.events()) do
                if event:find("alert") then alerts[#alerts + 1] = event end
            end
            assert.same({ "upstream.alert critical", "upstream.alert critical" }, alerts)
        end)
    end)
end)

describe("uhost upstream status", function()
    it("looks before with --refresh", function()
        with_fork(function(world)
            world.upstream("monitor")
            world.release("1.3.0")
            assert.equal(1, json.decode(world.upstream("status", "--json").stdout).releases_behind)
            assert.equal(2, json.decode(world.upstream("status", "--json", "--refresh").stdout).releases_behind)
        end)
    end)

    it("says when the last sync ended, and what to type next", function()
        with_fork(function(world)
            world.upstream("monitor")
            add_syncs(world, 1, {})
            local status = json.decode(world.upstream("status", "--json").stdout)
            assert.matches("^%d%d%d%d%-%d%d", status.last_sync)
            assert.matches("last sync ended .*next: uhost upstream analyze 1%.2%.0", world.upstream("status").stdout)
            assert.matches("\n  next: uhost upstream analyze 1.2.0\n", world.upstream("check").stderr)
        end)
    end)

    it("is written into a file of others, whose keys stay as they are", function()
        with_fork(function(world)
            world.upstream("monitor")
            local file = world.folder .. "/worker_status.json"
            fs.write(file, '{\n  "zebra": 1,\n  "apple": [1,2],\n  "upstream_sync": null,\n  "mango": {}\n}\n')
            local result = world.upstream("status", "--write", file)
            assert.same({ 0, "" }, { result.code, result.stdout })
            local text = fs.read(file)
            assert.matches('^{\n  "zebra": 1,\n  "apple": %[1,2%],\n  "upstream_sync": {\n    "current_base": "1.1.0",',
                text)
            assert.matches('\n  },\n  "mango": {}\n}\n$', text)
            assert_schema("upstream_status", json.encode(json.decode(text).upstream_sync))
            fs.write(file, "[]")
            result = world.upstream("status", "--write", file)
            assert.same({ 2, "[]" }, { result.code, fs.read(file) })
            assert.matches("the file has to hold a JSON object", result.stderr)
            fs.remove(file)
            world.upstream("status", "--write", file)
            assert.equal("BEHIND", json.decode(fs.read(file)).upstream_sync.status)
        end)
    end)
end)

describe("uhost upstream monitor --watch", function()
    it("waits out the cadence, or begins at once with --check-now", function()
        with_fork(function(world)
            world.policy("cadence = { check_hours = 1000 }")
            world.upstream("monitor")
            world.release("1.3.0")
            local before = json.decode(world.upstream("status", "--json").stdout).last_check
            local child = world.start("monitor", "--watch", "--check-now")
            assert.matches("newest: 1.3.0", child:read_line())
            child:kill()
            child:wait()
            local after = json.decode(world.upstream("status", "--json").stdout)
            assert.equal("1.3.0", after.latest_stable)
            assert.is_true(after.last_check >= before)
        end)
    end)
end)
