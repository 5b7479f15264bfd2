-- Machines that ssh logs in to without a question. Settings in build.executors.ssh: `hosts`, a list of
-- "user@host:slots" (one slot, unless it says so; ports and keys belong into ~/.ssh/config); `options`, more words for
-- ssh; `folder` there (default: ~/.cache/uhost/jobs). They need /bin/sh, setsid and tar. A job keeps running when
-- contact is lost; what ended more than a week ago is removed by the next one.
local M = {}

M.serial = true  -- or two jobs would take the same slot
M.requeue = { node_failed = 1 }

-- Scripts go by standard input, as one function: nothing is quoted twice, and half of one does nothing.
local prelude = [[
job() {
umask 077
%s
mkdir -p -- "$base" && cd -- "$base" || exit 70
boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)
lives() { [ "$(cat "$1/boot" 2>/dev/null)" = "$boot" ] && kill -0 "$(cat "$1/pid")" 2>/dev/null; }
%s
}
job
]]

local count = 'n=0; for d in uhost-*; do [ ! -f "$d/code" ] && lives "$d" && n=$((n+1)); done\n'
    .. 'echo "$n $(cut -d" " -f1 /proc/loadavg)"'

-- What watches over a job there: pid and pgid, then exit code, seconds and why it was ended.
local wrapper = [[
cd "$1"; mkdir -p work; cat /proc/sys/kernel/random/boot_id >boot 2>/dev/null; began=$(date +%s)
[ -n "$3" ] && ulimit -v "$3"
(cd work && exec setsid sh ../script) >log 2>&1 </dev/null &
child=$!; echo "$child" >child; echo "$$" >pid.new; mv pid.new pid
[ "$2" -gt 0 ] && (n=0; while [ "$n" -lt "$2" ]; do sleep 1; n=$((n+1)); done
echo timeout >outcome; kill -s TERM -- "-$child"; sleep 5; kill -s KILL -- "-$child") >/dev/null 2>&1 &
dog=$!
wait "$child"; code=$?; kill "$dog"
echo "$code $(($(date +%s)-began)) $(cat outcome 2>/dev/null)" >code.new; mv code.new code
]]

local start = [[
find . -maxdepth 1 -name 'uhost-*' -mtime +7 -exec rm -rf {} +
mkdir %s || exit 71
printf %%s %s >%s/script; printf %%s %s >%s/run
setsid sh %s/run %s %d '%s' </dev/null >/dev/null 2>&1 &
while [ ! -s %s/pid ]; do sleep 0.05; done; echo started]]

local look_at = [[
for t in %s; do
if [ -f "$t/code" ]; then echo "$t ended $(cat "$t/code")"
elif [ ! -d "$t" ]; then echo "$t none"
elif lives "$t"; then echo "$t running"
elif [ -f "$t/code" ]; then echo "$t ended $(cat "$t/code")"
else echo "$t lost"; fi
done]]

local stop = [[
c=$(cat %s/child) || exit 0; echo cancelled >%s/outcome; kill -s TERM -- "-$c"
n=0; while [ $n -lt 50 ] && kill -0 -- "-$c"; do sleep 0.1; n=$((n+1)); done; kill -s KILL -- "-$c"; exit 0]]

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

local function on(host, settings, script)
    local command = { "ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=15" }
    for _, word in ipairs(settings.options or {}) do command[#command + 1] = word end
    for _, word in ipairs({ "--", host, "sh", "-s" }) do command[#command + 1] = word end
    local base = settings.folder and quoted(settings.folder) or '"${XDG_CACHE_HOME:-$HOME/.cache}/uhost/jobs"'
    return { command = command, stdin = prelude:format("base=" .. base, script) }
end

local function hosts_of(settings)
    local hosts = {}
    for i, each in ipairs(type(settings.hosts) == "table" and settings.hosts or { settings.hosts }) do
        local name, slots = each:match("^(.-):(%d+)$")
        hosts[i] = { name = name or each, slots = tonumber(slots or 1) }
    end
    return hosts
end

local function host_of(job) return job.id:match("^(.*)/") end

-- The same on all hosts, or on those of some jobs.
local function everywhere(settings, script_of)
    local all = {}
    for i, host in ipairs(hosts_of(settings)) do all[i] = on(host.name, settings, script_of(host)) end
    return { all = all }
end

local function first_line(text) return text:match("[^\n]+") or "ssh failed" end

function M.submit(job, answers)
    local hosts, best = hosts_of(job.settings), nil
    if #hosts == 0 then return { rejected = "no hosts are set in build.executors.ssh.hosts" } end
    if #answers == 0 then return everywhere(job.settings, function() return count end) end
    local unreachable
    for i, answer in ipairs(answers[1]) do
        local taken, load = answer.stdout:match("^(%d+) (%S+)")
        if not taken then unreachable = ("%s: %s"):format(hosts[i].name, first_line(answer.stderr)) end
        local free = taken and hosts[i].slots - taken or 0
        if free > 0 and (not best or free > best.free or free == best.free and tonumber(load) < best.load) then
            best = { name = hosts[i].name, free = free, load = tonumber(load) }
        end
    end
    if not best then
        return { busy = true, is_lost = unreachable ~= nil, reason = unreachable or "all slots are taken" }
    end
    local tag, resources = job.tag, job.resources or {}
    if #answers == 1 then
        local memory = resources.memory_bytes and math.ceil(resources.memory_bytes / 1024) or ""
        return on(best.name, job.settings, start:format(tag, quoted(job.script), tag, quoted(wrapper), tag, tag, tag,
            resources.time_limit_s or 0, memory, tag))
    end
    if answers[2].stdout:find("started") then
        return { id = best.name .. "/" .. tag, look = ("ssh %s tail .cache/uhost/jobs/%s/log"):format(best.name, tag) }
    end
    return { unsure = ("%s: %s"):format(best.name, first_line(answers[2].stderr)) }
end

function M.find(job, answers)
    if #answers == 0 then return everywhere(job.settings, function() return look_at:format(job.tag) end) end
    local unsure
    for i, host in ipairs(hosts_of(job.settings)) do
        local state = answers[1][i].stdout:match("^%S+ (%S+)")
        if state and state ~= "none" then return { id = host.name .. "/" .. job.tag } end
        if not state then unsure = ("%s: %s"):format(host.name, first_line(answers[1][i].stderr)) end
    end
    return unsure and { unsure = unsure } or nil
end

local function state_of(word, code, seconds, why)
    if word == "running" then return { state = "running" } end
    if word ~= "ended" then
        return { state = "ended", outcome = "node_failed", reason = "restarted, or the job's processes were killed" }
    end
    -- The job itself can write into that file.
    local was_ended = why == "timeout" or why == "cancelled"
    local outcome = was_ended and why or code == "0" and "passed" or "failed"
    return { state = "ended", outcome = outcome, code = tonumber(code), duration_s = tonumber(seconds) }
end

-- One question to each machine that has jobs.
function M.poll(subject, answers)
    local hosts, tags, states = {}, {}, {}
    for _, job in ipairs(subject.jobs) do
        local host = host_of(job)
        if not tags[host] then hosts[#hosts + 1], tags[host] = host, {} end
        table.insert(tags[host], job.tag)
    end
    if #answers == 0 then
        local all = {}
        for i, host in ipairs(hosts) do
            all[i] = on(host, subject.settings, look_at:format(table.concat(tags[host], " ")))
        end
        return { all = all }
    end
    for i, host in ipairs(hosts) do
        local answer = answers[1][i]
        for _, tag in ipairs(tags[host]) do
            states[host .. "/" .. tag] = { state = "unknown",
                reason = ("%s: %s"):format(host, first_line(answer.stderr)) }
        end
        for tag, word, code, seconds, why in answer.stdout:gmatch("(%S+) (%a+) ?(%d*) ?(%d*) ?(%a*)\n") do
            states[host .. "/" .. tag] = state_of(word, code, seconds, why)
        end
    end
    return { states = states }
end

function M.logs(job)
    return { parts = { on(host_of(job), job.settings, ("cat %s/log"):format(job.tag)) } }
end

function M.cancel(job, answers)
    return #answers == 0 and on(host_of(job), job.settings, stop:format(job.tag, job.tag)) or {}
end

function M.collect(job)
    local words = {}
    for i, path in ipairs(job.artifacts or {}) do words[i] = quoted(path) end
    local folder = job.cwd and quoted(job.cwd) or job.tag .. "/work"
    return { parts = { on(host_of(job), job.settings,
        ("cd -- %s && exec tar -cf - -- %s"):format(folder, table.concat(words, " "))) } }
end

local two_jobs = { settings = { hosts = { "a:2", "b" } }, jobs = { { id = "a/uhost-1", tag = "uhost-1" },
    { id = "b/uhost-2", tag = "uhost-2" }, { id = "a/uhost-3", tag = "uhost-3" } } }

M.examples = {
    { call = "submit", with = { { settings = { hosts = { "a:2", "b" } } }, { { { stdout = "2 0.5\n", stderr = "" },
        { stdout = "1 0.5\n", stderr = "" } } } },
        gives = { busy = true, is_lost = false, reason = "all slots are taken" } },
    { call = "submit", with = { { settings = { hosts = "a" } }, { { { stdout = "", stderr = "no route\n" } } } },
        gives = { busy = true, is_lost = true, reason = "a: no route" } },
    { call = "submit", with = { { tag = "uhost-1", settings = { hosts = { "a:2", "b:2" } } },
        { { { stdout = "0 0.9\n" }, { stdout = "0 0.1\n" } }, { stdout = "started\n" } } },
        gives = { id = "b/uhost-1", look = "ssh b tail .cache/uhost/jobs/uhost-1/log" } },
    { call = "poll", with = { two_jobs, { { { stdout = "uhost-1 ended 143 9 timeout\nuhost-3 lost\n", stderr = "" },
        { stdout = "", stderr = "no route\n" } } } }, gives = { states = {
            ["a/uhost-1"] = { state = "ended", outcome = "timeout", code = 143, duration_s = 9 },
            ["a/uhost-3"] = { state = "ended", outcome = "node_failed",
                reason = "restarted, or the job's processes were killed" },
            ["b/uhost-2"] = { state = "unknown", reason = "b: no route" } } } },
    { call = "poll", with = { two_jobs, { { { stdout = "uhost-1 ended 3 9 evil\nuhost-3 running\n", stderr = "" },
        { stdout = "uhost-2 ended 0 1 \n", stderr = "" } } } }, gives = { states = {
            ["a/uhost-1"] = { state = "ended", outcome = "failed", code = 3, duration_s = 9 },
            ["a/uhost-3"] = { state = "running" },
            ["b/uhost-2"] = { state = "ended", outcome = "passed", code = 0, duration_s = 1 } } } },
    { call = "find", with = { { tag = "uhost-1", settings = { hosts = { "a", "b" } } },
        { { { stdout = "uhost-1 none\n" }, { stdout = "uhost-1 running\n" } } } }, gives = { id = "b/uhost-1" } },
    { call = "find", with = { { tag = "uhost-1", settings = { hosts = "a" } }, { { { stdout = "", stderr = "" } } } },
        gives = { unsure = "a: ssh failed" } },
    { call = "logs", with = { { id = "a/uhost-1", tag = "uhost-1", settings = {} } },
        gives = { parts = { on("a", {}, "cat uhost-1/log") } } },
    { call = "cancel", with = { { id = "a/uhost-1", tag = "uhost-1", settings = {} }, {} },
        gives = on("a", {}, stop:format("uhost-1", "uhost-1")) },
    { call = "collect", with = { { id = "a/uhost-1", tag = "uhost-1", settings = {}, artifacts = { "it's" } } },
        gives = { parts = { on("a", {}, "cd -- uhost-1/work && exec tar -cf - -- 'it'\\''s'") } } },
}

return M
