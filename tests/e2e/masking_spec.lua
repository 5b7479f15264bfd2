-- A secret that a script can read, and the ways by which it might leave.
local servers = require("support.servers")
local stand_in = require("support.github")

local uhost_binary = os.getenv("UHOST") or "uhost"
local secret = "hunter2-hunter2-hunter2"
local key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n"
    .. "-----END PRIVATE KEY-----\n"

-- Runs code with the secret as `secret` in a folder that is removed; returns what came of it, and the files.
local function run(code, options)
    options = options or {}
    local result, files = nil, {}
    servers.in_folder(function(folder)
        local env = { DEPLOY_TOKEN_1 = secret, SIGNING_KEY = key }
        for name, value in pairs(options.env or {}) do env[name] = value end
        local command = { uhost_binary }
        for _, option in ipairs(options.options or {}) do command[#command + 1] = option end
        command[#command + 1], command[#command + 2] = "-e", "local secret = os.getenv('DEPLOY_TOKEN_1') " .. code
        command.env, command.cwd, command.stdin = env, folder, options.stdin
        result = process.run(command)
        for path, type in fs.walk(folder) do
            if type == "file" then files[path:sub(#folder + 2)] = fs.read(path) end
        end
    end)
    return result, files
end

local function assert_masked(expected, text)
    assert.not_matches(secret, text, 1, true)
    assert.equal(expected, text)
end

describe("a secret", function()
    local to_output = {
        ["print"] = "print(secret)",
        ["io.write"] = "io.write(secret, '\\n')",
        ["io.stdout:write"] = "io.stdout:write(secret, '\\n')",
        ["two writes"] = "io.write(secret:sub(1, 9)) io.write(secret:sub(10)) print()",
        ["two writes and a flush"] = "io.write(secret:sub(1, 12)) io.flush() print(secret:sub(13))",
        ["a write for each byte"] = "for byte in secret:gmatch('.') do io.write(byte) end print()",
        ["/dev/stdout by io"] = "local file = io.open('/dev/stdout', 'w') file:write(secret, '\\n') file:close()",
        ["/dev/stdout by fs"] = "fs.write('/dev/stdout', secret .. '\\n')",
        ["/dev/fd/1 by fs.append"] = "fs.append('/dev/fd/1', secret .. '\\n')",
        ["os.execute"] = "os.execute('echo $DEPLOY_TOKEN_1')",
        ["a child's output passed on"] =
            "process.run({ 'sh', '-c', 'echo $DEPLOY_TOKEN_1', stdout = 'pass', mutates = 'print' })",
        ["io.popen"] = "print((io.popen('echo $DEPLOY_TOKEN_1'):read('*l')))",
        ["io.popen to a command"] = "local pipe = io.popen('cat', 'w') pipe:write('') pipe:close() "
            .. "io.popen('echo $DEPLOY_TOKEN_1', 'w'):close()",
        ["wrapped text"] = "print((table.concat(term.wrap('* ' .. secret, 6), ''):gsub('^%* *', '')))",
        ["truncated text"] = "print((term.truncate(secret, 12)))",
        ["a table"] = "local t = term.table{ columns = { 'a' }, rows = { { secret } }, width = 20 } "
            .. "print(t:match('%*+') or t)",
        ["a report"] = "io.write(report.new():text(secret):render('text'))",
    }
    for name, code in pairs(to_output) do
        it("does not leave by " .. name, function()
            local result = run(code)
            assert.not_matches(secret, result.stdout, 1, true)
            assert.equal("", result.stderr)
            assert.equal(0, result.code)
            assert.matches("^[hunter2-]*%*%*%*\n$", result.stdout)
        end)
    end

    local to_error = {
        ["io.stderr"] = "io.stderr:write(secret, '\\n')",
        ["os.execute's errors"] = "os.execute('echo $DEPLOY_TOKEN_1 >&2')",
        ["io.popen's errors"] = "io.popen('echo $DEPLOY_TOKEN_1 >&2'):close()",
        ["errors of a pipe that is left open"] = "io.popen('echo $DEPLOY_TOKEN_1 >&2', 'w')",
        ["a shell's complaint"] = "io.popen('$DEPLOY_TOKEN_1'):read('*a')",
        ["the log"] = "log.info(secret)",
        ["an error"] = "uhost.fail('usage', secret)",
        ["an error's hint"] = "uhost.fail('usage', 'x', { hint = secret })",
        ["a traceback"] = "error(secret)",
        ["a failed program's name"] = "process.run({ secret })",
    }
    for name, code in pairs(to_error) do
        for _, where in ipairs({ "a terminal", "GitHub Actions" }) do
            it(("does not leave by %s in %s"):format(name, where), function()
                local result = run(code, { env = where == "GitHub Actions" and { GITHUB_ACTIONS = "true" } or nil })
                assert.not_matches(secret, result.stderr, 1, true)
                assert.not_matches("hunter2%-hunter2", result.stderr)
                assert.matches("***", result.stderr, 1, true)
            end)
        end
    end

    it("does not leave by a command's status or its errors' other half", function()
        local result = run("print(os.execute('exit 3'), os.execute('kill $$'), os.execute())")
        assert.equal("768\t15\t1\n", result.stdout)
    end)

    it("does not keep a command from its standard input", function()
        assert.equal("hello\n", run("os.execute('cat')", { stdin = "hello\n" }).stdout)
    end)

    it("does not leave by what a command leaves running", function()
        local result = run("os.execute('{ sleep 30; echo late; } & echo early')")
        assert.equal("early\n", result.stdout)
    end)

    it("does not change what a pipe's command prints, in which order, and that it ends", function()
        local result = run([[
            local pipe = io.popen("cat; echo wrong >&2", "w")
            pipe:write("one\n")
            print(pipe:close())
            local quoted = io.popen("printf '%s\\n' \"it's $0\"")
            print(quoted:read("*a"), quoted:close())]])
        assert.equal("one\ntrue\nit's sh\n\ttrue\n", result.stdout)
        assert.equal("wrong\n", result.stderr)
    end)

    it("does not leave by the messages of commits, tags, notes and reflogs", function()
        local result = run([[
            local repo = git.init(".")
            local id = repo:create_commit{ ref = "refs/heads/main", message = "It is " .. secret, files = { a = "x" },
                author = "A", author_email = "a@example.org" }
            repo:create_tag("v1", id, { message = "Tag " .. secret, tagger = "A", tagger_email = "a@example.org" })
            repo:update_refs({ { ref = "refs/heads/other", to = id } }, { message = "since " .. secret })
            process.run{ "git", "config", "user.name", "A", check = true }
            process.run{ "git", "config", "user.email", "a@example.org", check = true }
            repo:set_note(id, "note " .. secret)
            fs.write("b", "b")
            repo:add("b")
            repo:commit_index{ message = "Index " .. secret }
            for _, command in ipairs{ "log --all --format=%s%n%N", "tag -n1", "reflog other" } do
                print((io.popen("git " .. command):read("*a"):gsub("%*+", "<>")))
            end]])
        assert.equal("", result.stderr)
        for _, text in ipairs({ "It is <>", "Tag <>", "since <>", "note <>", "Index <>" }) do
            assert.matches(text, result.stdout, 1, true)
        end
    end)

    it("is refused in a file that is committed, unless it belongs there", function()
        local code = [[
            local repo = git.init(".")
            repo:create_commit{ ref = "refs/heads/main", message = "Add", files = { a = "the " .. secret },
                author = "A", author_email = "a@example.org"%s }
            print(#repo:read("main", "a"))]]
        local refused = run(code:format(""))
        assert.equal(2, refused.code)
        assert.matches("content of a has a secret in it", refused.stderr, 1, true)
        assert.matches("mask = false", refused.stderr, 1, true)
        assert.equal(#secret + 4 .. "\n", run(code:format(", mask = false")).stdout)
    end)

    it("does not leave by the body of a request, unless its service is to get it", function()
        servers.with("http", {}, function(server)
            local result = run(([[
                local function sent(options)
                    options.url, options.method, options.mutates = %q, "POST", false
                    return (http.request(options):json().body:gsub("%%*%%*%%*", "<>"))
                end
                print(sent{ body = "it is " .. secret })
                print(sent{ json = { token = secret } })
                print(#sent{ body = "it is " .. secret, mask = false })]]):format(server.url .. "/echo"))
            assert.equal("", result.stderr)
            assert.equal(('it is <>\n{"token":"<>"}\n%d\n'):format(#secret + 6), result.stdout)
        end)
    end)

    it("does not leave by files, written whole or in pieces", function()
        local _, files = run([[
            fs.write("written", "a " .. secret)
            fs.append("appended", secret:sub(1, 7))
            fs.append("appended", secret:sub(8) .. ".")
            local file = io.open("opened", "w")
            file:write(secret:sub(1, 5), secret:sub(6, 10))
            file:write(secret:sub(11))
            file:close()
            local lost = io.open("left open", "w")
            lost:write("x", secret:sub(1, 10))
            local piped = io.popen("cat > piped", "w")
            piped:write(secret)
            piped:close()]])
        assert_masked("a ***", files.written)
        assert_masked(secret:sub(1, 7) .. "***.", files.appended)
        assert_masked("***", files.opened)
        assert_masked("***", files.piped)
        assert.equal("x" .. secret:sub(1, 10), files["left open"])
    end)

    it("does not leave by a report in any format, whatever that would escape", function()
        local result = run([[
            local odd = os.getenv("ODD_SECRET")
            local r = report.new{ title = odd }:heading(odd):text(odd):list{ odd }:facts{ { odd, odd } }:code{ odd }
                :table{ columns = { odd }, rows = { { odd } } }
                :text{ { text = "x", url = "https://example.org/?k=" .. odd } }
            for _, format in ipairs{ "text", "markdown", "html", "json", "csv" } do print(r:render(format)) end]],
            { env = { ODD_SECRET = "a_b*c<d>&e~f#1@g.www.h" } })
        assert.equal("", result.stderr)
        for _, part in ipairs({ "a_b", "a\\_b", "f#1", "&amp;e", "www" }) do
            assert.not_matches(part, result.stdout, 1, true)
        end
    end)

    it("does not leave by a line that an error shows, cut where the secret is", function()
        local long = ("local a = %q"):format(("x"):rep(105) .. secret)
        local script = run(long .. " local = 1")
        assert.matches("1 |", script.stderr, 1, true)
        assert.not_matches("hunter2", script.stderr, 1, true)
        local rule = run(([[
            fs.mkdir("policies")
            fs.write("policies/mine.lua", %q, { mask = false })
            policy.load("mine")]]):format(long .. " error('no')"))
        assert.matches("1 |", rule.stderr, 1, true)
        assert.not_matches("hunter2", rule.stderr, 1, true)
    end)

    it("goes into a file that is to hold it", function()
        local _, files = run("fs.write('netrc', 'password ' .. secret, { mask = false })")
        assert.equal("password " .. secret, files.netrc)
    end)

    it("does not leave by a line of a key", function()
        local result = run("print('unexpected ' .. os.getenv('SIGNING_KEY'):match('\\n(MII[^\\n]+)'))")
        assert.equal("unexpected ***\n", result.stdout)
    end)

    it("does not leave by the password of a database's address", function()
        local env = { DATABASE_URL = "postgres://me:s3cr3t-words@db/x" }
        local result = run("print(os.getenv('DATABASE_URL'), 's3cr3t-words')", { env = env })
        assert.equal("postgres://***db/x\t***\n", result.stdout)
        local where = { ["postgres://me:s3cr3t-words/more@db/x"] = "postgres://me@db/x\t***\n",
            ["postgres://me@db/x?password=s3cr3t-words"] = "postgres://me@db/x?password=***\t***\n" }
        for address, shown in pairs(where) do
            local word = address:match("s3cr3t%-words[/more]*")
            local code = ("print(os.getenv('UHOST_STORE'), %q)"):format(word)
            assert.equal(shown, run(code, { env = { UHOST_STORE = address } }).stdout)
        end
    end)

    it("does not leave by a plan, as text or as JSON", function()
        local code = "fs.write(secret, 'x') fs.symlink(secret, 'link')"
        local text = run(code, { options = { "--dry-run" } })
        assert.not_matches(secret, text.stderr, 1, true)
        local _, files = run(code, { options = { "--dry-run", "--plan-json", "plan.json" } })
        assert.matches("***", files["plan.json"], 1, true)
        assert.not_matches(secret, files["plan.json"], 1, true)
    end)

    it("does not leave by the page of a run, or an audit's report", function()
        local _, files = run([[require("lib.github_actions").add_summary(function() return "it is " .. secret end)]],
            { env = { GITHUB_STEP_SUMMARY = "page.md" } })
        assert_masked("it is ***\n", files["page.md"])
    end)

    it("does not leave by an issue or a comment", function()
        stand_in.with(function(server)
            local result = server.run([[
                local secret = os.getenv("DEPLOY_TOKEN_1")
                local repo = github.repository("o/n")
                local issue = repo:create_issue{ title = "x " .. secret, body = "it is " .. secret .. "." }
                repo:create_comment(issue.number, { body = secret })
                repo:close_issue(issue.number, { comment = "since " .. secret })]],
                { env = { DEPLOY_TOKEN_1 = secret } })
            assert.equal(0, result.code, result.stderr)
            local known = json.encode(server.report())
            assert.not_matches(secret, known, 1, true)
            assert.matches("it is ***.", known, 1, true)
            assert.matches("since ***", known, 1, true)
        end)
    end)
end)
