--- The table of results: mean and deviation over the seeds, in both protocols of scoring.
local tenor = require "tenor"

local notes = { ccc = "ccc, of the whole test set", ccc_batch32 = "ccc_batch32, mean of batches of 32, the paper's protocol" }

local function columns_of(made)
  local list = {}
  for _, task in ipairs(made.tasks) do
    for k, label in ipairs(task.labels) do
      list[#list + 1] = { title = task.name .. " " .. label:sub(1, 1):upper(), task = task.name,
        of = function(scores) return scores[k] end }
    end
    if #task.labels > 1 then
      list[#list + 1] = { title = task.name .. " mean", task = task.name, of = function(scores)
        local sum = 0
        for _, v in ipairs(scores) do sum = sum + v end
        return sum / #scores
      end }
    end
  end
  return list
end

return function(made, records)
  local lines, columns = {}, columns_of(made)
  for _, protocol in ipairs(made.protocols) do
    for _, measure in ipairs { "ccc", "ccc_batch32" } do
      lines[#lines + 1] = ("\n%s; mean ± deviation of %d seeds%s"):format(notes[measure], #made.seeds,
        #made.protocols > 1 and "; protocol " .. protocol or "")
      local head = { ("%-12s"):format("Features") }
      for i, column in ipairs(columns) do head[i + 1] = ("%15s"):format(column.title) end
      lines[#lines + 1] = table.concat(head)
      for _, system in ipairs(made.systems) do
        local cells = { ("%-12s"):format(system.name) }
        for i, column in ipairs(columns) do
          local values = {}
          for _, r in ipairs(records) do
            if r.name == system.name and r.task == column.task and r.protocol == protocol then
              values[#values + 1] = column.of(r.test[measure])
            end
          end
          local list = #values > 0 and tenor.tensor(values)
          cells[i + 1] = list and ("%6.3f ± %.3f"):format(list:mean(), list:std()) or ("%14s"):format "-"
        end
        lines[#lines + 1] = table.concat(cells, "  ")
      end
    end
  end
  return table.concat(lines, "\n")
end
