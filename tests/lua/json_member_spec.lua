-- One member of a JSON object, changed in its text.
local expect = require("support.expect")
local json_member = require("lib.json_member")

describe("json_member.set", function()
    it("leaves everything else as it is written", function()
        local text = '{\n    "z" : [1,  {"a": "}"}],\n    "sync": {"old": "\\"]}"},\n    "a": 1.50e1\n}\n'
        assert.equal('{\n    "z" : [1,  {"a": "}"}],\n    "sync": {\n        "new": true\n    },\n    "a": 1.50e1\n}\n',
            json_member.set(text, "sync", { new = true }))
    end)

    it("adds a member behind the others, as they are written", function()
        assert.equal('{"b":1, "a":{"x":1}}\n', json_member.set('{"b":1}\n', "a", { x = 1 }))
        assert.equal('{\n\t"b": 1,\n\t"a": {\n\t\t"x": "y z"\n\t}\n}',
            json_member.set('{\n\t"b": 1\n}', "a", { x = "y z" }))
        assert.equal('{\r\n  "b": 1,\r\n  "a": [\r\n    2\r\n  ]\r\n}',
            json_member.set('{\r\n  "b": 1\r\n}', "a", { 2 }))
    end)

    it("fills an empty object", function()
        assert.equal('{"a":1}', json_member.set("{}", "a", 1))
        assert.equal('{\n  "a": 1\n}\n', json_member.set("{}\n", "a", 1))
        assert.equal('{\n  "a": 1\n}\n', json_member.set("{\n}\n", "a", 1))
    end)

    it("changes the one of equal keys that counts, however it is spelled", function()
        assert.equal('{"a":1,"\\u0061":3}', json_member.set('{"a":1,"\\u0061":2}', "a", 3))
        assert.equal('{"b":{"a":1},"a":3}', json_member.set('{"b":{"a":1},"a":2}', "a", 3))
    end)

    it("keeps a byte order mark, and is done twice as once", function()
        local once = json_member.set('\xEF\xBB\xBF{ "b": {} }', "a", { 1 })
        assert.equal('\xEF\xBB\xBF{ "b": {}, "a":[1] }', once)
        assert.equal(once, json_member.set(once, "a", { 1 }))
    end)

    it("refuses what is no object", function()
        assert.equal("json.object", expect.error_of(json_member.set, "[]", "a", 1).kind)
        assert.equal("json.object", expect.error_of(json_member.set, "1", "a", 1).kind)
        assert.equal("json.syntax", expect.error_of(json_member.set, '{"a": 1', "a", 1).kind)
    end)

    it("gives what setting the field gives, for objects of any shape", function()
        local random = math.random
        math.randomseed(7)
        local function value(depth)
            local kind = random(depth > 3 and 3 or 5)
            if kind == 1 then return random(1000) / 8 end
            if kind == 2 then return ({ "", '"', "\\", "}]{[,:", "\n", "é" })[random(6)] end
            if kind == 3 then return ({ true, false, json.null })[random(3)] end
            local made = kind == 4 and json.array() or {}
            for i = 1, random(4) - 1 do made[kind == 4 and i or "k" .. i] = value(depth + 1) end
            return made
        end
        for _ = 1, 300 do
            local object = { ["k" .. random(3)] = value(0), first = value(0) }
            local text = json.encode(object, { indent = random(0, 3) })
            object.k1 = value(2)
            assert.equal(json.encode(object), json.encode(json.decode(json_member.set(text, "k1", object.k1))))
        end
    end)
end)
