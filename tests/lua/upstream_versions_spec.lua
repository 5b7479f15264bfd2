package.path = uhost.share .. "/scripts/?.lua;" .. package.path
local versions = require("lib.upstream.versions")

local function newest(tags, options)
    local choice = versions.choose(tags, options)
    return choice.newest and choice.newest.text, choice
end

describe("the newest version", function()
    local cases = {
        { "is the greatest, not the one tagged last", { "v0.41.1", "v0.39.5" }, "0.41.1" },
        { "is never a downgrade to bare tags beside it", { "v4.10.7", "0.1.0", "0.0.2" }, "4.10.7" },
        { "may have a dot behind its v", { "v.2.2.0", "v2.4.1" }, "2.4.1" },
        { "may have a capital V", { "V3.1.0", "V3.1.4" }, "3.1.4" },
        { "is of the prefix that was asked for", { "20150213.1", "v1.10.0" }, "1.10.0", { prefix = "v" } },
        { "may belong to a component", { "evdev-1.0", "evdev-2.2.1" }, "2.2.1" },
        { "compares numbers as numbers", { "3.1.0", "3.0.12", "3.0.2", "v3.0.7" }, "3.1.0" },
        { "is no pre-release", { "1.2.3-rc.10", "1.2.2" }, "1.2.2" },
        { "is a calendar version where all are", { "release-2026-01", "release-2025-12" }, "2026-01" },
        { "is no tag that is none", { "nightly", "v1.0.0", "latest", "docs-2" }, "1.0.0" },
        { "rolls", { "v2.1.1700000000", "v2.1.1710000000" }, "2.1.1710000000" },
    }
    for _, case in ipairs(cases) do
        it(case[1], function() assert.equal(case[3], (newest(case[2], case[4]))) end)
    end

    it("keeps to the variant that is in use", function()
        local tags = { "1.12-alpine", "1.15-alpine", "1.15-alpine-perl", "1.16" }
        assert.equal("1.15-alpine", (newest(tags, { current = "1.12-alpine" })))
        tags = { "3.8.0-alpine3.10", "3.8.0b1-alpine3.10" }
        assert.equal("3.8.0-alpine3.10", (newest(tags, { current = "3.8.0-alpine3.10" })))
    end)

    it("keeps to the numbering that is in use", function()
        assert.equal("3.15", (newest({ "3.15", "20210804" }, { current = "3" })))
    end)

    it("says when the numbering changed and nothing says which is meant", function()
        local _, choice = newest({ "20150213.1", "v1.10.0" })
        assert.is_true(choice.numbering_changed)
        _, choice = newest({ "20150213.1", "v1.10.0" }, { prefix = "v" })
        assert.is_false(choice.numbering_changed)
    end)

    it("counts what is no version", function()
        local _, choice = newest({ "nightly", "v1.0", "x" .. ("9"):rep(400), "" })
        assert.equal(3, #choice.ignored)
    end)

    it("is a pre-release where one is in use, or wanted", function()
        local tags = { "1.2.3-rc.9", "1.2.3-rc.10", "1.2.2" }
        assert.equal("1.2.3-rc.10", (newest(tags, { current = "1.2.3-rc.9" })))
        assert.equal("1.2.3-rc.10", (newest(tags, { prereleases = true })))
    end)
end)

describe("the order of versions", function()
    it("is that of Semantic Versioning", function()
        local sorted = { "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
            "1.0.0", "1.0.1-0.3.7", "1.0.1", "1.2", "1.10", "2.0b1", "2.0" }
        for i = 1, #sorted do
            for j = 1, #sorted do
                local order = versions.compare(versions.parse(sorted[i]), versions.parse(sorted[j]))
                assert.equal(i < j and -1 or i > j and 1 or 0, order, sorted[i] .. " " .. sorted[j])
            end
        end
    end)

    it("ignores build metadata", function()
        assert.equal(0, versions.compare(versions.parse("1.0+1"), versions.parse("v1.0+2")))
        assert.equal("1", versions.parse("1.0+1").build)
    end)

    it("is a total order for any tags", function()
        math.randomseed(11)
        local pieces = { "v", "1", "2", "10", ".", "-", "rc", "b", "alpha", "+", "x", "_", "2026" }
        local read = {}
        for _ = 1, 20000 do
            local tag = {}
            for i = 1, math.random(7) do tag[i] = pieces[math.random(#pieces)] end
            read[#read + 1] = versions.parse(table.concat(tag))
        end
        assert.is_true(#read > 1000)
        for _ = 1, 20000 do
            local a, b, c = read[math.random(#read)], read[math.random(#read)], read[math.random(#read)]
            assert.equal(versions.compare(a, b), -versions.compare(b, a))
            if versions.compare(a, b) <= 0 and versions.compare(b, c) <= 0 then
                assert.is_true(versions.compare(a, c) <= 0, a.tag .. " " .. b.tag .. " " .. c.tag)
            end
        end
    end)
end)
