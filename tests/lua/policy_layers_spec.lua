-- What a policy is made of: the layers of its files, edits of them, and the schema that its workflow declares.
local policies = require("support.policies")
local with_policy, load_policy, failure = policies.with, policies.load, policies.failure

describe("a user's file over a shipped one", function()
    local function with_users(source, body)
        local folder = fs.temp_dir()
        return task.finally(function()
            fs.write(fs.join(folder:path(), "crash_tests.lua"), source)
            return body(policy.load("crash_tests", { folder = folder:path() }))
        end, function() folder:close() end)
    end

    it("replaces the keys it has, and keeps the others", function()
        with_users("return { limit = 5, extra = function() return 'mine' end }", function(handle)
            assert.equal(5, handle:data().limit)
            assert.equal("mine", handle:call("extra"))
            assert.same({ 12345 }, handle:call("issues_of", "12345.rs", ""))
        end)
    end)

    it("is kept apart by explain, key by key", function()
        with_users("return { limit = 5 }", function(handle)
            local own, shipped = {}, {}
            for _, each in ipairs(handle:explain()) do (each.is_user and own or shipped)[each.key] = true end
            assert.same({ limit = true }, own)
            assert.is_true(shipped.issues_of and shipped.examples)
        end)
    end)

    it("cannot disable what is not there", function()
        local ok, err = pcall(with_users, "return { disable = { 'nothing' } }", function() end)
        assert.is_false(ok)
        assert.matches("`disable` names 'nothing', which no entry below has", err.message)
    end)

    it("does not count any more when it is removed", function()
        with_users("return { issues_of = function() return { 1 } end }", function(handle)
            assert.same({ 1 }, handle:call("issues_of", "2.rs", ""))
            fs.remove(handle:files()[2])
            assert.same({ 2 }, handle:call("issues_of", "2.rs", ""))
        end)
    end)
end)

describe("entries with ids", function()
    local lower = "return { rules = { { id = 'a', n = 1 }, { id = 'b', n = 2 }, { id = 'c', n = 3 } } }"

    -- Both layers are given as sources to one policy: what `load` of the sandbox does with a shipped and a user's file.
    local function ids_of(upper)
        return with_policy(lower, function(folder)
            fs.mkdir(fs.join(folder, "own"))
            fs.write(fs.join(folder, "own", "rules.lua"), upper)
            local handle = policy.load("rules", { folder = fs.join(folder, "own"), shipped = folder })
            local ids = {}
            for _, rule in ipairs(handle:data().rules) do ids[#ids + 1] = rule.id .. rule.n end
            return table.concat(ids, " ")
        end)
    end

    it("are replaced in place, added at the end, and taken out", function()
        assert.equal("a1 b9 c3 d4", ids_of("return { rules = { { id = 'd', n = 4 }, { id = 'b', n = 9 } } }"))
        assert.equal("a1 c3", ids_of("return { disable = { 'b' } }"))
        assert.equal("c7", ids_of("return { disable = { 'a', 'b' }, rules = { { id = 'c', n = 7 } } }"))
    end)
end)

describe("a policy that is edited while it is in use", function()
    local function with_two_versions(first, second, body)
        with_policy(first, function(folder)
            local handle = policy.load("rules", { folder = folder })
            assert.equal(1, handle:call("f"))
            fs.write(fs.join(folder, "rules.lua"), second)
            body(handle, folder)
        end)
    end

    it("counts from the next call on", function()
        with_two_versions("return { f = function() return 1 end }", "return { f = function() return 2 end, limit = 7 }",
            function(handle)
                assert.equal(2, handle:call("f"))
                assert.equal(7, handle:data().limit)
            end)
    end)

    it("keeps the last good version when the edit is broken, and takes the next good one", function()
        with_two_versions("return { f = function() return 1 end }", "return { f = function( }", function(handle, folder)
            assert.equal(1, handle:call("f"))
            assert.equal(1, handle:call("f"))
            fs.write(fs.join(folder, "rules.lua"), "return { f = function() return 3 end }")
            assert.equal(3, handle:call("f"))
        end)
    end)

    it("keeps the last good version when the edit does not fit the schema", function()
        local schema = { fields = { f = { type = "function", required = true }, limit = { type = "integer" } } }
        with_policy("return { f = function() return 1 end }", function(folder)
            local handle = policy.load("rules", { folder = folder, schema = schema })
            fs.write(fs.join(folder, "rules.lua"), "return { f = function() return 2 end, limit = 'many' }")
            assert.equal(1, handle:call("f"))
        end)
    end)

    it("is loaded anew when a file that it requires is edited", function()
        with_policy("local other = require('other') return { f = function() return other.n end }", function(folder)
            fs.write(fs.join(folder, "other.lua"), "return { n = 1 }")
            local handle = policy.load("rules", { folder = folder })
            assert.equal(1, handle:call("f"))
            fs.write(fs.join(folder, "other.lua"), "return { n = 25 }")
            assert.equal(25, handle:call("f"))
            assert.same({ fs.join(folder, "rules.lua"), fs.join(folder, "other.lua") }, handle:files())
        end)
    end)
end)

describe("a schema", function()
    local schema = {
        fields = {
            limit = { type = "integer", default = 3 },
            level = { type = "string", enum = { "low", "high" }, required = true },
            rules = { type = "list", of = { type = "table", fields = {
                id = { type = "string", required = true }, when = { type = "function", required = true },
                weight = { type = "number", default = 1 },
            } } },
            names = { type = "table", of = { type = "string" } },
        },
    }

    local function load_with(source)
        return with_policy(source, function(folder)
            return policy.load("rules", { folder = folder, schema = schema })
        end)
    end

    it("gives data with its defaults", function()
        local data = load_with([[return {
            level = "low", rules = { { id = "a", when = function() return true end } } }]]):data()
        assert.same({ limit = 3, level = "low", rules = { { id = "a", weight = 1 } } }, data)
    end)

    it("says which key is wrong, how, and what was meant", function()
        local cases = {
            { "return { }", "level is missing: it has to be a string" },
            { "return { level = 'hihg' }", "level is 'hihg'", "did you mean 'high'?" },
            { "return { level = 'low', limit = 1.5 }", "limit is a number, expected an integer" },
            { "return { level = 'low', limt = 1 }", "limt is not known here", "did you mean 'limit'?" },
            { "return { level = 'low', rules = { { id = 'a' } } }", "rules%[1%]%.when is missing" },
            { "return { level = 'low', rules = { a = 1 } }", "rules is a table, expected a list" },
            { "return { level = function() end }", "level is a function, expected a string" },
            { "return { level = 'low', names = { x = 5 } }", "names%.x is a number, expected a string" },
            { "return { level = 'low', leve = function() end }", "leve is not known here", "did you mean 'level'?" },
        }
        for _, case in ipairs(cases) do
            local raised = failure(load_with, case[1])
            assert.equal("policy.schema", raised.kind, case[1])
            assert.matches("rules%.lua: " .. case[2], raised.message)
            if case[3] then assert.equal(case[3], raised.hint) end
        end
        assert.equal(2, failure(load_with, "return { limt = 1 }").details.problems)
    end)
end)

describe("trace", function()
    it("reports which lines ran, how often, and the answer", function()
        local handle = load_policy([[return {
            f = function(n)
                local s = 0
                for i = 1, n do
                    s = s + i
                end
                if s > 100 then
                    s = 100
                end
                return s, "summed"
            end }]])
        local reported = handle:trace("f", 3)
        assert.equal(6, reported.value)
        assert.equal("summed", reported.why)
        local counts = {}
        for _, step in ipairs(reported.steps) do counts[step.line] = step.count end
        assert.equal(3, counts[5])
        assert.is_nil(counts[8])
        assert.equal(1, counts[10])
    end)
end)
