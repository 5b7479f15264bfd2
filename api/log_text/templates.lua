-- Templates of log lines: a line with what differs from run to run taken out, so that lines that one statement of a
-- program printed are the same.
--
-- Two steps, after the idea of Drain (He, Zhu, Zheng, Lyu: "Drain: An Online Log Parsing Approach with Fixed Depth
-- Tree", 2017), which masks what is known to vary and finds the rest by comparing lines: numbers, hashes, times and
-- temporary paths are masked; and where lines of a log differ in one word only, that word varies. Unlike Drain, a word
-- that says how something went ("ok", "failed") never counts as one that varies: it is what one looks for.
local M = {}

local max_bytes = 400
-- Lines with more words than this are only known as a whole.
local max_words = 16
-- So many lines that differ in one word only make it one that varies.
local enough = 4
-- A log cannot make this grow without end.
local max_lines, max_keys = 200000, 600000

-- Masking -------------------------------------------------------------------------------------------------------------

local function masked_word(word)
    if #word >= 7 and not word:find("[^%x]") or word:find("^0[xX]%x+$") then return "<hash>" end
    if #word >= 8 and word:find("%l") and word:find("%u") and word:find("%d%a") then return "<id>" end
    if word:find("^%d+%a?%a?%a?$") then return "#" end
    return (word:gsub("%d+", "#"))
end

local temporary = { "/tmp/", "/var/folders/", "/var/tmp/", "[\\/]Temp[\\/]", "[\\/]_temp[\\/]" }

local function without_temporary(line)
    if not line:find("[tT]e?mp") and not line:find("/folders/", 1, true) then return line end
    for _, start in ipairs(temporary) do line = line:gsub("(" .. start .. ")[^%s\"'`:;,)%]]+", "%1<path>") end
    return line
end

-- Bars and rules have any length.
local function with_short_runs(line)
    for letter in ("=-.*#>~_"):gmatch(".") do line = line:gsub(("%" .. letter):rep(4) .. "+", letter:rep(3)) end
    return line
end

--- The template of a line by itself.
---@param line string
---@return string
function M.mask(line)
    line = line:sub(1, max_bytes)
    line = without_temporary(line)
    if line:find("%d") then
        line = line:gsub("%x%x%x%x%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x+", "<id>")
        line = line:gsub("[%w_]*%d[%w_]*", masked_word)
        -- Times, dates, versions, sizes: numbers with signs between them.
        line = line:gsub("#[#%.:,/+%-]*#", "#"):gsub("#T#Z?", "#")
    end
    if line:find("([=%-%.%*#>~_])%1%1%1") then line = with_short_runs(line) end
    return (line:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

-- Words that say how something went ----------------------------------------------------------------------------------

local salient_stems = {
    "error", "fail", "fatal", "panic", "exception", "abort", "denied", "kill", "crash", "cannot", "unable", "undefined",
    "missing", "invalid", "unexpected", "refused", "timeout", "timed", "mismatch", "unresolved", "not", "ok", "pass",
    "success", "warn", "skip", "wrong", "violat", "unknown", "conflict", "corrupt", "reject", "expired", "no",
}
local whole_words = { ok = true, ["not"] = true, no = true }

local salient_words, cached_words = {}, 0

--- Whether a word says how something went.
---@param word string
---@return boolean
function M.is_salient_word(word)
    local known = salient_words[word]
    if known ~= nil then return known end
    local plain, salient = word:lower(), false
    if #plain <= 40 then
        for _, stem in ipairs(salient_stems) do
            if whole_words[stem] then
                salient = salient or plain:gsub("%A", "") == stem
            else
                salient = salient or plain:find(stem, 1, true) ~= nil
            end
        end
        salient = salient or word:find("✗", 1, true) ~= nil or word:find("✖", 1, true) ~= nil
    end
    if cached_words > 20000 then salient_words, cached_words = {}, 0 end
    salient_words[word], cached_words = salient, cached_words + 1
    return salient
end

-- Mining --------------------------------------------------------------------------------------------------------------

---@class log_text.Miner
local Miner, new_miner = uhost.class("log_text.Miner")

--- Learns templates of lines.
---@return log_text.Miner
function M.miner()
    return new_miner({ counts = {}, lines = 0, varying = {}, keys = 0 })
end

local function words_of(template)
    local words = {}
    for word in template:gmatch("%S+") do
        words[#words + 1] = word
        if #words > max_words then return nil end
    end
    return words
end

-- Calls `visit(key)` with the words joined, each word in turn left out; until it returns true.
local function each_gap(words, visit)
    if #words < 2 then return false end
    for i, word in ipairs(words) do
        if not M.is_salient_word(word) then
            words[i] = "\0"
            local key = table.concat(words, " ")
            words[i] = word
            if visit(key) then return true end
        end
    end
    return false
end

--- Adds a line.
---@param line string
function Miner:add(line)
    local template = M.mask(line)
    local count = self.counts[template]
    if count then
        self.counts[template] = count + 1
        return
    end
    if self.lines >= max_lines then return end
    self.lines = self.lines + 1
    self.counts[template] = 1
    local words = self.keys < max_keys and words_of(template)
    if not words then return end
    each_gap(words, function(key)
        local known = self.varying[key]
        if not known then self.keys = self.keys + 1 end
        self.varying[key] = (known or 0) + 1
    end)
end

--- How often the template of a line was seen; 0 for a new one.
---@param line string
---@return integer
function Miner:count(line) return self.counts[M.mask(line)] or 0 end

--- Whether a line is like one that was added: of its template, or of one with a word that varies.
---@param line string
---@return boolean
function Miner:knows(line)
    local template = M.mask(line)
    if self.counts[template] then return true end
    local words = words_of(template)
    return words ~= nil and each_gap(words, function(key) return (self.varying[key] or 0) >= enough end)
end

--- The template of a line, with `<*>` for a word that varies.
---@param line string
---@return string
function Miner:template(line)
    local template = M.mask(line)
    local words, found = words_of(template), template
    if words then
        each_gap(words, function(key)
            if (self.varying[key] or 0) < enough then return false end
            found = key:gsub("%z", "<*>")
            return true
        end)
    end
    return found
end

--- Adds the lines of a log, the last `most` when there are more.
---@param opened log_text.Log
---@param first? integer
---@param last? integer
---@param most? integer
function Miner:add_log(opened, first, last, most)
    M.each_line(opened, first, last, most or max_lines, function(line) self:add(line) end)
end

-- Lines are asked for so many at a time; in between other tasks have their turn.
local block = 2000

--- Calls `visit(line, number)` for lines of a log, the last `most` when there are more.
---@param opened log_text.Log
---@param first? integer
---@param last? integer
---@param most integer
---@param visit fun(line: string, number: integer)
function M.each_line(opened, first, last, most, visit)
    local count = opened.count or opened:index()
    first, last = math.max(first or 1, 1), math.min(last or count, count)
    first = math.max(first, last - most + 1)
    while first <= last do
        local stop = math.min(first + block - 1, last)
        for i, line in ipairs(opened:lines(first, stop)) do visit(line, first + i - 1) end
        first = stop + 1
        task.sleep(0)
    end
end

return M
