--- The results as JSON: machine, settings, every sample.
local json = require "tenor.json"
local report = require "bench.support.report"

local results = {}

function results.encode(info, rows)
  local whole = { rows = {} }
  for key, value in pairs(info) do whole[key] = value end
  for i, row in ipairs(rows) do
    local copy = { met = report.met(row) }
    for key, value in pairs(row) do copy[key] = value end
    whole.rows[i] = copy
  end
  return json.encode(whole, { indent = 2 }) .. "\n"
end

function results.write(path, info, rows)
  local file = assert(io.open(path, "w"))
  assert(file:write(results.encode(info, rows)))
  file:close()
end

--- The command of the interpreter that runs us.
function results.interpreter(argument)
  local first = 0
  while argument[first - 1] do first = first - 1 end
  return argument[first]
end

return results
