local function error_of(body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok)
    return err
end

local function change(fields)
    local made = { kind = "spec.change", target = "a thing", summary = "change a thing", apply = function() end }
    for key, value in pairs(fields) do made[key] = value end
    return made
end

local function latest() return plan.history({ limit = 1 })[1] end

describe("plan.perform", function()
    it("makes the change, gives its results, and leaves a trail", function()
        local seen
        local results = { plan.perform(change({
            details = { version = "1.4", count = 3 },
            apply = function()
                task.sleep(0.001)
                seen = latest()
                return "moved", nil, 7
            end,
        })) }
        assert.same({ "moved", nil, 7 }, results)
        assert.equal("started", seen.outcome)
        assert.is_nil(seen.ended_at)
        local entry = latest()
        assert.equal(seen.id, entry.id)
        assert.equal("done", entry.outcome)
        assert.equal("moved", entry.result)
        assert.same({ version = "1.4", count = "3" }, entry.details)
        assert.matches("^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$", entry.ended_at)
    end)

    it("notes a failure, which passes through as it is", function()
        local raised = error_of(plan.perform, change({
            apply = function() uhost.fail("spec.broken", "it broke", { hint = "fix it" }) end,
        }))
        assert.equal("spec.broken", raised.kind)
        assert.equal("fix it", raised.hint)
        local entry = latest()
        assert.equal("failed", entry.outcome)
        assert.equal("it broke", entry.result)
    end)

    it("notes a change that was cancelled half-way", function()
        local child = task.spawn(plan.perform, change({ target = "slow", apply = function() task.sleep(60) end }))
        task.sleep(0.005)
        child:cancel()
        child:join()
        assert.equal("slow", latest().target)
        assert.equal("failed", latest().outcome)
    end)

    it("works inside a transaction on the store", function()
        local store = db.open()
        store:transaction(function() plan.perform(change({ target = "in a transaction" })) end)
        assert.equal("in a transaction", latest().target)
    end)

    it("leaves no trail when asked to", function()
        plan.perform(change({ target = "audited" }))
        plan.perform(change({ target = "not audited", audited = false }))
        assert.equal("audited", latest().target)
    end)

    it("refuses what is not a change, and calls nothing", function()
        local called = false
        local function apply() called = true end
        for message, wrong in pairs({
            ["bad option 'kind'"] = change({ kind = "Publish", apply = apply }),
            ["bad option 'target'"] = change({ target = "", apply = apply }),
            ["bad option 'summary'"] = change({ summary = 5, apply = apply }),
            ["bad option 'details'"] = change({ details = { list = {} }, apply = apply }),
            ["bad argument 'apply'"] = change({ apply = "no" }),
            ["unknown option 'sumary'"] = change({ sumary = "x", apply = apply }),
        }) do
            local err = error_of(plan.perform, wrong)
            assert.equal("argument", err.kind)
            assert.is_not_nil(err.message:find(message, 1, true), err.message)
        end
        assert.equal("argument", error_of(plan.perform).kind)
        assert.is_false(called)
    end)
end)

describe("plan.history", function()
    it("gives the newest first, by kind and by room", function()
        for _, kind in ipairs({ "spec_a.one", "spec_a.two", "spec_b.one" }) do
            plan.perform(change({ kind = kind, target = kind }))
        end
        assert.equal("spec_b.one", latest().kind)
        assert.equal("spec_a.one", plan.history({ kind = "spec_a.one" })[1].target)
        assert.equal("spec_a.two", plan.history({ kind = "spec_a." })[1].target)
        assert.same({}, plan.history({ kind = "spec_none." }))
        assert.equal(2, #plan.history({ limit = 2 }))
    end)

    it("refuses odd limits", function()
        for _, limit in ipairs({ 0, -1, 1.5, 10001, "many" }) do
            assert.equal("argument", error_of(plan.history, { limit = limit }).kind)
        end
    end)
end)

describe("plan.dry_run", function()
    it("reports whether this run only plans", function()
        assert.is_false(plan.dry_run())
    end)
end)
