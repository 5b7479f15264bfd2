-- What is remembered of the entries that were found. Runs in processes of their own, each with a state folder.
local function run(state, code)
    local result = process.run({ "/proc/self/exe", "-e", "local history = require('uhost.kb.history') " .. code,
        env = { UHOST_STATE = state } })
    assert.equal("", result.stderr)
    return result.stdout
end

local function with_state(body)
    local folder = fs.temp_dir()
    return task.finally(function() return body(folder:path()) end, function() folder:close() end)
end

local show = [[ local counts, total = history.counts()
    local names = {} for id in pairs(counts) do names[#names + 1] = id end table.sort(names)
    for _, id in ipairs(names) do local c = counts[id] io.write(id, "=", c.hits, "/", c.logs, "@", c.last, " ") end
    io.write("of ", total) ]]

describe("the history of entries", function()
    it("is empty at first", function()
        with_state(function(state) assert.equal("of 0", run(state, show)) end)
    end)

    it("counts hits and logs, and when an entry was found last", function()
        with_state(function(state)
            run(state, [[history.record("one", { "a.a", "b.b", "a.a" }, { now = 100 })
                history.record("two", { ["a.a"] = 5 }, { now = 200 }) history.record("three", {}, { now = 300 })]])
            assert.equal("a.a=7/2@200 b.b=1/1@100 of 3", run(state, show))
        end)
    end)

    it("counts a log that is looked at again once", function()
        with_state(function(state)
            run(state, [[for _ = 1, 3 do history.record("one", { "a.a", "b.b" }, { now = 100 }) end
                history.record("one", { "a.a" }, { now = 200 })]])
            assert.equal("a.a=1/1@200 of 1", run(state, show))
        end)
    end)

    it("stays within bounds, whatever it is given", function()
        with_state(function(state)
            run(state, [[local many = {} for i = 1, 5000 do many[i] = "x." .. i end history.record("many", many)
                history.record(("n"):rep(100000), { ("x"):rep(100000), 5, "", "ok.id" })]])
            assert.equal("2001", run(state, [[local n = 0
                for _ in pairs((history.counts())) do n = n + 1 end
                io.write(n)]]))
        end)
    end)

    it("is done without when its store is damaged", function()
        with_state(function(state)
            fs.write(state .. "/kb.sqlite", "no database at all")
            assert.equal("of 0", run(state, "history.record('one', { 'a.a' })" .. show))
        end)
    end)

    it("keeps nothing under --dry-run", function()
        with_state(function(state)
            process.run({ "/proc/self/exe", "--dry-run", "-e", "require('uhost.kb.history').record('one', { 'a.a' })",
                env = { UHOST_STATE = state } })
            assert.equal("of 0", run(state, show))
        end)
    end)

    it("can be forgotten", function()
        with_state(function(state)
            run(state, "history.record('one', { 'a.a' }) history.forget()")
            assert.equal("of 0", run(state, show))
        end)
    end)
end)
