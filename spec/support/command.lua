--- The command `tenor`, run as a person does in a folder that has a tiny corpus.
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local tiny = require "spec.support.corpus"

local command = {}

--- A folder of its own, and how to run the command in it.
-- @return `run(words, before)` → standard output, standard error, status; `before` is what stands before the command, such
-- as "exec </dev/null;". `run.folder` is the folder, `run.script` the command
function command.new()
  local root, folder = shell.lines "pwd"[1], shell.folder()
  tiny.write(folder)
  local run = { folder = folder, script = root .. "/bin/tenor" }
  return setmetatable(run, { __call = function(_, words, before)
    local _, text = shell.run(("cd '%s' && export TENOR_CACHE='%s/cache'; %s %s '%s' %s 2>errors; echo \"status $?\"")
      :format(folder, folder, before or "exec </dev/null;", shell.lua, run.script, words))
    local out, status = text:match "^(.*)status (%d+)\n$"
    return out, scratch.read(folder .. "/errors"), tonumber(status)
  end })
end

return command
