--- Searches of the loss's weights alpha and beta (equation 4): a point of the simplex alpha + beta <= 1 is a system of an
-- experiment, so points are run over workers, kept, and never run again, whichever search asks for them.
--
-- `linear`, the paper's: alpha in steps of 0.1 at a fixed beta, then beta at the best alpha. `simplex`: all 66 points.
-- A point is chosen by its mean CCC over labels and seeds on validation. The published search chose on the test set;
-- what is chosen so is no longer a result on unseen data, and says so.
local definition = require "tenor.experiment.definition"
local fs = require "tenor.fs"
local json = require "tenor.json"
local options = require "tenor.options"
local recipes = require "tenor.experiment.recipes"

--- Points of the loss's weights and what they score: @{experiment.search} makes one.
local Search = {}
Search.__index = Search
Search.__name = "tenor.Search"

local call = "experiment.search"

local own = {
  kind = "linear", network = "fusion", vectors = options.none, name = options.none, step = 0.1, choose = "validation",
  measure = "ccc", start = options.none, seeds = 3,
}

local warning = "chosen on the test set, as published: this point's test scores are no longer those of unseen data"

local function one_of(name, v, a, b)
  if v ~= a and v ~= b then error(("%s: %s must be '%s' or '%s', got '%s'"):format(call, name, a, b, tostring(v)), 4) end
end

-- Splits a search's table into what is its own and what an experiment takes.
local function parts(given)
  if given == options.probe then options.fill(call, given, own) end -- answers `options.of`
  if type(given) ~= "table" then error(("%s: options must be a table, got %s"):format(call, type(given)), 3) end
  local mine, rest = {}, {}
  for name, value in pairs(given) do
    if own[name] ~= nil and name ~= "seeds" and name ~= "vectors" then mine[name] = value else rest[name] = value end
  end
  local o = options.fill(call, mine, own, 4)
  rest.seeds = rest.seeds or own.seeds
  for _, name in ipairs { "systems", "tasks", "weights" } do
    if rest[name] ~= nil then error(("%s: a search sets %s itself"):format(call, name), 3) end
  end
  one_of("kind", o.kind, "linear", "simplex")
  one_of("choose", o.choose, "validation", "test")
  one_of("measure", o.measure, "ccc", "ccc_batch32")
  local n = type(o.step) == "number" and o.step > 0 and math.floor(1 / o.step + 0.5)
  if not n or n < 1 or math.abs(n * o.step - 1) > 1e-9 then
    error(("%s: step must divide 1, as 0.1 does, got %s"):format(call, tostring(o.step)), 3)
  end
  o.n = n
  return o, rest
end

-- Makes the experiment's only system one system for each of these weights.
local function vary(experiment, weights)
  local made, systems = experiment.made, {}
  for i, w in ipairs(weights) do
    systems[i] = { weights = w }
    for name, value in pairs(made.systems[1]) do systems[i][name] = systems[i][name] or value end
  end
  made.systems, experiment.list = systems, nil
  return fs.write(experiment.store:path "experiment.json", json.encode(made, { indent = 1 }) .. "\n")
end

-- i tenths as the nearest double: sums of steps are not.
local function at(self, i) return i / self.o.n end

local function scored(self, points)
  local by_place, list = {}, {}
  for _, p in ipairs(points) do by_place[("%.12g %.12g"):format(p.alpha, p.beta)] = p end
  local records, why = self.experiment:records()
  if not records then return nil, why end
  for _, p in ipairs(points) do p.n, p.validation, p.test = 0, 0, 0 end
  for _, r in ipairs(records) do
    local p = by_place[("%.12g %.12g"):format(r.weights.alpha, r.weights.beta)]
    if p then
      p.n = p.n + 1
      for _, part in ipairs { "validation", "test" } do
        local sum = 0
        for _, v in ipairs(r[part][self.o.measure]) do sum = sum + v end
        p[part] = p[part] + sum / #r.labels
      end
    end
  end
  for _, p in ipairs(points) do
    if p.n > 0 then
      p.validation, p.test = p.validation / p.n, p.test / p.n
      list[#list + 1] = p
    end
  end
  return list
end

-- The best point; of equal ones the first. One that has no number is none.
local function best_of(self, points)
  local best
  for _, p in ipairs(points) do
    local v = p[self.o.choose]
    if v == v and (not best or v > best[self.o.choose]) then best = p end
  end
  return best
end

-- Runs points beside those that were there, and gives the best of these.
local function stage(self, points, given)
  for _, p in ipairs(points) do self.points[#self.points + 1] = p end
  local weights, seen = {}, {}
  for _, p in ipairs(self.points) do
    local place = ("%.12g %.12g"):format(p.alpha, p.beta)
    if not seen[place] then weights[#weights + 1] = { alpha = p.alpha, beta = p.beta } end
    seen[place] = true
  end
  local ok, why = vary(self.experiment, weights)
  if not ok then return nil, why end
  local summary, reason = self.experiment:run(given)
  if not summary then return nil, reason end
  table.move(summary.failed, 1, #summary.failed, #self.failed + 1, self.failed)
  local list, late = scored(self, points)
  if not list then return nil, late end
  local best = best_of(self, list)
  if not best then return nil, ("no point of the search has a result; see %s"):format(self.experiment.folder .. "/logs") end
  return best
end

local function linear(self, given)
  local n, points = self.o.n, {}
  for i = 0, n do
    if at(self, i) + self.o.start <= 1 + 1e-9 then points[#points + 1] = { alpha = at(self, i), beta = self.o.start } end
  end
  local first, why = stage(self, points, given)
  if not first then return nil, why end
  points = {}
  for j = 0, n do
    if first.alpha + at(self, j) <= 1 + 1e-9 then points[#points + 1] = { alpha = first.alpha, beta = at(self, j) } end
  end
  return stage(self, points, given)
end

local function simplex(self, given)
  local n, points = self.o.n, {}
  for i = 0, n do
    for j = 0, n - i do points[#points + 1] = { alpha = at(self, i), beta = at(self, j) } end
  end
  return stage(self, points, given)
end

local Result = { __tostring = function(r)
  local lines = { ("alpha  beta  gamma  validation  test    (%s, mean over labels and %d seeds)"):format(r.measure, r.seeds) }
  for _, p in ipairs(r.points) do
    lines[#lines + 1] = ("%5.2f %5.2f  %5.2f  %10.3f %5.3f%s"):format(p.alpha, p.beta, p.gamma, p.validation, p.test,
      p == r.best and "  best on " .. r.choose or p.n < r.seeds and ("  of %d seeds"):format(p.n) or "")
  end
  lines[#lines + 1] = r.warning and "warning: " .. r.warning or nil
  return table.concat(lines, "\n")
end }

--- Runs the search's points that have no result yet, and chooses.
-- @tparam[opt] table given as `Experiment:run`
-- @treturn table `{ best, points, kind, choose, measure, seeds, failed, warning }`, which prints; a point is `{ alpha, beta, gamma,
-- validation, test, n }`; or nil and a message
function Search:run(given)
  local ok, why = self.experiment:prepare { progress = given and given.progress }
  if not ok then return nil, why end
  local labels = self.experiment.made.tasks[1].labels
  if #labels ~= 3 then
    return nil, ("a search needs valence, arousal and dominance; the corpus has %s"):format(table.concat(labels, ", "))
  end
  self.points, self.failed = {}, {}
  local best, reason
  if self.o.kind == "linear" then best, reason = linear(self, given) else best, reason = simplex(self, given) end
  if not best then return nil, reason end
  local points, seen = {}, {}
  for _, p in ipairs(scored(self, self.points)) do
    local place = ("%.12g %.12g"):format(p.alpha, p.beta)
    if p == best or not seen[place] then
      p.gamma = math.max(0, math.floor((1 - p.alpha - p.beta) * 1e12 + 0.5) / 1e12)
      points[seen[place] or #points + 1] = p
      seen[place] = seen[place] or #points
    end
  end
  table.sort(points, function(a, b) return a.alpha < b.alpha or a.alpha == b.alpha and a.beta < b.beta end)
  return setmetatable({ best = best, points = points, kind = self.o.kind, choose = self.o.choose, measure = self.o.measure,
    seeds = #self.experiment.made.seeds, failed = self.failed, warning = self.o.choose == "test" and warning or nil }, Result)
end

--- The records of the points' runs.
-- @treturn table[] list; or nil and a message
function Search:records() return self.experiment:records() end

--- The report, whose page has the heat map of the simplex, marked where the search would choose.
-- @treturn Report what `tenor.report.new` gives; or nil and a message
function Search:report(given)
  local o = { choose = self.o.choose }
  for name, value in pairs(given or {}) do o[name] = value end
  return self.experiment:report(o)
end

--- See `experiment.search`.
return function(given)
  local o, rest = parts(given)
  local source
  if type(rest.vectors) == "table" then
    source = next(rest.vectors)
    if source and next(rest.vectors, source) then error(call .. ": give vectors of one kind", 2) end
  end
  o.start = o.start or recipes.of(o.network).weights.beta
  if type(o.start) ~= "number" or not (o.start >= 0 and o.start <= 1) then
    error(("%s: start must be a number from 0 to 1, got %s"):format(call, tostring(o.start)), 2)
  end
  rest.tasks = { "MTL" }
  rest.systems = { { name = o.name or source and ("%s, %s"):format(o.network, source) or o.network, network = o.network,
    vectors = source } }
  local ok, experiment = pcall(require "tenor.experiment".new, rest)
  if not ok then error((tostring(experiment):gsub("^[^:]*:%d+: ", ""):gsub("experiment%.new", call)), 2) end
  local points = o.kind == "linear" and 2 * (o.n + 1.0) or (o.n + 1.0) * (o.n + 2.0) / 2
  local fine, why = pcall(definition.countable, call, points, #experiment.o.seeds, #experiment.o.protocols)
  if not fine then error(why, 2) end
  return setmetatable({ o = o, experiment = experiment }, Search)
end
