--- Reports on runs: Table II with what may be said of it, and one page with its figures.
--
--     local report = tenor.report.new(records, { folder = "results" })
--     print(report:text())
--     assert(report:save "report.html")
--
-- A record is what an experiment writes for a run, as a table: `key`, `name`, `task`, `seed`, `labels`, `test`
-- (`ccc`, `ccc_batch32`, `n`), and what else there is of `validation`, `history`, `weights`, `protocol`, `split`, `predictions`,
-- `settings`, `versions`, `machine`, `epochs`, `best_epoch`, `seconds`, `started`.
-- @module report
local check = require "tenor.statistics.check"
local fs = require "tenor.fs"
local options = require "tenor.options"
local plain = require "tenor.report.plain"
local records = require "tenor.report.records"
local tables = require "tenor.report.tables"

local report = {}

--- Tables, figures and tests of the runs of an experiment: @{report.new} makes one.
local Report = {}
Report.__index = Report
Report.__name = "tenor.Report"

local defaults = {
  title = "Emotion from voice and words", folder = options.none, baseline = "HSF", choose = "validation", plots = true,
  replicates = 1999, seed = 0,
}

--- Brings runs together that differ in their seed alone, and compares systems with a baseline.
-- @tparam table list records of finished runs
-- @tparam[opt] table given `title`; `folder` where the files of predictions lie (none: no scatter plots, no bootstrap);
-- `baseline` ("HSF"), the name that others are compared with; `choose` the best weights of a search on "validation" or
-- on "test"; `plots` (true), false leaves figures out of the page; `replicates` (1999) and `seed` (0) of the bootstrap
-- @treturn Report a report: `sections`, one for each protocol and split, and the methods below
-- @raise for records that lack what they must have, two with one key, two runs of a system with one seed, a `baseline`
-- given that has no run
function report.new(list, given)
  local call = "report.new"
  local o = options.fill(call, given, defaults)
  for _, name in ipairs { "title", "folder", "baseline" } do
    if o[name] ~= nil and type(o[name]) ~= "string" then
      error(("%s: %s must be a string, got %s"):format(call, name, type(o[name])), 2)
    end
  end
  check.whole(call, "replicates", o.replicates, 99, 1000000)
  check.whole(call, "seed", o.seed, math.mininteger, math.maxinteger)
  if o.choose ~= "validation" and o.choose ~= "test" then
    error(("%s: choose must be 'validation' or 'test', got '%s'"):format(call, tostring(o.choose)), 2)
  end
  records.check(call, list, 3)
  if given and given.baseline then
    local ok, why = records.has(list, given.baseline)
    if not ok then error(("%s: baseline: %s"):format(call, why), 2) end
  end
  local self = setmetatable({ title = o.title, options = o, records = list }, Report)
  self.sections = tables.fill(records.sections(call, list, 3), o)
  return self
end

function Report:__tostring() return ("Report on %d runs"):format(#self.records) end

--- The tables as text.
-- @treturn string
function Report:text() return plain.text(self) end

--- The tables in Markdown.
-- @treturn string
function Report:markdown() return plain.markdown(self) end

--- The tables in LaTeX, for the package booktabs.
-- @treturn string
function Report:latex() return plain.latex(self) end

--- A line for each cell, with all digits and the keys of its runs.
-- @treturn string
function Report:csv() return plain.csv(self) end

--- One page with tables, figures and a list of all runs, which needs no other file. Its figures are drawn by gnuplot.
-- @treturn string a string, well-formed as XML, or nil and a message
function Report:html()
  return require "tenor.report.html" (self)
end

local formats = { txt = "text", md = "markdown", tex = "latex", csv = "csv", html = "html" }

--- Writes the report in the format of the file's extension: .txt, .md, .tex, .csv, .html.
-- @string path
-- @return true, or nil and a message
-- @raise for another extension
function Report:save(path)
  local extension = type(path) == "string" and path:match "%.([^./]+)$"
  local method = formats[extension or ""]
  if not method then
    error(("report:save: cannot tell the format of '%s'; known extensions are .csv, .html, .md, .tex, .txt"):format(
      tostring(path)), 2)
  end
  local text, why = self[method](self)
  if not text then return nil, ("%s: %s"):format(path, why) end
  return fs.write(path, text)
end

return report
