-- lib.unified_diff: git applies every diff, and gets the second text.
local expect = require("support.expect")
local unified_diff = require("lib.unified_diff")

local function lines(...) return table.concat({ ... }, "\n") .. "\n" end

local function applied(before, after)
    return expect.in_folder({ ["f"] = before }, function(folder)
        fs.write(folder .. "/p", unified_diff.of("f", before, after))
        process.run({ "git", "apply", "p", cwd = folder, check = true })
        return fs.read(folder .. "/f") or ""
    end)
end

describe("unified_diff.of", function()
    it("says nothing of equal texts", function() assert.equal("", unified_diff.of("f", "a\n", "a\n")) end)

    it("writes hunks with three lines of context", function()
        local before = lines("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12")
        local after = lines("1", "two", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13")
        assert.equal("--- a/f\n+++ b/f\n@@ -1,5 +1,5 @@\n 1\n-2\n+two\n 3\n 4\n 5\n"
            .. "@@ -10,3 +10,4 @@\n 10\n 11\n 12\n+13\n",
            unified_diff.of("f", before, after))
    end)

    it("writes what git applies", function()
        local random = 7
        local function draw(n)
            random = (random * 16807) % 2147483647
            return random % n + 1
        end
        for _ = 1, 12 do
            local before, after = {}, {}
            for i = 1, draw(60) do
                before[i] = "line " .. draw(9)
                local choice = draw(8)
                if choice > 1 then after[#after + 1] = before[i] end
                if choice == 2 then after[#after + 1] = "new " .. draw(4) end
            end
            after[#after + 1] = "end"
            local a, b = table.concat(before, "\n") .. "\n", table.concat(after, "\n") .. "\n"
            assert.equal(b, applied(a, b))
        end
    end)

    it("fills and empties a file", function()
        assert.equal("a\n", applied("", "a\n"))
        assert.equal("", applied("a\nb\n", ""))
    end)
end)
