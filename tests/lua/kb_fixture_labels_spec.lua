-- The labels of fixture logs: each names a log that is there, lines that exist, and an entry that fires in them.
local folder = debug.getinfo(1, "S").source:match("^@(.*/)") .. "../fixtures/logs/"

local function files(pattern)
    local found = {}
    for _, name in ipairs(fs.list(folder)) do
        if name:match(pattern) then found[#found + 1] = name end
    end
    return found
end

local function labels()
    local found = {}
    for _, path in ipairs(files("^labels_.*%.jsonl$")) do
        for line in fs.read(folder .. path):gmatch("[^\n]+") do
            local label = json.decode(line)
            label.labels = path
            found[#found + 1] = label
        end
    end
    return found
end

describe("the labels of fixture logs", function()
    local all, base = labels(), nil
    setup(function() base = kb.load() end)
    teardown(function() base:close() end)

    it("name logs that are there and lines that exist", function()
        assert.is_true(#all > 100)
        for _, label in ipairs(all) do
            local log = log_text.open(folder .. label.log)
            log:index()
            local first, last = label.line_start, label.line_end
            if first and first ~= json.null then
                assert.is_true(first >= 1 and first <= last and last <= log.count, label.log)
            end
            log:close()
        end
    end)

    it("name entries that fire on the log, or none", function()
        for _, label in ipairs(all) do
            if label.entry and label.entry ~= json.null then
                local log = log_text.open(folder .. label.log)
                local fired = {}
                for _, hit in ipairs(base:scan(log).entries) do fired[hit.entry.id] = true end
                log:close()
                assert.is_true(fired[label.entry], ("%s: %s does not fire"):format(label.log, label.entry))
            end
        end
    end)

    it("leave no case of the compilers out", function()
        local labelled = {}
        for _, label in ipairs(all) do labelled[label.log] = true end
        local cases = 0
        for _, name in ipairs(fs.list(folder .. "cases/compilers")) do
            for case in fs.read(folder .. "cases/compilers/" .. name):gmatch("\ncase_([%w_]+)%(%)") do
                cases = cases + 1
                assert.is_true(labelled[case .. ".log"], case .. " has no label")
            end
        end
        assert.is_true(cases > 100)
    end)
end)
