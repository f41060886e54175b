--- Plots as SVG, drawn by the program gnuplot (Debian: gnuplot-nox).
--
-- gnuplot is started without its configuration files, and what it writes about itself is taken out, so equal data make
-- equal files. Texts go to it in single quotes, in which nothing is special.
-- @module plot
local fs = require "tenor.fs"
local harmless = require "tenor.harmless"
local options = require "tenor.options"
local uv = require "luv"

local plot = {
  --- The command that starts gnuplot.
  program = "gnuplot",
  --- Colours that are told apart by the colour-blind too (Okabe and Ito), by turns.
  colors = { "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9", "#8c510a", "#666666" },
  --- Lines and letters.
  ink = "#222222",
  --- The lines of the grid.
  grid = "#d0d0d0",
}

--- A text as gnuplot takes it.
-- @treturn string
function plot.quote(text) return "'" .. harmless(text, " "):gsub("'", "''") .. "'" end

--- A text as it stands in XML.
-- @treturn string
function plot.xml(text)
  return (harmless(text, "\u{FFFD}", true):gsub("[&<>\"']", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;",
    ["'"] = "&#39;" }))
end

local function run(script)
  -- a folder of our own: where all may write, a link could wait under the name of the image
  local folder, refused = uv.fs_mkdtemp(uv.os_tmpdir() .. "/tenor-XXXXXX")
  if not folder then return nil, "gnuplot needs a folder for its script: " .. refused end
  local _ <close> = setmetatable({}, { __close = function() fs.remove_tree(folder) end })
  local file, image = folder .. "/script", folder .. "/image.svg"
  local wrote, why = fs.write(file, ("set output %s\n%s\n"):format(plot.quote(image), script))
  if not wrote then return nil, "gnuplot needs a file for its script: " .. why end
  local pipe = assert(io.popen(("exec %s -d '%s' 2>&1"):format(plot.program, file:gsub("'", "'\\''"))))
  local said = pipe:read "a"
  local ok, _, status = pipe:close()
  local svg = fs.read(image)
  if status == 127 then
    return nil, ("plots are drawn by gnuplot, and '%s' cannot be run: install gnuplot-nox (Debian)"):format(plot.program)
  end
  -- gnuplot goes on after a warning, and says so here
  if not ok or not svg or not svg:find "</svg>" then
    said = said:gsub(file:gsub("%p", "%%%0"), "script"):gsub("^%s+", ""):gsub("%s+$", "")
    return nil, "gnuplot: " .. (said ~= "" and said or "the script draws nothing")
  end
  return svg
end

-- Drops the shapes of points that no point has. Each stands on a line, after those that it is made of.
local function without_unused(svg)
  local before, defs, body = svg:match "^(.-<defs>\n)(.-)(</defs>.*)$"
  local used, lines, kept = {}, {}, {}
  for name in body:gmatch "href='#(gp%w+)'" do used[name] = true end
  for line in defs:gsub("<filter.-</filter>", ""):gmatch "[^\n]+" do lines[#lines + 1] = line end
  for i = #lines, 1, -1 do
    local name, from = lines[i]:match "id='(gp%w+)'", lines[i]:match "href='#(gp%w+)'"
    if used[name or ""] then
      table.insert(kept, 1, lines[i])
      used[from or ""] = true
    end
  end
  return before .. table.concat(kept, "\n") .. body
end

-- gnuplot's SVG without its name, its empty groups and what is not used.
local function tidy(svg, o)
  svg = without_unused(svg:match "</desc>%s*(.*)$")
  svg = svg:gsub(' font%-family="sans"', ""):gsub("<tspan *>([^<]*)</tspan>", "%1")
  svg = svg:gsub("xlink:href", "href"):gsub(" class=\"gridline\"", "")
  local before
  repeat
    before = svg
    svg = svg:gsub("<g [^>]*>%s*</g>%s*", "")
  until svg == before
  svg = svg:gsub("[ \t]+\n", "\n"):gsub("\n+", "\n"):gsub("'%s%s+d=", "' d="):gsub("  '/>", "'/>")
  svg = svg:gsub("rgb%(%s*(%d+),%s*(%d+),%s*(%d+)%s*%)", function(r, g, b) return ("#%02x%02x%02x"):format(r, g, b) end)
  svg = svg:gsub('="black"', '="' .. plot.ink .. '"'):gsub("='black'", "='" .. plot.ink .. "'")
  local head = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" font-family="sans-serif">\n'
    .. "<title>%s</title>\n<desc>%s</desc>\n"):format(o.width, o.height, plot.xml(o.title), plot.xml(o.description))
  return head .. svg
end

--- Draws what a gnuplot script says.
-- @string script gnuplot commands, without terminal and output
-- @tparam[opt] table given `width` (440), `height` (300), `title` and `description` for those who cannot see
-- it (""), `background` ("white"; "none" for a page that has its own), `size` of the letters (12)
-- @treturn string the SVG as a string, or nil and a message
function plot.svg(script, given)
  if type(script) ~= "string" then error("plot.svg: script must be a string of gnuplot commands, got " .. type(script), 2) end
  local o = options.fill("plot.svg", given, { width = 440, height = 300, title = "", description = "",
    background = "white", size = 12 })
  local head = ([[
set encoding utf8
set terminal svg size %d,%d dynamic noenhanced font "sans,%d" %s
set border 3 lc rgb "%s"
set tics nomirror scale 0.5 textcolor rgb "%s"
set xlabel offset 0, 0.4
set grid back lt 1 lw 0.5 lc rgb "%s"
]]):format(o.width, o.height, o.size, o.background == "none" and "" or 'background "' .. o.background .. '"', plot.ink,
    plot.ink, plot.grid)
  local svg, why = run(head .. script)
  if not svg then return nil, why end
  return tidy(svg, o)
end

--- Rows of numbers as a data block for a script; false or NaN is a gap.
-- @string name begins with $
-- @tparam table rows list of lists of numbers
-- @treturn string
function plot.data(name, rows)
  local lines = { name .. " << END_OF_DATA" }
  for i, row in ipairs(rows) do
    local cells = {}
    for k, x in ipairs(row) do cells[k] = (type(x) == "number" and x == x) and ("%.8g"):format(x) or "NaN" end
    lines[i + 1] = table.concat(cells, " ")
  end
  lines[#lines + 1] = "END_OF_DATA\n"
  return table.concat(lines, "\n")
end

local function list_of(call, what, value)
  if type(value) == "userdata" and value.totable then value = value:totable() end
  if type(value) ~= "table" then
    error(("%s: %s must be a list of numbers or a tensor (N), got %s"):format(call, what, type(value)), 4)
  end
  for i, x in ipairs(value) do
    if type(x) ~= "number" then error(("%s: %s[%d] must be a number, got %s"):format(call, what, i, type(x)), 4) end
  end
  return value
end

local line_options = {
  series = options.none, xlabel = "", ylabel = "", title = "", description = "", width = 440, height = 300,
  background = "white", key = "top left", xlog = false, ylow = options.none, yhigh = options.none, commands = "",
}
local series_options = {
  x = options.none, y = options.none, low = options.none, high = options.none, label = "", style = "lines",
  color = options.none, dash = 1, width = 1.6,
}
local styles = { lines = "lines", points = "points pt 7 ps 0.4", linespoints = "linespoints pt 7 ps 0.5" }

-- one series of a plot: its data and what to plot, its band first
local function draw(call, i, given, parts)
  local s = options.fill(call, given, series_options, 4)
  local what = ("series %d: "):format(i)
  local y = list_of(call, what .. "y", s.y)
  local x = s.x and list_of(call, what .. "x", s.x)
  local low, high = s.low and list_of(call, what .. "low", s.low), s.high and list_of(call, what .. "high", s.high)
  for name, list in pairs { x = x, low = low, high = high } do
    if #list ~= #y then error(("%s: %s%s has %d numbers, y has %d"):format(call, what, name, #list, #y), 3) end
  end
  if not styles[s.style] then
    error(("%s: %sstyle must be 'lines', 'points' or 'linespoints', got '%s'"):format(call, what, tostring(s.style)), 3)
  end
  local color, rows = s.color or plot.colors[(i - 1) % #plot.colors + 1], {}
  for k, value in ipairs(y) do rows[k] = { x and x[k] or k, value, low and low[k] or value, high and high[k] or value } end
  local name = "$series" .. i
  parts.data[i] = plot.data(name, rows)
  if low then
    table.insert(parts.bands, ('%s using 1:3:4 with filledcurves fs transparent solid 0.18 noborder lc rgb "%s" notitle')
      :format(name, color))
  end
  parts.lines[i] = ('%s using 1:2 with %s lw %g dt %d lc rgb "%s" %s'):format(name, styles[s.style], s.width, s.dash, color,
    s.label == "" and "notitle" or "title " .. plot.quote(s.label))
end

--- Lines over a common axis, with bands: learning curves, predictions over time.
-- @tparam table given `series`: a list of `{ y =, x = 1..N, low =, high = (a band), label =, style = "lines" | "points" |
-- "linespoints", color =, dash = gnuplot's dash type, width = }`, numbers as lists or tensors (N), NaN a gap; `xlabel`, `ylabel`,
-- `title`, `description`, `width`, `height`, `background`, `key` where the labels go ("top left", or "off"), `xlog` (false),
-- `ylow`, `yhigh` ends of the axis, `commands` more of gnuplot's
-- @treturn string the SVG as a string, or nil and a message
function plot.lines(given)
  local call = "plot.lines"
  local o = options.fill(call, given, line_options)
  if type(o.series) ~= "table" or #o.series == 0 then
    error(call .. ": series must be a list of { y = numbers }, got " .. type(o.series), 2)
  end
  local parts = { data = {}, bands = {}, lines = {} }
  for i, s in ipairs(o.series) do draw(call, i, s, parts) end
  local all = table.move(parts.lines, 1, #parts.lines, #parts.bands + 1, parts.bands)
  local script = ([[
set xlabel %s
set ylabel %s
set key %s
set yrange [%s:%s]
set style data lines
%s
%s
%s
plot %s
]]):format(plot.quote(o.xlabel), plot.quote(o.ylabel), o.key == "off" and "off" or o.key .. " Left reverse samplen 1.5",
    o.ylow or "*", o.yhigh or "*", o.xlog and "set logscale x" or "", o.commands, table.concat(parts.data),
    table.concat(all, ", \\\n     "))
  local svg, why = plot.svg(script, { width = o.width, height = o.height, background = o.background,
    title = o.title ~= "" and o.title or o.ylabel, description = o.description })
  return svg, why
end

--- Writes a plot; the file appears whole or not at all.
-- @string path ends in .svg
-- @string svg
-- @return true, or nil and a message
function plot.save(path, svg)
  if type(path) ~= "string" or not path:find "%.svg$" then
    error(("plot.save: path must end in .svg, got '%s'"):format(tostring(path)), 2)
  end
  if type(svg) ~= "string" then error("plot.save: svg must be a string, as plot.lines gives, got " .. type(svg), 2) end
  return fs.write(path, svg)
end

return plot
