-- The log that the bench `kb` searches: 100 MB, made of the labelled logs beside the project, or of those in
-- tests/fixtures/logs among lines of an ordinary build. It is cleaned, so that peers see the same lines as we do.
local M = {}

local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
local size_bytes, part_bytes, start_bytes = 100e6, 6e6, 1e6

local function ordinary_line(random)
    local pick = random(4)
    if pick == 1 then return ("   Compiling part-%d v%d.%d.0"):format(random(999), random(9), random(20)) end
    if pick == 2 then return ("test module_%d::case_%d ... ok"):format(random(99), random(9999)) end
    if pick == 3 then return ("[%d/%d] Building CXX object src/unit_%d.cpp.o"):format(random(999), 999, random(999)) end
    return ("  GET https://example.org/packages/%d/file.tar.gz (%d kB)"):format(random(9999), random(9999))
end

local function log_files()
    local archive = fs.join(here, "../../../shared/data/ci_logs_dev.tar.xz")
    local unpacked = fs.temp_dir()
    local folder, marks = fs.join(here, "../fixtures/logs"), true
    if fs.exists(archive) then
        process.run({ "tar", "-xJf", archive, "-C", unpacked:path(), check = true })
        folder, marks = unpacked:path(), false
    end
    local files = {}
    for path, kind in fs.walk(folder) do
        if kind == "file" and path:find("%.log$") then files[#files + 1] = path end
    end
    table.sort(files)
    return files, marks, unpacked
end

local function add_cleaned(output, path, most)
    local opened, written = log_text.open(path), 0
    for first = 1, opened:index(), 1024 do
        local text = table.concat(opened:lines(first, first + 1023), "\n") .. "\n"
        output:write(text)
        written = written + #text
        if written >= most then break end
    end
    opened:close()
    return written
end

local function write_log(path, size, files, with_ordinary)
    local output, written = assert(io.open(path, "w")), 0
    math.randomseed(20260131)
    while written < size do
        for _, file in ipairs(files) do
            if written >= size then break end
            written = written + add_cleaned(output, file, size - written)
            for _ = 1, with_ordinary and 2000 or 0 do
                local line = ordinary_line(math.random) .. "\n"
                output:write(line)
                written = written + #line
            end
        end
    end
    output:close()
end

---@param work string  a folder
---@return { path: string, part: string, start: string }  the log, and shorter ones of the same kind
function M.prepare(work)
    local files, with_ordinary, unpacked = log_files()
    local log = { path = work .. "/log", part = work .. "/part", start = work .. "/start" }
    write_log(log.path, size_bytes, files, with_ordinary)
    write_log(log.part, part_bytes, files, with_ordinary)
    write_log(log.start, start_bytes, files, with_ordinary)
    unpacked:close()
    return log
end

return M
