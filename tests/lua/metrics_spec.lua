-- The primitive `metrics` as scripts call it; tests/cpp/metrics_statistics.cpp holds what it computes.
describe("metrics", function()
    local function failure_of(...)
        local ok, failure = pcall(...)
        assert.is_false(ok)
        assert.equal("argument", failure.kind)
        return failure
    end

    it("gives quantiles", function()
        assert.same({ 2.5, 4.75 }, metrics.quantiles({ 3, 1, 2, 10 }, { 0.5, 0.75 }))
        assert.same({}, metrics.quantiles({ 1 }, {}))
    end)

    it("compares two samples", function()
        local found = metrics.compare({ 60, 61, 59, 60, 62 }, { 70, 69, 71, 70, 72 })
        assert.same({ 60, 70, 10 }, { found.before, found.after, found.shift })
        assert.is_true(found.p < 0.01)
        assert.equal(1, metrics.compare({ 5, 6 }, { 1, 2 }, { alternative = "greater" }).p)
    end)

    it("gives the same answer every time", function()
        local a, b = {}, {}
        for i = 1, 60 do a[i], b[i] = i * 7 % 31, i * 5 % 37 end
        assert.equal(metrics.compare(a, b).p, metrics.compare(a, b).p)
    end)

    it("finds where a series changes", function()
        local changes = metrics.change_points({ 60, 61, 60, 62, 59, 61, 60, 60, 71, 72, 70, 71, 73, 70, 72, 71 })
        assert.equal(1, #changes)
        assert.same({ 9, 60, 71 }, { changes[1].index, changes[1].before, changes[1].after })
        assert.is_true(changes[1].p <= 0.001)
        assert.same({}, metrics.change_points({}))
    end)

    it("names what is no number, and where", function()
        assert.truthy(failure_of(metrics.quantiles, { 1, "x" }, { 0.5 }).message:find("2", 1, true))
        failure_of(metrics.quantiles, { 1, 0 / 0 }, { 0.5 })
        failure_of(metrics.quantiles, {}, { 0.5 })
        failure_of(metrics.quantiles, { 1 }, { 2 })
        failure_of(metrics.compare, {}, { 1 })
        failure_of(metrics.compare, { 1 }, { 1 }, { alternative = "bigger" })
        failure_of(metrics.change_points, { 1, math.huge })
        failure_of(metrics.change_points, {}, { min_segment = 1 })
        failure_of(metrics.change_points, {}, { permutations = 1 })
        failure_of(metrics.change_points, {}, { max_P = 1 })
    end)
end)
