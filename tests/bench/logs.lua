-- Keeping and searching logs: against ripgrep over the raw files, and against a plain FTS5 table (on a part of them).
--
-- The raw material is 1 GB, or so many megabytes as $UHOST_BENCH_LOGS_MB says: the real logs of ../shared/data where
-- they are, else those of tests/fixtures/logs. Five of them are the jobs of a project, whose runs follow one another
-- with other numbers and times, as the runner of GitHub would have written them.
local root = fs.dirname(fs.dirname(fs.dirname(fs.absolute(debug.getinfo(1, "S").source:sub(2)))))
local side_by_side = dofile(root .. "/tests/bench/side_by_side.lua")
local tables = require("uhost.tables")

local uhost_binary = os.getenv("UHOST") or "uhost"
local wanted_bytes = (tonumber(os.getenv("UHOST_BENCH_LOGS_MB")) or 1000) * 1e6
local fts_bytes = 100e6

local folder = fs.temp_dir()
local raw, state = folder:path() .. "/raw", folder:path() .. "/state"
fs.mkdir(raw)

-- Raw material --------------------------------------------------------------------------------------------------------

local function source_files()
    local archive = fs.join(root, "../shared/data/ci_logs_dev.tar.xz")
    local from = fs.join(root, "tests/fixtures/logs")
    if fs.exists(archive) then
        from = folder:path() .. "/real"
        fs.mkdir(from)
        process.run({ "tar", "-xf", archive, "-C", from, check = true, mutates = "unpack logs" })
    end
    log.info("raw material: " .. (fs.exists(archive) and "real logs of ../shared/data" or "tests/fixtures/logs")
        .. ", with other numbers and times")
    local files = {}
    for path, type in fs.walk(from) do
        if type == "file" and (path:find("%.log$") or path:find("%.txt$")) then files[#files + 1] = path end
    end
    table.sort(files)
    return files
end

-- Lines as they are cleaned, so that both sides search the same text.
local function read_texts(files)
    local texts = {}
    for i, path in ipairs(files) do
        local opened = log_text.open(path)
        texts[i] = opened:lines(1, opened:index())
        opened:close()
    end
    return texts
end

local random = 12345
local function next_random(most)
    random = (random * 1103515245 + 12345) % 2147483648
    return random % most
end

local function varied(line)
    if next_random(3) > 0 then return line end
    return (line:gsub("%d%d+", function(number)
        return ("%d"):format(next_random(10 ^ math.min(#number, 9)) + 10 ^ math.min(#number, 9)):sub(2)
    end))
end

local jobs_of_run = 5

local function write_log(lines, name, at, is_first)
    local written = {}
    for i, line in ipairs(lines) do
        at = at + next_random(400) / 10000
        local text = is_first and line or varied(line)
        written[i] = ("%s.%07dZ %s"):format(time.iso(math.floor(at)):sub(1, 19), at % 1 * 1e7, text)
    end
    if name == "0001-01-2" then written[#written + 1] = written[1]:sub(1, 29) .. "error ZQX77431 once" end
    local text = table.concat(written, "\n") .. "\n"
    fs.write(("%s/%s.log"):format(raw, name), text)
    return #text
end

local function write_raw(texts)
    local all = 0
    for _, lines in ipairs(texts) do
        for _, line in ipairs(lines) do all = all + #line + 30 end
    end
    local bytes, runs = 0, math.max(1, math.floor(wanted_bytes / all + 0.5))
    for first = 1, #texts, jobs_of_run do
        for run = 1, runs do
            for number = first, math.min(first + jobs_of_run - 1, #texts) do
                bytes = bytes + write_log(texts[number], ("%04d-%02d-%d"):format(first, run, number - first),
                    1767225600 + run * 86400 + number, run == 1)
            end
        end
    end
    return bytes
end

-- Measuring -----------------------------------------------------------------------------------------------------------

local function timed(command)
    local began = time.monotonic()
    local result = process.run(command)
    return time.monotonic() - began, result
end

local function logs(...)
    local command = { uhost_binary, "-q", "logs", ... }
    command.env, command.max_output_bytes = { UHOST_STATE = state }, 2 ^ 28
    return command
end

local function ours(words)
    return function()
        local seconds, result = timed(logs("search", "-c", unpack(words)))
        local count = 0
        for number in result.stdout:gmatch(" *(%d+)  [^\n]*\n") do count = count + tonumber(number) end
        return seconds, tostring(count)
    end
end

local function ripgrep(words)
    return function()
        local command = { "rg", "--no-config", "-c", "--no-filename", unpack(words) }
        command[#command + 1], command.max_output_bytes = raw, 2 ^ 26
        local seconds, result = timed(command)
        local count = 0
        for line in result.stdout:gmatch("%d+") do count = count + tonumber(line) end
        return seconds, tostring(count)
    end
end

local function print_fact(name, value, target, is_met)
    print(("%s\t%s\t\t\t%s\t%s"):format(name, value, target, is_met and "yes" or "missed"))
end

-- A table of lines as FTS5 has them by itself, of some of the logs.
local function measure_fts()
    local store = db.open(folder:path() .. "/fts.sqlite")
    store:execute("CREATE VIRTUAL TABLE lines USING fts5(line, tokenize = 'trigram')")
    local bytes, began = 0, time.monotonic()
    for _, name in ipairs(fs.list(raw)) do
        if bytes > fts_bytes then break end
        local lines = {}
        for line in fs.lines(raw .. "/" .. name) do
            bytes = bytes + #line + 1
            lines[#lines + 1] = line:sub(30)
        end
        store:execute("INSERT INTO lines SELECT value FROM json_each(?)", { json.encode(json.array(lines)) })
    end
    local seconds = time.monotonic() - began
    store:execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print_fact(("FTS5: MB/s and %% of %d MB"):format(bytes / 1e6), ("%.1f, %.0f %%"):format(bytes / 1e6 / seconds,
        100 * fs.stat(folder:path() .. "/fts.sqlite").size_bytes / bytes), "", true)
    began = time.monotonic()
    store:one("SELECT count(*) AS count FROM lines WHERE lines MATCH '\"unresolved external\"'")
    print_fact("FTS5: a rare text in these, s", ("%.3f"):format(time.monotonic() - began), "", true)
    store:close()
end

local bytes = write_raw(read_texts(source_files()))
local seconds, ingested = timed(logs("ingest", raw, "--run", "all", "--json"))
assert(ingested.code == 0, ingested.stderr)
local rate = bytes / 1e6 / seconds
print_fact("logs: ingest, MB/s", ("%.0f"):format(rate), ">= 50", rate >= 50)
local stats = json.decode(process.run(logs("stats", "--json")).stdout)
local percent = 100 * stats.stored_bytes / bytes
print_fact("logs: stored, % of raw", ("%.1f"):format(percent), "<= 12", percent <= 12)

local rare = ours({ "ZQX\\d+" })
local fastest = math.huge
for _ = 1, 5 do fastest = math.min(fastest, (rare())) end
print_fact("logs: rare term, s", ("%.3f"):format(fastest), "< 0.3", fastest < 0.3)

local searches = { ["rare term"] = { "ZQX\\d+" }, ["common text"] = { "error" }, ["caseless"] = { "-i", "warning" },
    ["alternatives"] = { "fail(ed|ure)|panicked" }, ["no text to look for"] = { "\\d+ passed" },
    ["a class"] = { "[0-9]+\\.[0-9]+s\\b" } }
for _, name in ipairs(tables.sorted_keys(searches)) do
    side_by_side{ name = "logs: " .. name .. " against rg", target = "1", rounds = 3, ours = ours(searches[name]),
        peer = ripgrep(searches[name]) }
end
measure_fts()
folder:close()
