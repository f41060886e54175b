--- Plots by gnuplot, where it is installed.
local assert = require "spec.support.assertions"
local drawing = require "spec.support.drawing"
local scratch = require "spec.support.scratch"
local tenor = require "tenor"

local plot = tenor.plot

local function history()
  local h = require "tenor.history".new { stopped = "all epochs", best_epoch = 3 }
  for e = 1, 5 do h.epochs[e] = { epoch = e, loss = 1 / e, val_loss = 1.2 / e, val_ccc = { e / 8, e / 9 } } end
  return h
end

describe("plots", function()
  teardown(function() scratch.clean() end)

  drawing.it("draw lines with bands as an SVG that an XML parser reads", function()
    local svg = assert(plot.lines { xlabel = "epoch", ylabel = "CCC", title = "Curves", description = "made up",
      series = { { y = { 1, 2, 3 }, low = { 0, 1, 2 }, high = { 2, 3, 4 }, label = "a" }, { y = tenor.tensor { 3, 2, 1 } } } })
    assert.matches('^<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 440 300"', svg)
    assert.matches("<title>Curves</title>\n<desc>made up</desc>", svg)
    assert.matches(plot.colors[1], svg)
    assert.matches(plot.colors[2], svg)
    drawing.well_formed(svg)
  end)

  drawing.it("are the same bytes for the same data, and name no program", function()
    local function draw() return (assert(plot.lines { series = { { y = { 1, 4, 2 }, style = "linespoints" } } })) end
    assert.equal(draw(), draw())
    assert.is_nil(draw():lower():find "gnuplot 5")
  end)

  drawing.it("take any text for what it is", function()
    local label = "it's `touch x` <b> & \"c\" $(1)\n{/Bold d}_2"
    local svg = assert(plot.lines { series = { { y = { 1, 2 }, label = label } }, xlabel = label, title = label })
    drawing.well_formed(svg)
    assert.matches("`touch x` &lt;b&gt; &amp;", svg)
    assert.matches("{/Bold d}_2", svg, 1, true)
  end)

  drawing.it("leave a gap where a number is NaN", function()
    local svg = assert(plot.lines { series = { { y = { 1, 2, 0 / 0, 3, 4 } } } })
    drawing.well_formed(svg)
    assert.is_nil(svg:find "nan")
  end)

  drawing.it("are written by name", function()
    local path = scratch.path ".svg"
    assert.is_true(plot.save(path, assert(plot.lines { series = { { y = { 1, 2 } } } })))
    drawing.well_formed(scratch.read(path))
    local ok, why = plot.save("/nowhere/at/all/x.svg", "<svg/>")
    assert.is_nil(ok)
    assert.matches("/nowhere/at/all/x.svg", why)
  end)

  drawing.it("show what training left behind", function()
    local path = scratch.path ".svg"
    assert.is_true(history():plot(path, { names = { "valence", "arousal" } }))
    local svg = scratch.read(path)
    drawing.well_formed(svg)
    for _, text in ipairs { "loss, training", "loss, validation", "CCC, valence", "CCC, arousal", "epoch" } do
      assert.matches(text, svg)
    end
    assert.equal(svg, history():plot(nil, { names = { "valence", "arousal" } }))
  end)

  drawing.it("pass on what gnuplot has to say", function()
    assert.same({ nil, "gnuplot: the script draws nothing" }, { plot.svg "set grid" })
    local svg, why = plot.svg "plot no_such_function(x)"
    assert.is_nil(svg)
    assert.matches("gnuplot: .*no_such_function", why)
  end)

  it("without gnuplot are an error that names the package", function()
    local program = plot.program
    plot.program = "/nowhere/gnuplot"
    local svg, why = plot.lines { series = { { y = { 1, 2 } } } }
    plot.program = program
    assert.is_nil(svg)
    assert.matches("'/nowhere/gnuplot' cannot be run: install gnuplot%-nox", why)
  end)

  for message, f in pairs {
    ["plot.lines: series must be a list of { y = numbers }, got table"] = function() plot.lines { series = {} } end,
    ["plot.lines: series 1: y must be a list of numbers or a tensor (N), got nil"] = function()
      plot.lines { series = { { x = { 1 } } } }
    end,
    ["plot.lines: series 1: y[2] must be a number, got string"] = function() plot.lines { series = { { y = { 1, "2" } } } } end,
    ["plot.lines: series 2: x has 1 numbers, y has 2"] = function()
      plot.lines { series = { { y = { 1 } }, { x = { 1 }, y = { 1, 2 } } } }
    end,
    ["plot.lines: series 1: style must be 'lines', 'points' or 'linespoints', got 'dots'"] = function()
      plot.lines { series = { { y = { 1 }, style = "dots" } } }
    end,
    ["plot.lines: unknown option 'colour' (did you mean 'color'?)"] = function()
      plot.lines { series = { { y = { 1 }, colour = "red" } } }
    end,
    ["plot.save: path must end in .svg, got 'x.png'"] = function() plot.save("x.png", "") end,
    ["history:plot: path must end in .svg, got 'x.pdf'"] = function() history():plot "x.pdf" end,
    ["history:plot: no epoch has ended yet"] = function() require "tenor.history".new({}):plot "x.svg" end,
  } do
    it("refuse what is wrong: " .. message, function()
      assert.raises(message, f)
      local _, said = pcall(f)
      assert.matches("plot_spec%.lua:%d+: ", said)
    end)
  end
end)
