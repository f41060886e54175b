local fs = require "tenor.fs"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local store = require("tenor.core").store

local HEAD <const>, RECORD <const> = 512, 16 + 5 + 8
local function key(i) return ("key %-12d"):format(i) end
local function value(i) return ("%05d"):format(i) end

local function open(path) return assert(store.open(path, "numbers", 5)) end

local function filled(n)
  local path = scratch.path ".store"
  local s <close> = open(path)
  for i = 1, n do s:put(key(i), value(i)) end
  return path
end

describe("A store", function()
  after_each(scratch.clean)
  after_each(shell.clean)

  it("has what was put, in the same process and in the next", function()
    local path = filled(3000)
    local s <close> = open(path)
    for i = 1, 3000 do assert.equal(value(i), s:get(key(i))) end
    assert.is_nil(s:get(key(3001)))
    assert.same({ count = 3000, damaged = 0, unsaved = 0 }, s:condition())
  end)

  it("writes a value once, and of several under one key has the last", function()
    local path = filled(2)
    local s <close> = open(path)
    s:put(key(1), value(1))
    assert.equal(HEAD + 2 * RECORD, fs.stat(path).size)
    s:put(key(1), value(9))
    assert.equal(value(9), s:get(key(1)))
    local again <close> = open(path)
    assert.equal(value(9), again:get(key(1)))
  end)

  it("cut at any length keeps its whole records, and goes on", function()
    local bytes = scratch.read(filled(3))
    for length = 0, #bytes - 1 do
      local path = scratch.file(".cut", bytes:sub(1, length))
      local whole = math.max(0, (length - HEAD) // RECORD)
      do
        local s <close> = open(path)
        for i = 1, 3 do assert.equal(i <= whole and value(i) or nil, s:get(key(i))) end
        s:put(key(7), value(7))
        assert.is_nil(s:condition().why)
      end
      local s <close> = open(path)
      assert.same({ count = whole + 1, damaged = 0, unsaved = 0 }, s:condition())
      assert.equal(value(7), s:get(key(7)))
      assert.equal(HEAD + (whole + 1) * RECORD, fs.stat(path).size)
      scratch.clean()
    end
  end)

  it("with any byte changed never gives another value", function()
    local bytes = scratch.read(filled(3))
    for at = HEAD + 1, #bytes do
      local other = string.char(bytes:byte(at) ~ 0x10)
      local s <close> = open(scratch.file(".store", bytes:sub(1, at - 1) .. other .. bytes:sub(at + 1)))
      local hit = (at - HEAD - 1) // RECORD + 1
      for i = 1, 3 do assert.equal(i ~= hit and value(i) or nil, s:get(key(i))) end
      assert.equal(1, s:condition().damaged)
      scratch.clean()
    end
  end)

  it("does not touch a file that is none, or holds something else", function()
    for _, bytes in ipairs { "notes", ("x"):rep(600), (scratch.read(filled(1)):gsub("numbers", "letters", 1)) } do
      local path = scratch.file(".store", bytes)
      local s, why = store.open(path, "numbers", 5)
      assert.is_nil(s)
      assert.equal(path .. ": is no cache of this kind, or is damaged: remove it", why)
      assert.equal(bytes, scratch.read(path))
    end
  end)

  it("does not write along a link, and does not wait for a pipe", function()
    local path, elsewhere = scratch.path ".store", scratch.path ".elsewhere"
    assert.is_true(os.execute(("ln -s %s %s"):format(elsewhere, path)))
    assert.equal(path .. ": is a symbolic link", select(2, store.open(path, "numbers", 5)))
    assert.is_nil(io.open(elsewhere))
    assert.is_true(os.execute(("rm %s && mkfifo -m 444 %s"):format(path, path)))
    assert.equal(path .. ": is not a regular file", select(2, store.open(path, "numbers", 5)))
  end)

  it("sees what another one puts, and both may put at once", function()
    local path = filled(0)
    local a <close> = open(path)
    local b <close> = open(path)
    for i = 1, 100 do (i % 3 == 0 and a or b):put(key(i), value(i)) end
    a:put(key(101), value(101)) -- who writes, reads what is new
    b:put(key(102), value(102))
    a:put(key(103), value(103))
    for i = 1, 102 do assert.equal(value(i), a:get(key(i))) end
    assert.equal(HEAD + 103 * RECORD, fs.stat(path).size)
  end)

  it("loses nothing to processes that write at once and are killed", function()
    local path = filled(0)
    local script = scratch.file(".lua", ([[
      require "tenor.cpu"
      local s = require("tenor.core").store.open(%q, "numbers", 5)
      local from = tonumber(arg[1])
      for i = from, from + 9999 do s:put(("key %%-12d"):format(i), ("%%05d"):format(i)) io.write(i, "\n") io.flush() end
    ]]):format(path))
    local logs = {}
    local command = {}
    for p = 1, 4 do
      logs[p] = scratch.path ".log"
      command[p] = ("timeout -s KILL 0.%d %s %s %d >%s & "):format(p + 1, shell.lua, script, 10000 * p, logs[p])
    end
    shell.run(table.concat(command) .. "wait")
    local s <close> = open(path)
    local written = 0
    for p = 1, 4 do
      for line in scratch.read(logs[p]):gmatch "(%d+)\n" do
        written = written + 1
        assert.equal(value(tonumber(line)), s:get(key(tonumber(line))))
      end
    end
    assert.equal(0, s:condition().damaged)
    assert.is_true(s:condition().count >= written)
  end)

  it("stops writing where the disk is full, says so, and has what it had", function()
    local path = filled(10)
    -- a limit on the size of files, whose signal is ignored, stands for the disk's
    local script = scratch.file(".lua", ([[
      require "tenor.cpu"
      local s = require("tenor.core").store.open(%q, "numbers", 5)
      for i = 1, 1000 do s:put(("key %%-12d"):format(i), ("%%05d"):format(i)) end
      local c = s:condition()
      print(c.count, c.unsaved, c.why, s:get("key 10          "), s:get("key 1000        "))
    ]]):format(path))
    local ok, out = shell.run(("trap '' XFSZ; ulimit -f 1; exec %s %s"):format(shell.lua, script))
    assert.is_true(ok, out)
    local count, unsaved, why = out:match "^(%d+)\t(%d+)\t(.-)\t00010\tnil"
    assert.equal("File too large", why)
    assert.equal(1000, count + unsaved)
    assert.equal(HEAD + count * RECORD, fs.stat(path).size)
    local s <close> = open(path)
    assert.equal(0, s:condition().damaged)
  end)

  it("that may only be read is read", function()
    local path = filled(3)
    local user = shell.run "test $(id -u) = 0" and "setpriv --reuid=65534 --clear-groups " or ""
    if user ~= "" and not shell.run(user .. 'test -r "$PWD/build"') then return end -- this tree is root's alone
    local script = scratch.file(".lua", ([[
      require "tenor.cpu"
      local s = require("tenor.core").store.open(%q, "numbers", 5)
      s:put(("key %%-12d"):format(4), "00004")
      print(s:get(("key %%-12d"):format(3)), s:condition().unsaved, s:condition().why)
    ]]):format(path))
    shell.run(("chmod 444 %s; chmod 755 %s"):format(path, script))
    local _, out = shell.run(user .. shell.lua .. " " .. script)
    assert.equal("00003\t1\tPermission denied\n", out)
  end)

  it("is closed once, and not used after", function()
    local s = open(filled(1))
    s:close()
    s:close()
    assert.error_matches(function() s:get(key(1)) end, "the store is closed")
  end)

  it("names the place that it cannot be at", function()
    local _, why = store.open("/nowhere/at/all", "numbers", 5)
    assert.equal("/nowhere/at/all: No such file or directory", why)
    _, why = store.open("/tmp", "numbers", 5)
    assert.equal("/tmp: is not a regular file", why)
  end)
end)
