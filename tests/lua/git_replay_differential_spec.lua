-- Replays are to give the trees that git rebase gives, and to stop where it stops.
local cases = require("support.merge_cases")
local scratch = require("support.git_scratch")

local environment = { GIT_COMMITTER_DATE = "1700009999 +0000" }
local committer = { committer = "Carl Committer", committer_email = "carl@example.org", time = 1700009999 }

-- A fork of three commits and an upstream of three, one of which the other side may have as well.
local function history(stream)
    local base = cases.tree()
    local root = stream.commit(base, {})
    local upstream, theirs = root, base
    for _ = 1, 3 do
        theirs = cases.edited(theirs)
        upstream = stream.commit(theirs, { upstream })
    end
    local fork, ours = root, base
    for _ = 1, 3 do
        ours = cases.edited(ours)
        fork = stream.commit(ours, { fork })
    end
    return { upstream = "c" .. upstream, fork = "c" .. fork }
end

describe("replay agrees with git rebase", function()
    lazy_teardown(scratch.clean_up)

    it("and a stopped one can be resolved and goes on to its end", function()
        math.randomseed(20260102)
        local stream, histories = cases.stream(), {}
        for i = 1, 30 do histories[i] = history(stream) end
        local repository = scratch.new()
        repository:git("fast-import", "--quiet", "--force", { stdin = stream.text() })
        local repo, resolved = git.open(repository.path), 0
        for _, each in ipairs(histories) do
            local options = { commits = each.upstream .. ".." .. each.fork, onto = each.upstream }
            for key, value in pairs(committer) do options[key] = value end
            local replay = repo:replay(options)
            while replay.conflicts[1] do
                local stopped, changes = replay.conflicts[1], {}
                for _, conflict in ipairs(stopped.conflicts) do
                    if conflict.theirs or conflict.ours then changes[conflict.path] = conflict.theirs or false end
                end
                local tree = repo:write_tree{ tree = stopped.tree, changes = changes }
                options.commits = replay.rest
                options.onto = repo:commit_tree{ as = stopped.original, tree = tree, parents = replay.tip,
                    committer = "C", committer_email = "c@example.org" }
                replay, resolved = repo:replay(options), resolved + 1
            end
            assert.same({}, replay.rest)
        end
        assert.is_true(resolved > 10, resolved .. " resolved")
        repository:git("fsck", "--strict")
    end)

    it("on 60 random histories", function()
        math.randomseed(tonumber(os.getenv("UHOST_TEST_SEED")) or 20260101)
        local stream, histories, stopped = cases.stream(), {}, 0
        for i = 1, 60 do histories[i] = history(stream) end
        local repository = scratch.new()
        repository:git("fast-import", "--quiet", "--force", { stdin = stream.text() })
        local repo = git.open(repository.path)
        for number, each in ipairs(histories) do
            local options = { commits = each.upstream .. ".." .. each.fork, onto = each.upstream }
            for key, value in pairs(committer) do options[key] = value end
            local replay = repo:replay(options)
            repository:git("checkout", "-q", "-f", "--detach", each.fork)
            repository:git("clean", "-q", "-f", "-f", "-d", "-x")
            repository:git("rebase", "-q", each.upstream, { env = environment, check = false })
            local head = repository:git("rev-parse", "HEAD")
            local conflict = replay.conflicts[1]
            local left = repository:git("rev-parse", "-q", "--verify", "REBASE_HEAD", { check = false })
            assert.equal(left, conflict and conflict.original or "", "history " .. number)
            assert.equal(head, replay.tip, "history " .. number)
            if conflict then
                stopped = stopped + 1
                repository:git("rebase", "--quit")
                repository:git("reset", "-q", "--hard")
            end
        end
        assert.is_true(stopped > 10 and stopped < 60, stopped .. " stopped")
    end)
end)
