-- Merges of trees are to be those of git's merge-ort: the tree, conflict markers included, and the stages of every path
-- in conflict.
local cases = require("support.merge_cases")
local scratch = require("support.git_scratch")

-- Compares the merges of pairs of marks of `stream`; returns how many of them were in conflict.
local function compare(merges, stream)
    local repository = scratch.new()
    repository:git("fast-import", "--quiet", "--force", { stdin = stream.text() })
    local repo, conflicts = git.open(repository.path), 0
    for number, pair in ipairs(merges) do
        local ours = repository:git("rev-parse", "c" .. pair[1])
        local theirs = repository:git("rev-parse", "c" .. pair[2])
        local expected = cases.git_answer(repository, ours, theirs)
        local found = cases.uhost_answer(repo:merge_trees{ ours = ours, theirs = theirs, write = false })
        assert.same(expected, found, ("case %d: git merge-tree --write-tree %s %s"):format(number, ours, theirs))
        if not expected.clean then conflicts = conflicts + 1 end
    end
    return conflicts
end

describe("merge_trees agrees with git merge-tree", function()
    lazy_teardown(scratch.clean_up)

    before_each(function() math.randomseed(tonumber(os.getenv("UHOST_TEST_SEED")) or 20260101) end)

    it("on 250 random merges", function()
        local stream, merges = cases.stream(), {}
        for _ = 1, 250 do
            local base = cases.tree()
            local root = stream.commit(base, {})
            local ours = stream.commit(cases.edited(base), { root })
            table.insert(merges, { ours, stream.commit(cases.edited(base), { root }) })
        end
        assert.is_true(compare(merges, stream) > 50)
    end)

    it("on 150 long texts that both sides changed", function()
        local stream, merges = cases.stream(), {}
        for _ = 1, 150 do
            local base, ours, theirs = cases.texts()
            local root = stream.commit(base, {})
            local mark = stream.commit(ours, { root })
            table.insert(merges, { mark, stream.commit(theirs, { root }) })
        end
        assert.is_true(compare(merges, stream) > 50)
    end)

    it("on recorded conflicts of real repositories", function()
        local recorded = fs.join(os.getenv("UHOST_SOURCE") or ".", "../shared/data/merge_conflicts_dev.jsonl.xz")
        if not fs.exists(recorded) then return pending("needs ../shared/data/merge_conflicts_dev.jsonl.xz") end
        local stream, merges = cases.stream(), {}
        for _, record in ipairs(cases.recorded(recorded, 150)) do
            local root = stream.commit(record.base, {})
            local ours = stream.commit(record.ours, { root })
            table.insert(merges, { ours, stream.commit(record.theirs, { root }) })
        end
        assert.is_true(compare(merges, stream) > 100)
    end)

    it("in a tree of 50,000 files, where most folders are moved or changed", function()
        local base, ours, theirs = {}, {}, {}
        for i = 1, 50000 do
            local folder, name = ("d%d/e%d/"):format(i % 50, i % 500), "f" .. i
            local rest = ("\nline %d\n"):format(i):rep(8)
            local function file(first) return { mode = "100644", content = first .. rest } end
            base[folder .. name] = file("first")
            ours[(i % 50 == 7 and "moved/" or "") .. folder .. name] = file(i % 400 == 0 and "ours" or "first")
            theirs[folder .. name] = file(i % 300 == 0 and "theirs" or "first")
            if i % 5000 == 57 then theirs[folder .. "new" .. i] = file("new") end
        end
        local stream = cases.stream()
        local root = stream.commit(base, {})
        local mark = stream.commit(ours, { root })
        assert.equal(1, compare({ { mark, stream.commit(theirs, { root }) } }, stream))
    end)

    it("on 100 criss-cross merges, whose merge bases have to be merged first", function()
        local stream, merges = cases.stream(), {}
        for _ = 1, 100 do
            local base = cases.tree()
            local left, right = cases.edited(base), cases.edited(base)
            local root = stream.commit(base, {})
            local a, b = stream.commit(left, { root }), stream.commit(right, { root })
            local ours = stream.commit(cases.edited(left), { a, b })
            table.insert(merges, { ours, stream.commit(cases.edited(right), { b, a }) })
        end
        assert.is_true(compare(merges, stream) > 30)
    end)
end)
