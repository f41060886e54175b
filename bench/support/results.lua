--- The results as JSON: machine, settings, every sample.
local json = require "dkjson"
local report = require "bench.support.report"

local results = {}

local order = {
  "machine", "core", "threads", "runs", "load", "padded_runs", "sgemm", "rows", "name", "unit", "tenor", "peer_name", "peer",
  "ratio", "least", "below", "above", "met", "median", "min", "max", "samples",
}

function results.encode(info, rows)
  local whole = { rows = {} }
  for key, value in pairs(info) do whole[key] = value end
  for i, row in ipairs(rows) do
    local copy = { met = report.met(row) }
    for key, value in pairs(row) do copy[key] = value end
    whole.rows[i] = copy
  end
  return json.encode(whole, { indent = true, keyorder = order }) .. "\n"
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
