-- Records: plain tables that primitives give, which answer a misspelt field with what was meant.
local definitions = require("lib.definitions")
local scratch = require("support.git_scratch")

local function refused(body)
    local ok, err = pcall(body)
    assert.is_false(ok)
    assert.is_true(uhost.is_error(err), tostring(err))
    return err
end

describe("a record", function()
    local new_release = uhost.record("spec.Release", { "tag", "notes" })
    uhost.record("spec.Draft", { "note" })

    it("answers a misspelt field with what was meant", function()
        local release = new_release({ tag = "v1" })
        local err = refused(function() return release.tags end)
        assert.equal("argument", err.kind)
        assert.equal("spec.Release has no field 'tags'", err.message)
        assert.equal("did you mean 'tag'?", err.hint)
        assert.same({ class = "spec.Release", member = "tags" }, err.details)
        assert.matches("records_spec.lua:", err.where, 1, true)
    end)

    it("lacks optional fields, fields of its siblings, a script's own and list items in silence", function()
        local release = new_release({ tag = "v1" })
        assert.is_nil(release.notes)
        assert.is_nil(release.note)
        assert.is_nil(release.something_else)
        assert.is_nil(release[1])
        release.something_else = 1
        assert.equal(1, release.something_else)
        assert.equal(0, #release)
    end)

    it("is plain data to everything else", function()
        local release = new_release({ tag = "v1", notes = { "a" } })
        assert.same({ tag = "v1", notes = { "a" } }, release)
        assert.same({ tag = "v1", notes = { "a" } }, json.decode(json.encode(release)))
        assert.equal('spec.Release { notes = { "a" }, tag = "v1" }', uhost.inspect(release))
        assert.equal("spec.Release", tostring(release))
        assert.equal("spec.Release", getmetatable(release))
        local keys = {}
        for key in pairs(release) do keys[#keys + 1] = key end
        table.sort(keys)
        assert.same({ "notes", "tag" }, keys)
    end)

    it("crosses into the sandbox as a plain table", function()
        local folder = fs.temp_dir()
        task.finally(function()
            fs.write(folder:path() .. "/own.lua", "return { tag_of = function(release) return release.tag end }")
            local rules = policy.load("own", { folder = folder:path() })
            assert.equal("v1", rules:call("tag_of", new_release({ tag = "v1" })))
            rules:close()
        end, function() folder:close() end)
    end)
end)

-- The fields of a type as its definition has them.
local function documented(primitive, name)
    local names = {}
    for _, each in ipairs(definitions.read(uhost.share .. "/api/" .. primitive).types) do
        for _, tag in ipairs(each.name == name and each.tags or {}) do
            if tag.tag == "field" then names[#names + 1] = tag.name:gsub("%?$", "") end
        end
    end
    table.sort(names)
    return names
end

-- The known fields of a record are what its metatable's function closes over.
local function known_fields(record)
    local index = debug.getmetatable(record).__index
    for i = 1, 10 do
        local name, value = debug.getupvalue(index, i)
        if name == "fields" then
            local names = { unpack(value) }
            table.sort(names)
            return names
        end
    end
end

describe("the fields of a record", function()
    it("are those it was made with, whatever becomes of the list", function()
        local fields = { "tag", "notes" }
        local new_record = uhost.record("spec.Changed", fields)
        fields[1] = {}
        assert.matches("'tag'", refused(function() return new_record({}).tags end).hint)
    end)
end)

describe("records of git", function()
    after_each(scratch.clean_up)

    it("know the fields that their definition documents", function()
        local made = scratch.new()
        fs.write(made.path .. "/a.txt", "one\n")
        made:git("add", ".")
        made:git("commit", "-q", "-m", "First")
        fs.write(made.path .. "/a.txt", "two\n")
        made:git("commit", "-q", "-a", "-m", "Second")
        made:git("tag", "-a", "-m", "Released", "v1")
        made:git("rm", "-q", "a.txt")
        made:git("commit", "-q", "-m", "Third")
        made:git("remote", "add", "origin", made.path)
        fs.write(made.path .. "/new.txt", "")
        local repository = git.open(made.path)
        local diff = repository:diff("HEAD~2", "HEAD~1")
        local samples = {
            repository:commit("HEAD"), repository:head(), repository:refs()[1], repository:tags()[1],
            repository:remotes()[1], repository:tree("HEAD~1")[1], repository:status()[1], diff, diff.files[1],
            diff.files[1].hunks[1], diff.files[1].hunks[1].lines[1], repository:log({ files = true })().files[1],
            repository:blame("a.txt", { revision = "HEAD~1" })[1], repository:deletions({ index = false })(),
            repository:update_refs({ { ref = "refs/heads/side", to = "HEAD" } })[1], git.ls_remote(made.path)[1],
        }
        for _, sample in ipairs(samples) do
            local class = getmetatable(sample)
            local fields = documented("git", class)
            if class == "git.ChangedFile" then
                fields[#fields + 1] = "hunks"  -- of git.DiffFile, which is the same with one field more
                table.sort(fields)
            end
            assert.same(fields, known_fields(sample), class)
        end
        assert.equal(16, #samples)
    end)
end)
