local function error_of(body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok, "expected an error")
    assert.is_true(uhost.is_error(err), tostring(err))
    return err
end

local function reread(text)
    return time.iso(time.parse(text), { decimals = 2 })
end

describe("time.parse", function()
    it("reads ISO 8601 and RFC 3339", function()
        local cases = {
            ["2026-01-31"] = "2026-01-31T00:00:00.00Z",
            ["2026-01"] = "2026-01-01T00:00:00.00Z",
            ["2026-01-31T12:00Z"] = "2026-01-31T12:00:00.00Z",
            ["2026-01-31t12:00:30z"] = "2026-01-31T12:00:30.00Z",
            ["2026-01-31 12:00:00.25 +01:00"] = "2026-01-31T11:00:00.25Z",
            ["2026-01-31T12:00:00,5-0530"] = "2026-01-31T17:30:00.50Z",
            ["2026-01-31T12:00:00.1234567Z"] = "2026-01-31T12:00:00.12Z",
            ["20260131T120000Z"] = "2026-01-31T12:00:00.00Z",
            ["20260131"] = "2026-01-31T00:00:00.00Z",
            ["2026-01-31T24:00:00Z"] = "2026-02-01T00:00:00.00Z",
            ["2026-12-31T23:59:60Z"] = "2027-01-01T00:00:00.00Z",
            [" 2026-01-31\n"] = "2026-01-31T00:00:00.00Z",
        }
        for text, expected in pairs(cases) do assert.equal(expected, reread(text)) end
    end)

    it("reads the dates of mail, HTTP, git and Unix", function()
        for _, text in ipairs({
            "Sat, 31 Jan 2026 12:00:00 +0100", "31 Jan 2026 11:00 GMT", "Sat, 31 Jan 2026 06:00:00 EST",
            "Sat Jan 31 12:00:00 2026 +0100", "Sat Jan 31 11:00:00 2026", "@1769857200", "1769857200 +0100",
        }) do assert.equal("2026-01-31T11:00:00.00Z", reread(text)) end
        assert.equal("1969-12-31T23:59:54.50Z", reread("@-5.5"))
    end)

    it("refuses anything else and shows what it takes", function()
        for _, text in ipairs({ "", "x", "2026-1-3", "2026-01-31T12:00:00+1", "2026-01-31T12", "yesterday",
            "1769857200", "2026-01-31T12:00:00Zulu", "2026-01-31T12:00:00 Z x", "Foo Jan 31 12:00:00 2026",
            "2026-01-31T12:60" }) do
            local ok, err = pcall(time.parse, text)
            assert.is_false(ok, text)
            if err.kind ~= "time.range" then
                assert.equal("time.syntax", err.kind)
                assert.matches("2026%-01%-31T12:00:00Z", err.hint)
            end
        end
        assert.is_true(#error_of(time.parse, ("x"):rep(100000)).message < 200)
    end)

    it("says which part of a date does not exist", function()
        assert.equal("February 2026 has 28 days, there is no day 30", error_of(time.parse, "2026-02-30").message)
        assert.equal("the month of a time is from 1 to 12, not 13", error_of(time.parse, "2026-13-01").message)
        assert.equal("time.range", error_of(time.parse, "0000-01-01").kind)
        assert.equal("time.range", error_of(time.parse, "0001-01-01T00:00:00+01:00").kind)
    end)
end)

describe("durations", function()
    it("are read in words and in ISO 8601", function()
        local cases = {
            ["6 months"] = { 6, 0, 0 }, ["2 weeks"] = { 0, 14, 0 }, ["1h 30m"] = { 0, 0, 5400 },
            ["90 days"] = { 0, 90, 0 }, ["P6M"] = { 6, 0, 0 }, ["PT6M"] = { 0, 0, 360 }, ["P2W"] = { 0, 14, 0 },
            ["P1Y2M10DT2H30M"] = { 14, 10, 9000 }, ["1 year, 2 months and 3 days"] = { 14, 3, 0 },
            ["-2 days"] = { 0, -2, 0 }, ["1.5 years"] = { 18, 0, 0 },
            ["0.5 days"] = { 0, 0, 43200 }, ["500ms"] = { 0, 0, 0.5 }, ["2 quarters"] = { 6, 0, 0 },
            ["3mo"] = { 3, 0, 0 },
            ["1 hour 1 min 1 sec"] = { 0, 0, 3661 }, ["5s"] = { 0, 0, 5 }, ["-P1D"] = { 0, -1, 0 },
        }
        for text, expected in pairs(cases) do
            assert.same({ months = expected[1], days = expected[2], seconds = expected[3] }, time.duration(text))
        end
    end)

    it("are refused when they say nothing clear", function()
        for _, text in ipairs({ "", "90", "6M", "0.5 months", "P", "PT", "P1H", "P1", "3 weeks 2", "2 days and",
            "months 6", "1 fortnight", "--1 day", ("1 day "):rep(100) }) do
            local err = error_of(time.duration, text)
            assert.equal("time.syntax", err.kind)
            assert.matches("6 months", err.hint)
        end
        assert.equal("time.range", error_of(time.duration, "999999999999 years").kind)
    end)
end)

describe("calendar arithmetic", function()
    local january = time.parse("2026-01-31T10:00:00Z")

    it("moves by months, days and seconds", function()
        assert.equal("2026-02-28T10:00:00Z", time.iso(time.add(january, "1 month")))
        assert.equal("2025-11-30T10:00:00Z", time.iso(time.subtract(january, "2 months")))
        assert.equal("2026-02-01T10:00:05Z", time.iso(time.add(january, { days = 1, seconds = 5 })))
        assert.equal("2026-01-31T10:00:00Z", time.iso(time.add(time.subtract(january, 90), 90)))
        assert.equal("2025-07-31T10:00:00Z", time.iso(time.ago("6 months", january)))
        assert.equal("2025-02-28", time.date(time.add(time.parse("2024-02-29"), "1 year")))
        assert.equal("time.range", error_of(time.add, january, "9000 years").kind)
    end)

    it("keeps how far apart two instants are", function()
        local march = time.parse("2026-03-01")
        assert.same({ months = 1, days = 0, seconds = 50400 }, time.difference(january, march))
        assert.equal(january, time.add(march, time.difference(march, january)))
    end)

    it("finds the start of units, with weeks from Monday", function()
        local starts = { year = "2026-01-01T00:00:00Z", quarter = "2026-04-01T00:00:00Z",
            month = "2026-05-01T00:00:00Z", week = "2026-05-11T00:00:00Z", day = "2026-05-17T00:00:00Z",
            hour = "2026-05-17T13:00:00Z",
            minute = "2026-05-17T13:14:00Z" }
        for unit, expected in pairs(starts) do
            assert.equal(expected, time.iso(time.start_of(unit, time.parse("2026-05-17T13:14:15Z"))))
        end
        assert.matches("no unit is called 'decade'", error_of(time.start_of, "decade").message)
    end)

    it("takes instants apart and puts them together", function()
        local parts = time.parts(time.parse("2027-01-01T10:20:30.5Z"))
        assert.same({ year = 2027, month = 1, day = 1, hour = 10, minute = 20, second = 30.5, weekday = 5, year_day = 1,
            week = 53, week_year = 2026 }, parts)
        assert.equal(time.parse("2027-01-01T10:20:30.5Z"), time.from_parts(parts))
        assert.equal("2026-01-01T00:00:00Z", time.iso(time.from_parts({ year = 2026 })))
        assert.equal("time.range", error_of(time.from_parts, { year = 2026, month = 2, day = 29 }).kind)
        assert.matches("bad option 'year'", error_of(time.from_parts, { month = 2 }).message)
        assert.matches("unknown option 'mnth'", error_of(time.from_parts, { year = 2026, mnth = 2 }).message)
    end)
end)

describe("time.resolve", function()
    local now = time.parse("2026-01-31T10:00:00Z")

    it("takes dates, durations and a few words", function()
        local cases = {
            ["6 months"] = "2025-07-31T10:00:00Z", ["6 months ago"] = "2025-07-31T10:00:00Z",
            ["P1D"] = "2026-01-30T10:00:00Z", ["2025-01-01"] = "2025-01-01T00:00:00Z", today = "2026-01-31T00:00:00Z",
            yesterday = "2026-01-30T00:00:00Z", now = "2026-01-31T10:00:00Z",
        }
        for text, expected in pairs(cases) do assert.equal(expected, time.iso(time.resolve(text, now))) end
    end)

    it("shows what it takes when it cannot", function()
        local err = error_of(time.resolve, "soon", now)
        assert.equal("time.syntax", err.kind)
        assert.matches("6 months", err.hint)
        assert.matches("no day 30", error_of(time.resolve, "2026-02-30").message)
        assert.equal("argument", error_of(time.resolve, 5).kind)
    end)
end)

describe("clocks", function()
    it("agree with the system's, and the monotonic one never goes back", function()
        assert.is_true(math.abs(time.now() - os.time()) < 5)
        local before = time.monotonic()
        for _ = 1, 1000 do
            local after = time.monotonic()
            assert.is_true(after >= before)
            before = after
        end
    end)

    it("are written in UTC whatever the machine's zone", function()
        local binary = os.getenv("UHOST") or "uhost"
        local pipe = assert(io.popen("TZ=Asia/Tokyo " .. binary .. " -e 'print(time.iso(time.parse([[2026-01-31]])))'"))
        assert.equal("2026-01-31T00:00:00Z", pipe:read("*l"))
        pipe:close()
    end)
end)
