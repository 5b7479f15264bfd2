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
