-- A CSV file, record by record; what is read is written and read as the same.
local csv = require "tenor.csv"

return {
  hook = true,
  fixed = 256 * 1024,
  per_byte = 64,
  max_len = 512,
  run = function(path)
    local list, header = csv.read(path)
    if not list then return nil, header end
    local lines = { csv.line(header, #header) }
    for i, record in ipairs(list) do
      local values = {}
      for k, name in ipairs(header) do values[k] = record[name] end
      lines[i + 1] = csv.line(values, #header)
    end
    local reader = assert(csv.parse(table.concat(lines, "\n") .. "\n", path))
    for _, record in ipairs(list) do
      local again = assert(reader:read())
      for name, value in pairs(record) do assert(again[name] == value) end
    end
    return true
  end,
}
