local function inspect(value, options) return uhost.inspect(value, options or { width = 80 }) end

describe("uhost.inspect", function()
    it("shows plain values as they are written", function()
        for text, value in pairs({ ["nil"] = nil, ["true"] = true, ["12"] = 12, ["1.5"] = 1.5, ['"a"'] = "a" }) do
            assert.equal(text, inspect(value))
        end
        assert.equal("nil", inspect(nil))
        assert.equal("json.null", inspect(json.null))
        assert.equal([["a\n\"b\"\\\027[31m"]], inspect('a\n"b"\\\27[31m'))
        assert.equal([["<U+202E>"]], inspect("\226\128\174"))
    end)

    it("shows tables with list items first and keys in order", function()
        assert.equal('{ "x", "y", [10] = 1, a = true, ["b c"] = {}, ["end"] = 2 }',
            inspect({ "x", "y", [10] = 1, ["end"] = 2, a = true, ["b c"] = {} }))
    end)

    it("breaks what does not fit, and only that", function()
        assert.equal(([[
{
    files = { "a", "b" },
    text = "%s",
}]]):format(("x"):rep(60)), inspect({ text = ("x"):rep(60), files = { "a", "b" } }, { width = 40 }))
    end)

    it("cuts what is deep, long or in a cycle, and says so", function()
        local cyclic = { name = "x" }
        cyclic.self = cyclic
        assert.equal('{ name = "x", self = <cycle> }', inspect(cyclic))
        local shared = { 1 }
        assert.equal("{ { 1 }, { 1 } }", inspect({ shared, shared }))
        assert.equal("{ { { … } } }", inspect({ { { {1} } } }, { depth = 2, width = 80 }))
        assert.equal("{ 1, 2, … 3 more }", inspect({ 1, 2, 3, 4, 5 }, { items = 2, width = 80 }))
        assert.matches('^"x+…" %(1000 bytes%)$', inspect(("x"):rep(1000)))
    end)

    it("stays small for tables that share their parts", function()
        local value = { 1 }
        for _ = 1, 30 do
            local list = {}
            for i = 1, 40 do list[i] = value end
            value = list
        end
        assert.is_true(#inspect(value, { depth = 30, items = 40, width = 80 }) < 1000000)
    end)

    it("shows objects, functions and errors for what they are", function()
        local _, new_thing = uhost.class("spec.Inspected", { describe = function(self) return self.text end })
        assert.equal('spec.Inspected (abc) { text = "abc" }', inspect(new_thing({ text = "abc" })))
        local folder = fs.temp_dir()
        assert.equal(tostring(folder), inspect(folder))
        assert.equal("method fs.TempFolder:path (call it with a colon: object:path())", inspect(folder.path))
        folder:close()
        assert.equal("{ read = function fs.read }", inspect({ read = fs.read }))
        local _, err = pcall(uhost.fail, "spec.failed", "it failed", { details = { path = "a" } })
        assert.matches('^uhost.Error {.*details = { path = "a" },.*kind = "spec.failed"', inspect(err))
    end)

    it("refuses options that it does not know", function()
        local ok, err = pcall(uhost.inspect, {}, { dept = 1 })
        assert.is_false(ok)
        assert.equal("did you mean 'depth'?", err.hint)
    end)
end)
