-- MD5 (RFC 1321) as 32 hexadecimal digits: short names for long texts. It keeps nobody out: whoever wants two texts
-- with one digest can make them.
local band, bor, bxor, bnot, rol, tobit = bit.band, bit.bor, bit.bxor, bit.bnot, bit.rol, bit.tobit

local M = {}

local shifts = { { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } }

local constants = {}
for i = 1, 64 do constants[i] = tobit(math.floor(math.abs(math.sin(i)) * 2 ^ 32)) end

local mix = {
    function(b, c, d) return bor(band(b, c), band(bnot(b), d)) end,
    function(b, c, d) return bor(band(d, b), band(bnot(d), c)) end,
    function(b, c, d) return bxor(b, c, d) end,
    function(b, c, d) return bxor(c, bor(b, bnot(d))) end,
}

-- Which word of a block each round takes.
local word_of = {
    function(i) return i end, function(i) return (5 * i + 1) % 16 end,
    function(i) return (3 * i + 5) % 16 end, function(i) return (7 * i) % 16 end,
}

local function little_endian(number, bytes)
    local list = {}
    for i = 1, bytes do
        list[i] = string.char(number % 256)
        number = math.floor(number / 256)
    end
    return table.concat(list)
end

local function words_of(text, position)
    local words = {}
    for i = 0, 15 do
        local a, b, c, d = text:byte(position + 4 * i, position + 4 * i + 3)
        words[i] = bor(a, bit.lshift(b, 8), bit.lshift(c, 16), bit.lshift(d, 24))
    end
    return words
end

local function add_block(state, words)
    local a, b, c, d = unpack(state)
    for i = 0, 63 do
        local round = math.floor(i / 16) + 1
        local sum = tobit(a + mix[round](b, c, d) + constants[i + 1] + words[word_of[round](i % 16)])
        a, d, c, b = d, c, b, tobit(b + rol(sum, shifts[round][i % 4 + 1]))
    end
    return { tobit(state[1] + a), tobit(state[2] + b), tobit(state[3] + c), tobit(state[4] + d) }
end

--- The MD5 digest of a text, in lower-case hexadecimal digits.
---@param text string
---@return string
function M.md5(text)
    local padded = text .. "\128" .. ("\0"):rep((55 - #text) % 64) .. little_endian(#text * 8, 8)
    local state = { 0x67452301, tobit(0xefcdab89), tobit(0x98badcfe), 0x10325476 }
    for position = 1, #padded, 64 do state = add_block(state, words_of(padded, position)) end
    local hex = {}
    for i, word in ipairs(state) do hex[i] = bit.tohex(bit.bswap(word)) end
    return table.concat(hex)
end

return M
