-- Remotes by the installed git program: the specs of git_remote_spec.lua, and what only that transport can do.
local servers = require("support.servers")
local scratch = require("support.git_scratch")
local git_http = require("support.git_http")

local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")

-- Runs `code` in a host that uses the git program; returns what it prints.
local function run(code, env)
    local home = scratch.folder()
    local all = { HOME = home, UHOST_STATE = home .. "/state", UHOST_GIT_TRANSPORT = "git" }
    for name, value in pairs(env or {}) do all[name] = value end
    return servers.uhost(code, { env = all })
end

describe("the git program", function()
    teardown(scratch.clean_up)

    it("does all that libgit2 does", function()
        local result = process.run{ os.getenv("UHOST") or "uhost", "test", here .. "/git_remote_spec.lua",
            here .. "/git_fetch_spec.lua", env = { UHOST_GIT_TRANSPORT = "git" } }
        assert.equal(0, result.code, result.stdout .. result.stderr)
    end)

    it("is never given a login as an argument or a variable, nor asked by a hook", function()
        git_http.with(function(server)
            local source = scratch.new()
            source:commit("One", { a = "1\n" })
            process.run{ "git", "clone", "-q", "--bare", source.path, server.repositories .. "/r.git", check = true }
            local bin, log = scratch.at(scratch.folder()), scratch.folder() .. "/log"
            local real = process.run{ "sh", "-c", "command -v git" }.stdout:gsub("\n$", "")
            -- A git in front of git notes what it was given, and what its children were.
            bin:write("git", ("#!/bin/sh\ntr '\\0' '\\n' < /proc/$$/environ >> %s\n" ..
                "printf '%%s\\n' \"$@\" >> %s\nexec %s \"$@\"\n"):format(log, log, real))
            process.run{ "chmod", "+x", bin.path .. "/git", check = true }
            local url = server.url .. "/auth/r.git"
            local env = {
                GIT_TOKEN = "", GITHUB_TOKEN = git_http.token, GITHUB_API_URL = server.url .. "/api/v3",
                PATH = bin.path .. ":" .. os.getenv("PATH"),
            }
            local result = run(("print(#git.ls_remote(%q))"):format(url), env)
            assert.equal("2\n", result.stdout, result.stderr)
            local own = url:gsub("127", ("%s:%s@127"):format(git_http.user, git_http.password))
            env.GITHUB_TOKEN = nil
            result = run(("print(#git.ls_remote(%q))"):format(own), env)
            assert.equal("2\n", result.stdout, result.stderr)
            local noted = process.run{ "cat", log, check = true }.stdout
            assert.truthy(noted:find("ls-remote", 1, true))
            assert.is_nil(noted:find(git_http.token, 1, true))
            assert.is_nil(noted:find(git_http.password, 1, true))
        end)
    end)

    it("is refused what would be an option, or another program", function()
        local repository = scratch.new()
        repository:commit("One", { a = "1\n" })
        local result = run(([[
            local repo = git.open("PATH")
            local function kind(call, ...) local ok, err = pcall(call, ...) return ok and "fine" or err.kind end
            print(kind(repo.fetch, repo, { remote = "--upload-pack=touch x" }),
                kind(repo.fetch, repo, { remote = "PATH", refspecs = "--upload-pack=touch x" }),
                kind(git.ls_remote, "ext::sh -c touch% x"), kind(git.clone, "-u", "NEW"),
                kind(repo.push, repo, { remote = "PATH", refspecs = "--receive-pack=touch x" }))
        ]]):gsub("PATH", repository.path):gsub("NEW", scratch.folder() .. "/x") .. "")
        assert.equal("git.unknown_remote\tgit.refspec\tgit.url\tgit.url\tgit.revision\n", result.stdout,
            result.stderr)
    end)

    it("says when it is not one of the two", function()
        local result = run("git.ls_remote('https://example.org/r.git')", { UHOST_GIT_TRANSPORT = "carrier-pigeon" })
        assert.truthy(result.stderr:find("'libgit2' or 'git'", 1, true), result.stderr)
    end)
end)
