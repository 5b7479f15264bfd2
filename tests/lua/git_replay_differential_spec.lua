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
