-- Slurm: jobs, and arrays of jobs, through sbatch. Settings in build.executors.slurm: `partition`, `account`, `qos`;
-- `options`, a list of more words for sbatch; `folder`, where output and exit codes go, which the nodes have to share
-- with this machine (default: jobs/ in the state folder). Slurm counts time limits in minutes.
local M = {}

M.arrays = true
-- How often what was lost is submitted again. Slurm itself does so first where its PreemptMode is REQUEUE.
M.requeue = { preempted = 3, node_failed = 1 }

local outcomes = { COMPLETED = "passed", FAILED = "failed", TIMEOUT = "timeout", DEADLINE = "timeout",
    CANCELLED = "cancelled", REVOKED = "cancelled", OUT_OF_MEMORY = "out_of_memory", NODE_FAIL = "node_failed",
    BOOT_FAIL = "node_failed", PREEMPTED = "preempted" }
-- Why a job in the queue will never start.
local hopeless = { BadConstraints = true, InvalidAccount = true, InvalidQOS = true, PartitionTimeLimit = true,
    PartitionNodeLimit = true, DependencyNeverSatisfied = true }

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end
local function file_of(job, ending) return { file = ("%s-%d.%s"):format(job.tag, job.position, ending) } end

local squeue = { command = { "squeue", "--me", "--states=all", "-r", "-h", "-O",
    "JobArrayID:|,State:|,exit_code:|,NodeList:|,Reason:|,Comment:|" } }

local function rows_of(text)
    local rows = {}
    for id, state, status, node, reason, tag in text:gmatch("([^|\n]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^\n]*)|\n") do
        rows[#rows + 1] = { id = id, state = state, status = tonumber(status) or 0, node = node, reason = reason,
            tag = tag }
    end
    return rows
end

-- The job's own exit code is kept in a file as well: Slurm soon forgets.
local function batch_script(job)
    local lines = { "#!/bin/sh", 'n=${SLURM_ARRAY_TASK_ID:-0}', 'case "$n" in' }
    for i, script in ipairs(job.scripts or { job.script }) do
        lines[#lines + 1] = ("%d) set -- %s ;;"):format(i - 1, quoted(script))
    end
    lines[#lines + 1] = ('esac\nf=%s-$n.code\n( eval "$1" )\ncode=$?'):format(quoted(job.folder .. "/" .. job.tag))
    lines[#lines + 1] = 'echo "$code ${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}" >"$f.new" && mv "$f.new" "$f"\nexit $code\n'
    return table.concat(lines, "\n")
end

local function ids_of(base, job)
    local ids = {}
    for i = 1, job.size do ids[i] = job.size > 1 and ("%s_%d"):format(base, i - 1) or base end
    return { ids = ids, look = "scontrol show job " .. base }
end

function M.submit(job, answers)
    local answer = answers[1]
    if answer then
        local id = answer.code == 0 and answer.stdout:match("^(%d+)")
        if id then return ids_of(id, job) end
        local reason = answer.stderr:match("submission failed: ([^\n]*)") or answer.stderr:match("[^\n]*")
        if reason:find("ontact slurm") or reason:find("[Tt]imed out") then return { unsure = reason } end
        return { rejected = reason }
    end
    local resources, settings = job.resources or {}, job.settings
    local command = { "sbatch", "--parsable", "--requeue", "--open-mode=append", "--job-name=" .. job.name,
        "--comment=" .. job.tag, ("--output=%s/%s-%s.log"):format(job.folder:gsub("%%", "%%%%"), job.tag,
            job.size > 1 and "%a" or "0") }
    for _, each in ipairs({ { "partition", settings.partition }, { "account", settings.account },
        { "qos", settings.qos }, { "array", job.size > 1 and "0-" .. job.size - 1 },
        { "cpus-per-task", resources.cpus }, { "gpus", resources.gpus },
        { "mem", resources.memory_bytes and math.ceil(resources.memory_bytes / 2 ^ 20) .. "M" },
        { "time", resources.time_limit_s and math.ceil(resources.time_limit_s / 60) } }) do
        if each[2] then command[#command + 1] = ("--%s=%s"):format(each[1], each[2]) end
    end
    for _, word in ipairs(settings.options or {}) do command[#command + 1] = word end
    return { command = command, stdin = batch_script(job) }
end

-- Among what Slurm still knows, then by the file that the job left.
function M.find(job, answers)
    if #answers == 0 then return { all = { squeue, file_of(job, "code") } } end
    local queue, file = answers[1][1], answers[1][2]
    for _, row in ipairs(rows_of(queue.stdout)) do
        if row.tag == job.tag then return ids_of(row.id:match("^%d+"), job) end
    end
    local id = (file.text or ""):match("^%d+ (%d+)")
    if not id and queue.code ~= 0 then return { unsure = queue.stderr } end
    return id and ids_of(id, job)
end

local function state_of(row, log)
    local outcome = outcomes[row.state:match("^[%u_]+")]
    local state = { state = "ended", reason = row.reason ~= "None" and row.reason or nil, node = row.node,
        outcome = outcome or hopeless[row.reason] and "rejected" or nil, cancel = not outcome or nil }
    if not state.outcome then
        state.cancel = nil
        local waits = row.state:find("^PENDING") or row.state:find("^CONF") or row.state:find("^REQUEUE")
        state.state = waits and "queued" or "running"
        return state
    end
    local signal = row.status % 128
    local ended_by_itself = signal == 0 and (outcome == "passed" or outcome == "failed")
    state.code, state.signal = ended_by_itself and row.status / 256 or nil, signal > 0 and tostring(signal) or nil
    if log and log:find("xceeded[%w ]* memory limit") then state.outcome = "out_of_memory" end
    return state
end

-- What squeue has, else the exit code in the job's file. That a job was killed for its memory may be said only in its
-- log.
function M.poll(subject, answers)
    if #answers == 0 then return squeue end
    local states, rows, more = {}, {}, {}
    for _, row in ipairs(rows_of(answers[1].stdout)) do rows[row.id] = row end
    for _, job in ipairs(subject.jobs) do
        local row = rows[job.id]
        local wanted = not row and "code" or row.state == "FAILED" and row.status % 128 == 9 and "log"
        local file = wanted and answers[2] and answers[2][#more + 1].text
        if wanted then more[#more + 1] = file_of(job, wanted) end
        local code = not row and file and tonumber(file:match("^%d+"))
        states[job.id] = row and state_of(row, file)
            or code and { state = "ended", outcome = code == 0 and "passed" or "failed", code = code }
            or { state = "unknown", reason = answers[1].stderr:match("[^\n]+") }
    end
    if #more > 0 and not answers[2] then return { all = more } end
    return { states = states }
end

function M.logs(job) return { parts = { file_of(job, "log") } } end

function M.cancel(job, answers) return #answers == 0 and { command = { "scancel", job.id } } or {} end

function M.collect(job)
    return { parts = { { command = { "tar", "-C", job.cwd or ".", "-cf", "-", "--", unpack(job.artifacts or {}) } } } }
end

M.examples = {
    { call = "submit", with = { { tag = "uhost-1", name = "ls", size = 2, folder = "/f", scripts = { "ls", "id" },
        settings = { partition = "long" }, resources = { cpus = 2, memory_bytes = 2 ^ 30, time_limit_s = 90 } }, {} },
        gives = { command = { "sbatch", "--parsable", "--requeue", "--open-mode=append", "--job-name=ls",
            "--comment=uhost-1", "--output=/f/uhost-1-%a.log", "--partition=long", "--array=0-1", "--cpus-per-task=2",
            "--mem=1024M", "--time=2" },
            stdin = '#!/bin/sh\nn=${SLURM_ARRAY_TASK_ID:-0}\ncase "$n" in\n0) set -- \'ls\' ;;\n'
                .. '1) set -- \'id\' ;;\nesac\nf=\'/f/uhost-1\'-$n.code\n( eval "$1" )\n'
                .. 'code=$?\necho "$code ${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}" >"$f.new" && mv "$f.new" "$f"\n'
                .. "exit $code\n" } },
    { call = "submit", with = { { size = 1 }, { { code = 0, stdout = "7\n" } } },
        gives = { ids = { "7" }, look = "scontrol show job 7" } },
    { call = "submit", with = { {}, { { code = 1, stderr = "sbatch: error: Unable to contact slurm controller" } } },
        gives = { unsure = "sbatch: error: Unable to contact slurm controller" } },
    { call = "poll", with = { { jobs = { { id = "1" }, { id = "2" }, { id = "3_0" } } }, { { stderr = "", stdout =
        "1|TIMEOUT|15|n1|TimeLimit||\n2|PENDING|0||PartitionTimeLimit||\n3_0|NODE_FAIL|0|n2|NodeDown||\n" } } },
        gives = { states = {
            ["1"] = { state = "ended", outcome = "timeout", signal = "15", node = "n1", reason = "TimeLimit" },
            ["2"] = { state = "ended", outcome = "rejected", cancel = true, node = "", reason = "PartitionTimeLimit" },
            ["3_0"] = { state = "ended", outcome = "node_failed", node = "n2", reason = "NodeDown" } } } },
    { call = "poll", with = { { jobs = { { id = "1", tag = "uhost-1", position = 0 } } },
        { { code = 0, stdout = "", stderr = "" }, { { text = "4 1\n" } } } },
        gives = { states = { ["1"] = { state = "ended", outcome = "failed", code = 4 } } } },
    { call = "find", with = { { tag = "uhost-1", position = 0, size = 2 }, { { { code = 1, stdout = "",
        stderr = "no contact" }, { text = "0 7\n" } } } },
        gives = { ids = { "7_0", "7_1" }, look = "scontrol show job 7" } },
    { call = "logs", with = { { tag = "uhost-1", position = 2 } }, gives = { parts = { { file = "uhost-1-2.log" } } } },
    { call = "collect", with = { { cwd = "/w", artifacts = { "out" } } },
        gives = { parts = { { command = { "tar", "-C", "/w", "-cf", "-", "--", "out" } } } } },
    { call = "cancel", with = { { id = "7_1" }, {} }, gives = { command = { "scancel", "7_1" } } },
}

return M
