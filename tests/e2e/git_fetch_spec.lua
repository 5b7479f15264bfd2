-- What a fetch, a push and a clone do to references, against git doing the same. By both transports: see
-- git_transport_spec.lua.
local scratch = require("support.git_scratch")

local function refs_of(repository)
    return repository:lines("for-each-ref", "--format=%(refname) %(objectname) %(symref)")
end

-- A repository that others fetch from: branches, tags, and what is neither.
local function origin_of()
    local origin = scratch.new()
    for i = 1, 4 do origin:commit("Commit " .. i, { f = i .. "\n", ["g" .. i] = "x\n" }) end
    origin:git("branch", "topic", "HEAD~1")
    origin:git("branch", "feature/one", "HEAD~2")
    origin:git("tag", "v1", "HEAD~2")
    origin:git("tag", "-a", "-m", "Second", "v2")
    origin:git("update-ref", "refs/pull/1/head", "HEAD~1")
    for _, name in ipairs{ "allowFilter", "allowAnySHA1InWant" } do
        origin:git("config", "uploadpack." .. name, "true")
    end
    return origin
end

-- A clone with local branches that are behind, ahead and elsewhere.
local function clone_of(origin)
    local path = scratch.folder() .. "/clone"
    process.run{ "git", "clone", "-q", origin.path, path, check = true }
    local clone = scratch.at(path)
    clone:git("config", "user.name", "N")
    clone:git("config", "user.email", "n@example.org")
    clone:git("branch", "behind", "HEAD~3")
    clone:git("branch", "ahead", "HEAD")
    clone:git("tag", "-f", "v1", "HEAD")
    return clone
end

-- Refspecs, and the error that git's refusal is for us.
local fetches = {
    { {} },
    { { "topic" } },
    { { "refs/heads/topic:refs/heads/new" } },
    { { "topic:new" } },
    { { "v2:copied" }, "git.not_a_commit" },
    { { "v2:tags/copied" } },
    { { "refs/heads/main:refs/heads/behind" } },
    { { "refs/heads/*:refs/remotes/other/*", "refs/pull/*/head:refs/pulls/*" } },
    { { "+refs/heads/topic:refs/heads/ahead" } },
    { { "+refs/tags/v1:refs/tags/v1" } },
    { { "refs/heads/topic:refs/heads/ahead" }, "git.not_fast_forward" },
    { { "refs/heads/main:refs/heads/behind", "refs/heads/topic:refs/heads/ahead" }, "git.not_fast_forward" },
    { { "refs/tags/v1:refs/tags/v1" }, "git.exists" },
    { { "nowhere" }, "git.unknown_revision" },
    { { "refs/heads/nowhere:refs/heads/x", "topic" }, "git.unknown_revision" },
    { { "topic:main" }, "git.checked_out" },
    { { "+refs/heads/*:refs/heads/*" }, "git.checked_out" },
}

describe("git", function()
    teardown(scratch.clean_up)

    it("fetches what git fetches, and refuses what git refuses", function()
        local origin = origin_of()
        for _, case in ipairs(fetches) do
            local ours, theirs = clone_of(origin), clone_of(origin)
            local ok, result = pcall(function() return git.open(ours.path):fetch{ refspecs = case[1] } end)
            local accepted = pcall(theirs.git, theirs, "fetch", "-q", "--atomic", "origin", unpack(case[1]))
            local name = table.concat(case[1], " ")
            assert.equal(accepted, ok, name .. " " .. tostring(result))
            assert.equal(case[2], not ok and result.kind or nil, name)
            assert.same(refs_of(theirs), refs_of(ours), name)
        end
    end)

    it("fetches an object by its id, and says what the reference was before", function()
        local origin = origin_of()
        local clone, id = clone_of(origin), origin:git("rev-parse", "main~1")
        local repo = git.open(clone.path)
        assert.same({ { ref = "refs/heads/by-id", after = id } },
            repo:fetch{ refspecs = id .. ":refs/heads/by-id" }.changes)
        local forced = repo:fetch{ refspecs = "+refs/heads/main:refs/heads/by-id" }.changes
        assert.same({ { ref = "refs/heads/by-id", before = id, after = origin:git("rev-parse", "main") } }, forced)
    end)

    it("prunes a branch that is in the way of a new one", function()
        local origin = origin_of()
        local clone = clone_of(origin)
        origin:git("branch", "-m", "topic", "topic/two")
        git.open(clone.path):fetch{ prune = true }
        assert.truthy(clone:git("rev-parse", "refs/remotes/origin/topic/two"))
    end)

    it("makes bare clones and mirrors as git does", function()
        local origin = origin_of()
        local function check(options, ...)
            local ours, theirs = scratch.at(scratch.folder() .. "/ours"), scratch.at(scratch.folder() .. "/theirs")
            git.clone(origin.path, ours.path, options)
            process.run{ "git", "clone", "-q", origin.path, theirs.path, check = true, ... }
            assert.same(refs_of(theirs), refs_of(ours))
            assert.equal(theirs:git("symbolic-ref", "HEAD"), ours:git("symbolic-ref", "HEAD"))
            for _, key in ipairs{ "remote.origin.fetch", "remote.origin.mirror", "core.bare" } do
                local function value(repository) return repository:git("config", key, { check = false }) end
                assert.equal(value(theirs), value(ours), key)
            end
            assert.equal("", ours:git("config", "--get-regexp", "^branch\\.", { check = false }))
            ours:git("fsck", "--strict")
        end
        check({ bare = true }, "--bare")
        check({ bare = true, branch = "topic" }, "--bare", "--branch", "topic")
        check({ mirror = true }, "--mirror")
        origin:git("checkout", "-q", "--detach", "HEAD~1")
        local detached = scratch.at(scratch.folder() .. "/detached")
        git.clone(origin.path, detached.path, { bare = true })
        assert.equal(origin:git("rev-parse", "HEAD"), detached:git("rev-parse", "HEAD"))
        local ok, err = pcall(git.clone, origin.path, scratch.folder() .. "/x", { bare = true, branch = "none" })
        assert.same({ false, "git.unknown_revision" }, { ok, err.kind })
    end)

    it("clones and fetches a part of the history, and completes it", function()
        local origin = origin_of()
        local clone = scratch.at(scratch.folder() .. "/clone")
        local repo = git.clone(origin.path, clone.path, { depth = 1 })
        local function length() return #clone:lines("rev-list", "HEAD") end
        assert.same({ true, 1 }, { repo:is_shallow(), length() })
        repo:fetch{ deepen = 1 }
        assert.equal(2, length())
        origin:commit("Commit 5", { f = "5\n" })
        assert.equal("refs/remotes/origin/main", repo:fetch().changes[1].ref)
        repo:fetch{ depth = 3 }
        assert.equal(3, #clone:lines("rev-list", "origin/main"))
        repo:fetch{ unshallow = true }
        assert.same({ false, 4 }, { repo:is_shallow(), length() })
        local partial = scratch.at(scratch.folder() .. "/partial")
        git.clone(origin.path, partial.path, { filter = "blob:none", bare = true })
        assert.equal("blob:none", partial:git("config", "remote.origin.partialclonefilter"))
        assert.equal("argument", select(2, pcall(repo.fetch, repo, { depth = 0 })).kind)
    end)

    it("pushes all references that fit a pattern, with options for the server's hooks", function()
        local origin = origin_of()
        local bare = scratch.new({ bare = true })
        bare:git("config", "receive.advertisePushOptions", "true")
        bare:write("hooks/pre-receive", "#!/bin/sh\necho $GIT_PUSH_OPTION_COUNT $GIT_PUSH_OPTION_0 > options\n")
        process.run{ "chmod", "+x", bare.path .. "/hooks/pre-receive", check = true }
        local repo = git.open(origin.path)
        local changes = repo:push{ remote = bare.path, refspecs = "refs/heads/*:refs/heads/copies/*" }
        assert.equal(3, #changes)
        assert.same({ "refs/heads/copies/feature/one", "refs/heads/copies/main", "refs/heads/copies/topic" },
            bare:lines("for-each-ref", "--format=%(refname)"))
        repo:push{ remote = bare.path, refspecs = "topic", push_options = "ci.skip" }
        assert.equal("1 ci.skip\n", fs.read(bare.path .. "/options"))
    end)
end)
