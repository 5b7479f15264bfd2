-- What differs between a failed and a green log of the same job.
local compare = require("lib.log_comparison")
local versions = require("lib.log_versions")

local base = kb.load()

local function open(text, name)
    return log_text.open({ text = text, name = name or "log" })
end

-- A log as `gh run view --log` gives it: steps with the seconds that they take and their lines.
local function log_of(steps, name)
    local out, at = {}, 0
    for _, step in ipairs(steps) do
        local lines, seconds = step.lines, step.seconds or 1
        for i, line in ipairs(lines) do
            local now = at + (#lines > 1 and seconds * (i - 1) / (#lines - 1) or 0)
            out[#out + 1] = ("build\t%s\t2026-01-31T%02d:%02d:%02d.0000000Z %s\n"):format(
                step.name, 10 + math.floor(now / 3600), math.floor(now / 60) % 60, math.floor(now) % 60, line)
        end
        at = at + seconds
    end
    return open(table.concat(out), name)
end

local green_steps = {
    { name = "Set up job", lines = {
        "Current runner version: '2.311.0'", "##[group]Runner Image", "Image: ubuntu-22.04", "Version: 20240101.1.0",
        "##[endgroup]",
        "Download action repository 'actions/checkout@v4' (SHA:b4ffde65f46336ab88eb53be808477a3936bae11)",
    } },
    { name = "Build", seconds = 60, lines = {
        "rustc 1.75.0 (82e1608df 2023-12-21)", "   Compiling serde v1.0.190", "   Compiling app v0.1.0 (/project/app)",
        "Finished in 12.34s",
    } },
    { name = "Test", seconds = 30, lines = { "running 12 tests", "test push ... ok", "test pop ... ok", "done" } },
    { name = "Publish", lines = { "published app" } },
}

local function changed(steps, change)
    local copy = json.decode(json.encode(steps))
    change(copy)
    return copy
end

local function compared(failed_steps)
    local failed, green = log_of(failed_steps, "failed"), log_of(green_steps, "green")
    local comparison = compare.logs(base, failed, green, { what = { name = "green.log" } })
    failed:close()
    green:close()
    return comparison
end

local function texts(list)
    local found = {}
    for i, one in ipairs(list) do found[i] = one.line end
    return found
end

describe("comparing with a green log", function()
    it("finds nothing where only numbers, times and hashes differ", function()
        local comparison = compared(changed(green_steps, function(steps)
            steps[2].lines[4] = "Finished in 45.60s"
            steps[3].lines[1] = "running 13 tests"
        end))
        assert.same({}, comparison.steps)
        assert.same({}, comparison.versions)
        assert.same({}, comparison.new_lines)
        assert.same({}, comparison.missing_lines)
        assert.is_truthy(table.concat(compare.text(comparison), "\n"):find("Nothing differs", 1, true))
    end)

    it("reports versions of tools, packages, the runner and its image, and commits of actions", function()
        local comparison = compared(changed(green_steps, function(steps)
            steps[1].lines[1] = "Current runner version: '2.312.0'"
            steps[1].lines[4] = "Version: 20240201.1.0"
            steps[1].lines[6] =
                "Download action repository 'actions/checkout@v4' (SHA:0ad4b8fadaa221de15dcec353f45205ec38ea70b)"
            steps[2].lines[1] = "rustc 1.76.0 (07dca489a 2024-02-04)"
            steps[2].lines[2] = "   Compiling serde v1.0.191"
        end))
        local reported = {}
        for i, one in ipairs(comparison.versions) do
            reported[i] = ("%s %s %s"):format(one.name, one.green, one.failed)
        end
        assert.same({
            "runner 2.311.0 2.312.0", "runner image ubuntu-22.04 20240101.1.0 20240201.1.0",
            "action actions/checkout b4ffde65f463 0ad4b8fadaa2", "rustc 1.75.0 1.76.0", "serde 1.0.190 1.0.191",
        }, reported)
        assert.equal(1, comparison.versions[1].line_number)
    end)

    it("reports lines that only one of them has, each template once", function()
        local comparison = compared(changed(green_steps, function(steps)
            table.insert(steps[3].lines, 2, "thread 'push' panicked at src/lib.rs:12:5")
            table.insert(steps[3].lines, 3, "thread 'push' panicked at src/lib.rs:13:5")
            table.remove(steps[2].lines, 2)
        end))
        assert.same({ "thread 'push' panicked at src/lib.rs:12:5" }, texts(comparison.new_lines))
        assert.equal(2, comparison.new_lines[1].count)
        assert.same({ "   Compiling serde v1.0.190" }, texts(comparison.missing_lines))
    end)

    it("reports steps that are new, are not there, or take much longer", function()
        local comparison = compared(changed(green_steps, function(steps)
            table.remove(steps, 4)
            steps[2].seconds = 300
            table.insert(steps, 2, { name = "Install", lines = { "installing" } })
        end))
        local reported = {}
        for i, one in ipairs(comparison.steps) do reported[i] = one.change .. " " .. one.name end
        assert.same({ "added Install", "slower Build", "removed Publish" }, reported)
        assert.is_true(comparison.steps[2].duration_s > 200)
        assert.is_true(comparison.steps[2].green_duration_s < 100)
    end)

    it("expects nothing of steps that the failed run did not get to", function()
        local comparison = compared(changed(green_steps, function(steps)
            table.remove(steps, 4)
        end))
        assert.same({}, comparison.missing_lines)
    end)

    it("is plain data, and is reported in text and in reports", function()
        local comparison = compared(changed(green_steps, function(steps)
            steps[2].lines[1] = "rustc 1.76.0 (07dca489a 2024-02-04)"
            steps[3].lines[2] = "error: no such thing"
        end))
        assert.is_string(json.encode(comparison))
        local text = table.concat(compare.text(comparison), "\n")
        assert.is_truthy(text:find("rustc 1.75.0 → 1.76.0", 1, true))
        assert.is_truthy(text:find("error: no such thing", 1, true))
        local out = report.new({ title = "Comparison" })
        compare.add(out, comparison)
        for _, format in ipairs({ "text", "markdown", "html", "json" }) do
            assert.is_truthy(out:render(format):find("no such thing", 1, true), format)
            assert.is_truthy(out:render(format):find("rustc", 1, true), format)
        end
    end)

    it("keeps what it gives short, and says how much there is", function()
        local comparison = compared(changed(green_steps, function(steps)
            for i = 1, 300 do
                table.insert(steps[3].lines, ("%s went wrong in a way of its own"):format(("x"):rep(i)))
            end
            table.insert(steps[3].lines, "fatal error: the one that counts")
        end))
        assert.is_true(#comparison.new_lines <= 40)
        assert.is_true(comparison.new_lines_all > 40)
        assert.is_truthy(table.concat(texts(comparison.new_lines), "\n"):find("the one that counts", 1, true))
    end)

    it("compares empty logs", function()
        local comparison = compare.logs(base, open("", "failed"), open("", "green"))
        assert.same({}, comparison.new_lines)
        assert.is_true(#compare.text(comparison) > 0)
    end)
end)

describe("the versions of a log", function()
    local function of(line)
        local found = {}
        for _, one in pairs(versions.of(open(line .. "\n"))) do
            found[#found + 1] = one.name .. " " .. table.concat(one.list, ", ")
        end
        table.sort(found)
        return found
    end

    it("are read in the ways that tools write them", function()
        local expected = {
            ["Successfully installed requests-2.31.0 idna-3.4.1"] = { "idna 3.4.1", "requests 2.31.0" },
            ["cmake version 3.28.1"] = { "cmake 3.28.1" },
            ["go version go1.22.1 linux/amd64"] = { "go 1.22.1" },
            ["+ left-pad@1.3.0"] = { "left-pad 1.3.0" },
            ["requests==2.31.0"] = { "requests 2.31.0" },
            ["Using rails 7.1.2"] = { "rails 7.1.2" },
            ["Setting up libssl-dev:amd64 (3.0.2-0ubuntu1.12) ..."] = { "libssl-dev:amd64 3.0.2-0ubuntu1.12" },
            ["Downloading https://example.org/pkg/serde-1.0.190.tar.gz"] = { "serde 1.0.190" },
        }
        for line, found in pairs(expected) do assert.same(found, of(line), line) end
    end)

    it("are no times, sizes, addresses or shares", function()
        for _, line in ipairs({
            "Finished in 12.34s", "took 1.2.3 s", "Downloaded 12.5 MB", "Connected to 10.0.0.12", "coverage 85.2%",
            "2026.01.31 done", "load average: 0.5, 0.4",
        }) do assert.same({}, of(line), line) end
    end)
end)
