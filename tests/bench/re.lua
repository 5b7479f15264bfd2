-- Measures counting the matching lines of a 100 MB log against rg, and checks that both count the same. Each side is a
-- process of its own, started in turns; the fastest run counts. UHOST names the binary.
-- Prints for each pattern: name, seconds of ours, seconds of the peer, ratio, target, same answer; separated by tabs.
local uhost_binary = os.getenv("UHOST") or "uhost"
local cache = os.getenv("UHOST_BENCH_CACHE") or (os.getenv("HOME") .. "/.cache/uhost-bench")
local size_bytes = 100e6
local rounds = 7

local modules = { "core", "net", "http", "parser", "lexer", "typeck", "mir", "codegen", "llvm", "linker", "cargo" }
local random = math.random

local function any_module()
    return modules[random(#modules)]
end

-- What a line of a compiler's CI log may be, with how often out of 10,000 it is.
local kinds = {
    { 8, function() return ("error[E%04d]: cannot find value `x%d`"):format(random(999), random(99)) end },
    { 6, function()
        return ("thread 'main' panicked at 'assertion failed: left == right', src/%s/mod.rs:%d:%d"):format(
            any_module(), random(900), random(80))
    end },
    { 5, function() return ("test %s::%s::test_%d ... FAILED"):format(any_module(), any_module(), random(9999)) end },
    { 300, function() return ("warning: unused variable: `y%d`"):format(random(99)) end },
    { 3700, function()
        local name = any_module() .. "-" .. any_module()
        return ("   Compiling %s v%d.%d.%d (/checkout/src/%s)"):format(name, random(9), random(20), random(20), name)
    end },
    { 1000, function()
        return ("    Running `/checkout/obj/build/stage1/bin/rustc --crate-name %s --edition=2021 -C debug=%d`"):format(
            any_module(), random(3))
    end },
    { 4981, function() return ("test %s::%s::test_%d ... ok"):format(any_module(), any_module(), random(9999)) end },
}

local function any_line()
    local pick = random(10000)
    for _, kind in ipairs(kinds) do
        pick = pick - kind[1]
        if pick <= 0 then return kind[2]() end
    end
end

-- The log, made once: the same on every machine.
local function log_file()
    local path = cache .. "/ci-log-100mb.txt"
    local existing = io.open(path)
    if existing then
        existing:close()
        return path
    end
    process.run({ "mkdir", "-p", cache })
    math.randomseed(20260131)
    local file, written = assert(io.open(path .. ".part", "w")), 0
    while written < size_bytes do
        local line = ("2026-01-31T%02d:%02d:%02d.%07dZ %s\n"):format(
            random(0, 23), random(0, 59), random(0, 59), random(0, 9999999), any_line())
        file:write(line)
        written = written + #line
    end
    file:close()
    assert(os.rename(path .. ".part", path))
    return path
end

local function timed(command)
    local begin = time.monotonic()
    local result = process.run(command)
    return time.monotonic() - begin, tonumber(result.stdout) or 0
end

local function compare(name, pattern, target)
    local path, ours, peer, same = log_file(), math.huge, math.huge, true
    local code = ("print(re.count_file(%q, %q))"):format(path, pattern)
    for _ = 1, rounds do
        local our_time, our_count = timed({ uhost_binary, "-e", code })
        local peer_time, peer_count = timed({ "rg", "--no-config", "--count", "-e", pattern, path, check = false })
        ours, peer = math.min(ours, our_time), math.min(peer, peer_time)
        same = same and our_count == peer_count and our_count > 0
    end
    print(("re.count_file of 100 MB, %s\t%.4f\t%.4f\t%.2f\t%s\t%s"):format(
        name, ours, peer, ours / peer, target, same and "yes" or "no"))
end

compare("a literal", "panicked at", "<= 2.00")
compare("a literal and digits", [=[error\[E\d+\]]=], "<= 2.00")
compare("a caseless literal", "(?i)warning: unused", "<= 2.00")
compare("groups", [[src/(\w+)/mod\.rs:(\d+)]], "<= 2.00")
compare("anchors", [[^\S+ +test \S+ \.\.\. FAILED$]], "<= 2.00")
compare("alternatives", "FAILED|panicked|error", "<= 4.00")
compare("no literal", [[\d+\.\d+\.\d+]], "<= 4.00")
