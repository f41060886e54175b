--- Medians and ranges of samples.
local stats = {}

function stats.median(list)
  local sorted = table.move(list, 1, #list, 1, {})
  table.sort(sorted)
  local n = #sorted
  if n == 0 then return nil end
  return (sorted[(n + 1) // 2] + sorted[n // 2 + 1]) / 2
end

--- @return { median =, min =, max =, samples = } or nil for no samples
function stats.of(list)
  if #list == 0 then return nil end
  return { median = stats.median(list), min = math.min(table.unpack(list)), max = math.max(table.unpack(list)), samples = list }
end

return stats
