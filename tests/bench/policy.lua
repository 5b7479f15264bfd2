-- Measures calling a policy in its sandbox beside calling the same function in a plain LuaJIT, and a first decision
-- from a cold start beside another policy engine's (Cedar, on Node.js). UHOST names the binary.
--
-- Prints: name, ours, the peer's, ratio, target, same answer; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
local uhost_binary = os.getenv("UHOST") or "uhost"
local calls, list_length, rounds = 20000, 10000, 7

local rules = [[return {
    double = function(n) return n * 2 end,
    audited = function(path) return path:find("^tests/crashes/") and "yes" or "no" end,
}]]

local plain = ([[
    local rules = (function() %s end)()
    local sum, clock = 0, os.clock()
    for i = 1, %d do sum = sum + rules.double(i) end
    print(sum, (os.clock() - clock) / %d)]]):format(rules, calls, calls)

local function row(name, ours, peer, target, same)
    print(("%s\t%.6f\t%.6f\t%.1f\t%s\t%s"):format(name, ours, peer, ours / peer, target, same and "yes" or "no"))
end

local function call_one_by_one(handle)
    local sum, taken = 0, {}
    for i = 1, calls do
        local started = time.monotonic()
        sum = sum + handle:call("double", i)
        taken[i] = time.monotonic() - started
    end
    table.sort(taken)
    return sum, taken[calls / 2], taken[math.floor(calls * 0.99)]
end

local function call_at_once(handle)
    local list = {}
    for i = 1, list_length do list[i] = { i } end
    local best, sum = math.huge, 0
    for _ = 1, rounds do
        local started = time.monotonic()
        local results = handle:map("double", list)
        best, sum = math.min(best, time.monotonic() - started), 0
        for _, result in ipairs(results) do sum = sum + result end
    end
    return sum, best
end

local function started(folder)
    local best = math.huge
    for _ = 1, rounds * 3 do
        local begin = time.monotonic()
        local handle = policy.load("bench", { folder = folder })
        best = math.min(best, time.monotonic() - begin)
        handle:close()
    end
    return best
end

local function fastest(command)
    local best, output = math.huge, nil
    for _ = 1, rounds do
        local begin = time.monotonic()
        output = process.run(command).stdout
        best = math.min(best, time.monotonic() - begin)
    end
    return best, output
end

local function cold(folder)
    local code = ([[print(policy.load("bench", { folder = %q }):call("audited", "tests/crashes/12345.rs"))]])
        :format(folder)
    local ours, our_answer = fastest({ uhost_binary, "-e", code, check = true })
    local peer, peer_answer = fastest({ "node", here .. "/cedar/decide.mjs", check = true })
    row("policy: first decision from a cold start, s", ours, peer, "-", our_answer == peer_answer)
end

local folder = fs.temp_dir()
fs.write(fs.join(folder:path(), "bench.lua"), rules)
local handle = policy.load("bench", { folder = folder:path() })
local plain_sum, plain_s = process.run({ "luajit", "-e", plain, check = true }).stdout:match("(%d+)%s+(%S+)")
plain_sum, plain_s = tonumber(plain_sum), math.max(tonumber(plain_s), 1e-9)

local sum, median, late = call_one_by_one(handle)
row("policy: a call, median, s", median, plain_s, "< 50 us", sum == plain_sum)
row("policy: a call, 99 of 100, s", late, plain_s, "-", sum == plain_sum)
local list_sum, list_s = call_at_once(handle)
row("policy: a list of 10,000, s", list_s, plain_s * list_length, "-", list_sum == list_length * (list_length + 1))
row("policy: worker started and rules loaded, s", started(folder:path()), plain_s, "< 5 ms", true)
cold(folder:path())
folder:close()
