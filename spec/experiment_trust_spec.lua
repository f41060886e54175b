--- What a results folder may hold that no experiment has put there.
local experiments = require "spec.support.experiments"
local fs = require "tenor.fs"
local shell = require "spec.support.shell"
local tenor = require "tenor"

local new, run, comparable = experiments.new, experiments.run, experiments.comparable

local function small(folder)
  local e = new { tasks = { "STL" }, systems = { { name = "A", network = "acoustic" } }, results = folder }
  assert(e:prepare { progress = "silent" })
  return e
end

describe("A results folder from a stranger", function()
  teardown(experiments.clean)

  it("is opened without a folder being made, here or where its file says", function()
    local folder = shell.folder()
    local there = folder .. "/deep/elsewhere"
    local text = tenor.json.encode { systems = tenor.json.array {}, results = there, tasks = tenor.json.array {},
      seeds = tenor.json.array {} }
    assert(fs.write(folder .. "/experiment.json", text))
    for _, path in ipairs { folder, folder .. "/experiment.json" } do
      assert.is_table(tenor.experiment.open(path))
      assert.same({ "experiment.json" }, fs.list(folder))
    end
    shell.run(("%s bin/tenor info %s"):format(shell.lua, folder))
    assert.same({ "experiment.json" }, fs.list(folder))
  end)

  it("is refused where a small file means more runs than memory holds", function()
    local folder, many = shell.folder(), tenor.json.array {}
    for i = 1, 101 do many[i] = i end
    assert(fs.write(folder .. "/experiment.json", tenor.json.encode { systems = many, results = folder, tasks = many,
      seeds = many }))
    local e, why = tenor.experiment.open(folder)
    assert.is_nil(e)
    assert.equal(folder .. "/experiment.json: at most 1000000 runs, these would be 1030301", why)
  end)

  it("is gone on with where its folders are missing", function()
    local e = small()
    shell.run(("rmdir %s/logs %s/runs %s/predictions"):format(e.folder, e.folder, e.folder))
    assert.equal(2, assert(run(assert(tenor.experiment.open(e.folder)))).done)
  end)

  it("has no log that is waited for, or that leads to another file", function()
    local e = small()
    local list = assert(e:runs())
    local victim = e.folder .. "/victim"
    assert(fs.write(victim, "kept"))
    assert.is_true(shell.run(("mkfifo %s && ln -s %s %s"):format(e.store:log(list[1].key), victim, e.store:log(list[2].key))))
    assert.equal(2, assert(run(e)).done)
    assert.equal("kept", fs.read(victim))
  end)

  it("says nothing to a terminal by what its records name, and little of it", function()
    local e = small()
    assert(run(e))
    local key = e:runs()[1].key
    local path = ("%s/runs/%s.json"):format(e.folder, key)
    local bytes = assert(fs.read(path))
    local evil = "\27[31m" .. ("x"):rep(300)
    local seen = ("'?[31m%s...'"):format(("x"):rep(75))
    for name, message in pairs { key = "the record of another run, ", predictions = "its predictions are missing: " } do
      local record = tenor.json.decode(bytes)
      record[name] = evil
      assert(fs.write(path, tenor.json.encode(record)))
      local _, why = e.store:finished(key)
      assert.equal(("%s: %s%s"):format(path, message, seen), why)
    end
  end)

  it("is not believed where its corpus or its features have been changed", function()
    local e = small()
    assert(run(e))
    local whole = comparable(e)
    shell.run(("rm %s/runs/*.json"):format(e.folder))
    for _, ending in ipairs { "%.corpus%.csv", "%.features%.json", "%.npy" } do
      local path
      for _, name in ipairs(fs.list(e.folder .. "/data")) do
        if name:find(ending .. "$") then path = e.folder .. "/data/" .. name end
      end
      local bytes = assert(fs.read(path))
      assert(fs.write(path, bytes:sub(1, -3) .. string.char(bytes:byte(-2) ~ 1) .. bytes:sub(-1)))
      local expected = path .. ": was changed or damaged: its content is not what its name says. "
        .. "Remove it and run the experiment's own script, which writes it anew"
      local ok, why = run(assert(tenor.experiment.open(e.folder)))
      assert.is_nil(ok)
      assert.equal("system 'A': " .. expected, why)
      if ending ~= "%.npy" then -- which is written anew in any case
        ok, why = pcall(small, e.folder)
        assert.is_false(ok)
        assert.matches(expected, tostring(why), 1, true)
        assert(fs.remove(path))
      end
      small(e.folder)
      assert.equal(bytes, fs.read(path))
    end
    assert(run(assert(tenor.experiment.open(e.folder))))
    assert.equal(whole, comparable(e))
  end)
end)
