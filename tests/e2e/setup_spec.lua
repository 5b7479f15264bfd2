-- What ./uhost and tests/run do on a machine that lacks packages, as somebody who may not install them.
local expect = require("support.expect")
local source = os.getenv("UHOST_SOURCE") or fs.cwd()

-- Runs a line of bash after host/setup.sh, as nobody. The folder of the checkout may be closed to nobody, so the
-- file travels through standard input.
local function as_nobody(line)
    local command = { "bash", "-s", stdin = fs.read(source .. "/host/setup.sh") .. "\n" .. line .. "\n", cwd = "/" }
    if process.run({ "id", "-u" }).stdout == "0\n" then
        for i, word in ipairs({ "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups" }) do
            table.insert(command, i, word)
        end
    end
    return process.run(command)
end

describe("the set-up", function()
    it("without root prints the exact line to run, and stops with 3", function()
        local result = as_nobody("ensure_packages <(printf 'bash\\n# a comment\\nno-such-b no-such-a\\n')")
        assert.equal(3, result.code)
        assert.equal("", result.stdout)
        local line = "hint: sudo apt-get install -y --no-install-recommends no-such-a no-such-b\n"
        assert.is_truthy(result.stderr:find(line, 1, true), result.stderr)
    end)

    it("says nothing when nothing is missing", function()
        local result = as_nobody("ensure_packages <(echo bash) && echo went on")
        assert.equal("went on\n", result.stdout)
        assert.equal("", result.stderr)
    end)

    it("says that it builds only when there is something to build", function()
        expect.in_folder({
            ["CMakePresets.json"] = [[{ "version": 5, "configurePresets": [
                { "name": "release", "generator": "Ninja", "binaryDir": "${sourceDir}/build/release" }] }]],
            ["CMakeLists.txt"] = [[
                cmake_minimum_required(VERSION 3.25)
                project(copies LANGUAGES NONE)
                file(GLOB sources CONFIGURE_DEPENDS *.txt)
                foreach(source ${sources})
                    add_custom_command(OUTPUT ${source}.copy DEPENDS ${source}
                        COMMAND ${CMAKE_COMMAND} -E copy ${source} ${source}.copy)
                    list(APPEND copies ${source}.copy)
                endforeach()
                add_custom_target(runtime DEPENDS ${copies})]],
            ["one.txt"] = "1",
        }, function(folder)
            local function messages_of_build()
                return process.run({ "bash", "-c", "set -euo pipefail; root=$1; source $2; build release runtime", "-",
                    folder, source .. "/host/setup.sh", check = true }).stderr
            end
            assert.matches("configuring build/release\nuhost: building build/release", messages_of_build())
            assert.equal("", messages_of_build())
            fs.write(folder .. "/two.txt", "2")
            assert.matches("building build/release", messages_of_build())
            assert.equal("", messages_of_build())
            assert.is_true(fs.exists(folder .. "/two.txt.copy"))
        end)
    end)

    it("says that it builds after the first step, not at the end", function()
        expect.in_folder({ ["build/release/build.ninja"] = [[
rule touch
  command = touch $out
rule wait
  command = until [ -e go ]; do sleep 0.01; done
build first: touch
build runtime: wait first
]] }, function(folder)
            local script = "set -euo pipefail; root=$1; source $2; build release runtime"
            local child = process.start({ "bash", "-c", script, "-", folder, source .. "/host/setup.sh",
                merge_stderr = true, check = true })
            assert.matches("building build/release", child:read_line(60))
            fs.write(folder .. "/build/release/go", "")
            child:wait()
        end)
    end)

    it("stops with 3 when the build fails, also without a word", function()
        for _, command in ipairs({ "false", "kill -9 $PPID" }) do
            expect.in_folder({ ["build/release/build.ninja"] = ([[
rule run
  command = %s
build runtime: run
]]):format((command:gsub("%$", "$$"))) }, function(folder)
                local script = "set -euo pipefail; root=$1; source $2; build release runtime"
                local result = process.run({ "bash", "-c", script, "-", folder, source .. "/host/setup.sh" })
                assert.equal(3, result.code)
                assert.matches("error: the build failed\n  hint: its whole output is in ", result.stderr)
            end)
        end
    end)

    it("on another system than Debian names what is needed", function()
        local result = as_nobody("PATH=/nowhere; ensure_packages list")
        assert.equal(3, result.code)
        assert.matches("knows Debian's packages only", result.stderr)
    end)
end)
