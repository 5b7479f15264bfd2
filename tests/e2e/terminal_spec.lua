-- The host under a real terminal: a pty that util-linux's `script` makes, driven as a person would.
describe("on a terminal", function()
    local binary = os.getenv("UHOST") or "uhost"

    local function shell_quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

    -- Runs `command` in a shell on a terminal of 80 columns.
    local function start(command)
        local env = { TERM = "xterm", NO_COLOR = false, GITHUB_ACTIONS = false, COLUMNS = false, SHELL = "/bin/sh" }
        command = "stty cols 80 rows 24; " .. command
        return process.start{ "script", "-qec", command, "/dev/null", stdin = true, env = env }
    end

    local function host(code, options) return ("%s %s -e %s"):format(binary, options or "", shell_quoted(code)) end

    local function read_until(child, pattern)
        local seen = {}
        for line in child:lines() do
            seen[#seen + 1] = line
            if line:find(pattern) then return line end
        end
        error("never seen: " .. pattern .. "\n" .. table.concat(seen, "\n"))
    end

    -- Dead processes that nobody has collected yet do not count.
    local function alive(pid)
        local status = fs.read("/proc/" .. pid .. "/stat")
        return status ~= nil and not status:find(") Z", 1, true)
    end

    local function ended(pid)
        for _ = 1, 100 do
            if not alive(pid) then return true end
            task.sleep(0.05)
        end
        return false
    end

    -- Runs a program that says its number, and starts another that says its own.
    local function two_programs(trap)
        local inner = ("%s; echo inner $$; sleep 600; :"):format(trap)
        local outer = ("%s; echo pid $$; sh -c %s; :"):format(trap, shell_quoted(inner))
        return host(("process.run{ 'sh', '-c', %q, stdout = 'pass' }"):format(outer))
    end

    it("ends a running program at Ctrl-C, answers 130 and leaves the terminal as it was", function()
        local child = start("stty -g; trap : INT; " .. two_programs(":") .. "; echo code $?; stty -g")
        local before = read_until(child, "^%x+:%x+:"):match("%S+")
        local pid = read_until(child, "^pid"):match("%d+")
        local inner = read_until(child, "^inner"):match("%d+")
        child:write("\3")
        assert.matches("code 130", read_until(child, "code %d+"))
        assert.equal(before, read_until(child, "^%x+:%x+:"):match("%S+"))
        assert.is_true(ended(pid))
        assert.is_true(ended(inner))
        child:close()
    end)

    it("kills what ignores SIGTERM at a second Ctrl-C at once", function()
        local child = start("trap : INT; " .. two_programs("trap '' TERM") .. "; echo code $?")
        local pid = read_until(child, "^pid"):match("%d+")
        local inner = read_until(child, "^inner"):match("%d+")
        child:write("\3")
        read_until(child, "press Ctrl%-C again")
        child:write("\3")
        assert.matches("code 130", read_until(child, "code %d+"))
        assert.is_true(ended(pid))
        assert.is_true(ended(inner))
        child:close()
    end)

    it("lets programs that need a password fail instead of waiting for the keyboard", function()
        local code = [[print("result", process.run{ "sh", "-c", "exec 3</dev/tty", stderr = "discard" }.code)]]
        local child = start(host(code))
        assert.is_nil(read_until(child, "^result"):match("result\t0"))
        child:close()
    end)
end)
