-- `uhost bundle`: an executable that runs where nothing of uhost is, nor any library but the C library.
local bare_root = require("support.bare_root")
local expect = require("support.expect")
local binary = os.getenv("UHOST")

local script = [[
local ovens = require("lib.ovens")
print(ovens.count(), json.encode({ ... }), policy.load("baking"):call("minutes", 3))
]]
local sources = {
    ["repo/scripts/bake.lua"] = script,
    ["repo/scripts/lib/ovens.lua"] = "return { count = function() return #require('lib.list') end }",
    ["repo/scripts/lib/list.lua"] = "return { 'left', 'right' }",
    ["repo/policies/baking.lua"] = "return { minutes = function(loaves) return loaves * 15 end }",
}
local printed = '2\t["--fast","two words"]\t45\n'

local function bundle(folder)
    process.run({ "git", "init", "-q", folder .. "/repo", check = true })
    return process.run({ binary, "bundle", folder .. "/repo/scripts/bake.lua", "-o", folder .. "/bake", "--json",
        env = { UHOST_STATE = folder .. "/state" } })
end

local function launch(folder, env)
    env = env or {}
    env.XDG_CACHE_HOME = env.XDG_CACHE_HOME or folder .. "/cache"
    return process.run({ folder .. "/bake", "--fast", "two words", cwd = folder, env = env })
end

describe("a bundle", function()
    local packed, packed_digest

    -- Runs `body(folder, digest)` with a bundle in the folder; to make one takes seconds, so all tests copy one.
    local function with_bundle(body)
        expect.in_folder(sources, function(folder)
            if not packed then
                local made = bundle(folder)
                assert.equal(0, made.code, made.stderr)
                packed, packed_digest = fs.temp_dir(), json.decode(made.stdout).digest
                fs.copy(folder .. "/bake", packed:path() .. "/bake")
            elseif not fs.exists(folder .. "/bake") then
                fs.copy(packed:path() .. "/bake", folder .. "/bake")
            end
            body(folder, packed_digest)
        end)
    end

    teardown(function() if packed then packed:close() end end)

    it("runs on a bare Debian, with the script's modules and policies", function()
        if bare_root.missing() then return pending(bare_root.missing()) end
        with_bundle(function(folder)
            bare_root.make(folder .. "/root")
            fs.copy(folder .. "/bake", folder .. "/root/tmp/bake")
            for _ = 1, 2 do
                local result = bare_root.run(folder .. "/root", "cd /tmp && ./bake --fast 'two words'")
                assert.equal(0, result.code, result.stderr)
                assert.equal(printed, result.stdout)
            end
        end)
    end)

    it("is unpacked once, into a folder of the user alone, also when two start at once", function()
        with_bundle(function(folder, digest)
            local results = task.map({ 1, 2, 3 }, function() return launch(folder) end)
            for _, result in ipairs(results) do assert.equal(printed, result.stdout, result.stderr) end
            local bundles = folder .. "/cache/uhost/bundles"
            assert.same({ digest }, fs.list(bundles))
            assert.equal("0700", fs.stat(bundles .. "/" .. digest).mode)
            local inode = fs.stat(bundles .. "/" .. digest .. "/bin/uhost").inode
            assert.equal(printed, launch(folder).stdout)
            assert.equal(inode, fs.stat(bundles .. "/" .. digest .. "/bin/uhost").inode)
        end)
    end)

    it("is another one when a module has changed", function()
        with_bundle(function(folder, digest)
            fs.append(folder .. "/repo/scripts/lib/list.lua", "-- more\n")
            assert.not_equal(digest, json.decode(bundle(folder).stdout).digest)
        end)
    end)

    it("runs nothing from a folder that others may write", function()
        with_bundle(function(folder, digest)
            local planted = folder .. "/cache/uhost/bundles/" .. digest
            fs.mkdir(planted .. "/bin")
            process.run({ "chmod", "777", planted, check = true })
            local result = launch(folder)
            assert.equal(3, result.code)
            assert.matches("is not a folder of this user alone", result.stderr)
        end)
    end)

    it("leaves nothing behind when it is damaged", function()
        with_bundle(function(folder)
            local text = fs.read(folder .. "/bake")
            local middle = math.floor(#text / 2)
            fs.write(folder .. "/bake", text:sub(1, middle) .. "damage" .. text:sub(middle + 7))
            process.run({ "chmod", "+x", folder .. "/bake", check = true })
            local result = launch(folder)
            assert.equal(3, result.code)
            assert.matches("^error: the bundle is damaged", result.stderr)
            assert.same({}, fs.list(folder .. "/cache/uhost/bundles"))
        end)
    end)

    it("says where it could be unpacked when it cannot", function()
        with_bundle(function(folder)
            fs.write(folder .. "/file", "")
            local result = launch(folder, { XDG_CACHE_HOME = folder .. "/file" })
            assert.equal(3, result.code)
            assert.matches("^error: ", result.stderr)
        end)
    end)
end)

describe("uhost bundle", function()
    it("shows a bundle that it makes", function()
        local result = process.run({ binary, "bundle", "--demo" })
        assert.equal(0, result.code, result.stderr)
        assert.matches("hello, demo, from " .. uhost.version:gsub("%p", "%%%0"), result.stdout)
    end)

    it("makes nothing in a dry run, nor of a script that is not there", function()
        expect.in_folder(sources, function(folder)
            local planned = process.run({ binary, "--dry-run", "bundle", folder .. "/repo/scripts/bake.lua", "-o",
                folder .. "/bake" })
            assert.equal(0, planned.code, planned.stderr)
            assert.matches("write .*/bake", planned.stderr)
            assert.is_false(fs.exists(folder .. "/bake"))
            local missing = process.run({ binary, "bundle", folder .. "/none.lua" })
            assert.equal(2, missing.code)
            assert.matches("there is no script", missing.stderr)
        end)
    end)
end)
