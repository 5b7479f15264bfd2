-- Text of strangers on its way to a terminal or to the log of a workflow run.
local servers = require("support.servers")
local stand_in = require("support.github")

local uhost_binary = os.getenv("UHOST") or "uhost"
-- What a title, a file's name or a message may hold.
local hostile = "a\27[31mb\rc\n::add-mask::d\n ##[error]e \226\128\174f\255"

local function run(arguments, options)
    local command = { uhost_binary, unpack(arguments) }
    for key, value in pairs(options or {}) do command[key] = value end
    return process.run(command)
end

-- Nothing in it acts on a terminal; and with `commands`, no line beside those that match it is a command to the runner.
local function assert_harmless(text, commands)
    assert.matches("␛[31mb", text, 1, true)
    assert.not_matches("[%z\1-\8\11-\31\127]", text)
    assert.not_matches("\226\128\174", text, 1, true)
    assert.is_true(pcall(json.encode, { text }), "it is no UTF-8")
    for line in commands and text:gmatch("[^\n]+") or function() end do
        if not line:find(commands) then
            assert.not_matches("^%s*::", line)
            assert.not_matches("##[", line, 1, true)
        end
    end
end

local in_actions = { GITHUB_ACTIONS = "true" }

describe("hostile text", function()
    local messages = {
        ["an uncaught error"] = "uhost.fail('usage', hostile, { hint = hostile })",
        ["an error of Lua"] = "error(hostile)",
        ["a cause and an excerpt"] = "uhost.fail('usage', hostile, { details = { excerpt = hostile } })",
        ["the log"] = "log.info(hostile, { field = hostile }) log.warn(hostile)",
        ["a group's title"] = "log.group(hostile, function() end)",
        ["a failed program"] = "process.run({ hostile, check = true })",
        ["a missing file"] = "fs.list(hostile)",
        ["a plan"] = "fs.write('x' .. hostile, 'x') fs.symlink(hostile, 'y')",
    }
    for name, code in pairs(messages) do
        it("does nothing in " .. name, function()
            for _, env in ipairs({ {}, in_actions }) do
                local options = name == "a plan" and { "--dry-run" } or {}
                for _, argument in ipairs({ "-e", ("local hostile = %q %s"):format(hostile, code) }) do
                    options[#options + 1] = argument
                end
                assert_harmless(run(options, { env = env }).stderr, env.GITHUB_ACTIONS and "^::%l+[ :]")
            end
        end)
    end

    it("keeps each change of a plan in its line", function()
        local result = run({ "--dry-run", "-e", "fs.write('a\\nfs.remove  /', 'x')" })
        assert.matches("^Plan: 1 change would be made%.\n  fs%.write  a␊fs%.remove  / +write 1 bytes\n$", result.stderr)
    end)

    it("does nothing in what a policy says", function()
        servers.in_folder(function(folder)
            fs.mkdir(folder .. "/policies")
            fs.write(folder .. "/policies/mine.lua",
                ("return { f = function() return %q, %q end, g = function() error(%q, 0) end }")
                    :format(hostile, hostile, hostile))
            for _, env in ipairs({ {}, in_actions }) do
                local tried = run({ "policy", "try", "mine", "f" }, { cwd = folder, env = env })
                assert.equal(0, tried.code, tried.stderr)
                assert_harmless(tried.stdout, env.GITHUB_ACTIONS and "^$")
                assert.not_matches("[\27\r]", tried.stdout)
                local failed = run({ "policy", "try", "mine", "g" }, { cwd = folder, env = env })
                assert.not_matches("[\27\r]", failed.stderr)
                assert.not_matches("\n%s*::add", failed.stderr)
            end
        end)
    end)

    it("does nothing in a message of GitHub", function()
        stand_in.with(function(server)
            server.control({ faults = { { method = "GET", path = "/repos/o/n/issues/1", kind = "status", status = 422,
                body = { message = hostile:gsub("\255", ""), documentation_url = "https://docs.github.com" } } } })
            local result = server.run("github.repository('o/n'):issue(1)", { env = in_actions })
            assert_harmless(result.stderr, "^::error")
        end)
    end)

    it("does nothing in CSV, where spreadsheets compute nothing either", function()
        local rows = ("local r = report.new() r:table{ columns = { 'x' }, rows = { { %q }, { '=1+1' }, { '@SUM(A1)' },"
            .. " { '-2+3' }, { '+1' }, { -5 }, { 'a\\0b' } } } io.write(r:render('csv'))"):format(hostile)
        local result = run({ "-e", rows })
        assert.equal("", result.stderr)
        assert.matches('\n"?a␛%[31mb␍c\n::add', result.stdout)
        assert.matches("\r\n'=1%+1\r\n'@SUM%(A1%)\r\n'%-2%+3\r\n'%+1\r\n%-5\r\na␀b\r\n$", result.stdout)
        assert_harmless((result.stdout:gsub("\r\n", "\n")))
    end)
end)
