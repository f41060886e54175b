-- What a name stands for wherever it is an argument, an option or a field: all of tenor calls the same things alike. In the
-- notation of lua-language-server; Tensor, Corpus ... are classes of tenor, records are the plain tables below.
local names = {}

names.types = {
  a = "Tensor|number[]", alpha = "number", b = "Tensor|number[]", baseline = "string", batch = "integer",
  best_epoch = "integer?", best_val_loss = "number?", beta = "number", by = "string", cache = "boolean|string",
  cached = "integer", call = "string", callbacks = "table[]", case = "string", ccc = "number[]", ccc_batch32 = "number[]",
  channels = "integer", checkpoint = "string", class = "table", clip_norm = "number", clock = "fun(): number",
  clusters = "any[]", corpus = "Corpus", count = "integer", d_state = "table", data = "Dataset", dense = "integer",
  digits = "integer", dimensions = "integer", done = "integer", dtype = "string", duration = "number", dy = "Tensor|Sequence",
  embedding = "integer", entries = "table<string, table>", epochs = "integer",
  every = "{ epochs: integer?, minutes: number? }", failures = "Failure[]", features = "Features|Tensor", file = "string",
  filters = "string", folder = "string", format = "string", frames = "integer", fused = "integer[]", gold = "Tensor|number[]",
  header = "string[]", height = "integer", hidden = "integer", history = "History", id = "string", ids = "string[]",
  indent = "integer", inputs = "table", interpreter = "string", jobs = "integer", key = "string", kind = "string",
  labels = "string[]", length = "integer", line = "integer", list = "string", lower = "boolean", mae = "number[]",
  member = "string", message = "string", metadata = "table<string, string>", mode = "string", model = "Module",
  momentum = "number", n = "integer", name = "string", names = "string[]", network = "Module", notes = "Notes",
  optimizer = "Optimizer", options = "table", order = "string", outputs = "string[]", p = "number", padding = "string",
  parameters = "table[]", part = "Part", path = "string", patience = "integer", pred = "Tensor|number[]", prefix = "table",
  progress = "string", protocol = "string", rate = "integer", raw = "Tensor", record = "table", replicates = "integer",
  restore_best = "boolean", rmse = "number[]", rng = "Rng", root = "string", rows = "integer[]|Tensor", scale = "number[]",
  scaler = "{ mean: tenor.Tensor, deviation: tenor.Tensor }", seed = "integer", seeds = "integer|integer[]",
  separator = "string", series = "table[]", size = "integer", sizes = "integer|integer[]", source = "table?",
  spec = "string|table|Split|fun(u: tenor.Utterance): string?", split = "string|table|Split|fun(u: tenor.Utterance): string?",
  standardize = "boolean", start = "number", state = "table", step = "number", stopped = "string?", stream = "file*|table",
  subtype = "string", systems = "table[]", tensors = "table<string, tenor.Tensor>", test = "Part", text = "string",
  threads = "integer", title = "string", tokenizer = "table", total = "integer", train = "Part", u = "Utterance",
  unit = "string", utf8 = "boolean", utterances = "Utterance[]", validation_split = "number", values = "Tensor",
  version = "string", vocabulary = "integer", wav = "string|Wave", wave = "Wave|string", weights = "number[]",
  width = "integer", window = "number", words = "Tokenizer|string[]", x = "Tensor", yhigh = "number", ylow = "number",
}

-- Where a name stands for something else: "class or function: name".
names.exceptions = {
  ["allclose:a"] = "Tensor|number", ["allclose:b"] = "Tensor|number", ["cat:tensors"] = "Tensor[]",
  ["Corpus.dataset:words"] = "Tokenizer|WordPiece", ["Corpus.extract:cache"] = "boolean|string",
  ["Corpus.extract:progress"] = "string|fun(done: integer, total: integer)", ["corpus.Features:names"] = "string[]?",
  ["corpus.Features:notes"] = "string[]", ["corpus.Features:options"] = "table?", ["corpus.Features:tensor"] = "Tensor",
  ["Corpus.filter:keep"] = "fun(u: tenor.Utterance): any", ["corpus.Notes.add:line"] = "integer?",
  ["corpus.npz:features"] = "string", ["corpus.npz:ids"] = "string", ["corpus.npz:label_names"] = "string|string[]",
  ["corpus.npz:labels"] = "string", ["corpus.npz:names"] = "string", ["corpus.npz:scale"] = "string|number[]",
  ["corpus.npz:split"] = "string", ["corpus.npz:text"] = "string", ["corpus.Split:spec"] = "string|table|nil",
  ["csv.line:values"] = "any[]", ["csv.read:given"] = "{ separator: string? }", ["data.arrays:validation"] = "Part",
  ["data.map_label:value"] = "number", ["experiment.new:corpus"] = "string|table|Corpus",
  ["experiment.new:features"] = "table|string", ["experiment.new:optimizer"] = "string|table|Optimizer",
  ["experiment.new:protocol"] = "string|string[]", ["experiment.new:tasks"] = "(string|table)[]",
  ["experiment.new:vectors"] = "table<string, string|table>", ["experiment.new:weights"] = "{ alpha: number, beta: number }",
  ["Experiment.records:protocol"] = "string", ["experiment.search:vectors"] = "table<string, string|table>",
  ["features.extract_many:progress"] = "string|fun(done: integer, total: integer)", ["features.hsf:lld"] = "Tensor",
  ["fit:data"] = "Dataset|table", ["fit:loss"] = "CCC|table", ["full:shape"] = "integer|integer[]",
  ["History:epochs"] = "table[]", ["History:notes"] = "string[]", ["json.array:list"] = "any", ["json.encode:value"] = "any",
  ["model.Course:first"] = "number[]", ["model.Course:fold"] = "string?", ["model.Course:last"] = "number[]",
  ["model.Course:models"] = "integer?", ["model.Course:path"] = "string?", ["model.Course:step"] = "number",
  ["model.Folds.predict:what"] = "Utterance|string|Wave|Corpus|table", ["model.Folds:features"] = "table?",
  ["model.Folds:fold"] = "nil", ["model.Folds:models"] = "Model[]", ["model.Folds:scale"] = "number[]?",
  ["model.new:words"] = "Tokenizer|WordPiece", ["Model.predict:what"] = "Utterance|string|Wave|Corpus|table",
  ["model.Predictions:averaged"] = "integer?", ["model.Predictions:fold"] = "nil",
  ["model.Predictions:held_out"] = "integer?", ["model.Predictions:models"] = "integer?",
  ["model.reading:scale"] = "number[]", ["Model:features"] = "table?", ["Model:fold"] = "table?",
  ["Model:history"] = "History?", ["Model:length"] = "integer?", ["Model:record"] = "table?", ["Model:scale"] = "number[]?",
  ["Model:scaler"] = "table?", ["Model:words"] = "Tokenizer|WordPiece|nil", ["networks.fusion:vectors"] = "Vectors|Tensor",
  ["networks.text:vectors"] = "Vectors|Tensor", ["nn.Dense.run:x"] = "Tensor|Sequence",
  ["nn.Dropout.run:x"] = "Tensor|Sequence", ["nn.Embedding.run:ids"] = "Tensor", ["nn.Embedding:weights"] = "Vectors|Tensor",
  ["nn.LSTM.run:x"] = "Tensor|Sequence", ["nn.LSTM.run_back:dy"] = "Tensor|Sequence", ["nn.LSTM:last"] = "boolean",
  ["nn.Module.check:model"] = "any", ["nn.Module.forward:x"] = "Tensor|Sequence|table", ["nn.Module.is_tensor:x"] = "any",
  ["nn.Module.run:x"] = "Tensor|Sequence|table", ["nn.Module.shape_text:x"] = "any", ["nn.Sequence.fold:dense"] = "Tensor",
  ["plot.data:rows"] = "number[][]", ["plot.quote:text"] = "any", ["plot.xml:text"] = "any",
  ["progress.new:every"] = "number", ["progress.new:patience"] = "number", ["progress.new:rate"] = "boolean",
  ["progress.Progress.close:final_text"] = "string?", ["progress.Progress.update:fields"] = "string[]",
  ["report.new:list"] = "table[]", ["Scores:pooled"] = "integer?", ["Scores:predictions"] = "Tensor",
  ["Search.report:given"] = "table", ["stack:tensors"] = "Tensor[]", ["statistics.ccc_difference:systems"] = "any",
  ["statistics.ccc_interval:level"] = "number", ["statistics.holm:list"] = "number[]",
  ["statistics.improvement:baseline"] = "number|number[]", ["statistics.summary:list"] = "number[]",
  ["Tensor.allclose:b"] = "Tensor|number", ["Tensor.index:rows"] = "integer[]|integer[][]|Tensor",
  ["text.Tokenizer.encode_all:list"] = "string[]", ["text.Tokenizer.encode_all:padding"] = "string",
  ["text.Tokenizer.fit:list"] = "string[]", ["text.Tokenizer.split:s"] = "string", ["vectors.bert:tensor"] = "string",
  ["vectors.bert:vocabulary"] = "string", ["vectors.open:tensor"] = "string", ["vectors.open:vocabulary"] = "string",
  ["Wave:path"] = "string?",
}

for _, reduction in ipairs { "argmax", "argmin", "max", "mean", "min", "std", "sum", "var" } do
  names.exceptions[("Tensor.%s:options"):format(reduction)] = "{ keepdims: boolean? }"
end

-- Plain tables that have a form, and their fields.
names.records = {
  Dataset = {
    "train Part", "validation Part?", "test Part?", "labels string[]", "split string?", "protocol string?", "inputs table?",
    "words (Tokenizer|WordPiece)?", "speakers Speakers?", "left_out table?", "scaler table?", "scale number[]?",
    "extraction table?",
  },
  Failure = { "id string", "wav string?", "reason string", "index integer?" },
  Part = { "x Tensor|Tensor[]", "y Tensor", "ids string[]?", "label_names string[]?" },
  Prediction = { "id string?", "wav (string|Wave)?", "reason string?", "valence number?", "arousal number?", "dominance number?",
    "fold string?" },
  Utterance = {
    "id string", "wav (string|Wave)?", "text string?", "valence number?", "arousal number?", "dominance number?", "session string?",
    "speaker string?", "split string?", "clipped table?", "extra table?", "features (Tensor|number[])?",
  },
}

-- Other ways to call a function: sizes one by one.
names.overloads = {
  ["Tensor.reshape"] = "fun(self: Tensor, ...: integer): Tensor",
  ones = "fun(...: integer|string): Tensor",
  rand = "fun(...: integer|Rng): Tensor", randn = "fun(...: integer|Rng): Tensor", zeros = "fun(...: integer|string): Tensor",
}

-- What `object[i]` is.
names.indexed = { Tensor = "Tensor|number", ["model.Predictions"] = "Prediction" }

return names
