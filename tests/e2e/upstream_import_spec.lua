-- Policies of a fork: imported from TOML, and the examples that are shipped.
local upstream = require("support.upstream")

local toml_text = [==[
[[integration_point]]
file = "compiler/rustc_interface/src/passes.rs"
risk = "HIGH"
description = "where the verifier hooks in"
pattern = 'provide\(providers\)'
modification = "calls it \"last\""

[[integration_point]]
path = "compiler/rustc_hir/"
risk = "low"

[[dependency]]
module = "rustc_middle::ty"
used_by = ["a.rs", "b.rs"]
apis = ["type_of"]
risk = "medium"

[[rule]]
name = "Keep both"
file = "*.rs"
kinds = ["content"]
action = { kind = "union" }
]==]

describe("uhost upstream import", function()
    it("makes policies that say the same, once", function()
        upstream.with_fork(function(world)
            fs.write(world.fork .. "/fork.toml", toml_text)
            local result = world.upstream("import", "fork.toml")
            assert.same({ 0, "" }, { result.code, result.stderr })
            assert.matches("written: .*policies/integration_points.lua; check it with: uhost check", result.stdout)
            local options = { folder = world.fork .. "/policies" }
            local points = policy.load("integration_points", options):data()
            assert.same({
                { id = "compiler_rustc_interface_src_passes_rs", path = "compiler/rustc_interface/src/passes.rs",
                    risk = "high", description = "where the verifier hooks in", pattern = [[provide\(providers\)]],
                    modification = 'calls it "last"' },
                { id = "compiler_rustc_hir", path = "compiler/rustc_hir/", risk = "low" },
            }, points.points)
            assert.same({ { id = "rustc_middle_ty", module = "rustc_middle::ty", used_by = { "a.rs", "b.rs" },
                apis = { "type_of" }, risk = "medium" } }, points.dependencies)
            local rules = dofile(world.fork .. "/policies/resolution_rules.lua")
            assert.same({ { id = "keep_both", name = "Keep both", file = "*.rs", kinds = { "content" },
                action = { kind = "union" } } }, rules.rules)
            result = world.upstream("import", "fork.toml")
            assert.same({ 2, "" }, { result.code, result.stdout })
            assert.matches("integration_points.lua is there already", result.stderr)
            assert.equal(0, world.upstream("import", "fork.toml", "--output", "elsewhere").code)
        end)
    end)

    it("says what is wrong with a file, and writes nothing", function()
        upstream.with_fork(function(world)
            for text, message in pairs({
                ["[[integration_point]]\npath = 'a'\nrisc = 'low'"] = "number 1 has the unknown key 'risc'.*risk",
                ["[[point]]\npath = 'a'"] = "'point' is not known",
                ["[[dependency]]\nrisk = 'low'"] = "number 1 has no module",
                ["integration_point = 3"] = "is not a list of tables",
                ["[[rule"] = "invalid TOML at line 1",
                [""] = "nothing in it to import",
            }) do
                fs.write(world.fork .. "/fork.toml", text)
                local result = world.upstream("import", "fork.toml")
                assert.equal(2, result.code, text)
                assert.matches(message, result.stderr)
            end
            assert.matches("there is no file none.toml", world.upstream("import", "none.toml").stderr)
            assert.same({ "upstream.lua" }, fs.list(world.fork .. "/policies"))
        end)
    end)

    it("makes nothing under a dry run", function()
        upstream.with_fork(function(world)
            fs.write(world.fork .. "/fork.toml", toml_text)
            local result = world.dry_run("import", "fork.toml")
            assert.equal(0, result.code)
            assert.matches("integration_points.lua", result.stdout .. result.stderr)
            assert.is_false(fs.exists(world.fork .. "/policies/integration_points.lua"))
        end)
    end)
end)

describe("the examples of a fork's policies", function()
    it("are what the commands ask for", function()
        for _, fork in ipairs({ "rustc_fork", "database_fork" }) do
            for _, name in ipairs({ "upstream", "integration_points" }) do
                local data = policy.load(("examples/%s/%s"):format(fork, name),
                    { schema = require("lib.schemas." .. name) }):data()
                assert.is_true(name == "upstream" and data.upstream.url ~= "" or #data.points > 0)
            end
        end
    end)
end)
