--- A Slurm cluster of one node in a temporary folder: munged, slurmctld and slurmd, begun and ended by a test.
-- It needs root, and no systemd.
local shell = require "spec.support.shell"

local slurm = {}

local configuration = [[
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
SlurmctldPort=$port
SlurmdPort=$port1
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
SlurmdSpoolDir=$folder/spool
StateSaveLocation=$folder/state
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerParameters=sched_interval=1,batch_sched_delay=0
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
]]

local function write(path, text)
  local file = assert(io.open(path, "w"))
  assert(file:write(text))
  file:close()
end

-- Whether a command succeeds within so many tenths of a second.
local function comes(command, tenths)
  for _ = 1, tenths do
    if shell.run(command) then return true end
    shell.run "sleep 0.1"
  end
  return false
end

--- Begins the daemons. @return the cluster's folder, whose `slurm.conf` SLURM_CONF must name; `slurm.stop` ends it
function slurm.start()
  local folder, host = shell.folder(), shell.lines "hostname -s"[1]
  local port = 20000 + math.tointeger(require("luv").os_getpid()) % 20000
  assert(shell.run(("mkdir '%s/state' '%s/spool' && chmod 700 '%s'"):format(folder, folder, folder)))
  write(folder .. "/slurm.conf", (configuration:gsub("%$(%l+)(1?)", function(name, one)
    return ({ host = host, folder = folder, cpus = shell.lines "nproc"[1],
      port = ("%d"):format(port + (one == "1" and 1 or 0)) })[name]
  end)))
  local function daemon(name, command)
    local ok, text = shell.run(command)
    if not ok then
      slurm.stop(folder)
      error(("%s: %s"):format(name, text), 0)
    end
  end
  daemon("munged", ("cd '%s' && head -c 128 /dev/urandom >munge.key && chmod 600 munge.key && munged --force "
    .. "--socket=\"$PWD/munge.socket\" --key-file=\"$PWD/munge.key\" --pid-file=\"$PWD/munge.pid\" "
    .. "--log-file=\"$PWD/munge.log\" --seed-file=\"$PWD/munge.seed\""):format(folder))
  daemon("slurmctld", ("SLURM_CONF='%s/slurm.conf' slurmctld"):format(folder))
  daemon("slurmd", ("SLURM_CONF='%s/slurm.conf' slurmd"):format(folder))
  if not comes(("SLURM_CONF='%s/slurm.conf' sinfo --noheader -o %%T | grep -qx idle"):format(folder), 300) then
    local _, log = shell.run(("tail -n 20 '%s'/*.log"):format(folder))
    slurm.stop(folder)
    error("the node does not come up: " .. log, 0)
  end
  return folder
end

--- A command as a user of the cluster. @return as `shell.run`
function slurm.run(folder, command) return shell.run(("export SLURM_CONF='%s/slurm.conf'; %s"):format(folder, command)) end

--- Waits until the queue is empty. @return whether it was within so many seconds
function slurm.drained(folder, seconds)
  return comes(("test -z \"$(SLURM_CONF='%s/slurm.conf' squeue --noheader)\""):format(folder), 10 * seconds)
end

--- Ends the daemons, each by the id that it has written down.
function slurm.stop(folder)
  for _, name in ipairs { "slurmd", "slurmctld", "munge" } do
    shell.run(("kill $(cat '%s/%s.pid')"):format(folder, name))
  end
  comes(("! kill -0 $(cat '%s/slurmctld.pid' '%s/slurmd.pid' 2>/dev/null) 2>/dev/null"):format(folder, folder), 100)
end

--- Whether this machine can: root, and the programs.
function slurm.possible()
  return shell.run "test \"$(id -u)\" = 0 && command -v munged && command -v slurmctld && command -v slurmd && command -v sbatch"
end

return slurm
