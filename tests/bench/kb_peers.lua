-- Those that the bench `kb` measures us beside, each with the patterns that it understands.
local M = {}

local function write_patterns(work, texts)
    local file = work .. "/peer-patterns"
    fs.write(file, table.concat(texts, "\n") .. "\n")
    return file
end

local function timed(command)
    local begin = time.monotonic()
    local result = process.run(command)
    return time.monotonic() - begin, result
end

-- Seconds for the part of the log beyond its start, so that compiling is taken off, and what was found in the part.
local function measured_by_size(command_for, log)
    local part_s, result = timed(command_for(log.part))
    local start_s = timed(command_for(log.start))
    local bytes = fs.stat(log.part).size_bytes - fs.stat(log.start).size_bytes
    return { speed = bytes / math.max(part_s - start_s, 1e-3) / 1e6, lines_matched = tonumber(result.stdout) }
end

-- Patterns that the command takes: all at once if it takes them, else half by half.
local function accepted(taken, command_for, work)
    if #taken == 0 then return {} end
    local texts = {}
    for i, each in ipairs(taken) do texts[i] = each.text end
    local result = process.run(command_for(write_patterns(work, texts)))
    if result.code <= 1 then return taken end
    if #taken == 1 then return {} end
    local all, half = {}, math.floor(#taken / 2)
    for from, to in pairs({ [1] = half, [half + 1] = #taken }) do
        local piece = {}
        for i = from, to do piece[#piece + 1] = taken[i] end
        for _, each in ipairs(accepted(piece, command_for, work)) do all[#all + 1] = each end
    end
    return all
end

-- Without what other engines do not know: names of groups, assertions, flags, back references.
local function plain(pattern)
    local text = pattern.match
    if (pattern.flags or "") ~= "" or text:find("[\n\128-\255]") or text:find("\\[1-9KQRX]") then return nil end
    text = text:gsub("%(%?P?<%a[%w_]*>", "(?:")
    if text:gsub("%(%?:", ""):find("(?", 1, true) or text:find("[+*?}]%+") then return nil end
    return text
end

local rg = { name = "rg", target = ">= 0.50", spelled = plain }
local rg_options = { "--no-config", "--no-unicode", "--regex-size-limit", "4G", "--dfa-size-limit", "4G", "--count" }

local function rg_command(file, log)
    local command = { "rg" }
    for _, option in ipairs(rg_options) do command[#command + 1] = option end
    for _, option in ipairs({ "--text", "--file", file, log }) do command[#command + 1] = option end
    command.check = false
    return command
end

function rg.accepted(taken, work)
    return accepted(taken, function(file) return rg_command(file, "/dev/null") end, work)
end

function rg.measured(texts, log, work)
    local file = write_patterns(work, texts)
    return measured_by_size(function(path) return rg_command(file, path) end, log)
end

-- In POSIX's spelling: no lazy repeats, no classes by a letter inside of brackets.
local grep = { name = "grep -E", target = "-" }

function grep.spelled(pattern)
    local text = plain(pattern)
    if not text or text:find("[+*?}]%?") or text:find("\\[dDtxpPhHvVNzZA]") then return nil end
    for class in text:gmatch("%b[]") do
        if class:find("\\", 1, true) then return nil end
    end
    return (text:gsub("%(%?:", "("))
end

local function grep_command(file, path)
    return { "grep", "-E", "-a", "-c", "-f", file, path, check = false, env = { LC_ALL = "C" } }
end

function grep.accepted(taken, work)
    return accepted(taken, function(file) return grep_command(file, "/dev/null") end, work)
end

function grep.measured(texts, log, work)
    local file = write_patterns(work, texts)
    return measured_by_size(function(path) return grep_command(file, path) end, log)
end

-- All patterns, as they are.
function M.loop(binary)
    local loop = { name = "a loop of PCRE2", target = ">= 10.0" }
    function loop.spelled(pattern)
        local flags = pattern.flags or ""
        if pattern.match:find("\n", 1, true) or flags:find("[^imsn]") then return nil end
        return flags == "" and pattern.match or ("(?%s)%s"):format(flags, pattern.match)
    end
    function loop.accepted(taken) return taken end
    function loop.measured(texts, log, work)
        local result = process.run({ binary, write_patterns(work, texts), log.part, check = true })
        local seconds, lines = result.stdout:match("(%S+) (%d+)")
        return { speed = fs.stat(log.part).size_bytes / tonumber(seconds) / 1e6, lines_matched = tonumber(lines) }
    end
    return loop
end

---@param loop_binary string
---@return table[]
function M.all(loop_binary)
    return { rg, grep, M.loop(loop_binary) }
end

return M
