-- What all objects have in common, native and of Lua: misuse is answered with what was meant.

local function refused(body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok)
    assert.is_true(uhost.is_error(err), tostring(err))
    assert.equal("argument", err.kind)
    return err
end

local Thing, new_thing = uhost.class("spec.Thing", {
    fields = { length = function(self) return #self.text end },
    optional = { "file" },
    describe = function(self) return self.text end,
    call = function(self, suffix) return self.text .. suffix end,
})

function Thing:twice() return self.text .. self.text end

function Thing:sleep_and_give(...)
    task.sleep(0)
    return self.text, ...
end

local Plain, new_plain = uhost.class("spec.Plain")
function Plain:name() return self[1] end

local makers = {
    ["git.Repository"] = function() return git.open(".") end,
    ["re.Pattern"] = function() return re.compile("a+") end,
    ["fs.TempFolder"] = fs.temp_dir,
    ["http.Response"] = function()
        return http.intercept(function() return { body = "{}" } end, http.get, "http://spec/")
    end,
    ["task.Limit"] = function() return task.limit(1) end,
    ["report.Report"] = report.new,
    ["db.Connection"] = function() return db.open(":memory:") end,
    ["kb.Base"] = function() return require("uhost.kb.base").new({}, {}, kb) end,
    ["log_text.Miner"] = log_text.miner,
    ["github.Repository"] = function() return github.repository("o/n") end,
    ["spec.Thing"] = function() return new_thing({ text = "abc" }) end,
    ["spec.Plain"] = function() return new_plain({ "x" }) end,
}

describe("an object of", function()
    for name, make in pairs(makers) do
        describe(name, function()
            local object
            before_each(function() object = make() end)

            it("names its class", function()
                assert.equal(name, getmetatable(object))
                assert.equal(1, (tostring(object):find(name, 1, true)))
            end)

            it("says what a misspelt member was meant to be", function()
                local methods = debug.getregistry()["uhost.classes"][name]
                local method = next(methods)
                local err = refused(function() return object[method .. "x"] end)
                assert.equal(("%s has no method or field '%sx'"):format(name, method), err.message)
                assert.matches("did you mean '", err.hint)
                assert.equal(method .. "x", err.details.member)
                assert.matches("objects_spec.lua:", err.where, 1, true)
            end)

            it("takes no fields", function()
                local err = refused(function() object.no_such_field = 1 end)
                assert.equal(("cannot set 'no_such_field' of %s"):format(name), err.message)
            end)

            it("says of each method called with a dot that it takes a colon", function()
                local count = 0
                for method, value in pairs(debug.getregistry()["uhost.classes"][name]) do
                    local err = refused(value)
                    assert.matches(name .. ":" .. method, err.message, 1, true)
                    if err.details.argument == "self" then  -- some look at another argument first
                        count = count + 1
                        assert.equal(("call it with a colon: object:%s(…)"):format(method), err.hint)
                    end
                end
                assert.is_true(count > 0)
            end)

            it("shows a method that is printed by mistake as one", function()
                local method = next(debug.getregistry()["uhost.classes"][name])
                assert.equal(("method %s:%s (call it with a colon: object:%s())"):format(name, method, method),
                    tostring(object[method]))
            end)
        end)
    end
end)

describe("uhost.class", function()
    it("gives objects methods, fields, a text and a call", function()
        local thing = new_thing({ text = "abc" })
        assert.equal("abcabc", thing:twice())
        assert.equal(3, thing.length)
        assert.equal("abc!", thing("!"))
        assert.equal("spec.Thing (abc)", tostring(thing))
        assert.equal("spec.Plain", tostring(new_plain({})))
        assert.same({ "abc", 1, nil, 3 }, { thing:sleep_and_give(1, nil, 3) })
    end)

    it("lets optional fields be absent, and be set", function()
        local thing = new_thing({ text = "abc" })
        assert.is_nil(thing.file)
        thing.file = "f"
        thing.text = "changed"
        assert.equal("f", thing.file)
        assert.equal("changedchanged", thing:twice())
    end)

    it("refuses options that it does not know", function()
        assert.equal("did you mean 'optional'?", refused(uhost.class, "spec.Wrong", { optinal = {} }).hint)
        refused(uhost.class)
    end)
end)

describe("tostring of a function", function()
    it("names those of primitives, and keeps that of others", function()
        assert.equal("function fs.read", tostring(fs.read))
        assert.equal("function git.open", tostring(git.open))
        assert.matches("^function: ", tostring(function() end))
        assert.matches("^function: ", tostring(print))
    end)
end)
