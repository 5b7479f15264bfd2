-- Progress bars: redrawn in place on a terminal, a line now and then elsewhere.
local byte_size = require("uhost.term.byte_size")
local styling = require("uhost.term.styling")

local redraw_every_s, line_every_s, line_at_least_s, line_every_part = 0.1, 10, 1, 0.1
local rate_memory_s = 5 -- how far back the rate that the ETA is made from looks
local widest_bar, narrowest_bar = 40, 8

local function grouped(number)
    local digits = ("%d"):format(number)
    return (digits:reverse():gsub("(%d%d%d)", "%1,"):reverse():gsub("^(%-?),", "%1"))
end

local function clock(seconds)
    seconds = math.floor(seconds + 0.5)
    local hours, minutes = math.floor(seconds / 3600), math.floor(seconds / 60) % 60
    if hours > 0 then return ("%d:%02d:%02d"):format(hours, minutes, seconds % 60) end
    return ("%d:%02d"):format(minutes, seconds % 60)
end

local function duration(seconds)
    return seconds < 60 and ("%.1f s"):format(seconds) or clock(seconds)
end

return function(native)
    local active = {} -- the states of bars on the screen, the oldest first
    local last_draw_s = -math.huge

    local function amount(state, number)
        if state.unit == "bytes" then return byte_size(number) end
        return grouped(number)
    end

    -- What is said of a bar beside its title: part, amounts, rate, time left.
    local function figures(state)
        local list = {}
        if state.total then
            local part = state.total > 0 and math.min(state.done / state.total, 1) or 1
            list[1] = ("%3d %%"):format(math.floor(part * 100))
            list[2] = ("%s/%s"):format(amount(state, state.done), amount(state, state.total))
        else
            list[1] = amount(state, state.done)
        end
        if state.rate > 0 then
            local rate = state.rate < 10 and state.unit ~= "bytes" and ("%.1f"):format(state.rate)
                or amount(state, state.rate)
            list[#list + 1] = rate .. "/s"
            local left = state.total and state.total - state.done or 0
            if left > 0 then list[#list + 1] = clock(left / state.rate) .. " left" end
        end
        return list
    end

    local function bar(part, columns)
        local full, empty = "#", "."
        if native.takes_utf8() then full, empty = "━", "─" end
        local filled = math.floor(part * columns + 0.5)
        local color = native.color("stderr")
        local rest = styling.apply(empty:rep(columns - filled), "dim", color)
        return styling.apply(full:rep(filled), "green", color) .. rest
    end

    local function drawn(state)
        local room = native.width() - 1
        local text = table.concat(figures(state), "  ")
        local title = state.title == "" and "" or state.title .. "  "
        local spare = room - native.display_width(title) - #text - 2
        if not state.total or spare < narrowest_bar then return native.truncate(title .. text, room) end
        local part = state.total > 0 and math.min(state.done / state.total, 1) or 1
        return title .. bar(part, math.min(spare, widest_bar)) .. "  " .. text
    end

    local function draw()
        local lines = {}
        for i, state in ipairs(active) do lines[i] = drawn(state) end
        native.show_status(table.concat(lines, "\n"))
        last_draw_s = native.now()
    end

    local function take_off_screen(state)
        for i = #active, 1, -1 do
            if active[i] == state then
                table.remove(active, i)
                draw()
            end
        end
    end

    local function measure(state, now)
        local passed = now - state.measured_s
        if passed <= 0 then return end
        local recent = (state.done - state.measured_done) / passed
        local weight = 1 - math.exp(-passed / rate_memory_s)
        state.rate = state.rate == 0 and recent or state.rate + weight * (recent - state.rate)
        state.measured_s, state.measured_done = now, state.done
    end

    local function write_line(state, text)
        local title = state.title == "" and "" or state.title .. ": "
        native.write_error(native.without_commands(title .. text) .. "\n")
    end

    local function say_now_and_then(state, now)
        local since = now - state.said_s
        local far = state.total and state.total > 0 and (state.done - state.said_done) / state.total >= line_every_part
        if since < line_every_s and not (far and since >= line_at_least_s) then return end
        measure(state, now)
        write_line(state, (table.concat(figures(state), ", "):gsub("^ +", "")))
        state.said_s, state.said_done = now, state.done
    end

    local function changed(state)
        if state.hidden or state.finished then return end
        local now = native.now()
        if not state.on_screen then return say_now_and_then(state, now) end
        if now - last_draw_s < redraw_every_s then return end
        measure(state, now)
        draw()
    end

    local function check_count(value, name, owner)
        if type(value) ~= "number" then uhost.check_argument(value, name, owner, "number") end
        if value ~= value then uhost.fail("argument", ("bad argument '%s' to '%s': it is NaN"):format(name, owner)) end
        return value
    end

    -- By handle; weak, so that a bar which is forgotten leaves the screen.
    local states = setmetatable({}, { __mode = "k" })
    local Progress, new_progress = uhost.class("term.Progress")

    function Progress:advance(count)
        local state = states[self]
        state.done = state.done + check_count(count or 1, "count", "term.Progress:advance")
        changed(state)
    end

    function Progress:set(done, total)
        local state = states[self]
        state.done = check_count(done, "done", "term.Progress:set")
        if total ~= nil then state.total = check_count(total, "total", "term.Progress:set") end
        changed(state)
    end

    function Progress:finish(summary)
        local state = states[self]
        if state.finished then return end
        state.finished = true
        take_off_screen(state)
        if state.hidden then return end
        local passed = native.now() - state.started_s
        local text = ("%s in %s"):format(amount(state, state.done), duration(passed))
        if passed >= 1 then text = ("%s (%s/s)"):format(text, amount(state, state.done / passed)) end
        write_line(state, native.visible(summary or text))
    end

    return function(options)
        uhost.check_argument(options, "options", "term.progress", "table")
        uhost.check_options(options, "term.progress", { "title", "total", "unit" })
        local now = native.now()
        local state = {
            title = native.visible(tostring(options.title or "")):gsub("%s+", " "),
            total = options.total and check_count(options.total, "total", "term.progress"),
            unit = options.unit, done = 0, rate = 0, hidden = uhost.verbosity < 0, on_screen = native.is_terminal(),
            started_s = now, measured_s = now, measured_done = 0, said_s = now, said_done = 0,
        }
        local handle = new_progress({})
        states[handle] = state
        if state.on_screen and not state.hidden then
            active[#active + 1] = state
            local guard = newproxy(true)
            getmetatable(guard).__gc = function() take_off_screen(state) end
            rawset(handle, "guard", guard)
            draw()
        end
        return handle
    end
end
