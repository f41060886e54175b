--- Audio files: waves in memory, readers of blocks, writing.
-- WAV, FLAC, OGG Vorbis, AIFF and whatever else libsndfile reads, at any rate.
-- @module tenor.audio
local core = require "tenor.core".audio
local options = require "tenor.options"

local audio = {}

--- Reads a whole file.
-- The samples are kept as doubles, full scale ±1, in both builds. A file that
-- is empty, cut short, not audio, or holds NaN or infinity is refused.
-- @function read
-- @string path
-- @treturn Wave a @{Wave}, or nil and a message that names the file
audio.read = core.read

--- Makes a wave of a tensor.
-- @function wave
-- @param samples tensor (N), or (N, channels), full scale ±1
-- @int rate Hz
-- @treturn Wave a @{Wave} without a path
-- @raise where samples is no such tensor or rate no positive integer
audio.wave = core.wave

--- Opens a file to be read in blocks.
-- @function open
-- @string path
-- @treturn audio.Reader a @{Reader}, or nil and a message that names the file
audio.open = core.open

local write_defaults = { format = options.none, subtype = options.none }

--- Writes a wave to a file.
-- The file appears whole or not at all: it is written beside `path` and renamed.
-- Integer subtypes round to nearest and clip at full scale, so that a file
-- read and written again in its own subtype keeps its samples.
-- @string path
-- @param wave a @{Wave}
-- @tparam[opt] table opts `format`: wav, flac, ogg, aiff, au, caf or w64, by
-- default the path's extension; `subtype`: pcm_u8, pcm_s8, pcm_16, pcm_24,
-- pcm_32, float, double, vorbis, ulaw or alaw, by default pcm_16 (ogg: vorbis)
-- @return true, or nil and a message that names the file
-- @raise where the format cannot be told, or cannot hold the wave
function audio.write(path, wave, opts)
  local o = options.fill("audio.write", opts, write_defaults)
  local format = o.format
  for _, name in ipairs { "format", "subtype" } do
    if o[name] ~= nil and type(o[name]) ~= "string" then
      error(("audio.write: %s must be a string, got %s"):format(name, type(o[name])), 2)
    end
  end
  if format == nil then
    if type(path) ~= "string" then error("audio.write: path must be a string, got " .. type(path), 2) end
    format = path:match "%.([^./]+)$"
    if not format then error(("audio.write: '%s' has no extension: give format"):format(path), 2) end
  end
  return core.write(path, wave, format:lower(), o.subtype and o.subtype:lower())
end

--- The blocks of a file, for a generic `for`; the file is closed when the loop ends, however it ends.
-- @usage for block in tenor.audio.blocks("long.flac", { frames = 16000 }) do … end
-- @string path
-- @tparam[opt] table opts `frames`: samples a channel in a block, default 65536; the last block may be shorter
-- @treturn function what `for` wants, its closing value among it: each step gives a tensor (n) or (n, channels)
-- @treturn nil
-- @treturn nil
-- @treturn audio.Reader
-- @raise where the file cannot be opened or read, as `io.lines` does
function audio.blocks(path, opts)
  local o = options.fill("audio.blocks", opts, { frames = 65536 })
  if math.type(o.frames) ~= "integer" or o.frames < 1 then
    error("audio.blocks: frames must be a positive integer, got " .. tostring(o.frames), 2)
  end
  local reader, message = audio.open(path)
  if not reader then error("audio.blocks: " .. message, 2) end
  local function next_block()
    local block, why = reader:read(o.frames)
    if why then error("audio.blocks: " .. why, 2) end
    return block
  end
  return next_block, nil, nil, reader
end

--- A signal in memory; `#wave` is its number of samples a channel. Fields: `rate` in Hz, `channels`, `frames` (samples a
-- channel), `duration` in seconds, `path`, as it was read from, or nil.
-- @type Wave

--- The samples, full scale ±1.
-- @function Wave:samples
-- @return tensor (N) of one channel, or (N, channels)

--- An open file. Fields: `rate`, `channels`, `frames`, `duration`, `path`, as a @{Wave} has them.
-- May be declared `<close>`. Once closed, reading and seeking raise.
-- @type Reader

--- Reads on.
-- @function Reader:read
-- @int[opt=65536] frames at most so many samples a channel
-- @return tensor (n) or (n, channels); nil at the end; nil and a message where reading fails

--- Moves to where the next read begins.
-- @function Reader:seek
-- @int offset in samples a channel from the beginning, which is 0
-- @treturn integer offset, or nil and a message

--- Closes the file. May be called again.
-- @function Reader:close

return audio
