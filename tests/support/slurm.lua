-- A Slurm of one node of one's own: munged, slurmctld and slurmd in the foreground, in a temporary folder.
local servers = require("support.servers")

local M = {}

-- No cgroups: processes are found through /proc. Partition "urgent" takes the place of jobs in the others: those of
-- "debug" go back into the queue, those of "cancel" are ended.
local configuration = [[
ClusterName=uhost
SlurmctldHost=@HOST@(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=@FOLDER@/munge.socket
CredType=cred/munge
SlurmctldPort=@CONTROLLER@
SlurmdPort=@NODE@
StateSaveLocation=@FOLDER@/state
SlurmdSpoolDir=@FOLDER@/spool
SlurmctldPidFile=@FOLDER@/slurmctld.pid
SlurmdPidFile=@FOLDER@/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
DefMemPerCPU=50
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
KillWait=1
SlurmdTimeout=5
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1
NodeName=@HOST@ NodeAddr=127.0.0.1 CPUs=4 RealMemory=2000 State=UNKNOWN
PartitionName=debug Nodes=@HOST@ Default=YES State=UP PriorityTier=1 PreemptMode=REQUEUE
PartitionName=cancel Nodes=@HOST@ State=UP PriorityTier=1 PreemptMode=CANCEL
PartitionName=urgent Nodes=@HOST@ State=UP PriorityTier=10 PreemptMode=OFF
]]

--- Why there is none to start; nil where there is.
---@return string?
function M.missing()
    if process.run{ "id", "-u" }.stdout ~= "0\n" then return "slurmd needs root" end
    local test = "command -v munged slurmctld slurmd sbatch"
    if process.run{ "sh", "-c", test, stdout = "discard" }.code ~= 0 then return "slurm-wlm is not installed" end
end

local function started(folder, name, command)
    command.merge_stderr, command.stdout, command.supervised = true, { file = ("%s/%s.out"):format(folder, name) }, true
    command.env = { SLURM_CONF = folder .. "/slurm.conf" }
    return process.start(command)
end

--- Runs `body(slurm)`: `slurm.env` is the environment of those who use it, `slurm.run{ … }` runs one of its commands,
--- `slurm.stop(name)` and `slurm.start(name)` end and begin a daemon.
function M.with(body)
    return servers.in_folder(function(folder)
        local host = process.run{ "hostname", "-s", check = true }.stdout:gsub("\n", "")
        local controller, node = servers.free_ports(2)
        for _, name in ipairs({ "state", "spool" }) do fs.mkdir(folder .. "/" .. name) end
        process.run{ "sh", "-c", "umask 077; head -c 128 /dev/urandom >munge.key", cwd = folder, check = true }
        fs.write(folder .. "/slurm.conf", (configuration:gsub("@(%u+)@",
            { HOST = host, FOLDER = folder, CONTROLLER = tostring(controller), NODE = tostring(node) })))
        local commands = {
            munged = { "munged", "--foreground", "--force", "--num-threads=2", "--key-file=" .. folder .. "/munge.key",
                "--socket=" .. folder .. "/munge.socket", "--pid-file=" .. folder .. "/munged.pid",
                "--log-file=" .. folder .. "/munged.log", "--seed-file=" .. folder .. "/munged.seed" },
            slurmctld = { "slurmctld", "-D", "-f", folder .. "/slurm.conf" },
            slurmd = { "slurmd", "-D", "-f", folder .. "/slurm.conf", "-N", host },
        }
        local daemons = {}
        local slurm = { env = { SLURM_CONF = folder .. "/slurm.conf" }, folder = folder }
        function slurm.start(name) daemons[name] = started(folder, name, tables.copy(commands[name])) end
        function slurm.stop(name)
            daemons[name]:terminate()
            daemons[name]:wait()
        end
        function slurm.run(command)
            command.env = slurm.env
            return process.run(command)
        end
        return task.finally(function()
            for _, name in ipairs({ "munged", "slurmctld", "slurmd" }) do slurm.start(name) end
            local state
            for _ = 1, 200 do
                state = slurm.run{ "sinfo", "-h", "-o", "%T", "-p", "debug" }.stdout
                if state == "idle\n" then return body(slurm) end
                task.sleep(0.1)
            end
            error("the node did not come up: " .. state .. (fs.read(folder .. "/slurmctld.out") or ""), 0)
        end, function()
            for _, name in ipairs({ "slurmd", "slurmctld", "munged" }) do
                if daemons[name] then daemons[name]:close() end
            end
        end)
    end)
end

return M
