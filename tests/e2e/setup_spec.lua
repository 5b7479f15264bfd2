-- What ./uhost and tests/run do on a machine that lacks packages, as somebody who may not install them.
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

    it("on another system than Debian names what is needed", function()
        local result = as_nobody("PATH=/nowhere; ensure_packages list")
        assert.equal(3, result.code)
        assert.matches("knows Debian's packages only", result.stderr)
    end)
end)
