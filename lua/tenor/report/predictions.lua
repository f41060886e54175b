--- The predictions of a run on the test set, from the file that its record names.
local csv = require "tenor.csv"

local predictions = {}

--- Reads the test rows: `{ ids =, speakers =, gold = { label → list }, pred = { label → list } }`, or nil and why not.
-- @string folder where the record's path begins
function predictions.read(folder, record)
  if type(record.predictions) ~= "string" then return nil, ("run %s names no file of predictions"):format(record.key) end
  local path = record.predictions:find "^/" and record.predictions or folder .. "/" .. record.predictions
  local rows, header = csv.read(path)
  if not rows then return nil, header end
  local present = {}
  for _, name in ipairs(header) do present[name] = true end
  local out = { ids = {}, speakers = {}, gold = {}, pred = {} }
  for _, label in ipairs(record.labels) do
    for _, side in ipairs { "gold", "pred" } do
      if not present[side .. "_" .. label] then return nil, ("%s: has no column %s_%s"):format(path, side, label) end
      out[side][label] = {}
    end
  end
  for i, row in ipairs(rows) do
    if row.split == "test" or not present.split then
      local n = #out.ids + 1
      out.ids[n], out.speakers[n] = row.id or tostring(i), row.speaker or ""
      for _, label in ipairs(record.labels) do
        for _, side in ipairs { "gold", "pred" } do
          local x = tonumber(row[side .. "_" .. label])
          if not x or x ~= x or x - x ~= 0 then
            return nil, ("%s: row %d: %s_%s is no finite number"):format(path, i, side, label)
          end
          out[side][label][n] = x
        end
      end
    end
  end
  if #out.ids == 0 then return nil, path .. ": has no rows of the split 'test'" end
  return out
end

return predictions
