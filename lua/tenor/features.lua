--- The acoustic features of the paper: pyAudioAnalysis's descriptors and their statistics.
-- `docs/features.md` gives every column's formula. All of it is computed in
-- double precision and rounded once, at the end.
-- @module tenor.features
local core = require "tenor.core".features
local audio = require "tenor.audio"
local options = require "tenor.options"
local many = require "tenor.features.many"
local training = require "tenor.core".training

local features = {}

--- The 34 descriptors, in the order of the LLD's columns.
features.names = {
  "zcr", "energy", "energy_entropy", "spectral_centroid", "spectral_spread", "spectral_entropy",
  "spectral_flux", "spectral_rolloff",
}
for i = 1, 13 do table.insert(features.names, "mfcc_" .. i) end
for i = 1, 12 do table.insert(features.names, "chroma_" .. i) end
table.insert(features.names, "chroma_std")

--- The names of columns 35 to 68 of an LLD with deltas: `delta_zcr` …
features.delta_names = {}
--- The names of the 68 numbers of an HSF without deltas: `mean_zcr` … `std_chroma_std`.
features.hsf_names = {}
for i, name in ipairs(features.names) do
  features.delta_names[i] = "delta_" .. name
  features.hsf_names[i] = "mean_" .. name
  features.hsf_names[#features.names + i] = "std_" .. name
end

local lld_defaults = { window = 0.025, step = 0.010, deltas = false, eps = 2.0 ^ -52 }
local hsf_defaults = { drop_zeros = false }
local extract_defaults = { drop_zeros = false }
for name, default in pairs(lld_defaults) do extract_defaults[name] = default end
local many_defaults = { jobs = options.none, progress = "silent", stream = options.none }
for name, default in pairs(extract_defaults) do many_defaults[name] = default end

local function fill(call, opts, defaults)
  local o = options.fill(call, opts, defaults, 4)
  for _, name in ipairs { "window", "step", "eps" } do
    local value = o[name]
    if defaults[name] and not (type(value) == "number" and value > 0 and value < math.huge) then
      error(("%s: %s must be a positive number, got %s"):format(call, name, tostring(value)), 3)
    end
  end
  for _, name in ipairs { "deltas", "drop_zeros" } do
    if defaults[name] ~= nil and type(o[name]) ~= "boolean" then
      error(("%s: %s must be true or false, got %s"):format(call, name, tostring(o[name])), 3)
    end
  end
  return o
end

-- Tables and FFT plans serve every wave of one rate: a corpus makes them once.
local cache, cached = {}, 0

local function extractor(rate, window, step, eps)
  local key = ("%d %d %d %.17g"):format(rate, window, step, eps)
  if not cache[key] then
    if cached == 16 then cache, cached = {}, 0 end
    cache[key] = core.extractor(rate, window, step, eps)
    cached = cached + 1
  end
  return cache[key]
end

-- Samples in a time, as pyAudioAnalysis counts them: the fraction is dropped.
local function samples(time, rate) return math.floor(time * rate) end

-- The extractor for `sound`, a Wave or a Reader; or nil and why it has no frames.
local function prepare(call, sound, o)
  local window, step = samples(o.window, sound.rate), samples(o.step, sound.rate)
  if window < core.min_window then
    error(("%s: window must hold at least %d samples, so that each of the ten blocks of its spectrum has a bin; "
      .. "%g s at %d Hz are %d"):format(call, core.min_window, o.window, sound.rate, window), 3)
  end
  if step < 1 then
    error(("%s: step must be at least one sample, got %g s at %d Hz"):format(call, o.step, sound.rate), 3)
  end
  if #sound < window then
    local name = sound.path or "wave"
    return nil, ("%s: %.3f s is shorter than one frame of %.3f s"):format(name, sound.duration, o.window)
  end
  return extractor(sound.rate, window, step, o.eps)
end

local function run(call, kernel, sound, o)
  local prepared, message = prepare(call, sound, o)
  if not prepared then return nil, message end
  return kernel(prepared, sound, o.deltas, o.drop_zeros)
end

local function check_sound(call, sound)
  local class = getmetatable(sound)
  class = type(class) == "table" and class.__name
  if type(sound) ~= "string" and class ~= "tenor.Wave" then
    error(("%s: wave must be a Wave or a path, got %s"):format(call, class or type(sound)), 3)
  end
end

-- A path is read twice, block by block, and never held in memory.
local function from(call, kernel, sound, o)
  if type(sound) ~= "string" then return run(call, kernel, sound, o) end
  local opened, message = audio.open(sound)
  if not opened then return nil, message end
  local reader <close> = opened
  return run(call, kernel, reader, o)
end

--- Low-level descriptors, frame by frame.
-- @param wave a Wave, or the path of a file, which is read in blocks
-- @tparam[opt] table opts `window` (0.025 s) and `step` (0.010 s), the
-- fraction of a sample dropped; `deltas` (false): 34 more columns, each
-- descriptor's difference to the frame before; `eps` (2^-52; the paper's own
-- runs had 1e-8)
-- @return tensor (frames, 34), or (frames, 68) with deltas; nil and a message
-- that names the file where it cannot be read, is shorter than one frame or
-- holds NaN or infinity
-- @raise where an option is unknown or out of range, or the window holds fewer than 20 samples
function features.lld(wave, opts)
  local o = fill("features.lld", opts, lld_defaults)
  check_sound("features.lld", wave)
  return from("features.lld", core.lld, wave, o)
end

--- High-level statistics of descriptors: the mean of each column, then the
-- population standard deviation of each.
-- @param lld tensor (frames, F)
-- @tparam[opt] table opts `drop_zeros` (false): exact zeros count as missing,
-- as in the paper's published code; a column of zeros alone gives 0 and 0
-- @return tensor (2F): 68 for 34 descriptors, 136 with deltas
-- @raise where lld is no such tensor or has no frames
function features.hsf(lld, opts)
  local o = fill("features.hsf", opts, hsf_defaults)
  return core.hsf(lld, o.drop_zeros)
end

--- From a wave to its statistics, in double precision throughout and in
-- memory that does not grow with the wave: `hsf(lld(wave))` without the matrix.
-- @param wave a Wave, or the path of a file, which is read in blocks
-- @tparam[opt] table opts the options of @{lld} and of @{hsf}
-- @return tensor (68), or (136) with deltas; nil and a message as from @{lld}
-- @raise as @{lld}
function features.extract(wave, opts)
  local o = fill("features.extract", opts, extract_defaults)
  check_sound("features.extract", wave)
  return from("features.extract", core.extract, wave, o)
end

local modes = { auto = true, bar = true, plain = true, silent = true }

--- The statistics of many files, over the threads of `tenor.threads()`, as
-- @{extract} gives them, bit for bit. Memory is that of the result and of the files in work.
-- @tparam table paths list of N paths; `false` stands for a file that is not there to extract
-- @tparam[opt] table opts the options of @{extract}; `jobs` (all threads): how many threads at
-- most; `progress` ("silent"): "auto", "bar" or "plain", or a function of (done, total)
-- that is called now and then, between files; `stream` (io.stderr) of the bar
-- @return tensor (N, 68), or (N, 136) with deltas; rows without a result are zeros
-- @return table index → message of the files that have no features, each naming its file
-- @raise where an option is unknown or out of range
function features.extract_many(paths, opts)
  local call = "features.extract_many"
  local o = fill(call, opts, many_defaults)
  if type(paths) ~= "table" then error(("%s: paths must be a list, got %s"):format(call, type(paths)), 2) end
  for i = 1, #paths do
    if type(paths[i]) ~= "string" and paths[i] ~= false then
      error(("%s: path %d must be a string or false, got %s"):format(call, i, type(paths[i])), 2)
    end
  end
  o.jobs = o.jobs or training.threads()
  if math.type(o.jobs) ~= "integer" or o.jobs < 1 then
    error(("%s: jobs must be a whole number from 1, got %s"):format(call, tostring(o.jobs)), 2)
  end
  o.jobs = math.min(o.jobs, training.threads())
  if type(o.progress) ~= "function" and not modes[o.progress] then
    error(("%s: progress must be auto, bar, plain, silent or a function, got %s"):format(call, tostring(o.progress)), 2)
  end
  return many(paths, o)
end

return features
