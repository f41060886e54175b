--- The page as a browser shows it, where Chromium and netpbm are installed (`tools/deps screenshot`).
--
-- Fonts and versions differ from place to place, so no picture is compared with another: what must hold is that
-- nothing is wider than the screen, that no figure is blank, and that each scheme has its colours. The page is the same
-- in both builds, so one of them will do.
local drawing = require "spec.support.drawing"
local needs = require "spec.support.needs"
local runs = require "spec.support.runs"
local shell = require "spec.support.shell"
local tenor = require "tenor"

local chromium
for _, name in ipairs { "chromium", "chromium-browser", "google-chrome" } do
  if not chromium and os.execute("command -v " .. name .. " >/dev/null 2>&1") then chromium = name end
end
local present = tenor.real == "float32" and chromium and drawing.present and os.execute "command -v ppmhist >/dev/null 2>&1"
local here = needs(present, "the float build, Chromium, gnuplot and netpbm")

local function count(histogram)
  local n = 0
  for _ in pairs(histogram) do n = n + 1 end
  return n
end

describe("the page in a browser", function()
  local folder

  local function browse(arguments, page)
    local ok, said = shell.run(("timeout 120 %s --headless --no-sandbox --disable-gpu --hide-scrollbars "
      .. "--force-device-scale-factor=1 --user-data-dir='%s/profile' %s 'file://%s/%s' 2>/dev/null"):format(chromium,
        folder, arguments, folder, page))
    assert(ok, said)
    return said
  end

  -- A picture of the page: a function that counts the colours of a part of it, { ["#rrggbb"] = pixels }.
  local function picture(width, height, more)
    local file = ("%s/%d.png"):format(folder, width)
    browse(("--window-size=%d,%d --screenshot='%s' %s"):format(width, height, file, more or ""), "page.html")
    return function(cut)
      local histogram = {}
      local command = ("pngtopnm '%s' | %s ppmhist -noheader"):format(file, cut and "pamcut " .. cut .. " |" or "")
      for _, line in ipairs(shell.lines(command)) do
        local r, g, b, n = line:match "(%d+)%s+(%d+)%s+(%d+)%s+%d+%s+(%d+)"
        if r then histogram[("#%02x%02x%02x"):format(r, g, b)] = math.tointeger(tonumber(n)) end
      end
      return histogram
    end
  end

  setup(function()
    if not present then return end
    folder = shell.folder()
    local list = runs.table2(6)
    for _, r in ipairs(runs.search(2)) do
      r.name = "HSF+WE+GloVe with quite a long name"
      list[#list + 1] = r
    end
    runs.predictions(folder, list)
    assert(tenor.report.new(list, { folder = folder, replicates = 199 }):save(folder .. "/page.html"))
  end)
  teardown(function() shell.clean() end)

  -- The browser tells what it laid out: a page with the report in frames of some widths writes it down.
  here("is no wider than the screen, from 320 pixels on", function()
    local widths, frames = { 320, 390, 768, 1000 }, {}
    for i, width in ipairs(widths) do
      frames[i] = ('<iframe src="page.html" style="border:0;width:%dpx;height:800px"></iframe>'):format(width)
    end
    local file = assert(io.open(folder .. "/measured.html", "w"))
    file:write("<!DOCTYPE html><title></title>", table.concat(frames), [[
<script>
window.onload = () => {
  document.title = Array.from(document.querySelectorAll("iframe"), frame => {
    const root = frame.contentDocument.documentElement, wide = [];
    for (const e of root.querySelectorAll("main *")) {
      const box = e.getBoundingClientRect();
      if (box.width > 1 && box.right > frame.clientWidth + 0.5) wide.push(e.tagName + "." + e.className);
    }
    return root.scrollWidth + " " + wide.join(",");
  }).join(";");
};
</script>]])
    file:close()
    local dom = browse("--allow-file-access-from-files --virtual-time-budget=5000 --dump-dom", "measured.html")
    assert.equal("320 ;390 ;768 ;1000 ", dom:match "<title>([^<]*)</title>")
  end)

  here("on a phone has empty margins, text, and figures with their colours", function()
    local colors = picture(390, 12000)
    for _, margin in ipairs { "-left 0 -width 8", "-left 382 -width 8" } do
      local histogram = colors(margin)
      assert.equal(1, count(histogram), margin)
      assert.equal(8 * 12000, histogram["#ffffff"])
    end
    local all = colors()
    assert.is_true(all["#222222"] > 1000) -- letters and axes
    assert.is_true(all["#0072b2"] > 5000 and all["#d55e00"] > 5000) -- bars
    assert.is_true(all["#440154"] > 500 and all["#fde725"] > 300) -- both ends of the heat map
    assert.is_true(all["#e8000b"] > 50) -- its best point
  end)

  here("on a desk stands in one column of text with figures side by side", function()
    local colors = picture(1280, 8000)
    assert.equal(1, count(colors "-left 0 -width 100"))
    assert.equal(1, count(colors "-left 1180 -width 100"))
    local left, right = colors "-left 140 -width 480", colors "-left 640 -width 480"
    for _, half in ipairs { left, right } do assert.is_true(half["#0072b2"] > 3000 and half["#d55e00"] > 3000) end
  end)

  here("has a dark scheme, with lighter colours on it", function()
    local all = picture(400, 12000, "--blink-settings=preferredColorScheme=0")()
    assert.is_true(all["#16181c"] > 0.7 * 400 * 12000)
    assert.is_nil(all["#0072b2"])
    assert.is_true(all["#4aa8e0"] > 5000)
    assert.is_true(all["#e6e4df"] > 1000)
  end)

  here("prints in light colours, on more than one page", function()
    local printed = folder .. "/page.pdf"
    browse(("--no-pdf-header-footer --blink-settings=preferredColorScheme=0 --print-to-pdf='%s'"):format(printed), "page.html")
    local file = assert(io.open(printed, "rb"))
    local pdf = file:read "a"
    file:close()
    local _, pages = pdf:gsub("/Type%s*/Page[^s]", "")
    assert.is_true(pages >= 3)
    if os.execute "command -v pdftoppm >/dev/null 2>&1" then
      local first = shell.lines(("pdftoppm -r 50 -l 1 '%s' | ppmhist -noheader | head -n 1"):format(printed))[1]
      assert.matches("^%s*255%s+255%s+255%s", first)
    end
  end)
end)
