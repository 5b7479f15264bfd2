-- Simulates `uhost fleet` over 1,000 repositories with ten years of history each, with 1 to 800 workers, on stores of
-- SQLite and PostgreSQL: how fast it is, what of GitHub's limit it uses, how busy the store is, and where more workers
-- help no more, and why. What a step takes is measured in the same run, with the modules that a fleet uses; what cannot
-- be measured here is assumed, and printed. A real fleet on this machine is compared with its simulation.
--
-- Prints: name, simulated seconds, real seconds, ratio, target, same answer; separated by tabs. The tables go to
-- standard error.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = ("%s/?.lua;%s/../?.lua;"):format(here, here) .. package.path
local events = require("fleet_events")
local postgres = require("support.postgres")

local uhost_binary = os.getenv("UHOST") or "uhost"

local repositories, years, month = 1000, 10, 120  -- a month is the 120th part of the history
local assumed = {
    api_s = 0.15,               -- of a request to GitHub
    points_an_hour = 5000,      -- https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    link_bytes_s = 12.5e6, links = 10,  -- 1 Gbit/s, of which one transfer gets a tenth
    cores_a_worker = 1,         -- machines grow with the workers; the store, the link and GitHub do not
    median_commits = 2000, spread = 1.4, max_commits = 300000,  -- of ten years, log-normal
    commits_an_issue = 50,      -- one of so many commits deletes a test of an issue that has to be asked about
}

-- What a step takes ---------------------------------------------------------------------------------------------------

local scratch = fs.temp_dir()
local folder = scratch:path()

local function median(list)
    table.sort(list)
    return list[math.ceil(#list / 2)]
end

local function cpu_s(command, rounds)
    local times = {}
    for i = 1, rounds do
        command.check, command.supervised = true, true
        local result = process.run(command)
        times[i] = result.user_s + result.system_s
    end
    return median(times)
end

local measured_commits = 3000

local function make_history(path, commits)
    local stream = {}
    for i = 1, commits do
        local text = ("line %d\n"):format(i):rep(40)
        stream[i] = ("commit refs/heads/main\ncommitter A <a@b.c> %d +0000\ndata 6\nChange\n"):format(1.4e9 + i * 1e5)
            .. ("M 100644 inline src/%d/file%d.c\ndata %d\n%s\n"):format(i % 40, i % 900, #text, text)
            .. (i % 50 == 0 and ("D src/%d/file%d.c\n"):format((i - 7) % 40, (i - 7) % 900) or "")
    end
    process.run{ "git", "init", "-q", "-b", "main", path, check = true }
    process.run{ "git", "-C", path, "fast-import", "--quiet", stdin = table.concat(stream), check = true }
    local size = process.run{ "du", "-sk", path .. "/.git/objects", check = true }.stdout
    return tonumber(size:match("%d+")) * 1024 / commits
end

local function shard(path, script)
    return { uhost_binary, "--state", folder .. "/state", "fleet", "shard", "--url", path, "--mirrors",
        folder .. "/mirrors", script, stderr = "discard" }
end

local function measure_shard()
    local small, large = folder .. "/small", folder .. "/large"
    fs.write(folder .. "/nothing.lua", "return 0\n")
    fs.write(folder .. "/walk.lua", 'for _ in git.open("."):deletions{ path = "src" } do end return 0\n')
    make_history(small, 20)
    local bytes = make_history(large, measured_commits)
    local cold = cpu_s(shard(large, folder .. "/nothing.lua"), 1)
    cpu_s(shard(small, folder .. "/nothing.lua"), 1)
    local warm, warm_large = cpu_s(shard(small, folder .. "/nothing.lua"), 5), cpu_s(shard(large,
        folder .. "/nothing.lua"), 5)
    local walk = cpu_s(shard(large, folder .. "/walk.lua"), 1)
    return { shard_s = warm, clone_s = math.max(0, cold - warm_large) / measured_commits,
        walk_s = math.max(0, walk - warm_large) / measured_commits, bytes = bytes }
end

-- What processes do to a store at once, so many times each; prints the seconds that it took.
local contention = [[
local store_of = require("lib.fleet.store")
local store, id, rounds = store_of.open(), tonumber(arg[1]), tonumber(arg[2])
local output = ("x"):rep(2000)
io.stdout:write("ready\n") io.stdout:flush()
io.read("*l")
local began, shards = time.monotonic(), 0
while shards < rounds do
    local shard = store_of.take(store, id)
    if not shard then break end
    store_of.keep(store, shard, { outcome = "fine", exit_code = 0, duration_s = 1, output = output })
    shards = shards + 1
end
print(time.monotonic() - began, shards)
]]

local filling = [[
local store_of, list = require("lib.fleet.store"), {}
for i = 1, tonumber(arg[1]) do
    list[i] = { name = "o/r" .. i, url = "https://example.org/o/r" .. i, arguments = {} }
end
print(store_of.add(store_of.open(), { script = "walk", arguments = {}, digest = "d", executor = "local",
    settings = {} }, list).id)
]]

-- A run with so many shards, in the store that this environment names.
local function filled(env, shards)
    fs.write(folder .. "/filling.lua", filling)
    return tonumber(process.run{ uhost_binary, folder .. "/filling.lua", shards, env = env, check = true }.stdout)
end

-- Pairs of taking and keeping a second, by so many processes at once.
local function rate_of(env, processes, rounds)
    local id, children, total, longest = filled(env, processes * rounds), {}, 0, 0
    fs.write(folder .. "/contention.lua", contention)
    for i = 1, processes do
        children[i] = process.start{ uhost_binary, folder .. "/contention.lua", id, rounds, env = env, stdin = true }
        assert(children[i]:read_line(60) == "ready")
    end
    for _, child in ipairs(children) do child:write("go\n") end
    for _, child in ipairs(children) do
        local seconds, shards = child:read_line(120):match("(%S+)%s+(%S+)")
        total, longest = total + tonumber(shards), math.max(longest, tonumber(seconds))
        child:wait()
    end
    return total / longest
end

-- An engine has `operation_s`, what one statement of a process takes, and `places`, how many it serves at once.
local function measure_store(name, env)
    local alone, together = rate_of(env, 1, 300), rate_of(env, 4, 150)
    return { name = name, operation_s = 1 / alone / 2, places = math.max(1, together / alone),
        pairs_alone = alone, pairs_of_four = together }
end

local function measure_stores()
    local sqlite = measure_store("SQLite", { UHOST_STATE = folder .. "/sqlite", UHOST_STORE = false })
    local reason = postgres.missing()
    if reason then
        io.stderr:write("PostgreSQL is left out: ", reason, "\n")
        return { sqlite }
    end
    local server = postgres.start()
    return task.finally(function()
        return { sqlite, measure_store("PostgreSQL", { UHOST_STATE = folder .. "/postgresql",
            UHOST_STORE = server.url }) }
    end, function() server:close() end)
end

-- The simulation ------------------------------------------------------------------------------------------------------

-- The same numbers in each run.
local function random_of(seed)
    local state = seed
    return function()
        state = (state * 16807) % 2147483647
        return state / 2147483647
    end
end

local function commits_of_all()
    local random, list = random_of(20260101), {}
    for i = 1, repositories do
        local normal = math.sqrt(-2 * math.log(random())) * math.cos(2 * math.pi * random())
        list[i] = math.min(assumed.max_commits, math.ceil(assumed.median_commits * math.exp(assumed.spread * normal)))
    end
    return list
end

-- One shard: what `run.lua` and `shard.lua` do, and a script that walks what is new and asks about its issues.
local function work(world, servers, constants, engine, commits)
    servers.store.use(engine.operation_s)                                     -- take
    servers.processors.use(constants.shard_s + commits * constants.clone_s)
    servers.link.use(commits * constants.bytes / assumed.link_bytes_s)
    servers.processors.use(commits * constants.walk_s)
    local requests = 1 + math.ceil(commits / assumed.commits_an_issue / 100)  -- issues are asked about by the hundred
    for i = 1, requests do
        if i % 5 == 1 then servers.store.use(engine.operation_s) end          -- points for the next five
        servers.points.take()
        world.wait(assumed.api_s)
        servers.store.use(engine.operation_s)                                 -- what GitHub said is left
    end
    servers.store.use(engine.operation_s)                                     -- keep
end

---@param shares integer  the part of each history that is new: 1 for the first time, 120 for a month later
local function simulate(workers, constants, engine, commits, shares)
    local world, next_one = events.new(), 0
    local servers = { store = world.server("the store", math.floor(engine.places)),
        processors = world.server("processors", workers * assumed.cores_a_worker),
        link = world.server("the link", assumed.links), points = world.points("GitHub's limit",
            assumed.points_an_hour, 3600) }
    for _ = 1, workers do
        world.start(function()
            while next_one < #commits do
                next_one = next_one + 1
                work(world, servers, constants, engine, math.ceil(commits[next_one] / shares))
            end
        end)
    end
    world.run()
    assert(servers.store.uses >= 2 * #commits, "a shard was lost")
    return { seconds = world.now, points = servers.points.used, store_load = servers.store.load(),
        store_wait_s = servers.store.slowest_wait_s(), link_load = servers.link.load(),
        points_share = servers.points.waited_s / (workers * world.now),
        answers_share = servers.points.used * assumed.api_s / (workers * world.now),
        processor_load = servers.processors.load() }
end

-- What more workers would wait for.
local function limit_of(result)
    if result.points_share > 0.05 then return "GitHub's limit" end
    if result.store_load > 0.8 then return "the store" end
    if result.link_load > 0.8 then return "the link" end
    if result.answers_share > 0.4 then return "GitHub's answers" end
    return result.processor_load > 0.5 and "processors" or "the longest repository"
end

local counts = { 1, 10, 25, 50, 100, 200, 400, 800 }

local function repeated(list, times)
    local all = {}
    for _ = 1, times do
        for _, each in ipairs(list) do all[#all + 1] = each end
    end
    return all
end

local headings = { "workers", "repositories an hour", "all took", "store busy", "its 99th wait", "points", "limit" }

local function table_of(title, constants, engine, commits, shares)
    local rows, best = {}, nil
    for i, workers in ipairs(counts) do
        local result = simulate(workers, constants, engine, commits, shares)
        rows[i] = { workers, ("%.0f"):format(#commits / result.seconds * 3600), time.human(result.seconds),
            ("%.1f %%"):format(100 * result.store_load), ("%.1f ms"):format(1000 * result.store_wait_s),
            result.points, limit_of(result) }
        if not best and i > 1 and rows[i - 1].seconds / result.seconds < 1.2 then best = counts[i - 1] end
        rows[i].seconds = result.seconds
    end
    io.stderr:write(("\n%s, %s\n"):format(title, engine.name), term.table({ rows = rows, width = 110, color = false,
        columns = headings }),
        ("more than %s workers help little\n"):format(best or "800"))
end

-- A fleet on this machine, and its simulation.
local function compare(constants, engine)
    local shards, workers, lasts = 16, 2, 0.25
    local lines = {}
    for i = 1, shards do
        lines[i] = ("./r%d"):format(i)
        make_history(("%s/r%d"):format(folder, i), 20)
    end
    fs.write(folder .. "/repos.txt", table.concat(lines, "\n"))
    fs.write(folder .. "/lasts.lua", ("task.sleep(%s)\nreturn 0\n"):format(lasts))
    local command = { uhost_binary, "-q", "--state", folder .. "/real", "fleet", "run", folder .. "/lasts.lua",
        "--over", folder .. "/repos.txt", "--json", "--max-parallel", workers }
    process.run(command)  -- clones
    local began = time.monotonic()
    local report = json.decode(process.run(command).stdout)
    local real = time.monotonic() - began
    local world, next_one = events.new(), 0
    local store, processors = world.server("store", 1), world.server("processors", 2)
    for _ = 1, workers do
        world.start(function()
            while next_one < shards do
                next_one = next_one + 1
                store.use(engine.operation_s)
                processors.use(constants.shard_s)
                world.wait(lasts)
                store.use(engine.operation_s)
            end
        end)
    end
    world.run()
    print(("fleet of %d here, simulated and real\t%.2f s\t%.2f s\t%.2f\t-\t%s"):format(shards, world.now, real,
        real / world.now, report.counts.fine == shards and "yes" or "no"))
end

task.finally(function()
    local constants, engines = measure_shard(), measure_stores()
    io.stderr:write(("measured: a shard %.0f ms, of a commit: clone %.3f ms, walk %.3f ms, %.0f bytes\n"):format(
        1000 * constants.shard_s, 1000 * constants.clone_s, 1000 * constants.walk_s, constants.bytes))
    for _, engine in ipairs(engines) do
        io.stderr:write(("measured: %s, an operation %.2f ms; taking and keeping a second: %.0f by one, %.0f by four "
            .. "processes\n"):format(engine.name, 1000 * engine.operation_s, engine.pairs_alone, engine.pairs_of_four))
    end
    local commits, all = commits_of_all(), 0
    for _, count in ipairs(commits) do all = all + count end
    io.stderr:write(("assumed: %d repositories of %d years, %d commits in all; a request %.0f ms, %d points an hour, "
        .. "%d transfers of %.1f MB/s, %d core a worker\n"):format(repositories, years, all, 1000 * assumed.api_s,
        assumed.points_an_hour, assumed.links, assumed.link_bytes_s / 1e6, assumed.cores_a_worker))
    for _, engine in ipairs(engines) do
        table_of("The first time", constants, engine, commits, 1)
        table_of("A month later", constants, engine, commits, month)
        table_of("The same over and over, ten times", constants, engine, repeated(commits, 10), month)
    end
    compare(constants, engines[1])
end, function() scratch:close() end)
