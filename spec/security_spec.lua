-- The promises of docs/security.md that are about the code as a whole, and what archives may name.
-- Those about each reader are in foreign_spec.lua and in the readers' own specs.
local fs = require "tenor.fs"
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

describe("Nothing that comes in a file is run", function()
  it("since only these compile text or start a program", function()
    assert.same({
      "lua/tenor/cli/config.lua", -- a constant, whose token is read first; fuzz/targets/config.lua watches that
      "lua/tenor/experiment/pool.lua", -- workers of an experiment
      "lua/tenor/plot.lua", -- gnuplot; texts go to it in quotes, see plot_spec.lua
      "lua/tenor/repl.lua", -- what a person types
    }, having("lua", "%.lua$", { "[^%w_.:]load%(", "loadfile", "dofile", "loadstring", "os%.execute", "io%.popen", "uv%.spawn" }))
    assert.same({}, having("csrc", "%.[ch]$", { "[^%w_]system%(", "popen%(", "[^%w_]exec[vl]", "lua_load", "luaL_load", "luaL_do" }))
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

describe("Reading writes nothing", function()
  after_each(shell.clean)

  it("since only these write", function()
    assert.same({ "csrc/dsp/sound_write.c", "csrc/io/output.c", "csrc/io/store.c" },
      having("csrc", "%.c$", { "O_CREAT", "fopen%([^)]*\"[wa]", "[^%w_]rename%(", "unlink%(", "mkdir%(" }))
    local writers = {}
    for _, path in ipairs(having("lua", "%.lua$", { "io%.open%([^)]*\"[wa]", "fs%.write%(", "fs_open%(", "os%.rename", "os%.remove",
      "fs%.remove", "make_folder%(", "os%.tmpname" })) do
      writers[#writers + 1] = path
      assert.is_nil(path:find "/vectors" or path:find "/text" or path:find "/corpus/[^w]" or path:find "/model/[^c]"
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
    local path = folder .. "/out.wav"
    local link = ("%s.%d.tmp"):format(path, require "luv".os_getpid())
    assert(shell.run(("ln -s '%s/precious' '%s'"):format(folder, link)))
    assert.is_nil(tenor.audio.write(path, tenor.audio.wave(tenor.ones(100), 8000)))
    assert.equal("kept", fs.read(folder .. "/precious"))
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
