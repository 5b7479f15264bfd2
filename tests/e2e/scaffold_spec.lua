-- `uhost scaffold` as a person calls it, and what others say of everything that it writes.
local expect = require("support.expect")
local peers = require("support.peers")
local scaffolds = require("support.scaffolds")
local uhost_binary = os.getenv("UHOST") or "uhost"

local function run(folder, ...)
    local command = { uhost_binary, ... }
    command.cwd, command.timeout_s = folder, 120
    command.env = { UHOST_STATE = fs.dirname(folder) .. "/state", GITHUB_ACTIONS = "", HOME = folder }
    return process.run(command)
end

local function in_project(files, body)
    expect.in_folder({}, function(folder)
        fs.mkdir(folder .. "/kiln")
        for path, text in pairs(files) do
            fs.mkdir(fs.dirname(folder .. "/kiln/" .. path))
            fs.write(folder .. "/kiln/" .. path, text)
        end
        body(folder .. "/kiln")
    end)
end

local function has(program) return process.run({ "sh", "-c", "command -v " .. program }).code == 0 end

local ci = "/.github/workflows/ci.yml"

describe("uhost scaffold", function()
    it("writes what is not there, and nothing the second time", function()
        in_project({ ["Cargo.toml"] = '[package]\nname = "oven"\n' }, function(folder)
            local first = run(folder, "scaffold", "ci", "docker")
            assert.equal(0, first.code, first.stderr)
            assert.matches("created    .github/workflows/ci.yml", first.stdout, 1, true)
            assert.matches("/usr/local/bin/oven", fs.read(folder .. "/Dockerfile"), 1, true)
            local text = fs.read(folder .. ci)
            local second = run(folder, "scaffold", "ci", "docker")
            assert.equal(0, second.code)
            for line in second.stdout:gmatch("[^\n]+") do assert.matches("^unchanged ", line) end
            assert.equal(text, fs.read(folder .. ci))
        end)
    end)

    it("writes nothing in a dry run, and plans each file", function()
        in_project({ ["go.mod"] = "module example.com/oven\n" }, function(folder)
            local result = run(folder, "--dry-run", "scaffold", "release")
            assert.equal(0, result.code, result.stderr)
            assert.matches("release.yml", result.stderr, 1, true)
            assert.is_false(fs.exists(folder .. "/.github"))
        end)
    end)

    it("shows what a file lacks, and writes it when somebody agrees", function()
        local own = "version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n"
            .. "    schedule: { interval: daily }\n"
        in_project({ ["package.json"] = "{}", [".github/dependabot.yml"] = own }, function(folder)
            local path = folder .. "/.github/dependabot.yml"
            local shown = run(folder, "scaffold", "dependabot")
            assert.equal(1, shown.code)
            assert.matches("+  - package-ecosystem: github-actions", shown.stdout, 1, true)
            assert.equal(own, fs.read(path))
            local written = run(folder, "scaffold", "dependabot", "--yes")
            assert.equal(0, written.code)
            assert.equal(own, fs.read(path):sub(1, #own))
            assert.matches("^unchanged", run(folder, "scaffold", "dependabot").stdout)
        end)
    end)

    it("knows a file by its other names", function()
        in_project({ ["go.mod"] = "module m\n", [".github/dependabot.yaml"] = "version: 2\nupdates:\n"
            .. "  - package-ecosystem: gomod\n",
            ["docker-compose.yml"] = "services:\n  db:\n    image: postgres:17\n" }, function(folder)
            assert.equal(0, run(folder, "scaffold", "docker", "dependabot", "--yes").code)
            assert.is_false(fs.exists(folder .. "/.github/dependabot.yml"))
            assert.is_false(fs.exists(folder .. "/compose.yaml"))
            assert.matches("github-actions", fs.read(folder .. "/.github/dependabot.yaml"), 1, true)
            local services = yaml.decode(fs.read(folder .. "/docker-compose.yml")).services
            assert.equal("postgres:17", services.db.image)
            assert.equal("runtime", services.app.build.target)
        end)
    end)

    it("replaces nothing that it cannot merge, unless forced to", function()
        in_project({ ["go.mod"] = "module m\n", ["Dockerfile"] = "FROM mine:1\n" }, function(folder)
            local kept = run(folder, "scaffold", "docker", "--yes")
            assert.equal(1, kept.code)
            assert.matches("kept       Dockerfile", kept.stdout, 1, true)
            assert.equal("FROM mine:1\n", fs.read(folder .. "/Dockerfile"))
            assert.equal(0, run(folder, "scaffold", "docker", "--force").code)
            assert.is_nil(fs.read(folder .. "/Dockerfile"):find("mine", 1, true))
        end)
    end)

    it("asks on a terminal, and does what the answer says", function()
        in_project({ ["go.mod"] = "module m\n", ["Dockerfile"] = "FROM mine:1\n", [".dockerignore"] = "mine\n" },
            function(folder)
            local function answered(answers)
                local command = ("printf '%s' | script -qec '%s scaffold docker' /dev/null"):format(answers,
                    uhost_binary)
                return process.run({ "sh", "-c", command, cwd = folder, timeout_s = 120,
                    env = { UHOST_STATE = fs.dirname(folder) .. "/state", HOME = folder } })
            end
            assert.matches("Write this? [y/N]", answered("n\\nn\\n").stdout, 1, true)
            assert.equal("mine\n", fs.read(folder .. "/.dockerignore"))
            assert.matches("Replace yours by this? [y/N]", answered("y\\nn\\n").stdout, 1, true)
            assert.matches("^mine\n%.git\n", fs.read(folder .. "/.dockerignore"))
            assert.equal("FROM mine:1\n", fs.read(folder .. "/Dockerfile"))
            answered("y\\n")
            assert.is_nil(fs.read(folder .. "/Dockerfile"):find("mine", 1, true))
        end)
    end)

    it("writes at the root of the repository, named as its remote is", function()
        in_project({ ["src/a.c"] = "", ["CMakeLists.txt"] = "" }, function(folder)
            process.run({ "git", "init", "-q", "-b", "main", folder, check = true })
            process.run({ "git", "-C", folder, "remote", "add", "origin", "git@github.com:example/oven.git",
                check = true })
            assert.equal(0, run(folder .. "/src", "scaffold", "release", "systemd").code)
            assert.matches("--repo example/oven", fs.read(folder .. "/.github/workflows/release.yml"), 1, true)
            assert.matches("--github example/oven", fs.read(folder .. "/deploy/uhost-ci-failures.service"), 1, true)
        end)
    end)

    it("says what it has to know", function()
        in_project({}, function(folder)
            local unknown = run(folder, "scaffold", "relase")
            assert.equal(2, unknown.code)
            assert.matches("release", unknown.stderr, 1, true)
            local none = run(folder, "scaffold", "ci")
            assert.equal(2, none.code)
            assert.matches("--language", none.stderr, 1, true)
            fs.write(folder .. "/go.mod", "module m\n")
            fs.write(folder .. "/package.json", "{}")
            assert.matches("several languages: go, node", run(folder, "scaffold", "ci").stderr, 1, true)
            assert.equal(0, run(folder, "scaffold", "ci", "--language", "node").code)
            assert.equal(2, run(folder, "scaffold").code)
        end)
    end)

    it("writes through no symbolic link", function()
        in_project({ ["go.mod"] = "module m\n" }, function(folder)
            fs.mkdir(folder .. "/.github")
            fs.symlink(fs.dirname(folder), folder .. "/.github/workflows")
            local result = run(folder, "scaffold", "release")
            assert.equal(2, result.code)
            assert.matches("symbolic link", result.stderr, 1, true)
            assert.is_false(fs.exists(fs.dirname(folder) .. "/release.yml"))
        end)
    end)

    it("takes nothing but names out of a project's files", function()
        in_project({ ["package.json"] = '{"name": "a\\"\\n${{ secrets.X }}", "main": "$(id).js"}' }, function(folder)
            assert.equal(0, run(folder, "scaffold", "docker", "release").code)
            assert.is_nil(fs.read(folder .. "/Dockerfile"):find("$(id)", 1, true))
            assert.is_nil(fs.read(folder .. "/.github/workflows/release.yml"):find("secrets.X", 1, true))
        end)
    end)

    it("lists, demonstrates, and writes JSON by its schema", function()
        in_project({}, function(folder)
            assert.matches("\nci  +format, lint", run(folder, "scaffold", "--list").stdout)
            local demo = run(folder, "scaffold", "--demo")
            assert.equal(1, demo.code)
            for _, word in ipairs({ "created", "merged", "kept" }) do assert.matches("\n" .. word, demo.stdout) end
            assert.is_false(fs.exists(folder .. "/.github"))
            if peers.missing() then return pending(peers.missing()) end
            local schema = process.run({ uhost_binary, "schema", "scaffold", check = true }).stdout
            fs.write(folder .. "/d.json", ('{"schema": %s, "value": %s}'):format(schema,
                run(folder, "scaffold", "--demo", "--json").stdout))
            assert.equal("", peers.problems("schema", folder .. "/d.json"))
        end)
    end)

    it("writes the workflows that this repository has", function()
        local root = os.getenv("UHOST_SOURCE")
        if not root then return pending("needs UHOST_SOURCE") end
        for _, module in ipairs({ "audit", "ci-failures", "diagnose" }) do
            local project = scaffolds.project("cpp")
            for path, text in pairs(require("lib.scaffold.modules")[module].files(project)) do
                assert.equal(text, fs.read(root .. "/" .. path), path)
            end
        end
    end)
end)

describe("everything that is scaffolded", function()
    -- Runs `body(folder)` with the files of all languages, each in a folder of its own.
    local function with_all(body)
        expect.in_folder({}, function(folder)
            for _, language in ipairs(scaffolds.languages) do
                for path, text in pairs(scaffolds.files(language)) do
                    fs.mkdir(fs.dirname(fs.join(folder, language, path)))
                    fs.write(fs.join(folder, language, path), text)
                end
            end
            body(folder)
        end)
    end

    local function paths(folder, pattern)
        local list = {}
        for path, kind in fs.walk(folder) do
            if kind == "file" and path:sub(#folder + 1):find(pattern) then list[#list + 1] = path end
        end
        assert.is_true(#list > 0, "nothing is like " .. pattern)
        return unpack(list)
    end

    it("is what GitHub, Docker, Compose and cron take", function()
        if peers.missing() then return pending(peers.missing()) end
        with_all(function(folder)
            assert.equal("", peers.problems("workflow", paths(folder, "/workflows/[%w_]+%.yml$")))
            assert.equal("", peers.problems("workflow", paths(folder, "/action%.yml$")))
            assert.equal("", peers.problems("dockerfile", paths(folder, "/Dockerfile$")))
            assert.equal("", peers.problems("compose", paths(folder, "/compose%.yaml$")))
            assert.equal("", peers.problems("cron", paths(folder, "%.cron$")))
        end)
    end)

    it("is formatted as its own CI asks for", function()
        with_all(function(folder)
            if not peers.missing() then
                assert.equal("", peers.problems("prettier", paths(folder, "%.ya?ml$")))
                assert.equal("", peers.problems("prettier", paths(folder, "%.m?js$")))
                assert.equal("", peers.problems("prettier", paths(folder, "%.md$")))
            end
            for program, command in pairs({
                rustfmt = { "rustfmt", "--check", folder .. "/rust/src/health.rs" },
                gofmt = { "gofmt", "-l", folder .. "/go" },
                ["clang-format"] = { "clang-format", "--style=LLVM", "--dry-run", "--Werror",
                    folder .. "/cpp/src/health.hpp" },
            }) do
                if has(program) then
                    local result = process.run(command)
                    assert.equal("0", result.code .. result.stdout, result.stderr)
                end
            end
        end)
    end)

    it("has scripts of which shellcheck says nothing", function()
        if not has("shellcheck") then return pending("needs shellcheck") end
        expect.in_folder({}, function(folder)
            local command = { "shellcheck", cwd = folder }
            for _, language in ipairs(scaffolds.languages) do
                for path, text in pairs(scaffolds.files(language)) do
                    local is_ci = scaffolds.is_workflow(path) or scaffolds.is_action(path)
                    for _, script in ipairs(is_ci and scaffolds.scripts(path, text) or {}) do
                        local name = language .. script.name
                        fs.write(fs.join(folder, name), ("#!/bin/%s\n%s\n"):format(script.shell, script.run))
                        command[#command + 1] = name
                    end
                end
            end
            assert.is_true(#command > 40)
            local result = process.run(command)
            assert.equal("", result.stdout .. result.stderr)
        end)
    end)

    it("has policies that uhost takes", function()
        expect.in_folder({}, function(folder)
            for path, text in pairs(scaffolds.files("rust", { ["Cargo.lock"] = "" })) do
                if path:find("^policies/") then
                    fs.mkdir(folder .. "/policies")
                    fs.write(fs.join(folder, path), text)
                end
            end
            assert.equal(0, run(folder, "check", "policies").code)
            assert.matches("rust_lock", run(folder, "preflight", "--list").stdout, 1, true)
        end)
    end)
end)

describe("the health endpoint", function()
    -- The program that it takes, and a script that serves it on PORT.
    local starts = {
        python = { "python3", [[
            exec python3 -c 'import health, threading
health.serve(PORT, lambda: True)
threading.Event().wait()']] },
        node = { "node", [[
            exec node --input-type=module -e 'import { serve } from "./health.mjs"; serve(PORT, () => true)']] },
        cpp = { "g++", [[
            printf '#include "src/health.hpp"\nint main() { health::serve(PORT, [] { return true; }); }' > main.cpp
            g++ -std=c++20 -Wall -Wextra -Werror main.cpp -o main && exec ./main]] },
        rust = { "rustc", [[
            printf '#[path = "src/health.rs"] mod health; fn main() {
                health::serve("127.0.0.1:PORT", || true).unwrap() }' > main.rs
            rustc -D warnings main.rs && exec ./main]] },
        go = { "go", [[
            printf 'package main\nfunc main() {
                panic(serveHealth("127.0.0.1:PORT", func() bool { return true })) }' > main.go
            go mod init m && exec go run .]] },
    }

    -- The command by which the image of a language asks it.
    local function health_check(language, port)
        local dockerfile = scaffolds.files(language).Dockerfile:gsub("\\\n%s*", "")
        local command = json.decode(dockerfile:match("HEALTHCHECK.-CMD (%b[])"))
        for i, word in ipairs(command) do command[i] = word:gsub("8080", tostring(port)) end
        if command[1] == "python" then command[1] = "python3" end
        return command
    end

    for _, language in ipairs(scaffolds.languages) do
        it("answers in " .. language, function()
            if not has(starts[language][1]) then return pending("needs " .. starts[language][1]) end
            expect.in_folder(require("lib.scaffold.modules").health.files(scaffolds.project(language)),
                function(folder)
                local port = require("support.servers").free_ports(1)
                local words = starts[language][2]:gsub("PORT", tostring(port))
                local server = task.spawn(function()
                    process.run({ "sh", "-c", words, cwd = folder })
                end)
                local url = ("http://127.0.0.1:%d"):format(port)
                local answer = expect.eventually(function()
                    local ok, response = pcall(http.get, url .. "/healthz")
                    return ok and response
                end)
                assert.equal(200, answer.status)
                assert.same({ status = "ok" }, json.decode(answer.body))
                assert.equal(404, http.get(url .. "/other").status)
                assert.equal(0, process.run(health_check(language, port)).code)
                server:cancel()
                pcall(server.join, server)
                assert.is_true(process.run(health_check(language, port)).code ~= 0)
            end)
        end)
    end
end)
