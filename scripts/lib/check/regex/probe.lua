-- Measures a suspicion: how many steps a pattern takes for a text made to keep it busy. Steps are the same on every
-- machine, and a probe ends after as many as it may take.
local alphabet_of = require("lib.check.regex.alphabet").of
local ambiguity = require("lib.check.regex.ambiguity")
local automaton = require("lib.check.regex.automaton")
local positions_of = require("lib.check.regex.positions")

local M = {}

local max_positions = 250
-- A search may take as many steps as `re` allows; of a pattern whose steps double with each repeat, some dozens do.
local max_steps, few_repeats = 10000000, 40
-- Steps that grow with the square of the length are 16 times as many for a text of four times the length; with the
-- cube, 64 times. A search of fewer steps is fast enough.
local part_of_text, whole_text, steep, noticeable_steps = 200, 800, 32, 2000000

local function text_of(alphabet, symbols)
    local letters = {}
    for i, symbol in ipairs(symbols) do letters[i] = alphabet:text(symbol) end
    return table.concat(letters)
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

-- Takes more steps than a search may, for a text of some dozens of repetitions.
local function explodes(compiled, subject_of)
    local subject = subject_of(few_repeats)
    return not compiled:count_steps(subject, max_steps) and subject
end

-- Takes steps that grow faster than the square of the length.
local function crawls(compiled, subject_of)
    local subject = subject_of(whole_text)
    local part = compiled:count_steps(subject_of(part_of_text), max_steps)
    if not part then return subject end
    local whole = compiled:count_steps(subject, math.max(noticeable_steps, part * steep))
    return not whole and subject
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
    local positions, first = positions_of.of(built, alphabet, max_positions)
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
