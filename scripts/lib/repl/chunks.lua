-- Makes functions of what a person types: an expression gives its values, and what a line makes local stays for the
-- session.
local tokens = require("lib.repl.tokens")

local M = {}

-- How much deeper a token makes the nesting of blocks and brackets: `for … do` and `while … do` open one, by `do`.
local depths = {
    ["do"] = 1, ["then"] = 1, ["repeat"] = 1, ["function"] = 1, ["end"] = -1, ["until"] = -1, ["elseif"] = -1,
    ["("] = 1, ["{"] = 1, ["["] = 1, [")"] = -1, ["}"] = -1, ["]"] = -1,
}

local function depth_change(token)
    if token.kind ~= "keyword" and token.kind ~= "symbol" then return 0 end
    return depths[token.text] or 0
end

-- The index of the last name in the list "a, b, c" that begins at `index`.
local function end_of_names(list, index)
    while list[index + 1] and list[index + 1].text == "," and list[index + 2] and list[index + 2].kind == "name" do
        index = index + 2
    end
    return index
end

-- Variables that are local to the whole of the source become the session's: "local" turns into spaces, so that lines
-- and columns in messages stay true, and a declaration without a value gets one.
local function without_top_locals(source)
    local list, depth, edits = {}, 0, {}
    for _, token in ipairs(tokens.read(source)) do
        if token.kind ~= "comment" then list[#list + 1] = token end
    end
    for i, token in ipairs(list) do
        local following = list[i + 1]
        if depth == 0 and token.kind == "keyword" and token.text == "local" and following then
            edits[#edits + 1] = { from = token.from, to = token.to, text = (" "):rep(#token.text) }
            local last = following.kind == "name" and end_of_names(list, i + 1)
            if last and not (list[last + 1] and list[last + 1].text == "=") then
                edits[#edits + 1] = { from = list[last].to + 1, to = list[last].to, text = " = nil" }
            end
        end
        depth = depth + depth_change(token)
    end
    for i = #edits, 1, -1 do
        source = source:sub(1, edits[i].from - 1) .. edits[i].text .. source:sub(edits[i].to + 1)
    end
    return source
end

-- LuaJIT has no other sign for source that only lacks its end.
local function lacks_its_end(message) return message:find("near '<eof>'", 1, true) ~= nil end

-- Code ends with an open string or comment as well when more may come: "[[", "--[[".
local function ends_open(source)
    local list = tokens.read(source)
    local last = list[#list]
    return last ~= nil and last.open and (last.kind == "comment" or last.text:find("^%[") ~= nil)
end

---@class repl.Chunk
---@field run? function  nil when the source cannot be run
---@field is_expression boolean
---@field is_incomplete boolean  it only lacks its end
---@field failure? string  what the compiler says

---@param source string
---@param environment table
---@param name string  for messages
---@return repl.Chunk
function M.compile(source, environment, name)
    local chunk_name = "=" .. name
    local run = loadstring("return " .. source, chunk_name)
    if run then return { run = setfenv(run, environment), is_expression = true, is_incomplete = false } end
    local failure
    run, failure = loadstring(without_top_locals(source), chunk_name)
    if run then return { run = setfenv(run, environment), is_expression = false, is_incomplete = false } end
    return {
        is_expression = false, failure = failure, is_incomplete = lacks_its_end(failure) or ends_open(source),
    }
end

return M
