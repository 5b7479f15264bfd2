-- What the shipped patterns cost at worst: each is given lines made to keep it busy, of its own parts. Costs are in
-- steps, which are the same on every machine.
local worst_lines = require("support.worst_lines")

-- A line of 4 KB then stays below what a match may take in a line, which is a million steps.
local line_bytes, max_steps_per_byte = 4096, 200
-- A short line shows which lines are worth a long one.
local short_bytes, suspicious_steps_per_byte = 192, 3

-- The fields of entries, readers and signals that are patterns, or lists of them.
local is_pattern = {}
for _, name in ipairs({
    "above", "above_stops", "after", "begins", "below", "below_stops", "continues", "drop", "ends", "from", "item",
    "locate", "match", "message_after", "more", "since", "skip", "stop", "take", "unless",
}) do is_pattern[name] = true end

-- Calls `visit(text, flags)` for every pattern in a value.
local function each_pattern(value, flags, visit)
    for key, field in pairs(value) do
        if is_pattern[key] then
            for _, text in ipairs(type(field) == "table" and field or { field }) do
                if type(text) == "string" then visit(text, flags) end
            end
        end
        if type(field) == "table" and key ~= "examples" then each_pattern(field, flags, visit) end
    end
end

-- A line for which the pattern takes too many steps, as text.
local function costly_line(text, flags)
    local compiled, tree = re.compile(text, flags), re.parse(text, flags)
    for _, parts in ipairs(tree and worst_lines.of(tree) or {}) do
        local short = worst_lines.line(parts, short_bytes)
        if not compiled:count_steps(short, #short * suspicious_steps_per_byte) then
            local long = worst_lines.line(parts, line_bytes)
            if not compiled:count_steps(long, #long * max_steps_per_byte) then
                return ("%q, then %q over and over, then %q"):format(parts.before, parts.repeated, parts.ending)
            end
        end
    end
end

-- Those of every item in a list of a knowledge base, that are new.
local function costly_patterns(items, seen)
    local found = {}
    for _, item in ipairs(items) do
        each_pattern(item, item.flags, function(text, flags)
            local key = (flags or "") .. "\n" .. text
            if seen[key] then return end
            seen[key] = true
            local line = costly_line(text, flags)
            if line then found[#found + 1] = ("%s: %s takes too many steps for %s"):format(item.id, text, line) end
        end)
    end
    return found
end

describe("a worst line", function()
    it("is found for patterns that take the square of its length, and for no others", function()
        for _, pattern in ipairs({
            [[\S+\.java: error]], [[^(?<name>\S.*?)\s*$]], [[^a.* b.* c.* d$]], [[(\w+\s?)*;]],
            [[\d+ tests]], [[^\s*(?:x )?\s*y]],
        }) do assert.is_string(costly_line(pattern), pattern) end
        for _, pattern in ipairs({
            [[(?<!\S)\S+\.java: error]], [[^error: .*failed]], [[^(?<name>\S(?:.*?\S)??)\s*$]], [[\w+]], [[^x*+y]],
            [[error: .{1,40} failed]], [[^\s*+(?:x )?y]], [[(?<!\d)\d+ tests]],
        }) do assert.is_nil(costly_line(pattern), pattern) end
    end)
end)

describe("a shipped pattern", function()
    local seen, base = {}, nil
    for _, kind in ipairs({ "entries", "test_readers", "diagnostic_readers", "signals" }) do
        it(("of %s takes few steps for each byte of its own worst lines"):format(kind), function()
            base = base or kb.load()
            assert.same({}, costly_patterns(base[kind], seen))
        end)
    end
end)
