describe("task", function()
    it("runs the bodies of task.all at the same time and keeps their order", function()
        local order = {}
        local results = task.all({
            function() task.sleep(0.03) table.insert(order, "slow") return 1 end,
            function() table.insert(order, "fast") return 2 end,
        })
        assert.same({ 1, 2 }, results)
        assert.same({ "fast", "slow" }, order)
    end)
end)
