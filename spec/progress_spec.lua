local progress = require "tenor.progress"
local terminal = require("tenor.core").terminal

-- a stream that remembers, and a clock that is set by hand
local function fixture(given)
  local text, now = {}, 100
  local stream = {}
  function stream:write(...)
    for _, piece in ipairs { ... } do text[#text + 1] = piece end
    return self
  end
  function stream:flush() return self end
  local settings = { stream = stream, clock = function() return now end, width = 100, utf8 = false, mode = "bar" }
  for name, value in pairs(given) do settings[name] = value end
  local p = progress.new(settings)
  local function written()
    local all = table.concat(text)
    text = {}
    return all
  end
  return p, written, function(seconds) now = now + seconds end
end

local function last_drawing(text) return text:match("\r([^\r\n]*)\27%[K\n?$") end

describe("progress", function()
  it("shows part, bar, fields, pace and the time left of the whole", function()
    local p, written, wait = fixture { total = 1250, every = 25, title = "epoch" }
    wait(116.8)
    p:update(292, { "loss 0.412", "val 0.455" })
    assert.equal("epoch 12/50 ===============------- 17/25  loss 0.412  val 0.455  0.4 s/step  6m23s left",
      last_drawing(written()))
  end)

  it("shows a rate where its steps have a unit", function()
    local p, written, wait = fixture { total = 1000, unit = "MB", title = "glove.txt" }
    wait(2)
    p:update(500)
    assert.equal("glove.txt ===========----------- 500/1000 MB  250 MB/s  2s left", last_drawing(written()))
    p, written, wait = fixture { total = 4, unit = "files", title = "extract" }
    wait(4)
    p:update(2)
    assert.truthy(last_drawing(written()):find("2/4 files  0.5 files/s  4s left", 1, true))
  end)

  it("shows nothing of work that ends before its patience does", function()
    for _, mode in ipairs { "bar", "plain" } do
      local p, written, wait = fixture { total = 2, patience = 1, mode = mode }
      wait(0.4)
      p:update(1)
      wait(0.4)
      p:update(2)
      p:close()
      assert.equal("", written())
    end
    local p, written, wait = fixture { total = 4, patience = 1 }
    wait(0.5)
    p:update(1)
    assert.equal("", written())
    wait(1)
    p:update(3)
    assert.truthy(last_drawing(written()):find("3/4  0.5 s/step  1s left", 1, true))
    p:close()
    assert.truthy(written():find "\n$")
  end)

  it("draws with box characters where the locale speaks UTF-8", function()
    local p, written, wait = fixture { total = 2, utf8 = true }
    wait(1)
    p:update(1)
    assert.equal(("━"):rep(11) .. ("─"):rep(11) .. " 1/2  1.0 s/step  1s left", last_drawing(written()))
  end)

  it("redraws at most ten times a second, but always at the end", function()
    local p, written, wait = fixture { total = 1000 }
    for step = 1, 1000 do
      wait(0.001)
      p:update(step)
    end
    local text = written()
    local _, drawings = text:gsub("\r", "")
    assert.is_true(drawings >= 9 and drawings <= 12)
    assert.truthy(last_drawing(text):find("1000/1000  1 ms/step", 1, true))
  end)

  it("shows a part as full before the next begins", function()
    local p, written, wait = fixture { total = 8, every = 4, title = "epoch" }
    wait(1)
    p:update(4)
    assert.truthy(last_drawing(written()):find("^epoch 1/2 =+ 4/4 "))
    wait(1)
    p:update(5)
    assert.truthy(last_drawing(written()):find("^epoch 2/2 =+%-+ 1/4 "))
  end)

  it("counts a last part that is shorter than the others", function()
    local p, written, wait = fixture { total = 10, every = 4, title = "epoch" }
    wait(1)
    p:update(9)
    assert.truthy(last_drawing(written()):find("^epoch 3/3 .* 1/2 "))
  end)

  it("never fills the last column, however narrow the window", function()
    for width = 1, 60 do
      local p, written, wait = fixture { total = 9, title = "lésé", width = width, utf8 = true }
      wait(1)
      p:update(3, { "loss 0.412" })
      assert.is_true(utf8.len(last_drawing(written())) < width)
    end
  end)

  it("forgets an old pace", function()
    local p, _, wait = fixture { total = 1000, mode = "silent" }
    wait(100)
    p:update(1)
    for step = 2, 201 do
      wait(1)
      p:update(step)
    end
    assert.is_near(1, p.seconds / p.steps, 0.01)
  end)

  it("writes plain lines at the ends of parts, and not too many", function()
    local p, written, wait = fixture { total = 100, every = 10, title = "epoch", mode = "plain" }
    for step = 1, 100 do
      wait(0.2)
      p:update(step)
    end
    local lines = {}
    for line in written():gmatch("[^\n]+") do lines[#lines + 1] = line end
    assert.equal(4, #lines)
    assert.equal("epoch 3/10 10/10  0.2 s/step  14s left", lines[1])
    assert.equal("epoch 10/10 10/10  0.2 s/step", lines[4])
  end)

  it("breaks a long silence in plain mode", function()
    local p, written, wait = fixture { total = 100, every = 100, title = "epoch", mode = "plain" }
    wait(31)
    p:update(3)
    assert.truthy(written():find("^epoch 1/1 3/100"))
  end)

  it("puts a note above the bar", function()
    local p, written, wait = fixture { total = 2 }
    wait(1)
    p:update(1)
    written()
    p:note("saved")
    assert.truthy(written():find("^\r\27%[Ksaved\n\r=+%-+ 1/2"))
    p:note("a\27[2J\u{9B}31m")
    assert.truthy(written():find("^\r\27%[Ka%?%[2J%?31m\n\r=+%-+ 1/2"))
  end)

  it("ends the line once, with the final text in its place", function()
    local p, written = fixture { total = 2 }
    p:close("done")
    p:close("again")
    p:update(2)
    assert.equal("\r\27[Kdone\n", written())
  end)

  it("says nothing to a terminal by texts of files", function()
    for _, mode in ipairs { "bar", "plain" } do
      local p, written, wait = fixture { total = 2, mode = mode, title = "a\27]0;x\7" }
      wait(60)
      p:update(1, { "b\27[31m" })
      p:note("c\27[31m")
      p:close("d\27]0;x\7")
      local text = written():gsub("\27%[K", "")
      assert.is_nil(text:find("[\27\7]"))
      for _, kept in ipairs { "a?]0;x?", "b?[31m", "c?[31m", "d?]0;x?" } do assert.truthy(text:find(kept, 1, true)) end
    end
  end)

  it("ends the line when a to-be-closed variable goes by an error", function()
    local p, written = fixture { total = 2 }
    pcall(function()
      local line <close> = p
      line:note("before")
      error("stop")
    end)
    assert.equal("\n", written():sub(-1))
    assert.is_true(p.closed)
  end)

  it("says nothing when silent", function()
    local p, written, wait = fixture { total = 2, mode = "silent" }
    wait(60)
    p:update(1, { "x" })
    p:note("y")
    p:close("z")
    assert.equal("", written())
  end)

  it("is plain on a stream that is no terminal", function()
    assert.equal("plain", fixture({ total = 1, mode = "auto" }).mode)
    local file <close> = assert(io.tmpfile())
    assert.equal("plain", progress.new({ total = 1, stream = file }).mode)
  end)

  it("refuses settings that it does not know or cannot use", function()
    for message, settings in pairs {
      ["progress.new: unknown option 'totals' (did you mean 'total'?)"] = { totals = 3 },
      ["progress.new: total must be a positive integer, got nil"] = {},
      ["progress.new: total must be a positive integer, got 2.5"] = { total = 2.5 },
      ["progress.new: every must be a positive integer, got 0"] = { total = 2, every = 0 },
      ["progress.new: mode must be auto, bar, plain or silent, got loud"] = { total = 2, mode = "loud" },
    } do
      local ok, err = pcall(progress.new, settings)
      assert.is_false(ok)
      assert.truthy(err:find(message, 1, true), err)
    end
  end)
end)

describe("terminal", function()
  it("knows files from terminals, open or closed", function()
    local file = assert(io.tmpfile())
    assert.is_false(terminal.isatty(file))
    assert.is_nil(terminal.width(file))
    file:close()
    assert.is_false(terminal.isatty(file))
    assert.is_false(terminal.isatty(-1))
    assert.is_false(terminal.isatty({}))
  end)

  it("has a clock that does not step back", function()
    local before = terminal.clock()
    for _ = 1, 1000 do
      local now = terminal.clock()
      assert.is_true(now >= before)
      before = now
    end
  end)
end)
