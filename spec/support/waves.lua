--- Many short wav files in a moment, and files that are broken in every way that
-- corpora have them. Bytes are made here, not by tenor.audio: it would refuse most.
local fs = require "tenor.fs"
local uv = require "luv"

local waves = {}

local noise
-- Bytes that sound like noise: cut out of one block, so that a file costs nothing to make.
local function samples(seed, count)
  if not noise then
    local pieces, state = {}, 12345
    for i = 1, 1 << 15 do
      state = (state * 1103515245 + 12345) & 0x7fffffff
      pieces[i] = string.pack("<i2", (state >> 16) - 16384)
    end
    noise = table.concat(pieces)
    noise = noise .. noise
  end
  local at = 2 * (seed * 7919 % (1 << 15))
  local text = string.pack("<i2", seed % 30000) .. noise:sub(at + 1, at + 2 * count - 2)
  return text .. noise:sub(1, 2 * count - #text)
end

local function chunk(name, body) return name .. string.pack("<I4", #body) .. body end

-- A WAV file of these parts; PCM of 16 bits unless told.
local function riff(o)
  local bits, channels, rate = o.bits or 16, o.channels or 1, o.rate or 16000
  local block = o.block or channels * bits // 8
  local format = string.pack("<I2I2I4I4I2I2", o.codec or 1, channels, rate, rate * block & 0xffffffff, block, bits)
  local body = "WAVE" .. chunk("fmt ", format) .. (o.data and (o.chunk or chunk("data", o.data)) or "")
  return "RIFF" .. string.pack("<I4", #body) .. body
end

local function floats(count, f)
  local pieces = {}
  for i = 1, count do pieces[i] = string.pack("<f", f(i)) end
  return table.concat(pieces)
end

--- A file whose samples no other seed has, of 0.05 to 0.5 s.
function waves.bytes(seed) return riff { data = samples(seed, 800 + seed * 613 % 7200) } end

local function bytes_of(make)
  return function(path) assert(fs.write(path, make())) end
end

local function with_float(value)
  return bytes_of(function()
    return riff { codec = 3, bits = 32, data = floats(4000, function(i) return i == 1234 and value or i % 7 / 10 end) }
  end)
end

--- How files are broken: list of { what is made at a path, what the message says }.
waves.broken = {
  { bytes_of(function() return "" end), "the file is empty" },
  { bytes_of(function() return "<html>404 Not Found</html>" end), "not a readable audio file" },
  { bytes_of(function() return "RIFF" end), "not a readable audio file" },
  { bytes_of(function() return waves.bytes(1):sub(1, 30) end), "not a readable audio file" },
  { bytes_of(function() return waves.bytes(2):sub(1, -1001) end), "truncated: its header promises" },
  { bytes_of(function() return waves.bytes(3):gsub("^(RIFF....WAVE.-data)....", "%1\255\255\0\1", 1) end),
    "truncated: its header promises" },
  { bytes_of(function() return riff {} end), "not a readable audio file" },
  { bytes_of(function() return riff { data = "" } end), "holds no samples" },
  { bytes_of(function() return riff { data = samples(4, 399) } end), "0.0249375 s is shorter than one frame of 0.025 s" },
  { bytes_of(function() return riff { data = samples(5, 4000), channels = 0, block = 2 } end), "not a readable audio file" },
  { bytes_of(function() return riff { data = samples(6, 4000), rate = 0 } end), "not a readable audio file" },
  { bytes_of(function() return riff { data = samples(7, 4000), rate = 700 } end), "holds 17 samples, at least 20 are needed" },
  { bytes_of(function() return riff { data = samples(8, 4000), codec = 0x1234 } end), "not a readable audio file" },
  { bytes_of(function() return riff { data = samples(9, 4000), bits = 0, block = 2 } end), "not a readable audio file" },
  { with_float(0 / 0), "sample 1234 is not finite" },
  { with_float(-math.huge), "sample 1234 is not finite" },
  { function(path) assert(fs.make_folder(path)) end, "is a directory" },
  { function() end, "No such file or directory" },
  { function(path) assert(uv.fs_symlink(path .. ".gone", path)) end, "No such file or directory" },
  { function(path) assert(uv.fs_symlink(path, path)) end, "Too many levels of symbolic links" },
}

--- Writes `count` files into a folder, `count_broken` of them broken and spread evenly.
-- @return list of paths; index → what the message must say
function waves.write(folder, count, count_broken)
  assert(fs.make_folder(folder))
  local paths, reasons = {}, {}
  for b = 1, count_broken do reasons[b * count // (count_broken + 1)] = b end
  for i = 1, count do
    paths[i] = ("%s/%05d.wav"):format(folder, i)
    local kind = reasons[i] and waves.broken[(reasons[i] - 1) % #waves.broken + 1]
    if kind then
      kind[1](paths[i])
      reasons[i] = kind[2]
    else
      local file = assert(io.open(paths[i], "wb")) -- no fsync: these are thousands
      assert(file:write(waves.bytes(i)))
      assert(file:close())
    end
  end
  return paths, reasons
end

return waves
