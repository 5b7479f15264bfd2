describe("tables", function()
    it("sorts keys, numbers first, of one table or several", function()
        assert.same({ 1, 2, 10, "a", "b" }, tables.sorted_keys{ b = 1, [10] = 1, "x", "y", a = 1 })
        assert.same({ "a", "b", "c" }, tables.sorted_keys({ a = 1, c = 1 }, { b = 1, c = 2 }, {}))
        assert.same({}, tables.sorted_keys{})
        local mixed = tables.sorted_keys{ [true] = 1, [false] = 1, [1] = 1, a = 1 }
        assert.same({ 1, "a", false, true }, mixed)
    end)

    it("makes a set of a list", function()
        assert.same({ a = true, b = true, [3] = true }, tables.set({ "a", "b", 3, "a" }))
        assert.same({}, tables.set({}))
    end)

    it("copies values deeply, also tables that hold themselves", function()
        local metatable = {}
        local original = setmetatable({ list = { 1, { 2 } }, name = "x" }, metatable)
        original.self, original.again = original, original.list
        local copied = tables.copy(original)
        assert.same({ 1, { 2 } }, copied.list)
        copied.list[2][1] = 3
        assert.equal(2, original.list[2][1])
        assert.equal(copied, copied.self)
        assert.equal(copied.list, copied.again)
        assert.equal(metatable, getmetatable(copied))
        assert.equal(5, tables.copy(5))
    end)

    it("copies a table whose metatable is hidden", function()
        local copied = tables.copy({ list = json.array({}) })
        assert.equal('{"list":[]}', json.encode(copied))
    end)

    it("distinguishes lists from other tables", function()
        assert.is_true(tables.is_list{})
        assert.is_true(tables.is_list{ 1, 2 })
        assert.is_false(tables.is_list{ 1, name = 2 })
        assert.is_false(tables.is_list{ [2] = 1 })
        assert.is_false(tables.is_list("text"))
    end)
end)
