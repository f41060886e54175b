--- Table II of the paper on a corpus of yours: the voice alone (HSF) and with
-- words (WE, GloVe), learning valence alone (STL) or all three dimensions (MTL).
--
--     lua5.4 examples/table2.lua CORPUS [--glove VECTORS.txt] [--seeds 20]
local tenor = require "tenor"
local optim, loss, networks = tenor.optim, tenor.loss, tenor.networks

local parser = require "argparse"("table2.lua", "Table II: features x STL, MTL, mean and deviation over seeds.")
parser:argument("corpus", "a manifest (FILE.csv), iemocap:FOLDER or msp_podcast:FOLDER (docs/corpora.md)")
parser:option("--glove", "word vectors in GloVe's text format; without, that row is left out")
parser:option("--seeds", "runs of each system"):convert(math.tointeger):default(20)
parser:option("--epochs", "at most; the paper's 200 and 50 by default"):convert(math.tointeger)
parser:option("--batch", "utterances a step; the paper's 64 and 256 by default"):convert(math.tointeger)
parser:option("--padding", "pre: the paper's, run over; none: masked"):default "pre"
parser:option("--scale", "range of a manifest's labels; 1 5 by default"):args(2):convert(tonumber)
parser:option("--split", "auto, own, own:TEST, paper, tail, session:NAME, speaker:NAME"):default "auto"
parser:option("--progress", "auto, bar, plain, silent"):default "auto"
local given = {}
for i, word in ipairs(arg) do given[i] = word:gsub("^%-%d", " %0") end -- a negative number is no option
local args = parser:parse(given)

local corpus = assert(tenor.corpus.open(args.corpus, { scale = args.scale }))
print(corpus)
local features = corpus:extract { progress = args.progress }
for _, failure in ipairs(features.failures) do print(("left out: %s, %s"):format(failure.id, failure.reason)) end
local words = tenor.text.Tokenizer():fit(corpus:texts())
local glove = args.glove and assert(tenor.vectors.glove(args.glove, words))

local tasks = { STL = { "valence" }, MTL = { "valence", "arousal", "dominance" } }
local systems = { { name = "HSF" }, { name = "HSF+WE", text = true } }
if glove then systems[#systems + 1] = { name = "HSF+GloVe", text = true, vectors = glove } end

-- One run: the recipe of section 6 for a system, a task and a seed.
local function run(system, task, seed)
  local labels = tasks[task]
  local data = corpus:dataset { features = features, words = system.text and words, labels = labels,
    standardize = system.text, split = args.split }
  local options = { outputs = labels, seed = seed, features = data.inputs.features }
  if system.text then
    options.vocabulary, options.length, options.padding = data.inputs.vocabulary, data.inputs.length, args.padding
    options.vectors, options.embedding = system.vectors, system.vectors and system.vectors:dimensions() or 300
  end
  local model = system.text and networks.fusion(options) or networks.acoustic(options)
  local weights = task == "STL" and {} or system.text and { alpha = 0.7, beta = 0.2 } or { alpha = 0.1, beta = 0.4 }
  io.stderr:write(("%s %s, seed %d of %d\n"):format(system.name, task, seed, args.seeds))
  tenor.fit(model, data, {
    loss = loss.ccc(weights), optimizer = system.text and optim.RMSprop() or optim.Nadam(),
    batch = args.batch or (system.text and 256 or 64), epochs = args.epochs or (system.text and 50 or 200),
    patience = 10, seed = seed, progress = args.progress,
  })
  return tenor.evaluate(model, data.test)
end

-- scores[protocol][system][column]: a value a seed
local protocols = { "ccc", "ccc_batch32" }
local scores = { ccc = {}, ccc_batch32 = {} }
for _, system in ipairs(systems) do
  for _, task in ipairs { "STL", "MTL" } do
    for seed = 1, args.seeds do
      local result = run(system, task, seed)
      for _, protocol in ipairs(protocols) do
        local row, mean = scores[protocol][system.name] or {}, 0
        scores[protocol][system.name] = row
        for k, v in ipairs(result[protocol]) do
          local column = task .. " " .. tasks[task][k]:sub(1, 1):upper()
          row[column] = row[column] or {}
          row[column][seed] = v
          mean = mean + v / #tasks[task]
        end
        if task == "MTL" then
          row["MTL mean"] = row["MTL mean"] or {}
          row["MTL mean"][seed] = mean
        end
      end
    end
  end
end

local columns = { "STL V", "MTL V", "MTL A", "MTL D", "MTL mean" }
local notes = { ccc = "ccc, of the whole test set", ccc_batch32 = "ccc_batch32, mean of batches of 32, the paper's protocol" }
for _, protocol in ipairs(protocols) do
  print(("\n%s; mean ± deviation of %d seeds"):format(notes[protocol], args.seeds))
  print(("%-12s" .. ("%15s"):rep(5)):format("Features", table.unpack(columns)))
  for _, system in ipairs(systems) do
    local cells = {}
    for i, column in ipairs(columns) do
      local values = tenor.tensor(scores[protocol][system.name][column])
      cells[i] = ("%6.3f ± %.3f"):format(values:mean(), values:std())
    end
    print(("%-12s  %s"):format(system.name, table.concat(cells, "  ")))
  end
end
