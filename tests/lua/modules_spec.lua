describe("require", function()
    it("finds the pieces of a primitive, also those in folders", function()
        assert.is_function(require("uhost.github.internal.client"))
        assert.is_function(require("uhost.github.internal.calls.issues"))
    end)

    it("takes words only, so that no name leaves the primitive's folder", function()
        for _, name in ipairs({
            "uhost.github.internal.calls.none", "uhost.github.internal.calls..issues", "uhost.github.internal.calls.",
            "uhost.github./calls/issues", "uhost.github.calls/issues", "uhost.github....host", "uhost..github.client",
        }) do
            local ok, reason = pcall(require, name)
            assert.is_false(ok, name)
            assert.matches("not found", tostring(reason), 1, true)
        end
    end)
end)
