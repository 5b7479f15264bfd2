-- Readers of documents: reports in JSON, XML or CSV that a tool printed into the log.
local extract = require("lib.log_readers.diagnostics.extract")
local issues = require("lib.log_readers.diagnostics.issue")
local pieces = require("lib.log_readers.diagnostics.pieces")
local tree = require("lib.log_readers.diagnostics.tree")
local xml = require("lib.log_readers.xml")

local M = {}

-- How many documents of a log are looked at that hold no diagnostics, and how often one may turn out not to be any.
local max_barren, max_broken = 2000, 50

local read = {}

function read.json(piece, reader)
    local ok, value = pcall(json.decode, piece.text, { omit_null = true, depth = 200 })
    if not ok or type(value) ~= "table" then return nil end
    return extract.read(tree.of_json(value), reader)
end

function read.xml(piece, reader)
    local root = xml.parse(piece.text)
    if not root then return nil end
    return extract.read(tree.of_xml(root), reader)
end

function read.csv(piece, reader)
    local rows = tree.rows(piece.text)
    if not rows then return nil end
    return extract.read(tree.of_rows(rows), reader)
end

-- How a message looks in the document's text.
local function needle_of(message)
    local ok, encoded = pcall(json.encode, message)
    return ok and encoded:sub(2, -2):sub(1, 48) or message:sub(1, 48)
end

-- The line on which each diagnostic stands: given by the reader of the document, or found by its message.
local function locate(piece, found)
    local cursor, misses = 1, 0
    for _, raw in ipairs(found) do
        local offset = raw.offset
        if not offset and misses < 50 and type(raw.message) == "string" then
            local needle = needle_of(raw.message)
            offset = piece.text:find(needle, cursor, true) or piece.text:find(needle, 1, true)
            if offset then cursor = offset + 1 else misses = misses + 1 end
        end
        raw.line_number = pieces.line_at(piece, offset or 1)
        raw.last_line = raw.line_number
    end
end

local function take(piece, reader, found)
    local raws = read[reader.document](piece, reader)
    if not raws then return nil end
    locate(piece, raws)
    local whole = nil
    for _, raw in ipairs(raws) do
        local issue = issues.finish(raw, reader)
        if issue then
            whole = true
            found[#found + 1] = issue
        end
    end
    return whole or false
end

--- The diagnostics in the documents that begin at the hits of a reader.
---@param reader table
---@param hits table[]
---@param opened LogPieces  of the log
---@return table[]
function M.read(reader, hits, opened)
    local found, past, barren, broken = {}, 0, 0, 0
    for _, hit in ipairs(hits) do
        if hit.line_number > past and barren < max_barren and broken < max_broken then
            local piece = opened[reader.document](opened, hit.line_number)
            local outcome = piece and take(piece, reader, found)
            if outcome == nil then
                broken = broken + (piece and piece.last > piece.first and 1 or 0)
            else
                past = piece.last
                if not outcome then barren = barren + 1 end
            end
        end
    end
    return found
end

return M
