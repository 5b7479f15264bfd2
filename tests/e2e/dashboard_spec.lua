-- `uhost dashboard`: a site that stands by itself, shows what the store has, and can be used by everybody. Chromium
-- shows it, axe-core and html-validate judge it.
local peers = require("support.peers")
local servers = require("support.servers")
local metrics = require("lib.metrics.store")

local uhost_binary = os.getenv("UHOST") or "uhost"
local pages = { "index", "builds", "jobs", "failures", "caches", "artifacts", "syncs", "audit",
    "logs" }

local function dashboard(state, ...)
    return process.run{ uhost_binary, "dashboard", env = { UHOST_STATE = state }, ... }
end

-- The datasets that a page was given.
local function datasets_of(site, page)
    local found = {}
    local script = fs.read(("%s/data/%s.js"):format(site, page))
    for name, text in script:gmatch('dashboard%.dataset%("([%w_]+)", (.-)%);\n') do
        found[name] = json.decode(text)
    end
    return found
end

local function value_at(column, i)
    local value = column.values[i]
    if value == json.null then return nil end
    if column.labels then return column.labels[value + 1] end
    return column.scale and value / column.scale or value
end

-- The rows of a dataset, each by column name, newest first.
local function rows_of(dataset)
    local rows = {}
    for i = 1, dataset.rows do
        rows[i] = {}
        for name, column in pairs(dataset.columns) do rows[i][name] = value_at(column, i) end
    end
    return rows
end

-- What is made up is the same each time, so it is written once for all tests that look at it.
local made = {}
local function demo()
    if not made.site then
        made.folder = fs.temp_dir()
        made.site = made.folder:path() .. "/site"
        local result = dashboard(made.folder:path() .. "/state", "--demo", "--out", made.site)
        assert.equal(0, result.code, result.stderr)
    end
    return made.site
end

local function used(site, ...)
    local browser = fs.join(peers.folder, "browser.mjs")
    return json.decode(process.run({ "node", browser, site, check = true, ... }).stdout, { omit_null = true })
end

local function demo_in_browser()
    made.seen = made.seen or used(demo(), unpack(pages))
    return made.seen
end

local function job(number, fields)
    local base = { key = tostring(number), attempt = 1, name = "build", platform = "linux", arch = "x86_64",
        variant = "",
        runner = "ubuntu-latest", conclusion = "success", url = "", started_at = 1790000000 + number,
            duration_s = 10 + number,
        queue_s = number, steps = { { name = "Compile", conclusion = "success", duration_s = 7 + number },
            { name = "Package", conclusion = "success", duration_s = 2 } } }
    for name, value in pairs(fields or {}) do base[name] = value end
    return base
end

local function run(number, fields, jobs)
    local base = { repository = "o/n", source = "github", key = tostring(number), workflow = "ci.yml", event = "push",
        branch = "main", commit_sha = hash.text(tostring(number), "sha1"), number = number, attempt = 1,
        conclusion = "success", url = ("https://github.com/o/n/actions/runs/%d"):format(number),
        created_at = math.floor(time.now()) - 86400 * (20 - number), duration_s = 100 + number, queue_s = 1,
            version = "1",
        jobs = jobs or { job(number) } }
    for name, value in pairs(fields or {}) do base[name] = value end
    return base
end

-- Runs `body(site, result, folder)` with the site of a store that has these runs.
local function with_runs(runs, body, ...)
    local arguments = { ... }
    servers.in_folder(function(folder)
        fs.mkdir(folder .. "/state")
        local store = db.open(folder .. "/state/metrics.sqlite")
        metrics.prepare(store)
        metrics.keep(store, runs)
        store:close()
        local result = dashboard(folder .. "/state", "--out", folder .. "/site", unpack(arguments))
        body(folder .. "/site", result, folder)
    end)
end

local function view_of(views, name)
    for _, view in ipairs(views) do
        if view.name == name then return view end
    end
end

local function count_in(note) return tonumber((note:match("^([%d,]+)"):gsub(",", ""))) end

describe("uhost dashboard", function()
    it("writes pages that are valid, accessible and ask nothing of the network", function()
        if peers.missing() then return pending(peers.missing()) end
        local files = {}
        for i, page in ipairs(pages) do files[i] = ("%s/%s.html"):format(demo(), page) end
        assert.equal("", peers.problems("site", unpack(files)))
    end)

    it("can be used in a browser: no error, nothing too wide, colours that can be told apart, in the dark, too",
        function()
        if peers.missing() then return pending(peers.missing()) end
        local seen = demo_in_browser()
        assert.same({}, seen.problems)
        for _, page in ipairs(pages) do
            for _, view in ipairs(seen.pages[page].before) do
                assert.is_true(#view.rows > 0, ("%s: %s is empty"):format(page, view.name))
                assert.is_true(view.note == nil or view.inked, ("%s: %s has an empty chart"):format(page, view.name))
            end
        end
    end)

    it("shows what passes the filter, and keeps the filter in the address", function()
        if peers.missing() then return pending(peers.missing()) end
        local builds = demo_in_browser().pages.builds
        assert.equal("#workflow=ci.yml", builds.chosen.address)
        local of_workflow = 0
        for _, row in ipairs(rows_of(datasets_of(demo(), "builds").runs)) do
            if row.workflow == "ci.yml" then of_workflow = of_workflow + 1 end
        end
        assert.equal(of_workflow, count_in(view_of(builds.after, "runs").note))
        assert.is_true(of_workflow < count_in(view_of(builds.before, "runs").note))
        assert.same(builds.after, builds.reloaded)
    end)

    it("zooms to half of the time, and back", function()
        if peers.missing() then return pending(peers.missing()) end
        local builds = demo_in_browser().pages.builds
        local all, half = count_in(view_of(builds.before, "runs").note), count_in(view_of(builds.zoomed, "runs").note)
        assert.is_true(half < all and half > all / 4)
    end)

    it("saves a table as CSV with a row for each row of the data", function()
        if peers.missing() then return pending(peers.missing()) end
        local csv, lines = demo_in_browser().pages.builds.csv, 0
        for _ in csv:gmatch("[^\r\n]+") do lines = lines + 1 end
        assert.equal(datasets_of(demo(), "builds").runs.rows + 1, lines)
    end)

    it("has the numbers that the store has", function()
        with_runs({ run(1), run(2, { branch = "topic" }, { job(2), job(3, { name = "test",
            conclusion = "failure" }) }) },
            function(site, result)
                assert.equal(0, result.code, result.stderr)
                local data = datasets_of(site, "builds")
                local runs, jobs = rows_of(data.runs), rows_of(data.jobs)
                assert.same({ 102, 101 }, { runs[1].duration, runs[2].duration })
                assert.same({ "topic", "main" }, { runs[1].branch, runs[2].branch })
                assert.equal("https://github.com/o/n/actions/runs/2", runs[1].url)
                assert.equal(3, #jobs)
                assert.same({ "Compile", "Package" },
                    { data.jobs.columns.phase_1.title, data.jobs.columns.phase_2.title })
                table.sort(jobs, function(x, y) return x.duration < y.duration end)
                assert.same({ "test", 10, 2, 13, 3 },
                    { jobs[3].job, jobs[3].phase_1, jobs[3].phase_2, jobs[3].duration, jobs[3].queue })
            end)
    end)

    it("counts as flaky what failed and succeeded on one commit, and nothing else", function()
        with_runs({
            run(1, nil, { job(1, { conclusion = "failure" }), job(2, { attempt = 2 }) }),
            run(2, nil, { job(1, { conclusion = "failure" }), job(2, { attempt = 2, conclusion = "failure" }) }),
            run(3, nil, { job(1, { conclusion = "failure" }), job(2, { name = "other" }) }),
        }, function(site)
            local flakes = rows_of(datasets_of(site, "jobs").flakes)
            assert.equal(1, #flakes)
            assert.same({ "build", 1, 11 }, { flakes[1].job, flakes[1].failed, flakes[1].lost })
        end)
    end)

    it("counts jobs that timed out as failed", function()
        if peers.missing() then return pending(peers.missing()) end
        local jobs = { job(1, { conclusion = "timed_out" }), job(2), job(3, { conclusion = "cancelled" }) }
        with_runs({ run(1, nil, jobs) }, function(site)
            local row = view_of(used(site, "jobs").pages.jobs.before, "jobs").rows[1]
            assert.same({ "build", "3", "1" }, { row[1], row[2], row[3] })
        end)
    end)

    it("shows names as they are, whatever they hold", function()
        if peers.missing() then return pending(peers.missing()) end
        local name = "</script><img src=x onerror=alert(1)> & \"q\" =1+1 \226\128\168x"
        with_runs({ run(1, { branch = name }, { job(1, { name = name }) }), run(2) }, function(site)
            local seen = used(site, "jobs")
            assert.same({}, seen.problems)
            local labels = {}
            for _, row in ipairs(view_of(seen.pages.jobs.before, "jobs").rows) do labels[row[1]] = true end
            assert.is_true(labels[name])
        end)
    end)

    it("shows what is no UTF-8 with a sign in its place", function()
        with_runs({ run(1, { branch = "a\255b" }), run(2) }, function(site)
            local labels = datasets_of(site, "jobs").jobs.columns.branch.labels
            assert.is_true(tables.set(labels)["a\239\191\189b"])
        end)
    end)

    it("draws the lowest and the highest of each interval when there are too many points", function()
        local client = fs.join(fs.dirname(package.searchpath("lib.dashboard.main", package.path)), "client")
        local checked = process.run({ "node", "-e", [[
            const vm = require("vm"), fs = require("fs");
            const read = (name) => fs.readFileSync(`${process.argv[1]}/${name}.js`, "utf8");
            vm.runInThisContext(`${read("data")}\n${read("chart")}\nglobalThis.thin = thin;`);
            let state = 1;
            const random = () => (state = state * 16807 % 2147483647) / 2147483647;
            for (let round = 0; round < 200; round++) {
                const count = 1 + Math.floor(random() * 5000), most = 2 + Math.floor(random() * 400);
                const points = [...Array(count)].map((_, i) => ({ time: i * random() * 100, total: random() * 1000 }));
                points.sort((a, b) => a.time - b.time);
                const kept = thin(points, most), totals = points.map((point) => point.total);
                const shown = kept.map((point) => point.total), fail = (text) => {
                    throw new Error(`${text} in round ${round}`);
                };
                if (kept.length > most) fail(`${kept.length} of ${most} points`);
                const extremes = [Math.min(...totals), Math.max(...totals)];
                if (!extremes.every((each) => shown.includes(each))) fail("one is lost");
                if (kept.some((point, i) => i && point.time < kept[i - 1].time)) fail("unordered");
            }
            console.log("ok");
        ]], client })
        assert.equal("ok\n", checked.stdout, checked.stderr)
    end)

    it("takes pages of one's own", function()
        servers.in_folder(function(folder)
            fs.write(folder .. "/own.lua", [[
                return function(context)
                    return { name = "own", title = "Our page", blocks = { { kind = "text",
                        text = context.repository } } }
                end]])
            local result = dashboard(folder .. "/state", "--demo", "--out", folder .. "/site", "--page",
                folder .. "/own.lua")
            assert.equal(0, result.code, result.stderr)
            assert.matches("example/kiln</p>", fs.read(folder .. "/site/own.html"))
            assert.matches('href="own.html">Our page', fs.read(folder .. "/site/index.html"))
            fs.write(folder .. "/own.lua", "return 1")
            result = dashboard(folder .. "/state", "--demo", "--out", folder .. "/site", "--page", folder .. "/own.lua")
            assert.equal(2, result.code)
            assert.matches("does not give a function", result.stderr)
        end)
    end)

    it("says what to do when no builds are known, or those of several repositories", function()
        servers.in_folder(function(folder)
            local result = dashboard(folder, "--out", folder .. "/site")
            assert.equal(2, result.code)
            assert.matches("hint: uhost metrics collect", result.stderr)
            assert.is_false(fs.exists(folder .. "/site"))
        end)
        with_runs({ run(1), run(2, { repository = "o/other" }) }, function(_, result)
            assert.equal(2, result.code)
            assert.matches("o/n, o/other", result.stderr)
            assert.matches("%-%-github", result.stderr)
        end)
        with_runs({ run(1), run(2, { repository = "o/other" }) }, function(site, result)
            assert.equal(0, result.code, result.stderr)
            assert.equal(1, datasets_of(site, "builds").runs.rows)
        end, "--github", "o/other")
    end)

    it("refuses options that make no sense, and takes a date", function()
        servers.in_folder(function(folder)
            local site = folder .. "/site"
            for _, words in ipairs({ { "--github", "nowhere" }, { "--since", "soon" } }) do
                local result = dashboard(folder, "--demo", "--out", site, unpack(words))
                assert.equal(2, result.code, result.stderr)
                assert.matches(words[1], result.stderr, 1, true)
                assert.is_false(fs.exists(site))
            end
            assert.equal(0, dashboard(folder, "--demo", "--out", site, "--since", "2026-01-01").code)
        end)
    end)

    it("writes nothing under a dry run", function()
        servers.in_folder(function(folder)
            local result = process.run{ uhost_binary, "--dry-run", "dashboard", "--demo", "--out", folder .. "/site",
                env = { UHOST_STATE = folder .. "/state" } }
            assert.equal(0, result.code, result.stderr)
            assert.matches("index%.html", result.stdout .. result.stderr)
            assert.is_false(fs.exists(folder .. "/site"))
        end)
    end)
end)
