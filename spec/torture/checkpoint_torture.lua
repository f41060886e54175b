--- Training killed a hundred times, and on a disk that is full.
local checkpoint = require "tenor.fit.checkpoint"
local fs = require "tenor.fs"
local killing = require "spec.support.killing"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local tenor = require "tenor"

describe("Training that is tortured", function()
  local folder
  before_each(function() folder = shell.folder() end)
  after_each(shell.clean)
  after_each(scratch.clean)

  it("comes to the same bits through a hundred kills", function()
    local rng, kills, writing, behind = tenor.rng(23), 0, 0, 0
    local path = folder .. "/run.ckpt"
    for _, width in ipairs { 5, 2000, 20000 } do
      local expected = killing.run("", width).outcome
      local wanted = kills + 34
      while kills < wanted do
        shell.run("rm -f " .. path .. "*")
        local outcome, done = nil, 0
        while not outcome do
          local run = killing.run(path, width,
            { signal = "sigkill", batches = 1 + rng:integer(2), wait = math.floor(rng:uniform() ^ 2 * 2e7) })
          outcome = run.outcome
          if not outcome then
            assert.equal("", run.errors)
            kills = kills + 1
            for _, name in ipairs(fs.list(folder)) do
              if name:find "%.tmp$" or name:find "%.next$" then writing = writing + 1 end
            end
            local state, note = checkpoint.find(path)
            local at = (state.position.epoch - 1) * 4 + state.position.batch
            assert.is_true(at >= done + run.batches - 1)
            if note then behind = behind + 1 end
            done = at
          end
        end
        assert.equal(expected, outcome)
      end
    end
    print(("\n%d kills, %d of them while a checkpoint was being written, %d between its two renames"):format(kills, writing,
      behind))
  end)

  it("on a file system that fills up keeps what it had, and goes on when there is room", function()
    local disk = folder .. "/disk"
    assert(fs.make_folder(disk))
    if not shell.run(("mount -t tmpfs -o size=2m tmpfs %s"):format(disk)) then
      return pending "needs to mount a tmpfs"
    end
    local ok, why = pcall(function()
      local path = disk .. "/run.ckpt"
      local expected = killing.run("", 5000).outcome
      local whole = killing.run(path, 5000) -- some 0.7 MB each
      assert.equal(expected, whole.outcome)
      local size = fs.stat(path).size
      for room = 0, 3 * size, size // 8 do
        shell.run(("rm -f %s*; dd if=/dev/zero of=%s/ballast bs=1 count=0 seek=0"):format(path, disk))
        local free = 2 * 1024 * 1024 - room
        assert(shell.run(("head -c %d /dev/zero > %s/ballast"):format(math.max(0, free), disk)))
        local first = killing.run(path, 5000)
        if first.outcome then
          assert.equal(expected, first.outcome)
          assert.is_truthy(checkpoint.find(path))
        else -- there was no room for the first one, which is said before training begins
          assert.matches("the checkpoint cannot be written: .*[Nn]o space left", first.errors)
          assert.equal(0, first.batches)
          assert.same({ "ballast" }, fs.list(disk))
        end
        assert(fs.remove(disk .. "/ballast"))
        assert.equal(expected, killing.run(path, 5000).outcome)
      end
    end)
    shell.run("umount " .. disk)
    assert(ok, why)
  end)

  it("in a folder that may only be read says so before it begins", function()
    local disk = folder .. "/disk"
    assert(fs.make_folder(disk))
    if not shell.run(("mount -t tmpfs -o ro tmpfs %s"):format(disk)) then return pending "needs to mount a tmpfs" end
    local run = killing.run(disk .. "/run.ckpt", 5)
    shell.run("umount " .. disk)
    assert.matches("the checkpoint cannot be written: .*Read%-only file system", run.errors)
    assert.equal(0, run.batches)
  end)
end)
