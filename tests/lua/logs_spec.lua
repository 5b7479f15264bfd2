-- `logs`: the primitive as scripts see it. What it does with hostile files is in tests/cpp.
local error_of = require("support.expect").error_of

local function with_store(body)
    local folder = fs.temp_dir()
    return task.finally(function() return body(logs.open(folder:path() .. "/logs"), folder:path()) end,
        function() folder:close() end)
end

local function add(writer, text)
    local opened = log_text.open{ text = text }
    local added = writer:add(opened)
    opened:close()
    return added
end

local function extent(added) return { added.segment, added.first_line, added.lines } end

describe("logs", function()
    it("gives back the lines of a log and their times", function()
        with_store(function(store)
            local writer = store:writer()
            local added = add(writer, "2026-01-31T10:00:00.5000000Z one\ntwo\n")
            writer:commit()
            assert.same({ 2, 0.5 }, { added.lines, added.first_time % 1 })
            local lines, times = store:lines(added.segment, added.first_line, 5)
            assert.same({ "one", "two" }, lines)
            assert.same({ time.parse("2026-01-31T10:00:00Z") + 0.5 }, times)
        end)
    end)

    it("finds lines within extents only, numbered from their beginning", function()
        with_store(function(store)
            local writer = store:writer()
            local first, second = add(writer, "a match\nno\n"), add(writer, "no\na match\n")
            writer:commit()
            local found = store:search("match", extent(second))
            assert.same({ { extent = 1, line = 2, text = "a match" } }, found.hits)
            local both = extent(first)
            for _, number in ipairs(extent(second)) do both[#both + 1] = number end
            assert.same({ 1, 1 }, store:search("MATCH", both, { flags = "i", counts = true, limit = 0 }).counts)
        end)
    end)

    it("ends after so many hits, and says that there are more", function()
        with_store(function(store)
            local writer = store:writer()
            local added = add(writer, ("x\n"):rep(100))
            writer:commit()
            local found = store:search("x", extent(added), { limit = 10 })
            assert.same({ 10, false }, { #found.hits, found.is_complete })
            found = store:search("x", extent(added), { limit = 10, counts = true })
            assert.same({ 10, false, 100 }, { #found.hits, found.is_complete, found.counts[1] })
            assert.is_true(store:search("x", extent(added), { limit = 100 }).is_complete)
        end)
    end)

    it("says which segments are missing", function()
        with_store(function(store)
            assert.same({ 7 }, store:search("x", { 7, 0, 10 }).missing_segments)
            assert.equal("logs.missing", error_of(store.lines, store, 7, 0, 1).kind)
            assert.is_nil(store:verify(7))
        end)
    end)

    it("copies lines of one segment to another", function()
        with_store(function(store)
            local writer = store:writer()
            local added = add(writer, "one\n2026-01-31T10:00:00Z two\nthree\n")
            writer:commit()
            local other = store:writer()
            local copied = other:copy(added.segment, added.first_line + 1, 1)
            other:commit()
            assert.not_equal(added.segment, copied.segment)
            local lines, times = store:lines(copied.segment, copied.first_line, 1)
            assert.same({ { "two" }, { time.parse("2026-01-31T10:00:00Z") } }, { lines, times })
        end)
    end)

    it("lends a segment to one writer, or to one who keeps writers away", function()
        with_store(function(store)
            local writer = store:writer()
            local added = add(writer, "one\n")
            writer:commit()
            assert.is_nil(store:lock(added.segment))
            writer:close()
            local lock = assert(store:lock(added.segment))
            local other = store:writer()
            assert.not_equal(added.segment, add(other, "two\n").segment)
            lock:close()
        end)
    end)

    it("marks where steps begin", function()
        with_store(function(store)
            local writer = store:writer()
            local of_runner = add(writer, "x\n##[group]Run make\n##[endgroup]\nPost job cleanup.\n")
            assert.same({ { line = 2, job = "", step = "Run make" },
                { line = 4, job = "", step = "Post job cleanup" } }, of_runner.marks)
            local of_gh = add(writer, "build\tSet up\t2026-01-31T10:00:00Z a\nbuild\tTest\t2026-01-31T10:00:01Z b\n"
                .. "build\tTest\t2026-01-31T10:00:02Z c\n")
            assert.same({ { line = 1, job = "build", step = "Set up" }, { line = 2, job = "build", step = "Test" } },
                of_gh.marks)
        end)
    end)

    it("refuses a pattern that is none, and extents that are none", function()
        with_store(function(store)
            assert.equal("re.syntax", error_of(store.search, store, "(", {}).kind)
            assert.equal("argument", error_of(store.search, store, "x", { 1, 2 }).kind)
            assert.equal("argument", error_of(store.search, store, "x", { 1, -2, 3 }).kind)
            assert.equal("argument", error_of(store.search, store, "x", {}, { limit = -1 }).kind)
        end)
    end)

    it("writes nothing without permission, and nothing in a dry run", function()
        with_store(function(_, folder)
            local code = ([[local w = logs.open(%q):writer()
                w:add(log_text.open{ text = "x\n" }) w:commit()]]):format(folder .. "/other")
            local uhost_binary = os.getenv("UHOST") or "uhost"
            assert.equal(0, process.run({ uhost_binary, "--dry-run", "-e", code }).code)
            assert.is_false(fs.exists(folder .. "/other"))
            local denied = process.run({ uhost_binary, "--safe", "-e", code })
            assert.equal(2, denied.code, denied.stderr)
            assert.is_false(fs.exists(folder .. "/other"))
        end)
    end)
end)
