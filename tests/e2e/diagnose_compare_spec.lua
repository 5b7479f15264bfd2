-- `uhost diagnose --compare` in the real binary: a failed log beside a green one, in every format.
local diagnose_world = require("support.diagnose_world")
local with_world = diagnose_world.with

local arguments = { "failed.log", "--compare", "green.log" }

local function with_format(format) return { arguments[1], arguments[2], arguments[3], "--format", format } end

describe("uhost diagnose --compare", function()
    it("gives what differs as data", function()
        with_world(function(world)
            local comparison = world.json(arguments).comparison
            assert.same("kiln: 1310 degrees is above 1250", comparison.new_lines[1].line)
            assert.equal(9, comparison.new_lines[1].line_number)
            assert.same({ "Run make fire", "failed" }, { comparison.steps[1].name, comparison.steps[1].change })
            -- What a step that failed did not get to is not missing.
            assert.same({}, comparison.missing_lines)
            assert.equal("green.log", comparison.green.name)
            assert.same({}, comparison.versions)
        end)
    end)

    it("is reported in every format that people read", function()
        with_world(function(world)
            for _, format in ipairs({ "text", "markdown", "html" }) do
                local result = world.run(with_format(format))
                assert.equal(0, result.code, result.stderr)
                assert.is_truthy(result.stdout:find("Compared with a green run", 1, true), format)
                assert.is_truthy(result.stdout:find("green.log", 1, true), format)
            end
        end)
    end)

    it("says that there is no such log", function()
        with_world(function(world)
            local result = world.run({ "failed.log", "--compare", "none.log" })
            assert.equal(2, result.code)
            assert.matches("no such log: none%.log", result.stderr)
        end)
    end)
end)
