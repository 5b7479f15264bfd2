-- What Ctrl-C, cancelling and os.exit end, whatever the script does at that moment.

local uhost_binary = os.getenv("UHOST") or "uhost"

local function run(code, ...)
    return process.run({ uhost_binary, "-e", code, ... })
end

local function interrupted(code, ...)
    local child = process.start({ uhost_binary, "-e", code, ... })
    assert.equal("ready", child:read_line())
    child:kill("INT")
    return child:wait()
end

describe("cancelling", function()
    it("ends a task that computes and never waits", function()
        for _, body in ipairs({
            "while true do end",
            "while true do pcall(function() while true do end end) end",
            "pcall(task.sleep, 60) while true do end",
            "pcall(task.sleep, 60) local x = 0 for i = 1, 1e12 do x = x + i end",
            "while true do pcall(task.sleep, 60) end",
        }) do
            local result = run(([[
                local spinning = task.spawn(function() %s end)
                if %s then task.sleep(0) end
                spinning:cancel()
                spinning:join()
                print(spinning:state())]]):format(body, tostring(body:find("sleep") ~= nil)))
            assert.equal("cancelled\n", result.stdout, body)
        end
    end)

    it("ends a task that cancels itself and computes", function()
        local result = run([[
            local itself
            itself = task.spawn(function() itself:cancel() while true do end end)
            itself:join()
            print(itself:state())]])
        assert.equal("cancelled\n", result.stdout)
    end)

    it("leaves code that cleans up the time it needs under a shield", function()
        local result = run([[
            local child = task.spawn(function()
                task.finally(function() while true do end end, function()
                    local from = os.clock()
                    while os.clock() - from < 0.2 do end
                    print("cleaned")
                end)
            end)
            child:cancel()
            child:join()]])
        assert.equal("cleaned\n", result.stdout)
    end)
end)

describe("Ctrl-C", function()
    it("ends a loop that tries again after every error", function()
        for _, body in ipairs({
            "pcall(task.sleep, 60)",
            "pcall(process.run, { 'sleep', '60' })",
            "pcall(function() task.spawn(function() task.sleep(60) end):await() end)",
            "xpcall(task.sleep, function() return 'again' end, 60)",
            "coroutine.wrap(function() pcall(task.sleep, 60) end)()",
        }) do
            local result = interrupted("print('ready') io.stdout:flush() while true do " .. body .. " end")
            assert.equal(130, result.code, body)
        end
    end)

    it("stops a clone from a folder while it writes files, and leaves nothing behind", function()
        local scratch = fs.temp_dir()
        local files = {}
        for i = 1, 6000 do files[("folder%d/file%d"):format(i % 50, i)] = ("line %d\n"):format(i) end
        local source = git.init(scratch:path() .. "/source", { initial_branch = "main" })
        source:create_commit({ ref = "refs/heads/main", message = "Many", files = files, author = "A",
            author_email = "a@b", time = 1700000000 })
        local child = process.start({ uhost_binary, "-e", "git.clone(...)", scratch:path() .. "/source",
            scratch:path() .. "/clone" })
        local function writes_files()
            for path in fs.walk(scratch:path(), { depth = 2 }) do
                if path:find("folder%d+$") and not path:find("/source/") then return true end
            end
            return not child:running()
        end
        while not writes_files() do task.sleep(0.001) end
        child:kill("INT")
        assert.equal(130, child:wait().code)
        assert.same({ "source" }, fs.list(scratch:path()))
        scratch:close()
    end)
end)

describe("os.exit", function()
    it("in a child does not wait for what its parent waits for", function()
        for _, body in ipairs({ "os.exit(7)", "task.sleep(0.01) os.exit(7)" }) do
            local result = run("task.spawn(function() " .. body .. " end) task.sleep(600)")
            assert.equal(7, result.code, result.stderr)
        end
    end)

    it("lets the others clean up", function()
        local result = run([[
            task.spawn(function() os.exit(7) end)
            task.finally(function() task.sleep(600) end, function() print("cleaned") end)]])
        assert.equal(7, result.code)
        assert.equal("cleaned\n", result.stdout)
    end)
end)
