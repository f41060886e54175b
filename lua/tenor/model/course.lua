--- Predictions along a long recording, window by window. Each window is taken for an utterance of its own, so its
-- numbers are those of a file that holds it alone.
local audio = require "tenor.audio"
local csv = require "tenor.csv"
local features = require "tenor.features"
local options = require "tenor.options"
local progress = require "tenor.progress"
local tensor = require "tenor.tensor"

local call = "model:predict"

--- Predictions along a recording. Fields: `first`, `last`, lists of seconds; `values`, a tensor (n, K) on the label
-- scale; `raw`, what the network gave; `labels`, `scale`, `window`, `step`, `path`; of a cross-validation's models `models`, how
-- many, and `fold`, the one that held the recording out. `#course` is how many windows there are.
local Course = { __name = "tenor.model.Course" }
Course.__index = Course

function Course:__len() return #self.first end

--- Writes `start`, `stop` (seconds) and a column a label.
-- @string path
-- @return true, or nil and a message
function Course:write(path)
  local header, records = { "start", "stop" }, {}
  table.move(self.labels, 1, #self.labels, 3, header)
  for i = 1, #self do
    local record = { start = ("%.6g"):format(self.first[i]), stop = ("%.6g"):format(self.last[i]) }
    for k, name in ipairs(self.labels) do record[name] = ("%.9g"):format(self.values[i][k]) end
    records[i] = record
  end
  return csv.write(path, header, records)
end

--- Draws the labels over time, each value at the middle of its window.
-- @string path ends in .svg
-- @tparam[opt] table given `width` (720), `height` (300)
-- @return true, or nil and a message
function Course:plot(path, given)
  local plot = require "tenor.plot"
  local o = options.fill("course:plot", given, { width = 720, height = 300 })
  local middle, series = {}, {}
  for i = 1, #self do middle[i] = (self.first[i] + self.last[i]) / 2 end
  for k, name in ipairs(self.labels) do
    series[k] = { x = middle, y = self.values:t()[k], label = name, style = #self > 1 and "lines" or "points" }
  end
  local svg, why = plot.lines {
    series = series, xlabel = "seconds", title = ("%s over time"):format(table.concat(self.labels, ", ")), width = o.width,
    height = o.height, ylow = self.scale and self.scale[1], yhigh = self.scale and self.scale[2],
  }
  if not svg then return nil, why end
  return plot.save(path, svg)
end

local MOST <const> = 20

function Course:__tostring()
  local lines = { ("%s: %d windows of %g s, every %g s"):format(self.path, #self, self.window, self.step) }
  for i = 1, math.min(#self, MOST) do
    local cells = {}
    for k, name in ipairs(self.labels) do cells[k] = ("%s %.3f"):format(name, self.values[i][k]) end
    lines[i + 1] = ("  %6.2f to %6.2f s  %s"):format(self.first[i], self.last[i], table.concat(cells, ", "))
  end
  if #self > MOST then lines[#lines + 1] = ("  and %d more"):format(#self - MOST) end
  return table.concat(lines, "\n")
end

local function check(what, o)
  if type(what) == "string" then what = { wav = what } end
  if type(what) ~= "table" or type(what.wav) ~= "string" then
    error(call .. ": with a window, give one recording: { wav = path, text = ... }", 0)
  end
  options.fill(call, what, { wav = options.none, text = options.none, id = options.none }, 0)
  for _, name in ipairs { "window", "step" } do
    local v = o[name]
    if v ~= nil and not (type(v) == "number" and v > 0 and v < math.huge) then
      error(("%s: %s must be a number of seconds above 0, got %s"):format(call, name, tostring(v)), 0)
    end
  end
  local text = what.text
  if text ~= nil and type(text) ~= "string" then
    if type(text) ~= "table" then error(("%s: text must be a string or a list, got %s"):format(call, type(text)), 0) end
    for i, part in ipairs(text) do
      if type(part) ~= "table" or type(part.start) ~= "number" or type(part.stop) ~= "number" or type(part.text) ~= "string" then
        error(("%s: text %d must be { start = seconds, stop = seconds, text = string }"):format(call, i), 0)
      end
    end
  end
  return what
end

-- What is said in a window: the whole text, or the parts whose middle lies in it.
local function words_in(text, first, last)
  if type(text) ~= "table" then return text end
  local said = {}
  for _, part in ipairs(text) do
    local middle = (part.start + part.stop) / 2
    if middle >= first and middle < last then said[#said + 1] = part.text end
  end
  return table.concat(said, " ")
end

-- Rows of features, one a window, each of the samples of its window alone.
local function rows_of(model, reader, starts, frames, o)
  local misfit = features._misfit(reader.rate, frames, model.features)
  if misfit then return nil, ("%s: %s"):format(reader.path, misfit) end
  local rows = tensor.zeros(#starts, model.features.deltas and 136 or 68)
  local report, bar = o.progress, nil
  if type(report) ~= "function" then
    bar = progress.new { total = #starts, title = "windows", mode = o.progress, stream = o.stream or io.stderr }
    report = function(done) bar:update(done) end
  end
  local _ <close> = bar
  for i, start in ipairs(starts) do
    local ok, why = reader:seek(start)
    local samples
    if ok then samples, why = reader:read(frames) end
    if not samples then return nil, why or ("%s: ends before %d samples"):format(reader.path, start + frames) end
    local row, reason = features.extract(audio.wave(samples, reader.rate), model.features)
    if not row then return nil, (reason:gsub("^wave: ", reader.path .. ": ")) end
    rows[i]:copy_from(row)
    report(i, #starts)
  end
  return rows
end

return function(model, what, o, predict)
  what = check(what, o)
  local reader <close>, why = audio.open(what.wav)
  if not reader then return nil, why end
  local rate, total = reader.rate, reader.frames
  local frames, step = math.floor(o.window * rate), (o.step or o.window) * rate
  if frames < 1 or step < 1 then return nil, ("%s: window and step must hold a sample at %d Hz"):format(what.wav, rate) end
  frames = math.min(frames, total)
  local starts = {}
  for i = 0, math.floor((total - frames) / step) do starts[i + 1] = math.floor(i * step) end
  local takes_features = false
  for _, input in ipairs(model.inputs) do takes_features = takes_features or input.kind == "features" end
  local rows
  if takes_features then
    if not model.features then error(call .. ": a model of features made elsewhere has no windows", 0) end
    rows, why = rows_of(model, reader, starts, frames, o)
    if not rows then return nil, why end
  end
  local list, first, last = {}, {}, {}
  for i, start in ipairs(starts) do
    first[i], last[i] = start / rate, (start + frames) / rate
    list[i] = { id = what.id, features = rows and rows[i], text = words_in(what.text, first[i], last[i]) }
  end
  local results = predict(model, list, o)
  if #results.failures > 0 then return nil, ("%s: %s"):format(what.wav, results.failures[1].reason) end
  local values = {}
  for i, result in ipairs(results) do
    values[i] = {}
    for k, name in ipairs(model.labels) do values[i][k] = result[name] end
  end
  return setmetatable({
    path = what.wav, window = frames / rate, step = step / rate, labels = model.labels, scale = model.scale,
    first = first, last = last, values = tensor.tensor(values), raw = results.raw, fold = results[1].fold,
    models = results.models,
  }, Course)
end
