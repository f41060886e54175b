-- The promises of docs/security.md that are about the code as a whole, and what archives may name.
-- Those about each reader are in foreign_spec.lua, growth_spec.lua and in the readers' own specs.
local archive = require "spec.support.archive"
local fs = require "tenor.fs"
local drawing = require "spec.support.drawing"
local runs = require "spec.support.runs"
local shell = require "spec.support.shell"
local tenor = require "tenor"
local assert = require "spec.support.assertions"

-- Calls f(path, line) for each line of code below a folder.
local function each_line(folder, ending, f)
  for _, name in ipairs(fs.list(folder)) do
    local path = folder .. "/" .. name
    if fs.is_folder(path) then
      each_line(path, ending, f)
    elseif name:find(ending) then
      for line in io.lines(path) do
        if not line:find "^%s*%-%-" and not line:find "^%*%*" and not line:find "^/%*" then f(path, line) end
      end
    end
  end
end

-- The files with a line that has one of the patterns.
local function having(folder, ending, patterns)
  local found, list = {}, {}
  each_line(folder, ending, function(path, line)
    for _, pattern in ipairs(patterns) do
      if (" " .. line):find(pattern) and not found[path] then
        found[path], list[#list + 1] = true, path
      end
    end
  end)
  table.sort(list)
  return list
end

describe("docs/security.md", function()
  it("names tests that are there", function()
    local page, count = fs.read "docs/security.md", 0
    local tests = page:match "## Which test holds what(.-)\n## "
    for line in tests:gmatch "[^\n]+" do
      local path, text
      for item in line:gmatch '[`"][^`"]+[`"]' do
        local inside = item:sub(2, -2)
        if item:sub(1, 1) == "`" and inside:find "^[%w_/]+%.%w+$" then
          path = inside:find "/" and inside or "fuzz/targets/" .. inside
          text = assert(fs.read(path), path)
        elseif item:sub(1, 1) == '"' and path then
          assert.is_true(text:find(inside, 1, true) ~= nil, path .. " has no " .. inside)
          count = count + 1
        end
      end
    end
    assert.is_true(count > 15)
  end)
end)

describe("Nothing that comes in a file is run", function()
  it("since only these compile text or start a program", function()
    assert.same({
      "lua/tenor/cli/config.lua", -- a constant, whose token is read first; fuzz/targets/config.lua watches that
      "lua/tenor/experiment/pool.lua", -- workers of an experiment
      "lua/tenor/plot.lua", -- gnuplot; texts go to it in quotes, see plot_spec.lua
      "lua/tenor/repl.lua", -- what a person types
    }, having("lua", "%.lua$", { "[^%w_.:]load%(", "loadfile", "dofile", "loadstring", "os%.execute", "io%.popen", "uv%.spawn" }))
    assert.same({}, having("csrc", "%.[ch]$", { "[^%w_]system%(", "popen%(", "[^%w_]exec[vl]", "lua_load", "luaL_load",
      "luaL_do" }))
    assert.same({ "csrc/bind/core.c" }, having("csrc", "%.[ch]$", { "dlopen" })) -- itself: RTLD_NOLOAD loads nothing
  end)

  it("and Python's objects are refused, not unpickled", function()
    local path = shell.folder() .. "/x.npy"
    local header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n"
    assert(fs.write(path, "\x93NUMPY\1\0" .. string.pack("<s2", header) .. "\x80\4cos\nsystem\n(S'touch x'\ntR."))
    assert.matches("holds Python objects", select(2, tenor.load(path)))
    shell.clean()
  end)
end)

describe("Nothing that a configuration or a folder's name says is run", function()
  after_each(shell.clean)

  it("such as a module for a network", function()
    local folder = shell.folder()
    assert(fs.write(folder .. "/evil.lua", ("io.open(%q, 'w'):close() return error"):format(folder .. "/mark")))
    assert(fs.write(folder .. "/m.csv", "id,text,valence\na,b,1\nb,c,2\n"))
    assert(fs.write(folder .. "/c.lua", "return { network = 'evil', corpus = 'm.csv', output = 'results' }"))
    local root = require "luv".cwd()
    local ok, said = shell.run(("cd %s && LUA_PATH=\"./?.lua;$LUA_PATH\" exec %s %s/bin/tenor search --config c.lua"):format(folder,
      shell.lua, root))
    assert.is_false(ok)
    assert.matches("c.lua: network must be one of fusion, text, acoustic, got 'evil'", said)
    assert.is_false(fs.is_file(folder .. "/mark"))
  end)

  it("by the shell that a job array is handed to", function()
    local cluster = require "tenor.experiment.cluster"
    for _, results in ipairs { "/a\nrm -rf b", '/a"b', "/a]==] .. x .. [==[", "/a{}" } do
      for _, make in pairs(cluster) do
        local made, why = make({ made = { results = results }, store = {} })
        assert.is_nil(made)
        assert.matches("must have no line breaks, quotation marks, braces or %]==%] in its path$", why)
      end
    end
  end)
end)

describe("Nothing that a record of a run says is run", function()
  after_each(shell.clean)

  -- names and labels that try to be more than text: to gnuplot, to a shell, to a browser, to LaTeX
  local function report(folder)
    local mark = folder .. "/mark"
    local evil = ("v'\nsystem \"touch %s\"\n!touch %s\n`touch %s`\n%%s <script>alert(1)</script> \\input{x} | b")
      :format(mark, mark, mark)
    local records = {}
    for _, name in ipairs { "HSF", evil } do
      for seed = 1, 2 do
        local r = runs.record { name = name, task = "STL", seed = seed, levels = { 0.3 }, labels = { evil }, split = evil }
        local rows = {}
        for i = 1, 20 do
          rows[i] = { id = evil .. i, split = "test", ["gold_" .. evil] = math.sin(i), ["pred_" .. evil] = math.cos(i) }
        end
        assert(fs.make_folder(folder .. "/predictions"))
        assert(tenor.csv.write(folder .. "/" .. r.predictions, { "id", "split", "gold_" .. evil, "pred_" .. evil }, rows))
        records[#records + 1] = r
      end
    end
    return tenor.report.new(records, { folder = folder, title = evil, replicates = 99 }), mark
  end

  drawing.it("by gnuplot, nor by who opens the page", function()
    local made, mark = report(shell.folder())
    local tags = {}
    drawing.well_formed(assert(made:html()), function(name, attributes)
      tags[name] = true
      for attribute in pairs(attributes) do
        assert.is_nil(type(attribute) == "string" and attribute:lower():find "^on" or nil, attribute)
      end
    end)
    assert.is_nil(tags.script)
    assert.is_true(tags.svg or next(tags) == nil) -- without a parser there are none
    assert.is_false(fs.is_file(mark))
  end)

  it("by LaTeX, nor does it end a line of Markdown", function()
    local made = report(shell.folder())
    assert.is_nil(made:latex():find("\\input", 1, true))
    for line in made:markdown():gmatch "[^\n]+" do assert.is_nil(line:find "^system", line) end
    assert.is_nil(made:markdown():gsub("\\<", ""):find("<script", 1, true))
  end)
end)

describe("Reading writes nothing", function()
  after_each(shell.clean)

  it("since only these write", function()
    assert.same({ "csrc/dsp/sound_write.c", "csrc/io/output.c", "csrc/io/store.c" },
      having("csrc", "%.c$", { "O_CREAT", "fopen%([^)]*\"[wa]", "[^%w_]rename%(", "unlink%(", "mkdir%(" }))
    local writers = {}
    for _, path in ipairs(having("lua", "%.lua$", { "io%.open%([^)]*\"[wa]", "fs%.write%(", "fs%.append%(", "fs_open%(",
      "os%.rename", "os%.remove", "fs%.remove", "make_folder%(", "os%.tmpname" })) do
      writers[#writers + 1] = path
      assert.is_nil(path:find "/vectors" or path:find "/text" or path:find "/corpus/[^w]" or path:find "/model/[^cf]"
        or path:find "safetensors", path .. " reads, and should not write")
    end
    assert.is_true(#writers > 0)
  end)

  it("whatever an archive calls its members", function()
    local folder = shell.folder()
    assert(fs.make_folder(folder .. "/in"))
    local names = { ["../evil"] = tenor.ones(2), ["/tmp/tenor-evil"] = tenor.ones(2), ["a/b"] = tenor.ones(2) }
    for _, kind in ipairs { "npz", "safetensors" } do
      local path = folder .. "/in/x." .. kind
      assert(tenor.save(path, names))
      local back = assert(tenor.load(path))
      for name in pairs(names) do assert.same({ 1, 1 }, back[name]:totable()) end
    end
    assert.same({ "x.npz", "x.safetensors" }, fs.list(folder .. "/in"))
    assert.same({ "in" }, fs.list(folder))
    assert.is_false(fs.is_file "/tmp/tenor-evil.npy")
  end)

  it("and a file that is written goes where it was told to, not along a link that waits there", function()
    local folder = shell.folder()
    assert(fs.write(folder .. "/precious", "kept"))
    for _, how in ipairs { "ln -s", "ln" } do
      for name, save in pairs {
        ["out.wav"] = function(path) return tenor.audio.write(path, tenor.audio.wave(tenor.ones(100), 8000)) end,
        ["out.npy"] = function(path) return tenor.save(path, tenor.ones(3)) end,
        ["out.npz"] = function(path) return tenor.save(path, { a = tenor.ones(3) }) end,
      } do
        local path = folder .. "/" .. name
        local link = ("%s.%d-0.tmp"):format(path, require "luv".os_getpid())
        assert.is_true(shell.run(("%s '%s/precious' '%s'"):format(how, folder, link)))
        assert(save(path))
        assert.equal("kept", fs.read(folder .. "/precious"))
        assert(fs.remove(link))
      end
    end
  end)

  it("and a program that is started meanwhile does not get what is open", function()
    local path = shell.folder() .. "/x.safetensors"
    assert(tenor.save(path, { a = tenor.ones(2) }))
    local reader <close> = assert(tenor.safetensors.open(path))
    local _, said = shell.run "ls -l /proc/self/fd"
    assert.is_nil(said:find("x.safetensors", 1, true))
    assert.equal("a", reader.names[1])
  end)
end)

describe("Memory is bounded by the file", function()
  after_each(shell.clean)

  -- what a process may take; reading runs in one of its own
  local function reads(path, kilobytes, call)
    return shell.run(([[ulimit -v %d; exec %s -e "local t = require 'tenor'; print(%s)"]]):format(kilobytes, shell.lua,
      call:format(path)))
  end

  it("so that archives of zeros cost what they hold, and lies nothing", function()
    local folder = shell.folder()
    local path = folder .. "/zeros.npz"
    assert(tenor.save(path, { a = tenor.zeros(4 << 20) }, { compress = true })) -- 16 or 32 MB in about 16 or 32 KB
    local bytes = fs.read(path)
    assert.is_true(#bytes < 64 << 10)
    assert.is_true(assert(tenor.load(path)).a:isfinite())
    -- a central directory that claims 4 GB
    local at = assert(bytes:find("PK\1\2", 1, true))
    assert(fs.write(path, bytes:sub(1, at + 23) .. "\xF0\xFF\xFF\xFF" .. bytes:sub(at + 28)))
    local value, why = tenor.load(path)
    assert.is_nil(value)
    assert.matches("zeros%.npz: ", why)
  end)

  it("so that members of an archive may not lie in one another", function()
    local zeros = 60000
    local function head(count)
      return "\x93NUMPY\1\0" .. string.pack("<s2", ("{'descr': '|u1', 'fortran_order': False, 'shape': (%6d,), }\n"):format(count))
    end
    -- what of the file follows the head of each: the next one's header of 35 bytes and all that is in it
    local between = #head(0) + 35
    local path = shell.folder() .. "/x.npz"
    assert(fs.write(path, archive.overlapping({ head(zeros) }, ("\0"):rep(zeros))))
    assert.equal(zeros, assert(tenor.load(path)).a:size())
    local heads = { head(zeros + 2 * between), head(zeros + between), head(zeros) }
    assert(fs.write(path, archive.overlapping(heads, ("\0"):rep(zeros))))
    assert.matches("x.npz: the archive's members hold more bytes than the file$", select(2, tenor.load(path)))
  end)

  it("so that a member gives no more bytes than its archive tells", function()
    local path = shell.folder() .. "/x.zip"
    local packed = ("425a68393141592653599394055f0007a8c040801000020008200030cc09aa69952436a9490f1772453850909394055f")
      :gsub("%x%x", function(digits) return string.char(tonumber(digits, 16)) end) -- a million line feeds, by bzip2
    local fields = string.pack("<I2I2I2I2I2I4I4I4I2I2", 46, 0, 12, 0, 33, 0xaf6815ac, #packed, 1000, 5, 0)
    local listed = "PK\1\2" .. string.pack("<I2", 46) .. fields .. string.pack("<I2I2I2I4I4", 0, 0, 0, 0, 0) .. "a.txt"
    assert(fs.write(path, "PK\3\4" .. fields .. "a.txt" .. packed .. listed
      .. "PK\5\6" .. string.pack("<I2I2I2I2I4I4I2", 0, 0, 1, 1, #listed, 35 + #packed, 0)))
    local v, why = tenor.vectors.glove(path, { "the" }, { progress = "silent" })
    assert.is_nil(v)
    assert.is_true(why:find("unpacks to more than the 1000 bytes that the archive promises", 1, true) ~= nil
      or why:find("not supported", 1, true) ~= nil, why) -- where libzip comes without bzip2
  end)

  local lies = {
    { "2^60 numbers", "x.npy", "\x93NUMPY\1\0" .. string.pack("<s2",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1152921504606846976,)}"), "t.load('%s')" },
    { "a header of 2 GB", "x.npy", "\x93NUMPY\2\0\xFF\xFF\xFF\x7F{", "t.load('%s')" },
    { "a header of 2^62 bytes", "x.safetensors", "\0\0\0\0\0\0\0\x40{}", "t.load('%s')" },
    { "2^40 words", "x.bin", "1099511627776 300\nthe " .. ("\0"):rep(1200), "t.vectors.word2vec('%s', { 'the' })" },
    { "2^31 samples", "x.wav", "RIFF\xFF\xFF\xFF\x7FWAVEfmt \16\0\0\0\1\0\1\0\x40\x1F\0\0\x80\x3E\0\0\2\0\16\0"
      .. "data\xFE\xFF\xFE\x7F\0\0",
      "t.audio.read('%s')" },
  }
  for _, lie in ipairs(lies) do
    it("so that a promise of " .. lie[1] .. " takes no memory", function()
      local path = shell.folder() .. "/" .. lie[2]
      assert(fs.write(path, lie[3]))
      if os.getenv "LD_PRELOAD" then return end -- a sanitizer needs all addresses
      local ok, said = reads(path, 4 << 20, lie[4]) -- libraries and threads map 2 GB or so that they never touch
      assert.is_true(ok, said)
      assert.matches("^nil\t.*" .. lie[2]:gsub("%.", "%%."), said)
    end)
  end
end)
