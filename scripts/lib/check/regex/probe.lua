-- Measures a suspicion: whether a pattern gives up on a text made to keep it busy. `re` counts its steps, so that this
-- takes no longer than a moment whatever the pattern.
local alphabet_of = require("lib.check.regex.alphabet").of
local ambiguity = require("lib.check.regex.ambiguity")
local automaton = require("lib.check.regex.automaton")
local positions_of = require("lib.check.regex.positions")

local M = {}

local most_positions = 250
local few_repeats, part_of_line, whole_line = 40, 400, 1600
-- Time that grows with the square of the length is 16 times as long for a line of four times the length; with the cube,
-- 64 times. What takes less than this is no harm.
local steep, noticeable_s = 32, 0.02

local function text_of(alphabet, symbols)
    local letters = {}
    for i, symbol in ipairs(symbols) do letters[i] = alphabet:text(symbol) end
    return table.concat(letters)
end

local function gives_up(pattern, subject)
    local ok, raised = pcall(pattern.test, pattern, subject)
    return not ok and uhost.is_error(raised) and raised.kind == "re.limit"
end

-- A short text that the tree matches, for what a matcher wants to see before it tries.
local function sample(alphabet, positions, first)
    local shortest
    for _, position in ipairs(positions) do
        local to = position.last and positions_of.symbols_to(first, position)
        if to and (not shortest or #to < #shortest) then shortest = to end
    end
    return shortest and text_of(alphabet, shortest) or ""
end

-- What makes a match fail at the end: something that the loop does not read, and then what else is needed.
local function endings(wanted)
    return { "", "\1", "!", "\n", "\1" .. wanted, "!" .. wanted, "\n" .. wanted }
end

-- The processor's time, so that a busy machine makes no pattern slow.
local function timed(compiled, subject)
    local begin = os.clock()
    return gives_up(compiled, subject), os.clock() - begin
end

-- Gives up on a text of some dozens of repetitions.
local function explodes(compiled, subject_of)
    local subject = subject_of(few_repeats)
    return gives_up(compiled, subject) and subject
end

-- Gives up on a line, or takes time for it that grows faster than the square of its length.
local function crawls(compiled, subject_of)
    local subject = subject_of(whole_line)
    local gave_up, whole_s = timed(compiled, subject)
    if gave_up then return subject end
    if whole_s < noticeable_s then return nil end
    local _, part_s = timed(compiled, subject_of(part_of_line))
    return whole_s > steep * part_s and subject or nil
end

local function slow_subject(compiled, alphabet, suspicion, wanted, is_slow)
    local before, repeated = text_of(alphabet, suspicion.before), text_of(alphabet, suspicion.repeated)
    for _, ending in ipairs(endings(wanted)) do
        local subject = is_slow(compiled, function(repeats) return before .. repeated:rep(repeats) .. ending end)
        if subject then return { explosive = is_slow == explodes, repeated = repeated, length = #subject } end
    end
end

local function is_anchored(tree)
    if tree.type == "assertion" then return tree.kind == "start" end
    return tree.type == "sequence" and tree.items[1] ~= nil and is_anchored(tree.items[1])
end

---@class regex.Slowness
---@field explosive boolean  gives up on a short text; otherwise it takes long for a line
---@field repeated string  what the text repeats
---@field length integer  of the text, in bytes

--- A text on which a pattern gives up, if one is found.
---@param tree regex.Node
---@param compiled re.Pattern
---@return regex.Slowness?
function M.find(tree, compiled)
    local alphabet = alphabet_of(tree)
    local built = automaton.of(tree, { walks_looks = true })
    if not built then return nil end
    local positions, first = positions_of.of(built, alphabet, most_positions)
    if not positions then return nil end
    local wanted = sample(alphabet, positions, first)
    for _, suspicion in ipairs(ambiguity.loops(positions, first, 4)) do
        local slow = slow_subject(compiled, alphabet, suspicion, wanted, explodes)
        if slow then return slow end
    end
    for _, suspicion in ipairs(ambiguity.chains(positions, first, is_anchored(tree))) do
        local slow = slow_subject(compiled, alphabet, suspicion, wanted, crawls)
        if slow then return slow end
    end
end

return M
