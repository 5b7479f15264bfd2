-- What a merge without conflicts would lose of a fork.
local safety = require("lib.upstream.impact.safety")

local function lost(texts, ...)
    local list = {}
    local fork = { new_path = "a.rs", hunks = { { added = { ... } } } }
    for i, finding in ipairs(safety.lost_lines(fork, texts)) do list[i] = finding.text:match(": (.*)$") end
    return list
end

describe("lines that the fork added", function()
    it("are lost when the merged text has them less often", function()
        assert.same({ "verify(tcx);" }, lost({ base = "a\n", ours = "a\n    verify(tcx);\n}\n", theirs = "b\n",
            merged = "b\n}\n" }, "    verify(tcx);", "}"))
        assert.same({ "again();" }, lost({ base = "again();\n", ours = "again();\nagain();\n", theirs = "again();\nx\n",
            merged = "again();\nx\n" }, "again();"))
    end)

    it("are not, where the release took away another one like them", function()
        assert.same({}, lost({ base = "again();\nx\n", ours = "again();\nx\nagain();\n", theirs = "x\n",
            merged = "x\nagain();\n" }, "again();"))
    end)

    it("are not, where they say nothing", function()
        assert.same({}, lost({ base = "", ours = "}\n\n", theirs = "x\n", merged = "x\n" }, "}", ""))
    end)
end)

describe("a pattern", function()
    it("is counted without overlaps, also where it is empty", function()
        assert.same({ 2, 0, 2 }, { safety.count_matches("aa", "aaaa"), safety.count_matches("b", "aaaa"),
            safety.count_matches("^", "a\nb\n") })
    end)
end)
