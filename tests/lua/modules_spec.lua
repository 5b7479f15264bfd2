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

describe("a module of a primitive", function()
    it("is found before files on the search path that have its name", function()
        local folder = fs.temp_dir()
        local path = package.path
        fs.mkdir(fs.join(folder:path(), "uhost/kb"))
        fs.write(fs.join(folder:path(), "uhost/kb/placeholders.lua"), "return 'another'")
        local known = package.loaded["uhost.kb.placeholders"]
        package.path, package.loaded["uhost.kb.placeholders"] = folder:path() .. "/?.lua;" .. path, nil
        local found = require("uhost.kb.placeholders")
        package.path, package.loaded["uhost.kb.placeholders"] = path, known
        folder:close()
        assert.equal("table", type(found))
    end)
end)
