local function error_of(body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok, "expected an error")
    assert.is_true(uhost.is_error(err), tostring(err))
    return err
end

-- The parser that knows where errors are takes over when a whole number does not fit in 64 bits: putting one beside a
-- text has it decoded the other way. Anything but exactly one value in `text` is refused here as well.
local beyond_64_bits = "123456789012345678901234567890"
local function decode_the_other_way(text)
    local list = json.decode("[" .. text .. "," .. beyond_64_bits .. "]", { depth = 129 })
    if #list ~= 2 then uhost.fail("json.syntax", "not one value") end
    return list[1]
end

describe("json.decode", function()
    it("gives objects, lists and plain values", function()
        assert.same({ name = "x", list = { 1, 2.5, "three", true, false } },
            json.decode('{"name": "x", "list": [1, 2.5, "three", true, false]}'))
        assert.equal("text", json.decode('"text"'))
        assert.equal(-12.5e3, json.decode("-12.5e3"))
    end)

    it("gives json.null for null, and leaves null fields out on request", function()
        assert.equal(json.null, json.decode("null"))
        assert.equal(json.null, json.decode('{"a": null}').a)
        assert.same({ b = { json.null, {} } }, json.decode('{"a":null,"b":[null,{"c":null}]}', { omit_null = true }))
        assert.same({ b = { json.null, {} } },
            json.decode(('[{"a":null,"b":[null,{"c":null}]},%s]'):format(beyond_64_bits), { omit_null = true })[1])
    end)

    it("keeps the last of equal keys, also when that is a null to leave out", function()
        assert.same({ a = 2 }, json.decode('{"a":1,"a":2}'))
        assert.same({}, json.decode('{"a":1,"a":null}', { omit_null = true }))
        assert.same({ a = 2 }, decode_the_other_way('{"a":1,"a":2}'))
    end)

    it("decodes escapes, surrogate pairs and NUL", function()
        assert.equal('\8\12\n\r\t"\\/é😀\0', json.decode([["\b\f\n\r\t\"\\\/\u00e9\ud83d\ude00\u0000"]]))
    end)

    it("holds whole numbers exactly up to 2^53", function()
        for _, digits in ipairs({ "9007199254740992", "-9007199254740992", "9007199254740991", "0" }) do
            assert.equal(digits, ("%.0f"):format(json.decode(digits)))
            assert.equal("number", type(json.decode(digits, { big_integers = "string" })))
        end
    end)

    it("gives the nearest double, or the digits on request, for whole numbers beyond 2^53", function()
        local big = { "9007199254740993", "-9007199254740993", "9223372036854775807", "-9223372036854775808",
            "18446744073709551615", "18446744073709551616", beyond_64_bits, "-" .. beyond_64_bits }
        for _, digits in ipairs(big) do
            assert.equal(tonumber(digits), json.decode(digits))
            assert.equal(digits, json.decode(digits, { big_integers = "string" }))
        end
        assert.equal(1e300, json.decode("1e300", { big_integers = "string" }))
    end)

    it("passes over a byte order mark", function()
        assert.same({ 1 }, json.decode("\239\187\191[1]"))
    end)

    it("reports line, column and surroundings of a mistake", function()
        local err = error_of(json.decode, '{\n  "a": 1,\n  "é": tru\n}')
        assert.equal("json.syntax", err.kind)
        assert.equal(3, err.details.line)
        assert.equal(11, err.details.column)
        assert.equal('  "é": tru', err.details.excerpt)
        assert.equal('invalid JSON at line 3, column 11: invalid literal, near `  "é": tru`', err.message)
    end)

    it("names what it found and what it expected", function()
        local cases = {
            ['{"a":1,}'] = { 8, "unexpected '}', expected string literal" },
            ["[1,2"] = { 5, "unexpected end of input, expected ']'" },
            [""] = { 1, "unexpected end of input" },
            ['{"a" 12345}'] = { 6, "unexpected number literal, expected ':'" },
            ["[1] []"] = { 5, "unexpected '[', expected end of input" },
            ["1\0garbage"] = { 2, "unexpected NUL byte" },
            ["[1,\0"] = { 4, "unexpected NUL byte" },
            ['"a\0"'] = { 3, "control character U+0000" },
            ["[1 true]"] = { 4, "unexpected true literal, expected ']'" },
            ["[1e999]"] = { 2, "number overflow" },
            ['["a\nb"]'] = { 4, "control character U+000A" },
            ['"\\ud800x"'] = { 8, "surrogate" },
        }
        for text, expected in pairs(cases) do
            local err = error_of(json.decode, text)
            assert.equal("json.syntax", err.kind)
            assert.equal(expected[1], err.details.column, text)
            assert.truthy(err.message:find(expected[2], 1, true), err.message)
        end
    end)

    it("refuses what is not UTF-8, and says where", function()
        for _, bytes in ipairs({ "\255", "\192\128", "\237\160\128", "\244\144\128\128", "\226\130" }) do
            local err = error_of(json.decode, '["ok",\n"' .. bytes .. '"]')
            assert.equal(2, err.details.line)
            assert.matches("ill%-formed UTF%-8", err.message)
            assert.is_nil(err.message:find("[\128-\255]"))
        end
    end)

    it("stops at the depth limit and says where", function()
        assert.is_table(json.decode(("["):rep(128) .. ("]"):rep(128)))
        local err = error_of(json.decode, ("["):rep(129) .. ("]"):rep(129))
        assert.equal("json.depth", err.kind)
        assert.equal(129, err.details.column)
        assert.equal("json.depth", error_of(json.decode, '{"a[":[{}]}', { depth = 2 }).kind)
        assert.is_table(json.decode(("["):rep(1000) .. ("]"):rep(1000), { depth = 1000 }))
        assert.equal("json.depth", error_of(json.decode, ("["):rep(10 ^ 6)).kind)
    end)

    it("refuses unknown options and wrong values", function()
        assert.matches("unknown option 'dept'", error_of(json.decode, "1", { dept = 1 }).message)
        assert.matches('expected "number" or "string"', error_of(json.decode, "1", { big_integers = "x" }).message)
        assert.matches("from 1 to 1000", error_of(json.decode, "1", { depth = 0 }).message)
        assert.equal("argument", error_of(json.decode, nil).kind)
    end)
end)

describe("json.encode", function()
    it("sorts fields and writes compactly, or indented", function()
        assert.equal('{"a":[1,2],"b":{"c":"x"},"d":null}',
            json.encode({ d = json.null, b = { c = "x" }, a = { 1, 2 } }))
        assert.equal('{\n  "a": [\n    1\n  ],\n  "b": {},\n  "c": []\n}',
            json.encode({ a = { 1 }, b = {}, c = json.array() }, { indent = 2 }))
    end)

    it("keeps empty arrays arrays, through decoding and json.array", function()
        assert.equal("[]", json.encode(json.decode("[]")))
        assert.equal('{"a":[],"o":{}}', json.encode(json.decode('{"a":[],"o":{}}')))
        assert.equal('[[],{}]', json.encode(decode_the_other_way("[[],{}]")))
        local list = json.decode("[1]")
        table.remove(list)
        assert.equal("[]", json.encode(list))
        assert.is_true(json.is_array(list))
        assert.is_false(json.is_array({}))
        assert.is_false(json.is_array("x"))
    end)

    it("writes numbers so that they read back the same", function()
        local numbers = { 0.1, 1 / 3, 1e22, 5e-324, 1.7976931348623157e308, 2 ^ 53, -(2 ^ 53), 2 ^ 53 + 2, 1e15, -0.5 }
        for _, number in ipairs(numbers) do assert.equal(number, json.decode(json.encode(number))) end
        assert.equal("1000000000000000", json.encode(1e15))
        assert.equal(-math.huge, 1 / json.decode(json.encode(-0.0)))
    end)

    it("names the path to what it cannot write", function()
        local cycle = { b = {} }
        cycle.b[1] = cycle
        local cases = {
            { { issues = { 1, 2, { owner = print } } }, "cannot encode a function at .issues[3].owner" },
            { cycle, "cannot encode a table that contains itself at .b[1]" },
            { { ["a b"] = { 0 / 0 } }, 'cannot encode the number NaN at ["a b"][1]' },
            { { -math.huge }, "cannot encode the number -Infinity at [1]" },
            { { x = { 1, nil, 3 } }, "cannot encode a list with a hole: item 2 is missing at .x" },
            { { [5] = true }, "a list with a hole: item 1 is missing at the top level" },
            { { 1, 2, name = "x" }, "cannot encode a list that also has a named field at .name" },
            { { [1.5] = 1 }, "the number 1.5 as a key at the top level" },
            { { [true] = 1 }, "a boolean as a key" },
            { { a = "x\255" }, "a string that is not UTF-8 (its byte 2) at .a" },
            { { a = { ["\255"] = 1 } }, 'at .a' },
        }
        for _, case in ipairs(cases) do
            local err = error_of(json.encode, case[1])
            assert.equal("json.encode", err.kind)
            assert.truthy(err.message:find(case[2], 1, true), err.message)
            assert.truthy(err.hint)
        end
    end)

    it("writes a table twice when it occurs twice", function()
        local shared = { 1 }
        assert.equal('{"a":[1],"b":[1]}', json.encode({ a = shared, b = shared }))
    end)

    it("stops at the depth limit", function()
        local deep = {}
        for _ = 1, 128 do deep = { deep } end
        assert.equal("json.depth", error_of(json.encode, deep).kind)
        assert.is_string(json.encode(deep, { depth = 129 }))
        for _ = 1, 5000 do deep = { deep } end
        assert.equal("json.depth", error_of(json.encode, deep, { depth = 1000 }).kind)
    end)

    it("replaces bytes that are not UTF-8 on request", function()
        assert.equal('"a\239\191\189b"', json.encode("a\255b", { invalid_utf8 = "replace" }))
    end)

    it("escapes what must be escaped", function()
        assert.equal([["\"\\\b\f\n\r\t\u0000\u001f]] .. '\127é"', json.encode('"\\\8\12\n\r\t\0\31\127é'))
    end)

    it("refuses nil, and marks only tables that are free to be marked", function()
        assert.equal("argument", error_of(json.encode, nil).kind)
        assert.equal("argument", error_of(json.array, setmetatable({}, {})).kind)
        assert.equal("argument", error_of(json.array, "x").kind)
        local list = { 1 }
        assert.equal(list, json.array(json.array(list)))
    end)
end)

-- A small generator of documents, the same on every run.
local function generator(seed)
    math.randomseed(seed)
    local random = math.random
    local letters = { "a", "Z", "é", "😀", '"', "\\", "\n", "\0", "/", " ", "\127", "{", "[", ",", ":" }
    local function text()
        local pieces = {}
        for i = 1, random(12) - 1 do pieces[i] = letters[random(#letters)] end
        return table.concat(pieces)
    end
    local function value(depth)
        local kind = random(depth > 4 and 5 or 7)
        if kind == 1 then return text() end
        if kind == 2 then return (random(2000) - 1000) * 10 ^ (random(20) - 10) end
        if kind == 3 then return random(2) == 1 end
        if kind == 4 then return json.null end
        if kind == 5 then return random(32768) end
        local table_value = kind == 6 and json.array() or {}
        for i = 1, random(6) - 1 do table_value[kind == 6 and i or "k" .. text()] = value(depth + 1) end
        return table_value
    end
    return value, random
end

describe("random documents", function()
    it("come back the same, whichever parser reads them and however they are laid out", function()
        local value = generator(1)
        for _ = 1, 1000 do
            local document = value(0)
            local compact = json.encode(document)
            assert.equal(compact, json.encode(json.decode(compact)))
            assert.equal(compact, json.encode(json.decode(json.encode(document, { indent = 3 }))))
            assert.equal(compact, json.encode(decode_the_other_way(compact)))
        end
    end)

    it("give a value or an error with a place when they are damaged, the same from both parsers", function()
        local value, random = generator(2)
        local damage = { "", '"', "{", "}", "[", "]", ",", ":", "\\", "\0", "\255", "\195", "1", "e", "-", "u", " " }
        local refused = 0
        for _ = 1, 5000 do
            local text = json.encode(value(0))
            for _ = 1, random(3) do
                local at = random(#text + 1)
                text = text:sub(1, at - 1) .. damage[random(#damage)] .. text:sub(at + random(2) - 1)
            end
            local ok, result = pcall(json.decode, text)
            local other_ok, other = pcall(decode_the_other_way, text)
            assert.equal(ok, other_ok, text)
            if ok then
                assert.equal(json.encode(result), json.encode(other))
            else
                refused = refused + 1
                assert.equal("json.syntax", result.kind, text)
                assert.is_true(result.details.offset >= 1 and result.details.offset <= #text + 1, text)
                assert.is_true(result.details.column <= #text + 1)
            end
        end
        assert.is_true(refused > 1000)
    end)
end)

describe("decoding while finalizers run", function()
    it("is not disturbed by a finalizer that decodes as well", function()
        local document = json.encode((function()
            local list = {}
            for i = 1, 2000 do list[i] = { number = i, text = "item " .. i } end
            return list
        end)())
        local finalized = 0
        local function leave_rubbish()
            local proxy = newproxy(true)
            getmetatable(proxy).__gc = function()
                finalized = finalized + 1
                assert(json.decode('{"inner": ["' .. finalized .. '"]}').inner[1] == tostring(finalized))
            end
        end
        -- How soon the collector comes by depends on how much there is in memory.
        local rounds = 0
        while finalized < 100 and rounds < 5000 do
            rounds = rounds + 1
            for _ = 1, 20 do leave_rubbish() end
            local list = json.decode(document)
            assert.equal(2000, #list)
            assert.equal("item 2000", list[2000].text)
        end
        assert.is_true(finalized > 0)
    end)
end)
