--- The acoustic features of the paper: pyAudioAnalysis's descriptors and their statistics.
-- `docs/features.md` gives every column's formula. All of it is computed in
-- double precision and rounded once, at the end.
-- @module tenor.features
local core = require "tenor.core".features
local audio = require "tenor.audio"
local many = require "tenor.features.many"
local tensor = require "tenor.tensor"
local options = require "tenor.features.options"

local Tensor = getmetatable(tensor.zeros(1))

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

--- The names of the 68 numbers of a file, or of its 136 with deltas: means, then deviations.
-- @tparam[opt] boolean deltas
-- @return list of names
function features.column_names(deltas)
  if not deltas then return table.move(features.hsf_names, 1, 68, 1, {}) end
  local names = {}
  for s, statistic in ipairs { "mean_", "std_" } do
    for i = 1, 34 do
      names[(s - 1) * 68 + i] = statistic .. features.names[i]
      names[(s - 1) * 68 + 34 + i] = statistic .. features.delta_names[i]
    end
  end
  return names
end

-- Tables and FFT plans serve every wave of one rate: a corpus makes them once.
local extractors, made = {}, 0

local function extractor(rate, window, step, eps)
  local key = ("%d %d %d %.17g"):format(rate, window, step, eps)
  if not extractors[key] then
    if made == 16 then extractors, made = {}, 0 end
    extractors[key] = core.extractor(rate, window, step, eps)
    made = made + 1
  end
  return extractors[key]
end

local MOST <const> = 1 << 53 -- more samples than any sound has

-- Samples in a time, as pyAudioAnalysis counts them: the fraction is dropped.
local function samples(time, rate) return math.min(math.floor(time * rate), MOST) end

--- Why frames of these options cannot be cut out of `frames` samples at a rate, or nil.
-- @local
function features._misfit(rate, frames, o)
  local window = samples(o.window, rate)
  if window < core.min_window then
    return ("window must hold at least %d samples, so that each of the ten blocks of its spectrum has a bin; "
      .. "%g s at %d Hz are %d"):format(core.min_window, o.window, rate, window)
  end
  if samples(o.step, rate) < 1 then return ("step must be at least one sample, got %g s at %d Hz"):format(o.step, rate) end
  if window > core.max_window and window <= frames then
    return ("window must hold at most %d samples, %g s at %d Hz are %d"):format(core.max_window, o.window, rate, window)
  end
end

-- The extractor for `sound`, a Wave or a Reader; or nil and why it has no frames. What the rate of a stranger's file
-- makes of an option is not the caller's fault.
local function prepare(call, sound, o)
  local misfit, name = features._misfit(sound.rate, #sound, o), sound.path or "wave"
  if misfit and not sound.path then error(("%s: %s"):format(call, misfit), 3) end
  if misfit then return nil, ("%s: %s"):format(name, misfit) end
  local window, step = samples(o.window, sound.rate), samples(o.step, sound.rate)
  if #sound < window then
    return nil, ("%s: %.6g s is shorter than one frame of %.6g s"):format(name, sound.duration, o.window)
  end
  return extractor(sound.rate, window, step, o.eps)
end

local function run(call, kernel, sound, o)
  local prepared, message = prepare(call, sound, o)
  if not prepared then return nil, message end
  local result, why = kernel(prepared, sound, o.deltas, o.drop_zeros)
  if result and not result:isfinite() then return nil, ("%s: its features are not finite"):format(sound.path or "wave") end
  return result, why
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
-- that names the file where it cannot be read, is shorter than one frame, holds NaN or infinity, or has a rate at
-- which the window holds fewer than 20 samples
-- @raise where an option is unknown or out of range; of a Wave that no file gave also where the window holds fewer
-- than 20 samples
function features.lld(wave, opts)
  local o = options.lld("features.lld", opts)
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
  local o = options.hsf("features.hsf", opts)
  if getmetatable(lld) == Tensor then require "tenor.nonfinite".check_rows("features.hsf: lld", lld, nil, 2) end
  return core.hsf(lld, o.drop_zeros)
end

--- From a wave to its statistics, in double precision throughout and in
-- memory that does not grow with the wave: `hsf(lld(wave))` without the matrix.
-- @param wave a Wave, or the path of a file, which is read in blocks
-- @tparam[opt] table opts the options of @{lld} and of @{hsf}
-- @return tensor (68), or (136) with deltas; nil and a message as from @{lld}
-- @raise as @{lld}
function features.extract(wave, opts)
  local o = options.extract("features.extract", opts)
  check_sound("features.extract", wave)
  return from("features.extract", core.extract, wave, o)
end

--- The statistics of many files, over the threads of `tenor.threads()`, as
-- @{extract} gives them, bit for bit. Memory is that of the result and of the files in work.
-- @tparam table paths list of N paths; `false` stands for a file that is not there to extract
-- @tparam[opt] table opts the options of @{extract}; `jobs` (all threads): how many threads at
-- most; `progress` ("silent"): "auto", "bar" or "plain", or a function of (done, total)
-- that is called now and then, between files; `stream` (io.stderr) of the bar; `cache` (false):
-- true, or a folder, keeps rows from one run to the next by the content of the file and the options
-- (true: in the folder that @{tenor.cache.folder} tells); `verify` (false): all files are read to
-- see that they are those of before, even where size and times say so
-- @treturn Tensor tensor (N, 68), or (N, 136) with deltas; rows without a result are zeros
-- @treturn table table index → message of the files that have no features, each naming its file
-- @treturn table table `cached`, how many rows came from the cache; `silent`, list of the indices of files
-- in which nothing is to be heard; `notes`, list of sentences on a cache that did not work
-- @raise where an option is unknown or out of range
function features.extract_many(paths, opts)
  local call = "features.extract_many"
  local o = options.many(call, opts)
  if type(paths) ~= "table" then error(("%s: paths must be a list, got %s"):format(call, type(paths)), 2) end
  for i = 1, #paths do
    if type(paths[i]) ~= "string" and paths[i] ~= false then
      error(("%s: path %d must be a string or false, got %s"):format(call, i, type(paths[i])), 2)
    end
  end
  return many(paths, o)
end

--- Features from a file, found by utterance id: `corpus:features(path)` gives those of a corpus's utterances.
--
-- - `.npz`: as `features:save` writes it, or anyone's. `features` ("features") and `ids` ("ids") name its arrays, (N, F)
--   and N strings or whole numbers; `names` ("names") that of the columns' names, if any.
-- - `.csv`: one line an utterance, as openSMILE writes it. `id`: the column of the ids (the first of id, name,
--   file, filename); `columns`: list of those to take (all but id, name, file, filename, start, end, frameIndex,
--   frameTime, class); `separator` (comma, semicolon or tab, of which the header has most). Where it is no comma,
--   numbers may have one for their point.
-- @string path
-- @tparam[opt] table opts
-- @treturn Features with `tensor` (N, F), `ids`, `names`, `failures`; or nil and a message with file and line, or row and
-- column
-- @raise where the ending is neither, or an option is unknown
function features.load(path, opts)
  return require "tenor.features.archive".load(path, options.file("features.load", path, opts))
end

return features
