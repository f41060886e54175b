--- tenor info: what is in a file. Headers are read, not what they are of: a file may be larger than memory.
local byteorder = require "tenor.byteorder"
local core = require "tenor.core"
local fs = require "tenor.fs"
local quoted = require "tenor.quoted"
local tenor = require "tenor"

local SHOWN <const> = 1 << 26 -- numbers of a file of so many bytes are shown too

-- A safetensors file's "F32" as NumPy has it.
local function numpy_dtype(name)
  local kind, bits = name:match "^(%u+)(%d+)$"
  local long = ({ F = "float", BF = "bfloat", I = "int", U = "uint" })[kind]
  return long and long .. bits or name:lower()
end

local function told_array(a) return { dtype = a.dtype, shape = tenor.json.array(a.shape) } end

local function array_text(a)
  if a.dtype == "string" and #a.shape == 1 then return ("%d strings"):format(a.shape[1]) end
  return ("%s (%s)"):format(a.dtype, table.concat(a.shape, ", "))
end

-- Arrays by name: as plain data and as lines.
local function arrays(by_name)
  local names, told, lines, widest = {}, {}, {}, 0
  for name in pairs(by_name) do
    names[#names + 1] = name
    widest = math.max(widest, utf8.len(name) or #name)
  end
  table.sort(names, byteorder)
  for i, name in ipairs(names) do
    told[name] = told_array(by_name[name])
    lines[i] = name .. (" "):rep(widest + 1 - (utf8.len(name) or #name)) .. array_text(by_name[name])
  end
  return told, lines
end

local function npy(path)
  local head, why = core.npy.header(path)
  if not head then return nil, why end
  local text = array_text(head)
  local stat = fs.stat(path)
  local x = stat and stat.size <= SHOWN and (tenor.load(path) or tenor.load(path, { dtype = "real" }))
  if type(x) == "userdata" then text = text .. "\n" .. tostring(x):gsub("^[^\n]*\n", "") end
  return { kind = "npy", tensor = told_array(head) }, text
end

local function npz(path)
  local heads, others = core.npy.headers(path)
  if not heads then return nil, others end
  local told, lines = arrays(heads)
  table.insert(lines, 1, ("%d arrays%s"):format(#lines, others > 0 and (", %d other members"):format(others) or ""))
  return { kind = "npz", tensors = told }, table.concat(lines, "\n")
end

local function audio(path)
  local reader <close>, why = tenor.audio.open(path)
  if not reader then return nil, why end
  return { kind = "audio", rate = reader.rate, channels = reader.channels, frames = reader.frames, duration = reader.duration },
    (tostring(reader):gsub("^Reader ", ""))
end

local function corpus(path)
  local c, why = tenor.corpus.open(path)
  if not c then return nil, why end
  return { kind = "corpus", name = c.name, utterances = #c, labels = tenor.json.array(c:label_names()), scale = c.scale },
    tostring(c)
end

local function model_of(m)
  local inputs = tenor.json.array {}
  for i, input in ipairs(m.inputs) do
    inputs[i] = input.kind == "ids" and { words = m.words:size() } or { features = input.width }
  end
  return { kind = "model", labels = tenor.json.array(m.labels), scale = m.scale, parameters = (m.network:count()),
    inputs = inputs, extraction = m.features, standardized = m.scaler ~= nil, epochs = m.history and #m.history,
    best_epoch = m.history and m.history.best_epoch, record = m.record, fold = m.fold, version = m.version }
end

local function folds_of(folds)
  local list = tenor.json.array {}
  for i, model in ipairs(folds.models) do
    list[i] = { name = model.fold.name, held_out = tenor.json.array(model.fold.held_out) }
  end
  return { kind = "folds", labels = tenor.json.array(folds.labels), scale = folds.scale, folds = list }
end

local function safetensors(path)
  local m, reason
  if path:lower():find "%.safetensors$" then m, reason = tenor.model.load(path) end
  if m then return model_of(m), tostring(m) end
  local reader <close>, why = tenor.safetensors.open(path)
  if not reader then return nil, why end
  local heads = {}
  for name, e in pairs(reader.entries) do heads[name] = { dtype = numpy_dtype(e.dtype), shape = e.shape } end
  local told, lines = arrays(heads)
  local metadata, what = reader.metadata, "tensors"
  if (metadata.tenor or ""):find "^tenor checkpoint" then
    metadata, what = {}, "tensors of a checkpoint of training"
  end
  table.insert(lines, 1, ("%d %s"):format(#lines, what))
  for name, value in pairs(metadata) do
    if #value <= 100 then table.insert(lines, 2, ("%s: %s"):format(name, value)) end
  end
  if reason and metadata["tenor.format"] then lines[#lines + 1] = "no model: " .. reason end
  return { kind = "safetensors", tensors = told, metadata = next(metadata) and metadata or nil }, table.concat(lines, "\n")
end

-- What begins as word vectors do; `format` is what the readers of tenor.vectors are called.
local function vectors(path, format)
  local head = core.vectors.head(path, 1, 1 << 16, path) or ""
  local line = head:match "^[^\n]*"
  local words, dimensions
  if format == "glove" then
    dimensions = select(2, line:gsub("%s+%S+", ""))
  else
    words, dimensions = line:match "^%D*(%d+)%s+(%d+)"
    words, dimensions = math.tointeger(words), math.tointeger(dimensions)
    if not words or not dimensions then -- digits may be more than 64 bits hold
      return nil, ("%s: expected two whole numbers, words and dimensions, got %s"):format(path, quoted(line))
    end
  end
  return { kind = "vectors", format = format, dimensions = dimensions, words = words },
    ("word vectors, %s: %s%d dimensions"):format(format, words and words .. " words, " or "", dimensions)
end

local function folder(path)
  if fs.is_file(path .. "/experiment.json") then
    local experiment, why = tenor.experiment.open((path:gsub("(.)/+$", "%1")))
    if not experiment then return nil, why end
    return { kind = "experiment", name = experiment.made.name, runs = #assert(experiment:runs()),
      missing = #assert(experiment:missing()) }, tostring(experiment)
  end
  local folds = tenor.model.load(path)
  if folds then return folds_of(folds), tostring(folds) end
  return nil, ("%s: is a folder, with neither models of a cross-validation nor results of an experiment; "
    .. "a corpus is told by KIND:PATH, as iemocap:%s"):format(path, path)
end

local by_ending = { npy = npy, npz = npz, csv = corpus, safetensors = safetensors }
local by_content = { npy = npy, safetensors = safetensors, glove = vectors, fasttext = vectors, word2vec = vectors }

local function look(path)
  if path == "-" then return nil, "-: standard input is not read; give a file's name" end
  if path:find "^[%a_][%w_]*:." and not fs.stat(path) then return corpus(path) end
  if fs.is_folder(path) then return folder(path) end
  local known = by_ending[path:lower():match "%.(%w+)$" or ""]
  if known then return known(path) end
  local format = fs.is_file(path) and require "tenor.vectors.sniff"(path, 1, path)
  return (by_content[format or ""] or audio)(path, format)
end

return {
  summary = "Say what is in a file",
  about = "Knows NumPy's .npy and .npz, models and other .safetensors, folders of a cross-validation, audio files, "
    .. "manifests (.csv), corpora (KIND:PATH), word vectors and results folders.",
  arguments = { { name = "file", text = "one or more", args = "+" } },
  run = function(args, ctx)
    local failed, told, several = 0, tenor.json.array {}, #args.file > 1
    for _, path in ipairs(args.file) do
      local value, text = look(path)
      if value then
        value.file = path
        told[#told + 1] = value
        if not args.json then ctx.print((several and path .. ": " or "") .. text) end
      else
        failed = failed + 1
        ctx.note("tenor info: %s", text)
      end
    end
    if args.json and #told > 0 then ctx.result(several and told or told[1]) end
    return failed == #args.file and ctx.status.failed or failed > 0 and ctx.status.partly or ctx.status.done
  end,
}
