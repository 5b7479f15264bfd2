-- Measures looking for the patterns of the shipped knowledge bases in 100 MB of CI log, and for those of 1,000 entries,
-- beside rg, GNU grep, and a loop over all patterns with PCRE2's machine code. Each peer gets the patterns that it
-- understands, and so do we beside it; both must find the same number of lines. Peers that are slow are measured on a
-- part of the log; their start is taken off.
--
-- Prints for each: name, ours, the peer's, ratio, target, same answer; separated by tabs. Speeds are MB/s.
-- UHOST names the binary, UHOST_BENCH_KB_LOOP the loop.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = here .. "/?.lua;" .. package.path
local peers = require("kb_peers")
local logs = require("kb_logs")

local uhost_binary = os.getenv("UHOST") or "uhost"
local loop_binary = os.getenv("UHOST_BENCH_KB_LOOP") or "bench-kb_loop"
local folder = fs.temp_dir()
local work = folder:path()
local rounds = 3

local function row(name, ours, peer, ratio, target, same)
    print(("%s\t%s\t%s\t%s\t%s\t%s"):format(name, ours, peer, ratio, target, same))
end

-- Every pattern by itself: peers know no sequences, and nothing that refuses.
local function single_patterns(list)
    local single = {}
    for _, pattern in ipairs(list) do
        for _, text in ipairs(type(pattern.match) == "table" and pattern.match or { pattern.match }) do
            single[#single + 1] = { match = text, flags = pattern.flags }
        end
    end
    return single
end

-- Entries until there are so many: those shipped, and then again with every longer word changed.
local function entries(base, count)
    local list = {}
    for round = 0, math.huge do
        for _, entry in ipairs(base.entries) do
            if #list == count then return single_patterns(list) end
            local function changed(text)
                return round == 0 and text or (text:gsub("%f[%w\\][a-z][a-z][a-z][a-z]+", function(word)
                    return word .. string.char(96 + round)
                end))
            end
            local match = {}
            for i, text in ipairs(type(entry.match) == "table" and entry.match or { entry.match }) do
                match[i] = changed(text)
            end
            local usable = pcall(kb.compile, { { match = match, flags = entry.flags } }, { engine = "pcre2" })
            if usable then list[#list + 1] = { match = match, flags = entry.flags } end
        end
    end
end

local function measured(log, patterns, cache)
    local file = work .. "/patterns.json"
    fs.write(file, json.encode(patterns))
    local best
    for _ = 1, rounds do
        local result = process.run({ uhost_binary, here .. "/kb_scan.lua", log, file, cache, check = true })
        local found = json.decode(result.stdout)
        if not best or found.scan_s < best.scan_s then best = found end
    end
    return best
end

local function speed(bytes, seconds)
    return bytes / seconds / 1e6
end

local function beside(peer, what, log, patterns)
    local taken = {}
    for _, pattern in ipairs(patterns) do
        local text = peer.spelled(pattern)
        if text then taken[#taken + 1] = { pattern = pattern, text = text } end
    end
    local usable, texts = {}, {}
    for i, each in ipairs(peer.accepted(taken, work)) do usable[i], texts[i] = each.pattern, each.text end
    local ours = measured(log.path, usable, work .. "/cache")
    local part = measured(log.part, usable, work .. "/cache")
    local theirs = peer.measured(texts, log, work)
    local our_speed = speed(ours.bytes, ours.compile_s + ours.scan_s)
    local ratio = our_speed / theirs.speed
    row(("kb: %s (%d), beside %s"):format(what, #usable, peer.name), ("%.1f MB/s"):format(our_speed),
        ("%.2f MB/s"):format(theirs.speed), ("%.2f"):format(ratio), peer.target,
        theirs.lines_matched == part.lines_matched and theirs.lines_matched > 0 and "yes" or "no")
end

local function run()
    local log = logs.prepare(work)
    local base = kb.load()
    base:matcher()
    local shipped, thousand = single_patterns(base.patterns), entries(base, 1000)
    local all_peers = peers.all(loop_binary)
    for _, peer in ipairs(all_peers) do
        beside(peer, "shipped patterns", log, shipped)
    end
    beside(all_peers[1], "1,000 entries", log, thousand)
    local cache = work .. "/whole"
    local first = measured(log.start, base.patterns)
    local whole = measured(log.path, base.patterns, cache)
    local memory_mib = (whole.peak_kib - whole.before_kib) / 1024
    row("kb: MiB above idle while scanning 100 MB, shipped", ("%.1f"):format(memory_mib), "-", "-", "< 64", "-")
    row("kb: ms to start with a cached database, shipped", ("%.1f"):format(whole.compile_s * 1000),
        ("%.0f without"):format(first.compile_s * 1000), "-", "< 15", whole.cached and "yes" or "no")
    local few = measured(log.path, entries(base, 250), cache)
    local many = measured(log.path, thousand, cache)
    row("kb: s for 1,000 entries beside 250", ("%.2f"):format(many.scan_s), ("%.2f"):format(few.scan_s),
        ("%.2f"):format(many.scan_s / few.scan_s), "< 2.00", "-")
end

task.finally(run, function() folder:close() end)
