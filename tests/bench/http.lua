-- Measures 500 requests at once to a server that takes 20 ms for each, against `curl --parallel` and a Node script on
-- fetch() with as many at a time; each is a process of its own, from its start to its end, and all must get the same
-- answers. Then the memory for a log of 200 MB that goes to a file, above what the process has before.
--
-- Prints: name, ours, the peer's, ratio, target, same answer; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = here .. "/../?.lua;" .. package.path
local servers = require("support.servers")

local rounds, at_a_time = 15, 64

local asking = [[
    local url, numbers = ..., {}
    for n = 1, 500 do numbers[n] = n end
    local bodies = task.map(numbers, function(n) return http.get(url .. n).body end, { concurrency = 500 })
    print(table.concat(bodies, "\n"))]]

local function commands(url)
    return {
        { os.getenv("UHOST") or "uhost", "-e", asking, url },
        { "curl", "-sS", "--parallel", "--parallel-max", tostring(at_a_time), url .. "[1-500]" },
        { "node", here .. "/http_fetch.mjs", url, "500", tostring(at_a_time) },
    }
end

-- Each answer is a JSON object. curl writes them as they come.
local function sorted_answers(text)
    local answers = {}
    for answer in text:gmatch("%b{}") do answers[#answers + 1] = answer end
    table.sort(answers)
    return table.concat(answers, "\n"), #answers
end

-- The shortest time of each command, run in turns, and what each printed.
local function measure(list)
    local seconds, answers = {}, {}
    for _ = 1, rounds do
        for i, command in ipairs(list) do
            local begun = time.monotonic()
            local result = process.run({ check = true, unpack(command) })
            seconds[i] = math.min(seconds[i] or math.huge, time.monotonic() - begun)
            answers[i] = result.stdout
        end
    end
    return seconds, answers
end

local function row(name, ours, peer, target, same)
    print(("%s\t%.3f\t%.3f\t%.2f\t%s\t%s"):format(name, ours, peer, ours / peer, target, same and "yes" or "no"))
end

local function requests(url)
    local seconds, answers = measure(commands(url .. "/slow?ms=20&n="))
    local ours, count = sorted_answers(answers[1])
    for i, peer in ipairs({ "curl --parallel", "Node's fetch" }) do
        row("500 GETs at 20 ms, against " .. peer, seconds[1], seconds[i + 1], "<= 1.00",
            count == 500 and ours == (sorted_answers(answers[i + 1])))
    end
end

local downloading = [[
    local url, file = ...
    local function peak_mib() return fs.read("/proc/self/status"):match("VmHWM:%s*(%d+)") / 1024 end
    http.get(url .. "/status?code=200")
    local idle = peak_mib()
    http.get(url .. "/large?bytes=200000000", { to_file = file })
    print(peak_mib() - idle)]]

local function download(url)
    servers.in_folder(function(folder)
        local ours, peer = folder .. "/ours", folder .. "/peer"
        local result = process.run({ os.getenv("UHOST") or "uhost", "-e", downloading, url, ours, check = true })
        process.run({ "curl", "-sS", "-o", peer, url .. "/large?bytes=200000000", check = true })
        local same = process.run({ "cmp", ours, peer }).code == 0 and fs.stat(ours).size_bytes == 200000000
        row("200 MB to a file: MiB above idle, against the limit", tonumber(result.stdout), 20, "<= 1.00", same)
    end)
end

servers.with("http", {}, function(server)
    requests(server.url)
    download(server.url)
end)
