-- Executors of a team's own: what they may do, and the recipe for Nomad.
local executors = require("support.executors")
local expect = require("support.expect")
local postgres = require("support.postgres")

-- `body(user)` with a user whose repository has these executors.
local function with_own(settings, files, body)
    expect.in_folder({}, function(folder)
        fs.mkdir(folder .. "/policies/executors")
        for name, text in pairs(files) do fs.write(("%s/policies/executors/%s.lua"):format(folder, name), text) end
        body(executors.user(folder, settings))
    end)
end

local function message_of(user, name)
    return (user.run(([[
        local ok, failure = pcall(build.run, { executor = %q, cmd = { "true" } })
        return failure.kind .. ": " .. failure.message]]):format(name)))
end

local function steps(step) return ("return { submit = function() return %s end }"):format(step) end

describe("an executor of one's own", function()
    it("does its work with what the settings allow", function()
        local at = [[
            local M = {}
            function M.submit(job, answers)
                if #answers == 0 then return { command = { "sh", "-c", "cat >\"$0\"; echo 7", job.folder .. "/j" },
                    stdin = job.script } end
                return { id = answers[1].stdout:match("%d+") }
            end
            function M.poll(_, answers)
                if #answers == 0 then return { command = { "sh", "-c", "echo done" } } end
                return { states = { ["7"] = { state = "ended", outcome = "passed", code = 0 } } }
            end
            function M.logs()
                return { parts = { { title = "script", file = "j" }, { command = { "sh", "-c", "echo b" } } } }
            end
            return M]]
        with_own({ at = { programs = "sh" }, nan = { programs = "sh" } }, { at = at }, function(user)
            assert.same({ "passed", "##[group]script\nexec 'ls' '-l' </dev/null\n##[endgroup]\nb" }, (user.run([[
                local seen = {}
                local result = build.run{ executor = "at", cmd = { "ls", "-l" },
                    on_line = function(line) seen[#seen + 1] = line end }
                return { result.outcome, table.concat(seen, "\n") }]])))
            local names = user.run("return build.executors()")
            assert.same({ "at", "github", "kubernetes", "local", "slurm", "ssh" }, names)
        end)
    end)

    it("may do nothing else", function()
        local refused = {
            program = { steps('{ command = { "rm", "x" } }'), "may not run 'rm'" },
            path = { steps('{ command = { "/bin/sh" } }'), "may not run '/bin/sh'" },
            file = { steps('{ file = "../build.sqlite" }'), "does not name a file in its folder" },
            address = { steps('{ request = { path = "/x" } }'), "its address is not set" },
            host = { steps('{ request = { path = "@example.org/" } }'), "begins with /",
                { url = "http://localhost:1" } },
            github = { steps('{ github = { path = "actions/runs" } }'), "may not ask GitHub" },
            endless = { steps('{ all = {} }'), "never comes to an end" },
            silent = { steps("7"), "gives no answer" },
            nameless = { steps("{}"), "gives no id" },
            slurm = { steps('{ command = { "sbatch" } }'), "no setting allows it", false },
            unnamed = { steps('{ command = { "sbatch" } }'), "no setting allows it", false },
        }
        local settings, files = {}, {}
        for name, each in pairs(refused) do
            files[name] = each[1]
            if each[3] ~= false then settings[name] = each[3] or { programs = "sh" } end
        end
        with_own(settings, files, function(user)
            for name, each in pairs(refused) do
                local message = message_of(user, name)
                assert.matches("^policy%.executor: ", message)
                assert.is_truthy(message:find(each[2], 1, true), message)
            end
        end)
    end)

    it("brings no artifact, and no link, out of the folder for them", function()
        local collects = [[return {
            submit = function() return { id = "7" } end,
            poll = function() return { states = { ["7"] = { state = "ended", outcome = "passed", code = 0 } } } end,
            collect = function() return { parts = { { command = { "sh", "-c", %q } } } } end,
        }]]
        local made = { absolute = "ln -s /etc x", above = "ln -s .. x", below = "mkdir d; ln -s ../.. d/x",
            through = "mkdir -p p/q; ln -s ../.. p/q/s; ln -s p/q/s/../y x", pipe = "mkfifo x" }
        local settings, files = { fine = { programs = "sh" } }, {}
        for name, script in pairs(made) do
            settings[name] = { programs = "sh" }
            files[name] = collects:format("cd $(mktemp -d); " .. script .. "; tar -cf - .; rm -r $PWD")
        end
        files.fine = collects:format("cd $(mktemp -d); mkdir -p d/e; echo 1 >d/e/f; ln -s d l; ln -s ../e/f d/e/g; "
            .. "ln -s ./d/../d/e d/../m; tar -cf - .; rm -r $PWD")
        with_own(settings, files, function(user)
            local got = user.run(([[
                local seen = {}
                for _, name in ipairs(json.decode(%q)) do
                    local job = build.submit{ executor = name, cmd = { "true" } }
                    job:wait()
                    local ok, failure = pcall(job.collect, job, "got-" .. name)
                    seen[name] = ok and fs.read("got-" .. name .. "/d/e/g") or failure.message
                end
                return seen]]):format(json.encode(tables.sorted_keys(files))))
            assert.equal("1\n", got.fine)
            for name in pairs(made) do
                assert.matches("leads out of the archive", got[name])
                assert.same({}, fs.list(("%s/got-%s"):format(user.folder, name)))
            end
        end)
    end)

    it("gets no settings from a repository", function()
        with_own({}, { at = steps("{}") }, function(user)
            fs.write(user.folder .. "/uhost.lua", 'return { build = { executors = { at = { programs = "sh" } } } }')
            process.run{ "git", "init", "-q", user.folder, check = true }
            local result = user.start("print(1)"):wait()
            assert.equal(2, result.code)
            assert.matches("cannot be set by a file of the repository", result.stderr)
        end)
    end)

    it("may be for Nomad", function()
        local recipe = fs.read(uhost.share .. "/policies/examples/nomad/executors/nomad.lua")
        with_own({ nomad = { url = "http://127.0.0.1:4646" } }, { nomad = recipe }, function(user)
            local got = user.run([[
                local job, asked = nil, {}
                return http.intercept(function(request)
                    local path = request.url:match("//[^/]+(/[^?]*)")
                    asked[#asked + 1] = request.method .. " " .. path:gsub("uhost%-%x+", "ID")
                    if path == "/v1/jobs" then
                        job = json.decode(request.body).Job
                        return { body = "{}" }
                    elseif path:find("/allocations$") then
                        return { body = json.encode({ { ID = "a1", ClientStatus = "complete", NodeName = "n1" } }) }
                    end
                    return { body = request.url:find("stdout", 1, true) and "out\n" or "" }
                end, function()
                    local result = build.run{ executor = "nomad", cmd = { "true" } }
                    return { result.outcome, result.tail, job.Type, asked }
                end)]])
            assert.same({ "passed", "out", "batch", { "POST /v1/jobs", "GET /v1/job/ID/allocations",
                "GET /v1/job/ID/allocations", "GET /v1/client/fs/logs/a1", "GET /v1/client/fs/logs/a1" } }, got)
        end)
    end)
end)

describe("the key of a job", function()
    it("is known on all machines that share a store", function()
        if postgres.missing() then return pending(postgres.missing()) end
        postgres.with({}, function(server)
            local ends = {}
            for i = 1, 2 do
                expect.in_folder({}, function(folder)
                    ends[i] = executors.user(folder, {}, { UHOST_STORE = server.url }).run([[
                        local job = build.submit{ executor = "local", cmd = { "false" }, key = "k" }
                        return { job.was_found, job:wait().outcome }]])
                end)
            end
            assert.same({ { false, "failed" }, { true, "failed" } }, ends)
        end)
    end)
end)
