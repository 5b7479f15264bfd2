-- The Markdown of entries, as far as they use it: paragraphs, lists, code. Everything else is text, so that a capture
-- that slipped in unescaped gains nothing: a link is shown with its address, HTML as it is written.
local M = {}

---@class diagnose.Piece  as content of a report: { text =, code =, strong = }

-- Code from a run of backticks to the next of the same length; nil when there is none.
local function code_at(text, position)
    local run = text:match("^`+", position)
    local from = run and position + #run
    while from do
        local first, last = text:find("`+", from)
        if first and last - first + 1 == #run then
            local code = text:sub(position + #run, first - 1):gsub("\n", " ")
            return { text = code:match("^ (.*%S.*) $") or code, code = true }, last + 1
        end
        from = last and last + 1
    end
end

local function strong_at(text, position)
    local words, after = text:match("^%*%*([^%s*][^*\n]*)%*%*()", position)
    if words then return { text = words, strong = true }, after end
end

local function link_at(text, position)
    local label, url, after = text:match("^%[([^%[%]\n]+)%]%((https?://[^%s()]+)%)()", position)
    if label then return { text = ("%s (%s)"):format(label, url) }, after end
end

local function text_at(text, position)
    local plain = text:match("^`+", position) or text:match("^[^`*%[]+", position) or text:sub(position, position)
    return { text = plain }, position + #plain
end

-- The pieces of one paragraph.
local function inline(text)
    local pieces, position = {}, 1
    while position <= #text do
        local piece, after = code_at(text, position)
        if not piece then piece, after = strong_at(text, position) end
        if not piece then piece, after = link_at(text, position) end
        if not piece then piece, after = text_at(text, position) end
        local last = pieces[#pieces]
        if last and not last.code and not last.strong and not piece.code and not piece.strong then
            last.text = last.text .. piece.text
        else
            pieces[#pieces + 1] = piece
        end
        position = after
    end
    return pieces
end

local function list_item(line)
    local item = line:match("^%s*[-*+]%s+(.*)$")
    if item then return item, false end
    item = line:match("^%s*%d+[.)]%s+(.*)$")
    if item then return item, true end
end

---@class diagnose.TextBlock
---@field kind "text"|"list"|"code"
---@field pieces? diagnose.Piece[]  of text
---@field items? diagnose.Piece[][]  of a list
---@field ordered? boolean
---@field lines? string[]  of code
---@field language? string

-- Reads lines one by one into blocks of raw text.
local Reader = {}
Reader.__index = Reader

function Reader:start(block)
    self.current = block
    self.blocks[#self.blocks + 1] = block
end

function Reader:in_code(line, ticks, language)
    if ticks and #ticks >= #self.fence and language == "" then
        self.fence, self.current = nil, nil
    else
        table.insert(self.current.lines, line)
    end
end

function Reader:item(text, ordered)
    local list = self.current
    if not list or list.kind ~= "list" or list.ordered ~= ordered then
        list = { kind = "list", ordered = ordered, items = {} }
        self:start(list)
    end
    table.insert(list.items, text)
end

-- A line of a paragraph, or one that continues an item.
function Reader:words(line)
    line = line:match("^%s*(.-)%s*$")
    local current = self.current
    if current and current.kind == "list" then
        current.items[#current.items] = current.items[#current.items] .. " " .. line
    elseif current then
        current.text = current.text .. " " .. line
    else
        self:start({ kind = "text", text = line })
    end
end

function Reader:line(line)
    local ticks, language = line:match("^%s*(```+)%s*(%w*)%s*$")
    if self.fence then return self:in_code(line, ticks, language) end
    if ticks then
        self.fence = ticks
        return self:start({ kind = "code", lines = {}, language = language })
    end
    if not line:find("%S") then
        self.current = nil
        return
    end
    local item, ordered = list_item(line)
    if item then self:item(item, ordered) else self:words(line) end
end

--- Reads an entry's text.
---@param text string?
---@return diagnose.TextBlock[]
function M.blocks(text)
    local reader = setmetatable({ blocks = {} }, Reader)
    for line in ((text or ""):gsub("\r\n", "\n") .. "\n"):gmatch("(.-)\n") do reader:line(line) end
    for _, block in ipairs(reader.blocks) do
        if block.kind == "text" then block.pieces, block.text = inline(block.text), nil end
        for i, item in ipairs(block.items or {}) do block.items[i] = inline(item) end
    end
    return reader.blocks
end

--- Adds a text to a report.
---@param out report.Report
---@param text string?
function M.add(out, text)
    for _, block in ipairs(M.blocks(text)) do
        if block.kind == "text" then
            out:text(block.pieces)
        elseif block.kind == "list" then
            out:list(block.items, { ordered = block.ordered })
        else
            out:code(block.lines, { language = block.language })
        end
    end
end

--- The text of pieces, with code between backticks.
---@param pieces diagnose.Piece[]
---@return string
function M.plain(pieces)
    local texts = {}
    for i, piece in ipairs(pieces) do
        texts[i] = piece.code and not piece.text:find("`", 1, true) and ("`%s`"):format(piece.text) or piece.text
    end
    return table.concat(texts)
end

--- The text in one line, for where there is no formatting.
---@param text string?
---@return string
function M.one_line(text)
    local parts = {}
    for _, block in ipairs(M.blocks(text)) do
        if block.kind == "text" then parts[#parts + 1] = M.plain(block.pieces) end
        for _, item in ipairs(block.items or {}) do parts[#parts + 1] = M.plain(item) end
        if block.lines then parts[#parts + 1] = table.concat(block.lines, "; ") end
    end
    return (table.concat(parts, " "):gsub("%s+", " "))
end

return M
