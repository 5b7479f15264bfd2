-- An hour of a thousand tasks against GitHub's limits, by a clock that stands still while tasks compute and moves on
-- when all of them wait. In a process of its own, whose clock and pauses are replaced.

local simulation = [==[
local now, started = 1.8e9, 1.8e9
local sleepers, order = {}, 0  -- a heap by the time to wake: { at, order, coroutine }

local function before(a, b)
    return a.at < b.at or (a.at == b.at and a.order < b.order)
end

local function push(entry)
    local place = #sleepers + 1
    sleepers[place] = entry
    while place > 1 and before(entry, sleepers[math.floor(place / 2)]) do
        sleepers[place], place = sleepers[math.floor(place / 2)], math.floor(place / 2)
        sleepers[place] = entry
    end
end

local function pop()
    local first, last = sleepers[1], table.remove(sleepers)
    if #sleepers == 0 then return first end
    local place = 1
    while true do
        local child = place * 2
        if child > #sleepers then break end
        if child < #sleepers and before(sleepers[child + 1], sleepers[child]) then child = child + 1 end
        if not before(sleepers[child], last) then break end
        sleepers[place], place = sleepers[child], child
    end
    sleepers[place] = last
    return first
end

function task.sleep(seconds)
    order = order + 1
    push({ at = now + math.max(seconds, 0), order = order, coroutine = coroutine.running() })
    coroutine.yield()
end
function time.monotonic() return now - started + 1000 end
function time.now() return now end
function os.time() return math.floor(now) end

-- GitHub

local limits = { core = 5000, concurrent = 100, changes = 80, points = 900 }
local core = { used = 0, reset = started + 3600 }
local running, sent, first_sent, changed, first_changed = 0, {}, 1, {}, 1
local counts = { answered = 0, changes = 0, refused = {}, late = 0 }
local known_s = {}  -- by limit: when the first refusal was answered

local function within(list, first)
    while list[first] and list[first] <= now - 60 do first = first + 1 end
    return first
end

local function exceeded(is_change)
    first_sent, first_changed = within(sent, first_sent), within(changed, first_changed)
    if running > limits.concurrent then return "concurrent" end
    if core.used >= limits.core then return "core" end
    if is_change and #changed - first_changed + 1 >= limits.changes then return "changes" end
    if #sent - first_sent + (is_change and 5 or 1) >= limits.points then return "points" end
end

local function headers_of()
    return { ["x-ratelimit-limit"] = limits.core, ["x-ratelimit-remaining"] = limits.core - core.used,
        ["x-ratelimit-reset"] = ("%d"):format(core.reset), ["content-type"] = "application/json" }
end

local function answer(request)
    running = running + 1
    if now >= core.reset then core.used, core.reset = 0, core.reset + 3600 end
    local is_change = request.method == "POST"
    local limit, asked_at = exceeded(is_change), now
    if not limit then
        core.used = core.used + 1
        for _ = 1, is_change and 5 or 1 do sent[#sent + 1] = now end
        if is_change then changed[#changed + 1] = now end
    end
    task.sleep(0.1 + 0.2 * math.random())
    running = running - 1
    if not limit then
        counts.answered, counts.changes = counts.answered + 1, counts.changes + (is_change and 1 or 0)
        return { status = 200, body = is_change and '{"id":1}' or '{"number":4}', headers = headers_of() }
    end
    counts.refused[limit] = (counts.refused[limit] or 0) + 1
    if known_s[limit] and asked_at > known_s[limit] then counts.late = counts.late + 1 end
    known_s[limit] = known_s[limit] or now
    local headers = headers_of()
    if limit ~= "core" then headers["retry-after"] = "60" end
    return { status = 403, headers = headers, body = '{"message":"You have exceeded a secondary rate limit"}' }
end

-- A thousand tasks that read all the time; `change_share` of what they do are changes.
local share = tonumber((...))
math.randomseed(7)
local failures = {}
local function work()
    while now < started + 3600 do
        local ok, err = pcall(function()
            if math.random() < share then
                github.request({ method = "POST", path = "/repos/o/n/issues/4/comments", json = { body = "x" } })
            else
                github.get("/repos/o/n/issues/4")
            end
        end)
        if not ok then failures[#failures + 1] = tostring(err) end
        task.sleep(math.random() * 30)
    end
end

http.intercept(answer, function()
    for _ = 1, 1000 do
        local one = coroutine.create(work)
        assert(coroutine.resume(one))
    end
    while #sleepers > 0 do
        local entry = pop()
        now = math.max(now, entry.at)
        local ok, err = coroutine.resume(entry.coroutine)
        if not ok then error(err, 0) end
        if now > started + 3600 then break end
    end
end)
print(json.encode({ answered = counts.answered, changes = counts.changes, refused = counts.refused,
    late = counts.late, failures = failures }))
]==]

local function hour(change_share)
    local folder = fs.temp_dir()
    return task.finally(function()
        fs.write(folder:path() .. "/hour.lua", simulation)
        local result = process.run({ "/proc/self/exe", "--quiet", folder:path() .. "/hour.lua", tostring(change_share),
            env = { GITHUB_TOKEN = "ghp_simulated", GITHUB_API_URL = false, UHOST_STATE = folder:path() .. "/state" } })
        assert.equal(0, result.code, result.stderr)
        return json.decode(result.stdout)
    end, function() folder:close() end)
end

describe("a thousand tasks in an hour", function()
    it("are refused by each secondary limit once, when they meet it together, and by the primary one never", function()
        for _, change_share in ipairs({ 0, 0.1, 0.5 }) do
            local counts = hour(change_share)
            assert.same({}, counts.failures)
            assert.equal(5000, counts.answered)  -- all that the primary limit allows
            assert.equal(0, counts.late)  -- refused although a refusal was known when they were sent
            assert.is_nil(counts.refused.core)
            assert.is_nil(counts.refused.concurrent)
        end
    end)
end)
