-- fs.watch: which changes it reports, and that it misses none. Every change here is followed by one to a last file,
-- so that a spec waits for what must come and never for a while.
local folder, path, watches

before_each(function()
    folder, watches = fs.temp_dir(), {}
    path = folder:path()
end)

after_each(function()
    for _, watch in ipairs(watches) do watch:close() end
    folder:close()
end)

local function watching(...)
    local watch = fs.watch(...)
    table.insert(watches, watch)
    return watch
end

local function at(...) return fs.join(path, ...) end

-- Everything reported until `last` is among it, relative to the folder.
local function changes_until(watch, last)
    local reported = {}
    for changed in watch do
        for _, each in ipairs(changed) do reported[each:sub(#path + 2)] = true end
        if reported[last] then break end
    end
    return reported
end

describe("fs.watch", function()
    it("reports files that change, appear and vanish, wherever they are in a folder", function()
        fs.mkdir(at("a/b"))
        fs.write(at("a/b/old"), "1")
        fs.write(at("a/b/gone"), "1")
        local watch = watching(path)
        fs.append(at("a/b/old"), "2")
        fs.write(at("a/new"), "1")
        fs.remove(at("a/b/gone"))
        fs.write(at("last"), "")
        local reported = changes_until(watch, "last")
        assert.is_true(reported["a/b/old"])
        assert.is_true(reported["a/new"])
        assert.is_true(reported["a/b/gone"])
    end)

    it("gives each path once, sorted and spelled as it was asked for", function()
        fs.mkdir(at("x"))
        local watch = watching(at("x") .. "/")
        for _ = 1, 3 do
            fs.append(at("x/b"), "1")
            fs.append(at("x/a"), "1")
        end
        local changed = watch()
        assert.same({ at("x/a"), at("x/b") }, changed)
    end)

    it("continues in folders made later, with all that they hold by then", function()
        local watch = watching(path)
        fs.mkdir(at("new/deep"))
        fs.write(at("new/deep/first"), "1")
        assert.is_true(changes_until(watch, "new/deep/first")["new/deep/first"])
        fs.write(at("new/deep/second"), "1")
        assert.is_true(changes_until(watch, "new/deep/second")["new/deep/second"])
    end)

    it("continues in a folder that was moved, or replaced by another", function()
        fs.mkdir(at("a"))
        fs.mkdir(at("spare"))
        local watch = watching(path)
        fs.rename(at("a"), at("b"))
        fs.write(at("b/x"), "1")
        changes_until(watch, "b/x")
        fs.remove(at("b"), { recursive = true })
        fs.rename(at("spare"), at("b"))
        fs.write(at("last"), "")
        changes_until(watch, "last")
        fs.write(at("b/y"), "1")
        assert.is_true(changes_until(watch, "b/y")["b/y"])
    end)

    it("follows a file by its name: saved in place, by rename, gone and back", function()
        fs.write(at("rule.lua"), "1")
        local watch = watching(at("rule.lua"))
        local function save_in_place() fs.append(at("rule.lua"), "2") end
        local function save_by_rename()
            fs.rename(at("rule.lua"), at("rule.lua~"))
            fs.write(at(".rule.lua.swp"), "3")
            fs.rename(at(".rule.lua.swp"), at("rule.lua"))
        end
        local function remove() fs.remove(at("rule.lua")) end
        for _, save in ipairs({ save_in_place, save_by_rename, remove, save_in_place, save_by_rename }) do
            save()
            assert.same({ at("rule.lua") }, watch())
        end
    end)

    it("waits for a file or folder that is not there yet", function()
        local watch = watching({ at("later.lua"), at("rules") })
        fs.write(at("other"), "1")
        fs.write(at("later.lua"), "1")
        assert.same({ at("later.lua") }, watch())
        fs.mkdir(at("rules"))
        fs.write(at("rules/one.lua"), "1")
        assert.is_true(changes_until(watch, "rules/one.lua")["rules"])
        fs.remove(at("rules"), { recursive = true })
        fs.mkdir(at("rules"))
        fs.write(at("rules/two.lua"), "1")
        assert.is_true(changes_until(watch, "rules/two.lua")["rules/two.lua"])
    end)

    it("leaves out what is skipped, and takes in what is added", function()
        fs.mkdir(at(".git/objects"))
        fs.mkdir(at("more"))
        fs.mkdir(at("watched"))
        local watch = watching(at("watched"), { skip = { ".git", "build" } })
        watch:add(at("more"))
        fs.mkdir(at("watched/build/x"))
        fs.write(at("watched/build/x/y"), "")
        fs.write(at("more/last"), "")
        local reported = changes_until(watch, "more/last")
        for each in pairs(reported) do assert.is_nil(each:find("build/", 1, true), each) end
    end)

    it("does not follow symbolic links inside a folder", function()
        local outside = fs.temp_dir()
        fs.symlink(outside:path(), at("link"))
        local watch = watching(path)
        fs.write(fs.join(outside:path(), "x"), "1")
        fs.write(at("last"), "")
        assert.is_nil(changes_until(watch, "last")["link/x"])
        outside:close()
    end)

    it("holds what happens between two waits", function()
        local watch = watching(path)
        fs.append(at("a"), "1")
        assert.same({ at("a") }, watch())
        fs.append(at("b"), "1")
        task.sleep(0.1)
        fs.append(at("c"), "1")
        local reported = changes_until(watch, "c")
        assert.is_true(reported["b"] and reported["c"])
    end)

    it("names the watched folder itself when more changed than can be reported", function()
        fs.mkdir(at("many"))
        local watch = watching(at("many"), { settle_s = 1 })
        -- Written without a pause, so that nothing is reported in between.
        for i = 1, 10001 do
            local file = assert(io.open(at("many", tostring(i)), "w"))
            file:close()
        end
        local seen = {}
        repeat
            for _, each in ipairs(watch()) do seen[each] = true end
        until seen[at("many")]
        assert.is_true(seen[at("many")])
    end)

    it("ends for a task that waits when it is closed or the task is cancelled", function()
        local watch = watching(path)
        local waiting = task.spawn(function() return watch() end)
        task.sleep(0)
        watch:close()
        assert.is_nil(waiting:await())

        local other = watching(path)
        local ok, raised = pcall(task.timeout, 0.05, function() for _ in other do error("nothing changed") end end)
        assert.is_false(ok)
        assert.equal("timeout", raised.kind)
        fs.append(at("x"), "1")
        assert.same({ at("x") }, other())
    end)

    it("serves one task at a time", function()
        local watch = watching(path)
        local first = task.spawn(function() return watch() end)
        task.sleep(0)
        local ok, raised = pcall(watch)
        assert.is_false(ok)
        assert.equal("fs.watch", raised.kind)
        fs.append(at("x"), "1")
        assert.same({ at("x") }, first:await())
    end)

    it("says what it cannot watch, and watches no more folders than allowed", function()
        local function failure(...)
            local ok, raised = pcall(fs.watch, ...)
            assert.is_false(ok)
            return raised
        end
        assert.equal("fs.watch", failure(at("none/x")).kind)
        for i = 1, 5 do fs.mkdir(at(tostring(i))) end
        local raised = failure(path, { limit = 4 })
        assert.equal("fs.watch_limit", raised.kind)
        assert.equal(4, raised.details.limit)
        assert.equal("argument", failure(5).kind)
        assert.equal("argument", failure("").kind)
        assert.equal("argument", failure({ path, 5 }).kind)
        assert.equal("argument", failure(path, { settle_s = -1 }).kind)
        assert.equal("argument", failure(path, { wait = 1 }).kind)
    end)

    it("reports folders that become too many while it watches, and continues", function()
        local watch = watching(path, { limit = 3 })
        fs.mkdir(at("a/b/c/d"))
        local ok, raised
        repeat ok, raised = pcall(watch) until not ok
        assert.equal("fs.watch_limit", raised.kind)
        fs.write(at("x"), "1")
        assert.is_true(changes_until(watch, "x")["x"])
    end)
end)
