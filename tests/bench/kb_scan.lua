-- What the bench `kb` measures, in a process of its own: kb_scan.lua LOG PATTERNS [CACHE] compiles the patterns (a list
-- in JSON) and scans the log. Prints as JSON: compile_s, cached, scan_s, bytes, lines_matched, hits, and memory before
-- and at most (KiB).
local path, patterns_file, cache = arg[1], arg[2], arg[3]

local function memory_kib(field)
    for line in io.lines("/proc/self/status") do
        local kib = line:match("^" .. field .. ":%s*(%d+)")
        if kib then return tonumber(kib) end
    end
end

local before_kib = memory_kib("VmRSS")
local patterns = json.decode(fs.read(patterns_file))
local begin = time.monotonic()
local matcher = kb.compile(patterns, { cache = cache or false })
local compile_s = time.monotonic() - begin
begin = time.monotonic()
local opened = log_text.open(path)
local result = matcher:scan(opened)
print(json.encode({
    compile_s = compile_s, cached = matcher.cached, scan_s = time.monotonic() - begin, bytes = opened.bytes,
    lines_matched = result.lines_matched, hits = #result.hits, engine = matcher.engine,
    before_kib = before_kib, peak_kib = memory_kib("VmHWM"),
}))
