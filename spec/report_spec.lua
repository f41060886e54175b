--- Reports on made-up runs: golden texts, what every format holds, odd cases.
local assert = require "spec.support.assertions"
local drawing = require "spec.support.drawing"
local runs = require "spec.support.runs"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local tenor = require "tenor"
local numbers = require "tenor.report.numbers"
local plain = require "tenor.report.plain"

local report = tenor.report

-- A run with these scores and nothing made up.
local function exact(name, task, seed, ccc, batch, more)
  local r = { key = ("%s%s%d"):format(name:gsub("%W", ""), task, seed), name = name, task = task, seed = seed,
    labels = #ccc == 1 and { "valence" } or { "valence", "arousal", "dominance" }, protocol = "clean", split = "session:5",
    test = { ccc = ccc, ccc_batch32 = batch or ccc, n = 2170 } }
  for k, v in pairs(more or {}) do r[k] = v end
  return r
end

-- six seeds of two systems, the least with which a mark is possible for one comparison
local function pair()
  local list = {}
  for seed = 1, 6 do
    list[#list + 1] = exact("HSF", "STL", seed, { 0.3001 + 0.001 * seed }, { 0.208 })
    list[#list + 1] = exact("HSF+GloVe", "STL", seed, { 0.600 + 0.010 * seed }, { 0.420 + 0.002 * seed })
  end
  return list
end

local function has(text, part) assert.is_truthy(text:find(part, 1, true), ("'%s' is not in\n%s"):format(part, text)) end
local function lacks(text, part) assert.is_nil(text:find(part, 1, true), part) end

describe("numbers in a report", function()
  it("have no more digits than are known", function()
    local function score(mean, std, n) return numbers.score({ mean = mean, std = std }, n) end
    assert.equal("0.424 ± 0.010", score(0.4239, 0.0102))
    assert.equal("0.42 ± 0.10", score(0.4239, 0.102))
    assert.equal("0.4 ± 1.3", score(0.42, 1.3))
    assert.equal("0.424", score(0.4239, nil, 2170)) -- 1/√n is 0.02
    assert.equal("0.42", score(0.4239, nil, 60)) -- 0.13
    assert.equal("0.400 ± 0.000", score(0.4, 0))
    assert.equal("0.000", score(-0.0001, nil, 2170))
    assert.equal("–", numbers.score(nil))
    assert.equal("+104.3 ± 4.8 %", numbers.improvement { percent = 104.28, std = 4.83 })
    assert.equal("-3 ± 12 %", numbers.improvement { percent = -3.4, std = 12.2 })
    assert.equal("+3200 ± 4600 %", numbers.improvement { percent = 3151, std = 4624 })
    assert.equal("-250 ± 110 %", numbers.improvement { percent = -252, std = 111 })
    assert.equal("+104 %", numbers.improvement { percent = 104.28 })
    assert.equal("< 0.001", numbers.p(0.0004))
    assert.equal("0.031", numbers.p(1 / 32))
  end)

  it("name runs of seeds", function()
    assert.equal("1–3, 7, 9–10", numbers.ranges { 3, 1, 2, 9, 10, 7 })
    assert.equal("", numbers.ranges {})
  end)
end)

describe("the table as text", function()
  it("is this, for two systems", function()
    assert.equal([[
Two systems

ccc: CCC of the whole test set; protocol clean, split session:5
Features    STL V
HSF         0.304 ± 0.002
HSF+GloVe   0.635 ± 0.019*
  over HSF  +109.2 ± 6.3 %
Mean ± standard deviation of 6 runs each, seeds 1–6.
n = 2170 test utterances.
* p < 0.05, ** p < 0.01, *** p < 0.001: differs from HSF; Wilcoxon's signed-rank test over 6 common
seeds, two-sided, Holm's correction for 1 comparison.
Over HSF: 100 (s/b - 1) of the means in per cent, ± the deviation carried over from both.
No runs of HSF+WE, HSF+Word2Vec, HSF+FastText, HSF+BERT.
The paper's figures are in the other protocol, ccc_batch32, and stand there.

ccc_batch32: mean CCC of consecutive batches of 32, the paper's protocol; protocol clean, split
session:5
Features    STL V
HSF         0.208 ± 0.000
  paper     0.208
HSF+GloVe   0.427 ± 0.004*
  over HSF  +105.3 ± 1.8 %
  paper     0.424 ± 0.010
Mean ± standard deviation of 6 runs each, seeds 1–6.
n = 2170 test utterances.
* p < 0.05, ** p < 0.01, *** p < 0.001: differs from HSF; Wilcoxon's signed-rank test over 6 common
seeds, two-sided, Holm's correction for 1 comparison.
Over HSF: 100 (s/b - 1) of the means in per cent, ± the deviation carried over from both.
No runs of HSF+WE, HSF+Word2Vec, HSF+FastText, HSF+BERT.
Paper: Atmaja and Akagi 2020, Table II, session 5 of IEMOCAP, 20 runs.
]], report.new(pair(), { title = "Two systems" }):text())
  end)

  it("has the paper's rows and columns in its order, whatever the order of the runs", function()
    local list, back = runs.table2(2), {}
    for i, r in ipairs(list) do back[#list + 1 - i] = r end
    local text = report.new(back):text()
    assert.equal(report.new(list):text(), text)
    has(text, "STL V          MTL V          MTL A          MTL D          MTL mean")
    assert.is_true(text:find("\nHSF+WE", 1, true) < text:find("\nHSF+GloVe", 1, true))
  end)

  it("has one table for each split protocol and measure", function()
    local list = runs.table2(2)
    for _, r in ipairs(runs.table2(2, "paper")) do
      r.key = "p" .. r.key
      list[#list + 1] = r
    end
    local text = report.new(list):text()
    for _, title in ipairs { "protocol clean", "protocol paper" } do
      local _, count = text:gsub(title, "")
      assert.equal(2, count)
    end
  end)
end)

describe("the table in other formats", function()
  it("is this in Markdown", function()
    local text = report.new(pair(), { title = "A_B" }):markdown()
    has(text, "# A\\_B\n\n## ccc: CCC of the whole test set; protocol clean, split session:5\n\n"
      .. "| Features | STL V |\n|---|---:|\n| **HSF** | 0.304 ± 0.002 |\n| **HSF+GloVe** | 0.635 ± 0.019\\* |\n"
      .. "| *over HSF* | +109.2 ± 6.3 % |\n")
  end)

  it("is this in LaTeX", function()
    local text = report.new(pair()):latex()
    has(text, [[
\toprule
Features & STL V \\
\midrule
HSF & $0.304 \pm 0.002$ \\
HSF+GloVe & $0.635 \pm 0.019^{*}$ \\
\quad over HSF & $+109.2 \pm 6.3\,\%$ \\
\bottomrule]])
    has(text, "\\caption{ccc\\_batch32: ")
  end)

  it("escapes what LaTeX reads as commands", function()
    assert.equal("100\\% of \\$\\{a\\_b\\} \\& \\#1 \\textbackslash{}x\\textasciicircum{}2 $<$ $\\alpha$ 1--2",
      plain.tex_escape "100% of ${a_b} & #1 \\x^2 < α 1–2")
    -- the argument of the line break before it
    assert.equal("{[}9cm{]}{*} a b c", plain.tex_escape "[9cm]* a\nb\u{9B}c")
    local list = pair()
    for _, r in ipairs(list) do
      if r.name ~= "HSF" then r.name = "50% & more_\\input" end
    end
    has(report.new(list):latex(), "50\\% \\& more\\_\\textbackslash{}input & ")
  end)

  it("is a LaTeX document that compiles, where LaTeX is installed", function()
    if not os.execute "command -v pdflatex >/dev/null 2>&1" then return pending "no LaTeX" end
    local folder = shell.folder()
    local file = assert(io.open(folder .. "/a.tex", "w"))
    file:write("\\documentclass{article}\\usepackage[utf8]{inputenc}\\usepackage{booktabs}\\begin{document}\n",
      report.new(runs.table2(3)):latex(), "\\end{document}\n")
    file:close()
    local ok, said = shell.run(("cd %s && pdflatex -interaction=nonstopmode -halt-on-error a.tex"):format(folder))
    assert.is_true(ok, said)
  end)

  it("has all digits and the keys of the runs as CSV", function()
    local reader = assert(tenor.csv.parse(report.new(pair()):csv(), "report"))
    local rows = {}
    for record in reader:records() do rows[#rows + 1] = record end
    assert.equal(4, #rows)
    local r = rows[2]
    assert.same({ "ccc", "HSF+GloVe", "STL", "valence", "6", "2170", "*", "1 2 3 4 5 6" },
      { r.measure, r.name, r.task, r.label, r.runs, r.n, r.mark, r.seeds })
    assert.near(0.635, tonumber(r.mean), 1e-12)
    assert.equal("0.03125", r.p_holm)
    assert.equal("HSFGloVeSTL1 HSFGloVeSTL2 HSFGloVeSTL3 HSFGloVeSTL4 HSFGloVeSTL5 HSFGloVeSTL6", r.keys)
    assert.equal("", r.paper_mean) -- not in this measure
    assert.equal("0.424", rows[4].paper_mean)
  end)
end)

describe("odd cases", function()
  it("one seed has no deviation and no test", function()
    local text = report.new({ exact("HSF", "STL", 1, { 0.3 }), exact("HSF+WE", "STL", 1, { 0.45 }) }):text()
    has(text, "HSF+WE      0.450\n")
    has(text, "over HSF  +50 %")
    has(text, "One run each, seed 1: no deviation is known.")
    has(text, "No test of the differences from HSF: at least two common seeds are needed.")
  end)

  it("unequal seeds are paired where they are common, and said", function()
    local list = {}
    for seed = 1, 3 do list[#list + 1] = exact("HSF", "STL", seed, { 0.3 + 0.01 * seed }) end
    for seed = 2, 7 do list[#list + 1] = exact("HSF+WE", "STL", seed, { 0.4 + 0.01 * seed }) end
    local r = report.new(list)
    local cell = r.sections[1].tables[1].rows[2].cells[1]
    assert.same({ 2, 3 }, cell.common)
    assert.equal(2, cell.test.pairs)
    local text = r:text()
    has(text, "HSF STL 1–3; HSF+WE STL 2–7.")
    has(text, "Wilcoxon's signed-rank test over 2 common\nseeds (others have no partner and do not count)")
    has(text, "so few seeds no mark is possible: the least p")
  end)

  it("a CCC that is undefined is left out and said, as NaN, null or nothing", function()
    local list = pair()
    list[2].test.ccc = { 0 / 0 }
    list[4].test.ccc = { tenor.json.null }
    list[6].test.ccc = {}
    local text = report.new(list):text()
    has(text, "HSF+GloVe, STL V: CCC is undefined in 3 of 6 runs, which are left out.")
    has(text, "HSF+GloVe   0.650 ± 0.010")
    for _, r in ipairs(list) do
      if r.name == "HSF+GloVe" then r.test.ccc = {} end
    end
    has(report.new(list):text(), "HSF+GloVe  –\n")
  end)

  it("a baseline at or below zero gives no percentage, and why", function()
    local text = report.new({ exact("HSF", "STL", 1, { -0.01 }), exact("HSF+WE", "STL", 1, { 0.4 }) }):text()
    has(text, "STL V: no improvement is given, the baseline's mean is -0.010: no percentage of that.")
    lacks(text, "over HSF  +")
  end)

  it("a report without its baseline, of other systems and labels", function()
    local text = report.new({ exact("mine", "MTL", 1, { 0.3, 0.4, 0.5 }, nil, { labels = { "anger", "valence", "joy" } }) }):text()
    has(text, "MTL V  MTL anger  MTL joy  MTL mean")
    has(text, "mine      0.400  0.300      0.500    0.400")
    lacks(text, "No runs of") -- nothing of the paper's was tried
  end)

  it("a baseline that was asked for and has no run is an error", function()
    local _, why = pcall(report.new, { exact("mine", "MTL", 1, { 0.3, 0.4, 0.5 }) }, { baseline = "nine" })
    assert.matches("report.new: baseline: no run is of a system 'nine'; there are mine$", why)
    local many = {}
    for i = 1, 100 do many[i] = exact("\27[2J" .. ("x"):rep(999) .. i, "MTL", 1, { 0.3, 0.4, 0.5 }) end
    _, why = pcall(report.new, many, { baseline = "nine" })
    assert.is_true(#why < 2000 and not why:find "\27", why)
  end)

  it("a report of no runs is empty, in every format", function()
    local r = report.new {}
    assert.equal("Emotion from voice and words\n\n\n", r:text())
    drawing.well_formed((assert(r:html())))
  end)

  it("a search shows its best point by validation, and by test under that name alone", function()
    local list = runs.search(2)
    for _, r in ipairs(list) do -- on test another point is best
      if r.weights.alpha == 0 and r.weights.beta == 1 then r.test.ccc = { 0.9, 0.9, 0.9 } end
    end
    has(report.new(list):text(), "HSF+GloVe, MTL: α 0.6, β 0.2, chosen on validation among 21 points.")
    local _, lines = report.new(list):csv():gsub("\n", "")
    assert.equal(1 + 2 * 21 * 4, lines) -- every point in four columns and two measures
    has(report.new(list, { choose = "test" }):text(), "α 0, β 1, chosen on the test set itself (so its score is too good)")
  end)
end)

describe("a report's errors", function()
  local good = exact("HSF", "STL", 1, { 0.3 })
  local function with(field, value) return exact("HSF", "STL", 1, { 0.3 }, nil, { [field] = value }) end

  for message, f in pairs {
    ["report.new: records must be a list of runs, got nil"] = function() report.new() end,
    ["report.new: record 1: must be a table, got string"] = function() report.new { "x" } end,
    ["report.new: record 2: seed must be a number, got string"] = function() report.new { good, with("seed", "1") } end,
    ["report.new: record 1: key must be letters and digits, got '<a>'"] = function() report.new { with("key", "<a>") } end,
    ["report.new: record 1: test.ccc must be a list of scores, got nil"] = function() report.new { with("test", {}) } end,
    ["report.new: record 2: has the key of record 1, 'HSFSTL1'"] = function() report.new { good, good } end,
    ["report.new: runs HSFSTL1 and other are both HSF, STL, seed 1: give different settings different names"] = function()
      report.new { good, with("key", "other") }
    end,
    ["report.new: choose must be 'validation' or 'test', got 'train'"] = function() report.new({}, { choose = "train" }) end,
    ["report.new: folder must be a string, got number"] = function() report.new({}, { folder = 3 }) end,
    ["report.new: replicates must be a whole number from 99 to 1000000, got 5"] = function() report.new({}, { replicates = 5 }) end,
    ["report.new: unknown option 'titles' (did you mean 'title'?)"] = function() report.new({}, { titles = "x" }) end,
    ["report:save: cannot tell the format of 'x.pdf'; known extensions are .csv, .html, .md, .tex, .txt"] = function()
      report.new({}):save "x.pdf"
    end,
  } do
    it("name what is wrong: " .. message, function()
      assert.raises(message, f)
      local _, said = pcall(f)
      assert.matches("^spec/report_spec%.lua:%d+: ", said)
    end)
  end

  it("are returned where the world fails", function()
    local ok, why = report.new({ good }):save "/nowhere/at/all/x.txt"
    assert.is_nil(ok)
    assert.matches("/nowhere/at/all/x%.txt", why)
    local program = tenor.plot.program
    tenor.plot.program = "/nowhere/gnuplot"
    ok, why = report.new(pair()):html()
    tenor.plot.program = program
    assert.is_nil(ok)
    assert.matches("install gnuplot%-nox", why)
  end)
end)

describe("the page", function()
  local folder, list, page

  setup(function()
    folder, list = shell.folder(), runs.table2(6)
    for _, r in ipairs(runs.search(2)) do
      r.name = "HSF+WE <b>&amp;" -- a name to trip over
      list[#list + 1] = r
    end
    runs.predictions(folder, list)
    if drawing.present then page = assert(report.new(list, { folder = folder, replicates = 199 }):html()) end
  end)
  teardown(function()
    shell.clean()
    scratch.clean()
  end)

  drawing.it("is well-formed, with ids that are unique and links that lead somewhere", function()
    local ids, targets, figures = {}, {}, 0
    drawing.well_formed(page, function(name, attributes)
      if attributes.id then
        assert.is_nil(ids[attributes.id], attributes.id)
        ids[attributes.id] = true
      end
      local target = (attributes.href or ""):match "^#(.*)$"
      if target then targets[target] = true end
      if name == "svg" then
        figures = figures + 1
        assert.equal("img", attributes.role)
      end
      assert.is_nil(attributes.src)
      assert.is_true(name ~= "script" and name ~= "link" and name ~= "img")
      for attribute in pairs(attributes) do
        if type(attribute) == "string" then assert.is_nil(attribute:find "^on") end
      end
    end)
    for target in pairs(targets) do assert.is_truthy(ids[target], target) end
    assert.is_true(figures >= 11)
  end)

  drawing.it("loads nothing from anywhere", function()
    for address in page:gmatch "https?://[^\"'< ]+" do
      assert.is_truthy(address:find "^http://www.w3.org/", address) -- names of XML spaces
    end
    lacks(page, "@import")
    lacks(page, "url(")
  end)

  drawing.it("names for every score the runs that it comes from, and lists them with their own scores", function()
    local cells, keys = 0, {}
    drawing.well_formed(page, function(name, attributes)
      local key = (attributes.id or ""):match "^run%-(.+)$"
      if key then keys[key] = true end
      if name == "a" and (attributes.title or ""):find "^Mean of" then cells = cells + 1 end
    end)
    for _, r in ipairs(list) do assert.is_true(keys[r.key]) end
    assert.equal(2 * (3 * 5 + 4), cells) -- three systems in five columns, one in four, in two measures
    has(page, ("Mean of 6 runs: %s (seed 1), "):format(list[1].key))
    has(page, ("<td>%.4f</td>"):format(list[1].test.ccc[1]))
  end)

  drawing.it("says in words what its figures show", function()
    for _, text in ipairs { "<desc>HSF+WE STL +", "Learning curves, MTL: validation CCC of valence",
      "Predicted against gold arousal", "<desc>Best at alpha 0.6, beta 0.2: ",
      "<desc>Best at alpha 0.7, beta 0.2: 0.511</desc>" } do
      has(page, text)
    end
  end)

  drawing.it("has intervals by utterance and by speaker, and of the difference on the same utterances", function()
    has(page, "interval by speaker: 12 speakers, 220 utterances, 199 resamples")
    has(page, "interval by utterance: 220 utterances")
    has(page, 'data-label="over HSF"')
  end)

  drawing.it("is the same bytes for the same runs", function()
    assert.equal(page, report.new(list, { folder = folder, replicates = 199 }):html())
  end)

  drawing.it("says so where predictions are missing or are another run's", function()
    local few = runs.table2(2)
    local text = assert(report.new(few, { folder = folder .. "/none", replicates = 199 }):html())
    has(text, "cannot be read: " .. folder .. "/none/predictions/")
    runs.predictions(folder, few)
    for _, r in ipairs(few) do r.test.ccc[1] = r.test.ccc[1] + 0.1 end
    text = assert(report.new(few, { folder = folder, replicates = 199 }):html())
    has(text, "its predictions give a CCC of ")
  end)

  it("comes without figures where that is asked for, and then needs no gnuplot", function()
    local program = tenor.plot.program
    tenor.plot.program = "/nowhere/gnuplot"
    local text = report.new(list, { plots = false }):html()
    tenor.plot.program = program
    drawing.well_formed((assert(text)))
    lacks(text, "<svg")
  end)

  drawing.it("is written by name, as are the other formats", function()
    for _, extension in ipairs { "html", "md", "tex", "csv", "txt" } do
      local path = scratch.path("." .. extension)
      assert.is_true(report.new(pair()):save(path))
      assert.is_true(#scratch.read(path) > 500)
    end
  end)
end)
