--- What training leaves behind: one entry an epoch, and how it ended.
-- @classmod History
local History = {}
History.__index = History
History.__name = "tenor.History"

function History.new(fields)
  fields.epochs, fields.resumed, fields.notes = {}, {}, {}
  return setmetatable(fields, History)
end

function History:__len() return #self.epochs end

local function number(v) return v and ("%.4f"):format(v) or "-" end

--- A table of the epochs, the best one marked, and the reason for the end.
function History:__tostring()
  local lines = { "epoch     loss  val loss  val ccc" }
  for _, e in ipairs(self.epochs) do
    local parts = {}
    for i, v in ipairs(e.val_ccc or {}) do parts[i] = number(v) end
    lines[#lines + 1] = ("%4d%s %8s %9s  %s"):format(e.epoch, e.epoch == self.best_epoch and "*" or " ",
      number(e.loss), number(e.val_loss), table.concat(parts, " "))
  end
  for _, from in ipairs(self.resumed) do
    lines[#lines + 1] = ("resumed: after %d batches of epoch %d"):format(from.batch, from.epoch)
  end
  for _, note in ipairs(self.notes) do lines[#lines + 1] = "note: " .. note end
  lines[#lines + 1] = ("stopped: %s%s"):format(self.stopped or "running",
    self.best_epoch and (", best epoch %d"):format(self.best_epoch) or "")
  return table.concat(lines, "\n")
end

return History
