-- The composite action of this repository, run as the runner of GitHub Actions runs it.
local action_runner = require("support.action_runner")
local expect = require("support.expect")
local peers = require("support.peers")
local binary = fs.absolute(os.getenv("UHOST"))
local file = fs.absolute(debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/../../action.yml")

local function in_folder(body) return expect.in_folder({}, body) end

-- Runs the action in a folder, with this build of uhost for what it would build.
local function run(folder, inputs, more)
    for _, name in ipairs({ "host", "api" }) do fs.mkdir(folder .. "/action/" .. name) end
    if not fs.exists(folder .. "/action/uhost") then fs.symlink(binary, folder .. "/action/uhost") end
    local env = { GITHUB_ACTIONS = "true", GITHUB_ACTION_PATH = folder .. "/action", HOME = folder }
    for name, value in pairs(more and more.env or {}) do env[name] = value end
    local github = { token = "ghs_made_up_for_this_test", run_id = 7, run_attempt = 1, job = "audit",
        server_url = "https://github.invalid", action_repository = "example/uhost" }
    for name, value in pairs(more and more.github or {}) do github[name] = value end
    return action_runner.run(file, { folder = folder, inputs = inputs, env = env, github = github })
end

local function script(folder, text)
    fs.mkdir(folder .. "/workspace")
    fs.write(folder .. "/workspace/script.lua", text)
    return "./script.lua"
end

describe("action.yml", function()
    it("is what GitHub takes, and workflow_guard finds nothing in it", function()
        if peers.missing() then return pending(peers.missing()) end
        assert.equal("", peers.problems("workflow", file))
        in_folder(function(folder)
            fs.write(folder .. "/action.yml", fs.read(file))
            process.run({ "git", "init", "-q", folder, check = true })
            process.run({ "git", "-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q",
                "--allow-empty", "-m", "Begin", check = true })
            local guard = process.run({ binary, "workflow_guard", "--base", "HEAD", cwd = folder,
                env = { UHOST_STATE = folder .. "/state" } })
            assert.equal(0, guard.code, guard.stdout)
        end)
    end)

    it("has commands of which shellcheck says nothing, and that hold no expression", function()
        for _, step in ipairs(yaml.decode(fs.read(file)).runs.steps) do
            if step.run then
                assert.is_nil(step.run:find("${{", 1, true), step.name)
                local text = "set -eo pipefail\n" .. step.run
                assert.equal("", process.run({ "shellcheck", "--shell=bash", "-", stdin = text }).stdout)
            else
                local name, commit = step.uses:match("^([%w/-]+)@(%x+)$")
                assert.equal(require("lib.scaffold.pins").actions[name].sha, commit)
            end
        end
    end)

    it("gives findings, the report and the summary of a script", function()
        in_folder(function(folder)
            local outcome = run(folder, { script = "monthly_audit", args = "--demo\n--fail-on-findings\n" })
            assert.equal(1, outcome.code, outcome.stderr)
            assert.equal("true", outcome.outputs.findings)
            assert.matches("10 of 15 issues need attention", fs.read(outcome.outputs.report))
            assert.matches("10 of 15 issues need attention", outcome.stdout)
            assert.matches("^# Crash tests of example/compiler", outcome.outputs.summary)
            assert.matches("# Crash tests of example/compiler", outcome.summary)
        end)
    end)

    it("lets findings pass where it is asked to, but no other failure", function()
        in_folder(function(folder)
            local inputs = { script = script(folder, "return false"), ["fail-on-findings"] = "false" }
            local outcome = run(folder, inputs)
            assert.equal(0, outcome.code, outcome.stderr)
            assert.equal("true", outcome.outputs.findings)
            script(folder, "uhost.fail('http.timeout', 'nobody answers')")
            outcome = run(folder, inputs)
            assert.equal(3, outcome.code)
            assert.equal("false", outcome.outputs.findings)
        end)
    end)

    it("takes each line as one argument, and runs none of them", function()
        in_folder(function(folder)
            local name = script(folder, "for _, word in ipairs(arg) do print('<' .. word .. '>') end")
            local args = "--since\n6 months\n\n$(touch made)`touch made`;'\"\\n *\n"
            local outcome = run(folder, { script = name, args = args })
            assert.equal(0, outcome.code, outcome.stderr)
            assert.equal("<--since>\n<6 months>\n<$(touch made)`touch made`;'\"\\n *>\n",
                fs.read(outcome.outputs.report))
            assert.is_false(fs.exists(folder .. "/workspace/made"))
        end)
    end)

    it("gives the script the token, and shows it to nobody", function()
        in_folder(function(folder)
            local name = script(folder, "print(github.token_source(), 'ghs_made_up' .. '_for_this_test')")
            local outcome = run(folder, { script = name })
            assert.equal(0, outcome.code, outcome.stderr)
            assert.matches("^GITHUB_TOKEN", fs.read(outcome.outputs.report))
            assert.is_nil((outcome.stdout .. outcome.stderr):find("ghs_made_up", 1, true))
        end)
    end)

    it("lets a summary set no output", function()
        in_folder(function(folder)
            local name = script(folder, [[fs.append(os.getenv("GITHUB_STEP_SUMMARY"), "a\nfindings=true\nEND\nb\n")]])
            local outcome = run(folder, { script = name })
            assert.equal("false", outcome.outputs.findings)
            assert.matches("^a\nfindings=true\nEND\nb", outcome.outputs.summary)
        end)
    end)

    it("keeps the folder of the store between runs, unless told not to", function()
        in_folder(function(folder)
            local inputs = { script = script(folder, "print(uhost.state_folder())"), ["state-cache"] = "audit" }
            local outcome = run(folder, inputs)
            assert.equal("/var/lib/uhost\n", fs.read(outcome.outputs.report))
            local cache = { path = "/var/lib/uhost", key = "v1-uhost-audit-7-1-audit",
                ["restore-keys"] = "v1-uhost-audit-" }
            assert.same(cache, outcome.used["Keep the store"])
            inputs["state-cache"] = ""
            assert.is_nil(run(folder, inputs).used["Keep the store"])
        end)
    end)

    it("keeps what the compiler made, by the sources of uhost", function()
        in_folder(function(folder)
            local inputs = { script = script(folder, "") }
            local function key() return run(folder, inputs).used["Keep what the compiler made of uhost"].key end
            local first = key()
            assert.matches("^v1%-uhost%-debian12%-X64%-%x+$", first)
            assert.equal(first, key())
            fs.write(folder .. "/action/host/main.cpp", "int main() {}")
            assert.not_equal(first, key())
        end)
    end)

    -- Releases in a folder, and an apt-get that only notes what it would install.
    local function with_releases(sum, body)
        in_folder(function(folder)
            local release = folder .. "/example/uhost/releases/download/v1.2.3"
            fs.mkdir(release)
            fs.mkdir(folder .. "/bin")
            local architecture = process.run({ "dpkg", "--print-architecture", check = true }).stdout:gsub("\n", "")
            local package = ("uhost_1.2.3-1_%s.deb"):format(architecture)
            fs.write(release .. "/" .. package, "a package")
            fs.write(release .. "/SHA256SUMS", ("%s  %s\n"):format(sum or hash.text("a package"), package))
            fs.write(folder .. "/bin/apt-get", '#!/bin/sh\necho "$@" >> "$HOME/installed"\n')
            fs.symlink(binary, folder .. "/bin/uhost")
            process.run({ "chmod", "+x", folder .. "/bin/apt-get", check = true })
            body(folder, package, { env = { PATH = folder .. "/bin:" .. os.getenv("PATH") },
                github = { server_url = "file://" .. folder } })
        end)
    end

    it("installs a release whose checksum is right", function()
        with_releases(nil, function(folder, package, more)
            local outcome = run(folder, { script = script(folder, "print('ran')"), version = "v1.2.3" }, more)
            assert.equal(0, outcome.code, outcome.stdout .. outcome.stderr)
            assert.matches("install %-y %-q %-%-no%-install%-recommends %./" .. package:gsub("%p", "%%%0") .. "\n$",
                fs.read(folder .. "/installed"))
            assert.is_nil(outcome.used["Keep what the compiler made of uhost"])
            assert.equal("ran\n", fs.read(outcome.outputs.report))
        end)
    end)

    it("installs nothing whose checksum is wrong, and no version that is none", function()
        with_releases(("0"):rep(64), function(folder, package, more)
            local outcome = run(folder, { script = "check", version = "v1.2.3" }, more)
            assert.equal(3, outcome.code)
            assert.matches("is not what the checksums of v1.2.3 say", outcome.stdout, 1, true)
            assert.is_nil(fs.read(folder .. "/installed"):find(package, 1, true))
            assert.equal(2, run(folder, { script = "check", version = "../v1" }, more).code)
        end)
    end)
end)
