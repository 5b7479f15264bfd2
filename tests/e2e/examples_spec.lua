-- The examples that the help and the READMEs give, run as a person would: none of them may be refused.
local expect = require("support.expect")
local uhost_binary = os.getenv("UHOST") or "uhost"
local source_root = os.getenv("UHOST_SOURCE")

local build_log = "Compiling x\nerror[E0277]: the trait bound `A: B` is not satisfied\n --> src/main.rs:7:5\n"
local policy_source = [[
local M = {}
--- Who is asked to look at a change.
function M.of(path)
    if path:match("^docs/") then return { "docs-team" }, "everything in docs/" end
    return {}, "nobody is responsible for it"
end
M.examples = { { call = "of", with = { "docs/index.md" }, gives = { "docs-team" } } }
return M
]]

-- What examples name.
local files = {
    ["stranger.lua"] = "print('hello')",
    ["build.log"] = build_log, ["green.log"] = "Compiling x\nFinished\n", ["last-good.log"] = "Finished\n",
    ["policies/labels.lua"] = policy_source, ["policies/reviewers.lua"] = policy_source,
    ["kb/mine.lua"] = "return { entries = {} }", ["arguments.json"] = '["tests/crashes/12.rs", ""]',
    ["build-metrics.json"] = json.encode({ timestamp = "2026-11-30T08:00:00Z", platform = "linux", arch = "x86_64",
        variant = "debug", run_id = "77", phases = { total = 60, build = 50 } }),
    ["repos.txt"] = "# the repository that this file is in\n.\n",
    ["junit.xml"] = '<testsuite name="oven"><testcase name="heats" time="0.5"/></testsuite>',
    ["tests/crashes/12345.rs"] = "//@ known-bug: #12345\n",
    ["tests/lua/x_spec.lua"] = "describe('s', function() it('task is cancelled', function() end) end)\n",
}

-- The worked example of scripts/README.md.
local function script_of_readme()
    if not source_root then return "-- nothing" end
    return fs.read(fs.join(source_root, "scripts/README.md")):match("```lua\n(%-%- List branches.-)```")
end

local function run_in(folder, words)
    return process.run({ "bash", "-c", "uhost() { \"$UHOST\" \"$@\"; }; " .. words, cwd = folder, timeout_s = 120,
        env = { UHOST = uhost_binary, UHOST_OFFLINE = "true", UHOST_STATE = folder .. "/state", GITHUB_ACTIONS = "",
            GITHUB_TOKEN = "none", HOME = folder, GIT_AUTHOR_NAME = "A", GIT_AUTHOR_EMAIL = "a@b.c",
            GIT_COMMITTER_NAME = "A", GIT_COMMITTER_EMAIL = "a@b.c" } })
end

local function in_repository(body)
    files["scripts/stale_branches.lua"] = script_of_readme()
    expect.in_folder(files, function(folder)
        assert.equal(0, run_in(folder, "git init -q -b main . && git remote add origin "
            .. "https://github.com/example/compiler && ln -s . rust && git add -A && git commit -qm 'Add all'").code)
        return body(folder)
    end)
end

-- What asks GitHub ends with 3, because these runs are offline; a mistake in an example would be 2.
local function assert_runs(folder, example)
    if example:find("learn", 1, true) then fs.remove(folder .. "/kb/mine.lua") end
    local result = run_in(folder, example)
    local is_offline = result.code == 3 and result.stderr:find("offline", 1, true) ~= nil
    local is_fine = result.code == 0 or result.code == 1 and not result.stderr:find("error:", 1, true)
    assert.is_true(is_fine or is_offline, ("%s\nended with %d\n%s"):format(example, result.code, result.stderr))
    return result
end

-- The lines below "Examples:" of a help.
local function examples_of(help)
    local list, inside = {}, false
    for line in help:gmatch("([^\n]*)\n") do
        local example = line:match("^  (%S.*)$")
        if line == "Examples:" then
            inside = true
        elseif inside and not example then
            break
        elseif inside then
            list[#list + 1] = example
        end
    end
    return list
end

-- Some stay until they are interrupted.
local function ends_by_itself(example)
    return not example:find("--watch", 1, true) and not example:find("uhost serve %-%-%w+ [%d.]+")
end

describe("the examples in the help", function()
    it("of uhost itself print what they say", function()
        in_repository(function(folder)
            local examples = examples_of(run_in(folder, "uhost --help").stdout)
            assert.is_true(#examples >= 3)
            for _, example in ipairs(examples) do
                assert.not_matches("^nil\n", assert_runs(folder, example).stdout)
            end
            assert.equal("Add all\n", run_in(folder, examples[2]).stdout)
        end)
    end)

    for name in fs.walk(fs.join(uhost.share, "scripts"), { depth = 1, glob = "*.lua" }) do
        local command = fs.basename(name):gsub("%.lua$", "")
        it(("of %s run; there are three at least"):format(command), function()
            in_repository(function(folder)
                local help = run_in(folder, ("uhost %s --help"):format(command)).stdout
                local examples = examples_of(help)
                assert.is_true(#examples >= 3, help)
                for _, example in ipairs(examples) do
                    if ends_by_itself(example) then assert_runs(folder, example) end
                end
            end)
        end)
    end
end)

-- The commands in a README's indented or fenced blocks.
local function commands_in(path)
    local list, fence = {}, nil
    for line in (fs.read(fs.join(source_root, path)) .. "\n"):gmatch("([^\n]*)\n") do
        if line:find("^```") then fence = not fence and line or nil end
        local command = line:match("^    (uhost .*)$") or line:match("^    %$ (uhost .*)$")
            or fence == "```" and line:match("^(uhost .*)$")
        if command then list[#list + 1] = command end
    end
    return list
end

-- They take a recording that a real run made, or a run at GitHub.
local function needs_more(command)
    return command:find("--record", 1, true) or command:find("--replay", 1, true)
end

describe("the commands in the READMEs", function()
    for _, path in ipairs({ "README.md", "scripts/README.md", "policies/README.md" }) do
        it(("of %s run"):format(path), function()
            if not source_root then return pending("UHOST_SOURCE names no checkout") end
            in_repository(function(folder)
                local commands = commands_in(path)
                assert.is_true(#commands > 0)
                for _, command in ipairs(commands) do
                    if ends_by_itself(command) and not needs_more(command) then assert_runs(folder, command) end
                end
            end)
        end)
    end
end)
