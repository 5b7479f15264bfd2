-- Cron expressions of `uhost serve`: known cases by hand, and many made-up ones as cron-parser (npm) has them.
local cron = require("lib.serve.cron")
local peers = require("support.peers")

local function next_times(expression, zone, from, count)
    local parsed, times = cron.parse(expression), {}
    local at = time.parse(from)
    for i = 1, count do
        at = cron.next_after(parsed, zone, at)
        if not at then break end
        times[i] = time.iso(at)
    end
    return times
end

-- "*", a list, a range or steps, of a field.
local function made_up_field(low, high)
    local kind, a, b = math.random(5), math.random(low, high), math.random(low, high)
    if kind <= 2 then return "*" end
    if kind == 3 then return a == b and tostring(a) or ("%d,%d"):format(a, b) end
    if kind == 4 then return ("%d-%d"):format(math.min(a, b), math.max(a, b)) end
    return ("*/%d"):format(math.random(2, 7))
end

local reader = [[
import { CronExpressionParser } from "cron-parser";
import { readFileSync } from "node:fs";
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(([expression, tz, currentDate]) => {
    const times = CronExpressionParser.parse(expression, { tz, currentDate });
    return [1, 2, 3, 4].map(() => times.next().toDate().toISOString().replace(".000Z", "Z"));
})));
]]

describe("a cron expression", function()
    it("names minutes, hours, days, months and days of the week", function()
        assert.same({ "2026-03-02T06:30:00Z", "2026-03-03T06:30:00Z" },
            next_times("30 6 * * mon-fri", "UTC", "2026-02-27T06:30:00Z", 2))
        assert.same({ "2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z" },
            next_times("0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", 2))
        assert.same({ "2026-01-02T00:00:00Z", "2026-01-09T00:00:00Z", "2026-01-13T00:00:00Z" },
            next_times("0 0 13 * fri", "UTC", "2026-01-01T00:00:00Z", 3))
        assert.same({ "2026-01-04T00:00:00Z" }, next_times("@weekly", "UTC", "2026-01-01T00:00:00Z", 1))
        assert.same({ "2026-01-04T00:00:00Z" }, next_times("0 0 * * 7", "UTC", "2026-01-01T00:00:00Z", 1))
        assert.same({}, next_times("0 0 30 2 *", "UTC", "2026-01-01T00:00:00Z", 1))
    end)

    it("goes by the clock of its zone, which skips an hour in spring and repeats one in autumn", function()
        local berlin = "Europe/Berlin"
        assert.same({ "2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z" },
            next_times("0 8 * * *", berlin, "2026-03-28T00:00:00Z", 2))
        -- 02:30 is not on the clock on March 29th, and twice on October 25th.
        assert.same({ "2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z" },
            next_times("30 2 * * *", berlin, "2026-03-28T00:00:00Z", 2))
        assert.same({ "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z" },
            next_times("30 2 * * *", berlin, "2026-10-24T12:00:00Z", 2))
    end)

    it("is refused with what is wrong with it", function()
        for _, wrong in ipairs({ "", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
            "5-1 * * * *", "*/0 * * * *", "a * * * *", "* * * * * *", "@never", "1,,2 * * * *", "-1 * * * *" }) do
            local ok, failure = pcall(cron.parse, wrong)
            assert.same({ false, "policy.cron" }, { ok, uhost.is_error(failure) and failure.kind }, wrong)
        end
    end)

    it("means what it means to others, in many zones", function()
        if peers.missing() then return pending(peers.missing()) end
        math.randomseed(7)
        local zones, cases = { "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney" }, {}
        for i = 1, 400 do
            -- An hour that a clock skips or repeats is left to the tests above: readers differ about it.
            local hour = math.random(3) == 1 and "*" or tostring(math.random(4, 23))
            local fields = { math.random(0, 59), hour == "*" and 12 or hour, made_up_field(1, 28), made_up_field(1, 12),
                made_up_field(0, 6) }
            -- "*/2" counts as "*" in crontab(5) where both kinds of days are given, and not to everybody.
            if (fields[3] .. fields[5]):find("*/", 1, true) then fields[math.random(2) == 1 and 3 or 5] = "*" end
            cases[i] = { table.concat(fields, " "), zones[math.random(#zones)],
                time.iso(time.parse("2026-01-01") + math.random(0, 365 * 86400)) }
        end
        local script = fs.join(peers.folder, ("cron-%d.mjs"):format(math.random(2 ^ 30)))
        fs.write(script, reader)
        local theirs = task.finally(function()
            return json.decode(process.run({ "node", script, stdin = json.encode(cases), check = true }).stdout)
        end, function() fs.remove(script) end)
        for i, case in ipairs(cases) do
            assert.same(theirs[i], next_times(case[1], case[2], case[3], 4), table.concat(case, " "))
        end
    end)
end)
