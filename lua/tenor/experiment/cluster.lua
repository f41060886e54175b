--- An experiment on many machines: the scripts of a Slurm job array, and a command of GNU parallel.
--
-- Both share a folder: the experiment's file, its data and its results lie in the results folder, each task takes every n-th
-- run, and a run's record appears whole or not at all. A task that is repeated does only what is missing.
local fs = require "tenor.fs"
local options = require "tenor.options"
local quoted_text = require "tenor.quoted"
local plans = require "tenor.experiment.plans"

local cluster = {}

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

-- The folder as every machine knows it, and the file that an array works from: this experiment's own, whatever is run in
-- the folder later.
local function place(experiment)
  local made, store = experiment.made, experiment.store
  -- it stands in a comment of sbatch's, in Lua's long brackets, and parallel puts numbers in braces
  if made.results:find '[%c"{]' or made.results:find("]==]", 1, true) then
    return nil, ("%s: a folder that a cluster's scripts name must have no line breaks, quotation marks, braces or ]==] in its path")
      :format(quoted_text(made.results))
  end
  local ok, why = fs.make_folder(store:path "cluster")
  if not ok then return nil, why end
  local name = ("cluster/%s"):format(plans.key(made):sub(1, 12))
  local file = ("%s/%s.json"):format(made.results, name)
  ok, why = fs.write(file, require "tenor.json".encode(made) .. "\n")
  if not ok then return nil, why end
  return ("%s/%s"):format(made.results, name), file
end

-- The search paths of this process as shell words, relative folders made full.
local function search_paths()
  local folder = require "luv".cwd()
  local function full(paths)
    return quoted((paths:gsub("[^;]+", function(one) return one:find "^%./" and folder .. one:sub(2) or one end)))
  end
  return full(package.path), full(package.cpath)
end

local function check_whole(call, name, v)
  if v ~= nil and (math.type(v) ~= "integer" or v < 1) then
    error(("%s: %s must be a whole number from 1, got %s"):format(call, name, tostring(v)), 3)
  end
end

local slurm_defaults = {
  array = options.none, at_once = options.none, time = options.none, partition = options.none, memory = options.none,
  account = options.none, setup = "", more = {}, interpreter = options.none,
}

local function directives(o, made)
  local list = {
    ("--job-name=%s"):format((made.name:gsub("[^%w_.-]+", "_"))), "--ntasks=1", ("--cpus-per-task=%d"):format(made.threads),
  }
  for _, pair in ipairs { { "time", o.time }, { "partition", o.partition }, { "mem", o.memory }, { "account", o.account } } do
    if pair[2] ~= nil then list[#list + 1] = ("--%s=%s"):format(pair[1], pair[2]) end
  end
  table.move(o.more, 1, #o.more, #list + 1, list)
  return "#SBATCH " .. table.concat(list, "\n#SBATCH ")
end

-- $1 is the experiment's file; the shell's words and Lua's long brackets leave it as it is.
local array_script = [[
#!/bin/sh
$directives
#SBATCH --array=1-$tasks$limit
#SBATCH --output="$base.%a.out"
# Task i takes the runs i, i + $tasks, ...; what is finished already is passed over.
$setup
exec $lua -e "require('tenor.experiment.worker').main { [==[$1]==], $SLURM_ARRAY_TASK_ID, $tasks }"
]]
local collect_script = [[
#!/bin/sh
$directives
#SBATCH --output="$base.collect.out"
# Writes runs.jsonl, and tells what is missing.
$setup
exec $lua -e "require('tenor.experiment.worker').collect [==[$1]==]"
]]
local submit_script = [[
#!/bin/sh
# Submits the array, and the collection for when it has ended, well or not.
set -e
array=$(sbatch --parsable $array_file $file)
sbatch --parsable --dependency=afterany:"${array%%;*}" $collect_file $file
]]

local function filled(script, values)
  return (script:gsub("%$(%l[%w_]*)", values):gsub("\n\n+", "\n"))
end

--- Writes the scripts of a Slurm job array. Nothing is submitted.
-- @param experiment prepared
-- @tparam[opt] table given see `Experiment:slurm`
-- @return `{ command =, tasks =, array =, collect =, submit =, file = }`; or nil and a message
function cluster.slurm(experiment, given)
  local call = "experiment:slurm"
  local o = options.fill(call, given, slurm_defaults, 4)
  check_whole(call, "array", o.array)
  check_whole(call, "at_once", o.at_once)
  local base, file = place(experiment)
  if not base then return nil, file end
  local result = { file = file, tasks = math.min(o.array or math.huge, #plans.of(experiment.made)) }
  for _, name in ipairs { "array", "collect", "submit" } do result[name] = ("%s.%s.sh"):format(base, name) end
  local path, cpath = search_paths()
  local values = {
    directives = directives(o, experiment.made), tasks = tostring(result.tasks), limit = o.at_once and "%" .. o.at_once or "",
    base = base, lua = quoted(o.interpreter or require "luv".exepath()), file = quoted(file),
    array_file = quoted(result.array), collect_file = quoted(result.collect),
    setup = ("%s\nexport LUA_PATH_5_4=%s LUA_CPATH_5_4=%s"):format(o.setup, path, cpath),
  }
  for name, script in pairs { array = array_script, collect = collect_script, submit = submit_script } do
    local ok, why = fs.write(result[name], filled(script, values))
    if not ok then return nil, why end
  end
  result.command = "sh " .. quoted(result.submit)
  return result
end

local parallel_defaults = { hosts = { ":" }, jobs = options.none, interpreter = options.none, more = options.none }

--- The command of GNU parallel that runs an experiment on the machines `hosts`, by ssh. Nothing is run.
-- @param experiment prepared
-- @tparam[opt] table given see `Experiment:parallel`
-- @return `{ command =, tasks =, file = }`; or nil and a message
function cluster.parallel(experiment, given)
  local call = "experiment:parallel"
  local o = options.fill(call, given, parallel_defaults, 4)
  check_whole(call, "jobs", o.jobs)
  if type(o.hosts) ~= "table" or #o.hosts == 0 then
    error(("%s: hosts must be a list such as { ':', 'user@host', '4/host' }, got %s"):format(call,
      type(o.hosts) == "table" and "none" or type(o.hosts)), 3)
  end
  local base, file = place(experiment)
  if not base then return nil, file end
  local tasks, path, cpath = #plans.of(experiment.made), search_paths()
  local task = ("LUA_PATH_5_4=%s LUA_CPATH_5_4=%s %s -e %s"):format(path, cpath,
    quoted(o.interpreter or require "luv".exepath()),
    quoted(("require('tenor.experiment.worker').main { [==[%s]==], {}, %d }"):format(file, tasks)))
  return { tasks = tasks, file = file, command = ("seq %d | parallel --will-cite --jobs %s --sshlogin %s%s %s"):format(tasks,
    o.jobs or ("%d%%"):format(math.max(1, 100 // experiment.made.threads)), quoted(table.concat(o.hosts, ",")),
    o.more and " " .. o.more or "", quoted(task)) }
end

return cluster
