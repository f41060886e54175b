local fs = require "tenor.fs"
local hash = require("tenor.core").hash
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"

describe("The file system", function()
  local root
  before_each(function()
    root = scratch.path(".folder")
    assert(fs.make_folder(root .. "/a/b"))
  end)
  after_each(function()
    fs.remove_tree(root)
    scratch.clean()
  end)

  it("makes folders above a folder, and again without complaint", function()
    assert.is_true(fs.is_folder(root .. "/a/b"))
    assert(fs.make_folder(root .. "/a/b/"))
  end)

  it("adds to files of its own alone: along no link, and to nothing that would be waited for", function()
    assert(fs.append(root .. "/log", "one"))
    assert(fs.append(root .. "/log", "two"))
    assert.equal("onetwo", fs.read(root .. "/log"))
    assert.is_true(shell.run(("cd %s && ln -s log soft && ln -s none dangling && mkfifo pipe"):format(root)))
    for _, name in ipairs { "soft", "dangling", "pipe", "a" } do
      local ok, why = fs.append(root .. "/" .. name, "three")
      assert.is_nil(ok)
      assert.equal(("%s/%s: is a link, or no file"):format(root, name), why)
    end
    assert.is_true(shell.run(("ln %s/log %s/hard"):format(root, root)))
    assert(fs.append(root .. "/log", "three"))
    assert.equal("onetwothree", fs.read(root .. "/log"))
    assert.equal("onetwo", fs.read(root .. "/hard"))
    assert.same({ "a", "dangling", "hard", "log", "pipe", "soft" }, fs.list(root))
    local _, why = fs.append(root .. "/none/x", "")
    assert.equal(root .. "/none/x: no such file or directory", why)
  end)

  it("writes whole files and leaves nothing beside them", function()
    assert(fs.write(root .. "/a/x", "one"))
    assert(fs.write(root .. "/a/x", ("two"):rep(100000)))
    assert.equal(("two"):rep(100000), fs.read(root .. "/a/x"))
    assert.same({ "b", "x" }, fs.list(root .. "/a"))
    assert.equal(300000, fs.stat(root .. "/a/x").size)
  end)

  it("tells whether a file can be written, and leaves all as it was", function()
    assert(fs.write(root .. "/a/x", "one"))
    assert.is_true(shell.run(("ln -s nowhere %s/a/link"):format(root)))
    for _, name in ipairs { "x", "y", "link" } do assert.is_true(fs.may_write(root .. "/a/" .. name)) end
    assert.same({ "b", "link", "x" }, fs.list(root .. "/a"))
    assert.equal("one", fs.read(root .. "/a/x"))
    local long = root .. "/" .. ("n"):rep(250) -- with what stands behind it until it is whole
    for path, expected in pairs {
      [root .. "/a"] = ": is a folder", [long] = ": cannot be written, name too long",
      [root .. "/none/x"] = (": cannot be written, %s/none/: no such file or directory"):format(root),
      [root .. "/a/x/y"] = (": cannot be written, %s/a/x/: not a directory"):format(root),
    } do
      local ok, why = fs.may_write(path)
      assert.is_nil(ok)
      assert.equal(path .. expected, why)
    end
    local _, why = fs.write(long, "")
    assert.equal(long .. ": name too long", why)
  end)

  it("names the file and the reason when the system refuses", function()
    local _, why = fs.list(root .. "/none")
    assert.equal(root .. "/none: no such file or directory", why)
    _, why = fs.write(root .. "/none/x", "")
    assert.equal(root .. "/none/x: no such file or directory", why)
    assert(fs.write(root .. "/file", ""))
    _, why = fs.make_folder(root .. "/file/x")
    assert.matches("not a directory", why)
    _, why = fs.make_folder "/proc/none/x" -- a folder that is there and makes none
    assert.equal("/proc/none: no such file or directory", why)
  end)

  it("names content by its hash, the same in memory and on the disk", function()
    assert(fs.write(root .. "/x", ("abc"):rep(50000)))
    assert.equal(hash.bytes(("abc"):rep(50000)), hash.file(root .. "/x"))
    assert.equal("99aa06d3014798d86001c324468d497f", hash.bytes "") -- XXH3-128 of nothing, by its specification
    assert.matches("no such file", (select(2, hash.file(root .. "/none"))):lower())
    assert.equal("/dev/zero: is not a regular file", select(2, hash.file "/dev/zero"))
  end)
end)
