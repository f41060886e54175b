--- What training leaves behind: one entry an epoch, and how it ended. `#history` is the number of epochs.
-- Fields: `epochs`, a list of { epoch, loss, val_loss, val_ccc }, the last a list of one CCC an output; `best_epoch` and
-- `best_val_loss` where there was validation; `stopped`, why; `seed` and `batch` of the run; `notes`.
-- @classmod History
local harmless = require "tenor.harmless"

local History = {}
History.__index = History
History.__name = "tenor.History"

--- Begins a history; `fit` does.
-- @tparam table fields of the run: `seed`, `batch`, `optimizer`
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
  for _, note in ipairs(self.notes) do lines[#lines + 1] = "note: " .. harmless(note) end
  lines[#lines + 1] = ("stopped: %s%s"):format(harmless(self.stopped or "running"),
    self.best_epoch and (", best epoch %d"):format(self.best_epoch) or "")
  return table.concat(lines, "\n")
end

-- One number of every epoch, NaN where it is absent.
local function column(epochs, pick)
  local list = {}
  for i, e in ipairs(epochs) do list[i] = pick(e) or 0 / 0 end
  return list
end

--- Draws the learning curves: loss and validation loss, and the CCC of each output on validation, by epoch.
-- The best epoch is marked by a line. Needs the program gnuplot.
-- @string path a name that ends in .svg; nil gives the SVG as a string
-- @tparam[opt] table given `names` of the outputs, `title`, `width` (440), `height` (320)
-- @treturn true|string true or the SVG, or nil and a message
-- @raise when there are no epochs
function History:plot(path, given)
  local plot, options = require "tenor.plot", require "tenor.options"
  local o = options.fill("history:plot", given, { names = {}, title = "Learning curves", width = 440, height = 320 })
  if path ~= nil and (type(path) ~= "string" or not path:find "%.svg$") then
    error(("history:plot: path must end in .svg, got '%s'"):format(tostring(path)), 2)
  end
  if #self.epochs == 0 then error("history:plot: no epoch has ended yet", 2) end
  local x = column(self.epochs, function(e) return e.epoch end)
  local series = { { x = x, y = column(self.epochs, function(e) return e.loss end), label = "loss, training", dash = 2 } }
  if self.epochs[1].val_loss then
    series[2] = { x = x, y = column(self.epochs, function(e) return e.val_loss end), label = "loss, validation",
      color = plot.colors[1] }
    for k in ipairs(self.epochs[1].val_ccc or {}) do
      series[k + 2] = { x = x, y = column(self.epochs, function(e) return e.val_ccc and e.val_ccc[k] end),
        color = plot.colors[k + 1], label = "CCC, " .. (o.names[k] or ("output %d"):format(k)) }
    end
  end
  local best = self.best_epoch and ('set arrow from %d, graph 0 to %d, graph 1 nohead dt 3 lc rgb "%s"\n'):format(
    self.best_epoch, self.best_epoch, plot.ink) or ""
  local svg, why = plot.lines { series = series, xlabel = "epoch", title = o.title, width = o.width, height = o.height,
    key = "below maxcols 2 width -2", commands = best,
    description = tostring(self) }
  if not svg or not path then return svg, why end
  return plot.save(path, svg)
end

return History
