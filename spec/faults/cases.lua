-- Calls that take memory, each once: what spec/faults/host.c refuses it to. A list of { name, function, library };
-- what a function gives must be the same each time; `library` is one that is known to keep memory of a call that fails.
local tenor = require "tenor"

local core = require "tenor.core"
local fs = require "tenor.fs"
local nn = tenor.nn

tenor.threads(1)

local folder = assert(os.getenv "TENOR_FAULTS", "TENOR_FAULTS names a folder")
local function at(name) return folder .. "/" .. name end

local tone = {}
for i = 1, 4000 do tone[i] = math.sin(i / 9) / 2 end
tone = tenor.tensor(tone)
local wave = tenor.audio.wave(tone, 8000)
local formats = { "wav", "flac", "ogg" }
for _, format in ipairs(formats) do assert(tenor.audio.write(at("tone." .. format), wave)) end
local x, ids = tenor.randn(6, 4, tenor.rng(1)), tenor.tensor({ { 0, 1, 2 }, { 0, 0, 3 }, { 1, 1, 1 } }, "int32")
local npz = { a = tenor.ones(3), b = tenor.tensor({ 1, 2 }, "int32"), c = { "x", "yz" } }
assert(tenor.save(at "in.npy", x))
assert(tenor.save(at "in.npz", npz, { compress = true }))
assert(tenor.save(at "in.safetensors", { a = x }))
assert(fs.write(at "glove.txt", "the 1 2\na 3 4\n"))
assert(fs.write(at "fasttext.vec", "2 2\nthe 1 2\na 3 4\n"))
assert(fs.write(at "word2vec.bin", "1 2\nthe " .. string.pack("<ff", 1, 2) .. "\n"))
assert(fs.write(at "vocab.txt", "[UNK]\nthe\n##re\n"))
assert(fs.write(at "in.csv", "id,wav,text,valence,arousal,dominance,session,speaker\n"
  .. "a,tone.wav,hello there,1,2,3,1,s1\nb,tone.wav,oh well,2,3,1,1,s2\nc,,good bye,3,1,2,2,s3\n"))
local dialog = at "iemocap/Session1/dialog/"
assert(fs.make_folder(dialog .. "EmoEvaluation"))
assert(fs.make_folder(dialog .. "transcriptions"))
assert(fs.write(dialog .. "EmoEvaluation/Ses01F_impro01.txt",
  "[6.2901 - 8.2357]\tSes01F_impro01_F000\tneu\t[2.5000, 2.5000, 2.5000]\n"))
assert(fs.write(dialog .. "transcriptions/Ses01F_impro01.txt", "Ses01F_impro01_F000 [006.2901-008.2357]: Excuse me.\n"))

local function passed(value, why)
  if value == nil then return nil, why end
  return true
end

local cases = {}
local function case(name, f, keeps) cases[#cases + 1] = { name, f, keeps } end

case("zeros", function() return tenor.zeros(3, 4) end)
case("tensor of tables", function() return tenor.tensor { { 1, 2 }, { 3, 4 } } end)
case("arithmetic", function() return (x + 1) * x:exp() - x:t():t():sum(1):reshape(1, -1) end)
case("views and rows", function() return tenor.cat { x[2], x:index { 1, 3 }:narrow(1, 1, 1):reshape(-1) } end)
case("tables and text", function() return #tostring(x) + #x:totable() + #x:shape() end)
case("random numbers", function()
  local rng = tenor.rng(3)
  return tenor.randn(5, rng) + rng:permutation(5):to "real" + rng:fork():uniform()
end)
case("matmul and reductions", function() return x:matmul(x:t()):mean(1) + x:t():matmul(x):max() end)

local layers = {
  dense = function() return nn.Dense(4, 3, { activation = "relu" }), x end,
  lstm = function() return nn.LSTM(4, 3), x:reshape(2, 3, 4) end,
  batchnorm = function() return nn.BatchNorm(4), x end,
  dropout = function()
    local layer = nn.Dropout(0.5)
    layer:set_rng(tenor.rng(1))
    return layer, x
  end,
  embedding = function() return nn.Sequential { nn.Embedding(5, 4), nn.LSTM(4, 3) }, ids end,
  concat = function() return nn.Concat { nn.Dense(4, 2), nn.Sequential { nn.Dense(4, 3) } }, { x, x } end,
}
for _, name in ipairs { "dense", "lstm", "batchnorm", "dropout", "embedding", "concat" } do
  case("layer " .. name, function()
    tenor.seed(1)
    local layer, input = layers[name]()
    layer:train()
    local y = layer:run(input)
    if y.layout then
      layer:run_back(y)
      return y.data:sum()
    end
    layer:run_back(tenor.ones(y:shape()))
    return y:sum()
  end)
end
case("optimisers", function()
  local sum = 0
  for _, optimiser in ipairs { tenor.optim.SGD(), tenor.optim.RMSprop(), tenor.optim.Adam(), tenor.optim.Nadam() } do
    tenor.seed(1)
    local layer = nn.Dense(4, 2)
    layer:train()
    layer:run(x)
    layer:run_back(tenor.ones(6, 2))
    optimiser:step(layer:parameters())
    sum = sum + layer:parameters()[1].value:sum()
  end
  return sum
end)
case("fit", function()
  tenor.seed(1)
  local model = nn.Sequential { nn.Dense(4, 3, { activation = "relu" }), nn.Dense(3, 2) }
  local part = { x = x, y = x:narrow(2, 1, 2) }
  local history = tenor.fit(model, { train = part, validation = part },
    { loss = tenor.loss.ccc(), optimizer = tenor.optim.Adam(), epochs = 2, batch = 3, progress = "silent" })
  return history.best_val_loss
end)
case("measures", function() return tenor.metrics.ccc(x, x * 0.9)[1] + tenor.metrics.ccc_batch(x, x * 0.9, 3)[1] end)

for _, format in ipairs(formats) do
  case("audio.read " .. format, function() return passed(tenor.audio.read(at("tone." .. format))) end)
  case("audio.write " .. format, function() return tenor.audio.write(at("out." .. format), wave) end)
end
case("audio.open", function()
  local reader, why = tenor.audio.open(at "tone.flac")
  if not reader then return nil, why end
  local first, reason = reader:read(100)
  reader:close()
  return passed(first, reason)
end)
case("features.lld", function() return tenor.features.lld(wave) end)
case("features.extract", function() return tenor.features.extract(wave) end)
case("features.extract_many", function()
  local rows, reasons = tenor.features.extract_many({ at "tone.wav", at "tone.flac" }, { progress = "silent", cache = false })
  for i = 1, 2 do
    if reasons[i] then return nil, reasons[i] end
  end
  return rows
end)

case("json", function()
  local value, why = tenor.json.decode '{"a":[1,2.5,"x",null,true],"b":{}}'
  if not value then return nil, why end
  return tenor.json.encode(value)
end)
case("hash", function() return core.hash.bytes "abc" .. assert(core.hash.file(at "in.csv")) end)
case("load npy", function() return passed(tenor.load(at "in.npy")) end)
case("load npz", function() return passed(tenor.load(at "in.npz")) end, "libzip") -- half of a member that it fails to open
case("load safetensors", function() return passed(tenor.load(at "in.safetensors")) end)
case("save npy", function() return tenor.save(at "out.npy", x) end)
case("save npz", function() return tenor.save(at "out.npz", npz, { compress = true }) end)
case("save safetensors", function() return tenor.save(at "out.safetensors", { a = x, b = ids }) end)
case("store", function()
  os.remove(at "store")
  local store, why = core.store.open(at "store", "faults", 8)
  if not store then return nil, why end
  store:put(("k"):rep(16), "12345678")
  local reason, value = store:condition().why, store:get(("k"):rep(16))
  store:close()
  if reason then return nil, reason end
  return value
end)
for kind, file in pairs { glove = "glove.txt", fasttext = "fasttext.vec", word2vec = "word2vec.bin" } do
  case("vectors." .. kind, function()
    local v, why = tenor.vectors[kind](at(file), { "the", "a" }, { progress = "silent" })
    if not v then return nil, why end
    return v:matrix()
  end)
end
case("tokenizer", function()
  local t = tenor.text.Tokenizer():fit { "the good the bad", "and the ugly" }
  return #t:state().words .. tostring(t:encode_all({ "the ugly", "a" }, { length = 3 }))
end)
case("WordPiece", function()
  local t, why = tenor.text.WordPiece(at "vocab.txt")
  if not t then return nil, why end
  return table.concat(t:pieces "there the", " ")
end)
case("csv", function()
  local list, why = tenor.csv.read(at "in.csv")
  if not list then return nil, why end
  return tenor.csv.write(at "out.csv", { "id" }, list)
end)
case("corpus.manifest", function()
  local c, why = tenor.corpus.manifest(at "in.csv")
  if not c then return nil, why end
  return tostring(c)
end)
case("corpus.iemocap", function()
  local c, why = tenor.corpus.iemocap(at "iemocap")
  if not c then return nil, why end
  return tostring(c)
end, "luv") -- what it has of an open folder is lost when Lua has no memory for a name in it

return cases
