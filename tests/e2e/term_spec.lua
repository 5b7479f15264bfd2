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

    -- What a terminal shows after `bytes`, line by line. Knows what the host sends: CR, LF, erase to the end of the
    -- line, and one line up.
    local function screen(bytes)
        local lines, row, column = { "" }, 1, 0
        bytes = bytes:gsub("\27%[[%d;]*m", "")
        while bytes ~= "" do
            local text = bytes:match("^[^%c]+")
            if text then
                lines[row] = lines[row]:sub(1, column) .. text .. lines[row]:sub(column + #text + 1)
                column = column + #text
                bytes = bytes:sub(#text + 1)
            elseif bytes:find("^\r") then
                column, bytes = 0, bytes:sub(2)
            elseif bytes:find("^\n") then
                row, bytes = row + 1, bytes:sub(2)
                lines[row] = lines[row] or ""
            elseif bytes:find("^\27%[K") then
                lines[row], bytes = lines[row]:sub(1, column), bytes:sub(4)
            else
                row, bytes = row - 1, assert(bytes:match("^\27%[1A(.*)$"), "an unknown sequence: " .. bytes:byte())
            end
        end
        while lines[#lines] == "" do lines[#lines] = nil end
        return lines
    end

    -- What is left on the screen by `code`.
    local function shown(code)
        local child = start("LC_ALL=C.UTF-8 " .. host(code))
        local bytes = child:read_all()
        child:wait()
        return screen(bytes)
    end

    describe("a progress bar", function()
        it("is not torn by what is written meanwhile, and leaves one line", function()
            local lines = shown([[
                local p = term.progress{ title = "Work", total = 40 }
                for i = 1, 40 do
                    if i == 10 then log.info("logged") end
                    if i == 20 then print("printed") end
                    if i == 25 then io.write("in ") io.write("pieces\n") end
                    if i == 30 then process.run{ "sh", "-c", "echo passed >&2", stderr = "pass" } end
                    p:advance()
                    task.sleep(0.01)
                end
                p:finish()
            ]])
            assert.matches("^Work: 40 in", table.remove(lines))
            assert.same({ "logged", "printed", "in pieces", "passed" }, lines)
        end)

        it("shares the screen with others", function()
            local lines = shown([[
                local a, b = term.progress{ title = "a", total = 2 }, term.progress{ title = "b", total = 2 }
                task.sleep(0.15) a:advance() log.info("one") b:finish("b done") a:finish("a done")
            ]])
            assert.same({ "one", "b: b done", "a: a done" }, lines)
        end)

        it("leaves the screen when the script fails, or forgets it", function()
            assert.same({ "error: it failed" }, shown([[
                p = term.progress{ title = "Work", total = 2 }
                p:advance()
                uhost.fail("x.y", "it failed")
            ]]))
            assert.same({ "after" }, shown([[
                term.progress{ title = "Work", total = 2 }:advance()
                collectgarbage() collectgarbage()
                log.info("after")
            ]]))
        end)

        it("is drawn within the width", function()
            local child = start(host([[
                local p = term.progress{ title = ("long title "):rep(20), total = 2 }
                task.sleep(0.2) p:advance() p:finish("x")]]))
            for piece in child:read_all():gmatch("[^\r\n]+") do
                local line = piece:gsub("\27%[[%d;]*%a", "")
                if not line:find("^long.*: x$") then assert.is_true(term.display_width(line) < 80, line) end
            end
        end)
    end)
end)
