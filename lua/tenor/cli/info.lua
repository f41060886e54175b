--- tenor info: what is in a file.
local fs = require "tenor.fs"
local tenor = require "tenor"

local function shape_of(x) return { dtype = x:dtype(), shape = tenor.json.array(x:shape()) } end

local function shape_text(x) return ("%s (%s)"):format(x:dtype(), table.concat(x:shape(), ", ")) end

local function sorted(t)
  local names = {}
  for name in pairs(t) do names[#names + 1] = name end
  table.sort(names)
  return names
end

local function npy(path)
  local x, why = tenor.load(path)
  if not x then return nil, why end
  return { kind = "npy", tensor = shape_of(x) }, tostring(x)
end

local function npz(path)
  local parts, why = tenor.load(path)
  if not parts then return nil, why end
  local told, lines = {}, {}
  for i, name in ipairs(sorted(parts)) do
    local x = parts[name]
    if type(x) == "userdata" then
      told[name], lines[i] = shape_of(x), ("%-20s %s"):format(name, shape_text(x))
    else
      told[name], lines[i] = { dtype = "string", shape = tenor.json.array { #x } }, ("%-20s strings (%d)"):format(name, #x)
    end
  end
  return { kind = "npz", tensors = told }, ("%d arrays\n%s"):format(#lines, table.concat(lines, "\n"))
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

local function safetensors(path)
  local m, reason = tenor.model.load(path)
  if m then return model_of(m), tostring(m) end
  local tensors, metadata = tenor.load(path)
  if not tensors then return nil, metadata end
  local told, lines = {}, {}
  for i, name in ipairs(sorted(tensors)) do
    told[name], lines[i] = shape_of(tensors[name]), ("%-40s %s"):format(name, shape_text(tensors[name]))
  end
  table.insert(lines, 1, ("%d tensors"):format(#lines))
  if metadata["tenor.format"] then lines[#lines + 1] = "no model: " .. reason end
  return { kind = "safetensors", tensors = told }, table.concat(lines, "\n")
end

local function folder(path)
  local folds, why = tenor.model.load(path)
  if not folds then return nil, why end
  local list = tenor.json.array {}
  for i, model in ipairs(folds.models) do
    list[i] = { name = model.fold.name, held_out = tenor.json.array(model.fold.held_out) }
  end
  return { kind = "folds", labels = tenor.json.array(folds.labels), scale = folds.scale, folds = list }, tostring(folds)
end

local by_ending = { npy = npy, npz = npz, csv = corpus, safetensors = safetensors }

return {
  summary = "Say what is in a file",
  about = "Knows NumPy's .npy and .npz, models and other .safetensors, folders of a cross-validation, audio "
    .. "files, manifests (.csv) and corpora (KIND:PATH).",
  arguments = { { name = "file", text = "one or more", args = "+" } },
  run = function(args, ctx)
    local failed, told, several = 0, {}, #args.file > 1
    for _, path in ipairs(args.file) do
      local kind = path:match "^[%a_][%w_]*:." and corpus or fs.is_folder(path) and folder
        or by_ending[path:lower():match "%.(%w+)$" or ""] or audio
      local value, text = kind(path)
      if value then
        value.file = path
        told[#told + 1] = value
        if not args.json then ctx.print((several and kind ~= audio and path .. ": " or "") .. text) end
      else
        failed = failed + 1
        ctx.note("tenor info: %s", text)
      end
    end
    if args.json and #told > 0 then ctx.result(several and told or told[1]) end
    return failed == #args.file and ctx.status.failed or failed > 0 and ctx.status.partly or ctx.status.done
  end,
}
