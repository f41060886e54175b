---@meta tenor
-- Made by `make reference` from the comments in the sources.

---@class tenorlib
local tenor = {}

---Audio files: waves in memory, readers of blocks, writing.
tenor.audio = {}

---The folder of what need not be worked out twice.
tenor.cache = {}

---Corpora: utterances with audio, transcript and labels, any of which may be missing.
tenor.corpus = {}

---Comma-separated values as RFC 4180 has them: quoted fields with commas, line
---breaks and doubled quotes inside, LF or CRLF line ends, an optional UTF-8 mark.
tenor.csv = {}

---Datasets: what a trainer reads.
tenor.data = {}

---Experiments: systems × tasks × seeds on one corpus, as plain data.
tenor.experiment = {}

---The acoustic features of the paper: pyAudioAnalysis's descriptors and their statistics.
tenor.features = {}

---JSON, by jansson.
tenor.json = {}

---The concordance loss (paper.md, sections 1 and 6; equations 3 and 4).
tenor.loss = {}

---Measures of agreement between predictions and labels.
tenor.metrics = {}

---Trained models: a network with all that it takes to predict from a recording and its words.
tenor.model = {}

---The paper's networks (section 5, figure 1), ready made.
tenor.networks = {}

---Layers with back-propagation, and the containers that compose them.
tenor.nn = {}

---Optimisers, as Keras 2.3 writes them (paper.md, section 6).
tenor.optim = {}

---Plots as SVG, drawn by the program gnuplot (Debian: gnuplot-nox).
tenor.plot = {}

---One line that lives: how far the work is, its figures, the time left.
tenor.progress = {}

---Reports on runs: Table II with what may be said of it, and one page with its figures.
tenor.report = {}

---safetensors files (https://huggingface.co/docs/safetensors): tensors by name, and strings about them.
tenor.safetensors = {}

---What may be said of scores: intervals, tests, and how much one system is above another.
tenor.statistics = {}

---Words to numbers: the tokenizer of Keras 2.3, which the paper used.
tenor.text = {}

---Word vectors for a vocabulary, to initialise an embedding.
tenor.vectors = {}

---@class tenor.Dataset
---@field train tenor.Part
---@field validation tenor.Part?
---@field test tenor.Part?
---@field labels string[]
---@field split string?
---@field protocol string?
---@field inputs table?
---@field words (tenor.text.Tokenizer|tenor.text.WordPiece)?
---@field speakers tenor.corpus.Speakers?
---@field left_out table?
---@field scaler table?
---@field scale number[]?
---@field extraction table?

---@class tenor.Failure
---@field id string
---@field wav string?
---@field reason string
---@field index integer?

---@class tenor.Part
---@field x tenor.Tensor|tenor.Tensor[]
---@field y tenor.Tensor
---@field ids string[]?
---@field label_names string[]?

---@class tenor.Prediction
---@field id string?
---@field wav (string|tenor.Wave)?
---@field reason string?
---@field valence number?
---@field arousal number?
---@field dominance number?
---@field fold string?

---@class tenor.Utterance
---@field id string
---@field wav (string|tenor.Wave)?
---@field text string?
---@field valence number?
---@field arousal number?
---@field dominance number?
---@field session string?
---@field speaker string?
---@field split string?
---@field clipped table?
---@field extra table?
---@field features (tenor.Tensor|number[])?

---Utterances in their order: `#corpus` of them, each a table.
---@class tenor.Corpus
---@field name string
---@field utterances tenor.Utterance[]
---@field scale number[]
---@field notes tenor.corpus.Notes
---@field source table?
---@operator len: integer
local Corpus = {}

---@class tenor.Corpus.dataset.Options
---@field features? tenor.corpus.Features|tenor.Tensor
---@field labels? string[]
---@field length? integer
---@field protocol? string default "paper"
---@field split? string|table|tenor.corpus.Split|fun(u: tenor.Utterance): string? default "paper"
---@field standardize? boolean default false
---@field validation? number default 0.2
---@field words? tenor.text.Tokenizer|tenor.text.WordPiece

---A dataset for `tenor.fit`. Utterances that lack a label or a modality that is
---asked for are left out and counted.
---@param given? tenor.Corpus.dataset.Options - `features`: Features, or a tensor (N, F) in corpus order - `words`: a tokenizer. One that is not fitted yet is fitted here, as a copy: over the corpus's texts (protocol "paper") or those of the training part ("clean"). `dataset.words` is the fitted one, which `tenor.vectors` takes - `labels`: default `{ "valence", "arousal", "dominance" }` - `split`: "paper" (the last session tests), "own" (the `split` column; "own:Test1" with one of several test sets), "session:NAME", "speaker:NAME", "utterance:ID", "tail" (the last fifth tests), "auto" (own, paper or tail: the first that the corpus allows), `{ kfold = 5, fold = 1, by = "speaker", seed = 1 }`, what `corpus:folds` and `corpus:split` give, or a function of the utterance to "train", "validation", "test" or nil - `validation`: the share of the training rows that validates where the split names none (0.2) - `standardize`: mean 0 and deviation 1 for each feature (false) - `protocol`: "paper", as published: means, deviations and vocabulary over all rows, the last training rows validate; or "clean": they are fitted on the training part alone, and so is `length`; validation takes whole speakers (with their sessions, where those divide them). A tokenizer that knows words from outside the training part, and a split with a speaker both in training and in validation, then raise - `length`: of the id sequences (default: the longest)
---@return tenor.Dataset # `{ train, validation, test, labels, split, protocol, inputs, words, speakers, left_out, scaler, scale, extraction }`; a part without rows is nil; a part is `{ x, y, ids, label_names }`, x the features, the ids or `{ features, ids }`; `speakers` proves who is where; `extraction` has the options of the features, where known
function Corpus:dataset(given) end

---@class tenor.Corpus.extract.Options
---@field cache? boolean|string default true
---@field deltas? boolean default false
---@field drop_zeros? boolean default false
---@field eps? number default 2.2204460492503e-16
---@field jobs? integer
---@field progress? string|fun(done: integer, total: integer) default "auto"
---@field step? number default 0.01
---@field stream? file*|table
---@field verify? boolean default false
---@field window? number default 0.025

---The 68 statistics (HSF; 136 with deltas) of every utterance's audio, over all threads. A file
---that cannot be read is listed in `failures`, the others are there. Rows are kept on the disk, by
---content and options: what was extracted before, if only by a run that was killed, is read back.
---@param given? tenor.Corpus.extract.Options `window`, `step`, `drop_zeros`, `eps`, `deltas` as `tenor.features.extract`; `jobs`, threads at most (`tenor.threads()`, which also bounds it); `progress` ("auto"), "bar", "plain", "silent", or a function of (done, total); `stream` of the bar (io.stderr); `cache` (true): false, or a folder other than `tenor.cache.folder`; `verify` (false): every file is read to see whether it has changed, even where its size and times say that it has not
---@return tenor.corpus.Features # Features: `tensor` (N, 68) in corpus order, `ids`, `failures` (list of {id, wav, reason}), `cached` (how many rows were read back), `silent` (ids of files in which nothing is to be heard), `notes` (list of sentences: what else went otherwise)
function Corpus:extract(given) end

---Features made elsewhere.
---@param from tenor.Tensor a tensor (N, F) or a `.npy` whose rows are in corpus order (that of `corpus.utterances`, by id unless the corpus was opened otherwise); or the path of an `.npz` or a `.csv`, whose rows are found by id, or by a file's name without folder and ending; or nothing, for those that came with the corpus (`corpus.npz`)
---@param given? table of a path: the options of `features.load`
---@return tenor.corpus.Features? # Features in corpus order, with `failures` (utterances without a row) and `notes` (rows of no utterance); of a path nil and a message where it cannot be read
---@return string? # the message
function Corpus:features(from, given) end

---The utterances for which `keep(utterance)` is true, as a corpus.
---@param keep fun(u: tenor.Utterance): any
---@return tenor.Corpus # a corpus of those
function Corpus:filter(keep) end

---Cross-validation: splits in which each session, each speaker, each utterance or each k-th of them tests once.
---`tenor.model.cross_validate` trains a model for each.
---for _, fold in ipairs(corpus:folds { kfold = 5, by = "speaker", seed = 1 }) do
---local data = corpus:dataset { features = features, split = fold, protocol = "clean" }
---@param spec string|table|tenor.corpus.Split|fun(u: tenor.Utterance): string? "session", "speaker" or "utterance" (leave one out), or a table of `kfold`; `by`, "speaker" (default), "session" or "utterance"; `seed` (1), which deals them so that folds have about as many utterances
---@return tenor.corpus.Split[] # list of Splits
function Corpus:folds(spec) end

---How long the recordings are together, from the headers of their files (about 20 µs each where the
---system has them in memory). Each file is opened once; `tostring` does so for up to 20 000.
---@return number # hours
---@return integer # how many files could not be opened
---@return integer # how many could
function Corpus:hours() end

---Which of valence, arousal and dominance, in this order, any utterance has.
---@return string[] # list of names
function Corpus:label_names() end

---Labels mapped linearly from the corpus's scale to -1..1.
---@param names? string[] default `{ "valence", "arousal", "dominance" }`
---@return tenor.Tensor # tensor (N, k)
function Corpus:labels(names) end

---The same utterances in the order of a plain (byte) sort of their ids.
---@return tenor.Corpus # the same utterances in that order
function Corpus:sorted() end

---A split that can be looked at: how many are where, and whether any speaker is on two sides.
---@param spec string|table|tenor.corpus.Split|fun(u: tenor.Utterance): string? as `split` of `corpus:dataset`, which takes the result too
---@return tenor.corpus.Split # Split: `split:counts()`, `split:part(utterance)`, `split:proof()`, `split.name`, `split.spec` (nil for a function)
function Corpus:split(spec) end

---The utterances that have a transcript give it, in corpus order.
---@return string[] # list of strings
function Corpus:texts() end

---Writes the corpus as a manifest, whole or not at all; `corpus.manifest` with the same scale reads
---the same utterances from it. Wavs below the manifest's folder are named relative to it, others by their
---whole path; labels that were clipped are written as they were.
---@param path string
---@return true? # true, or nil and a message
---@return string? # the message
function Corpus:write(path) end

---Systems, tasks and seeds on one corpus, and their results: `experiment.new` makes one.
---@class tenor.Experiment
local Experiment = {}

---Writes the records together, `runs.jsonl`.
---@return true? # true, or nil and a message
---@return string? # the message
function Experiment:collect() end

---The runs that have no result yet.
---@return table[]? # list, or nil and a message
---@return string? # the message
function Experiment:missing() end

---What must be known before the figures: what is left out and why, and weights that are shared out anew.
---@return string? # text, a line a note; or nil and a message
---@return string? # the message
function Experiment:notes() end

---The command line of GNU parallel that runs the experiment on machines reached by ssh, which share the results folder.
---@param given? table `hosts` ({ ":" }: this machine), as parallel's --sshlogin has them; `jobs` on each (cores divided by `threads`); `more`, options of parallel; `interpreter`
---@return table? # `{ command, tasks, file }`; or nil and a message
---@return string? # the message
function Experiment:parallel(given) end

---@class tenor.Experiment.prepare.Options
---@field progress? string default "auto"

---Reads the corpus, extracts or reads the features, and keeps both in the results folder. The other calls do it themselves.
---@param given? tenor.Experiment.prepare.Options `progress` of the extraction ("auto")
---@return true? # true, or nil and a message
---@return string? # the message
function Experiment:prepare(given) end

---@class tenor.Experiment.records.Options
---@field protocol? string

---The records of the finished runs in order, as docs/experiments.md describes them.
---@param given? tenor.Experiment.records.Options `protocol`: of that one only
---@return table[]? # list; or nil and a message
---@return string? # the message
function Experiment:records(given) end

---Tables, figures and tests of the finished runs; `report.new` has its methods and options.
---@param given? table the options of `tenor.report.new`; `folder` is that of the results, `title` the experiment's name
---@return tenor.Report? # the report; or nil and a message
---@return string? # the message
function Experiment:report(given) end

---@class tenor.Experiment.run.Options
---@field interpreter? string
---@field jobs? integer
---@field progress? string default "auto"
---@field stream? file*|table

---Runs what has no result yet. Any number of jobs gives the same results, bit for bit. A run that fails is told and left
---out; one whose process dies is run once more.
---@param given? tenor.Experiment.run.Options `jobs`, worker processes (cores divided by `threads`; 0 runs in this process); `progress` ("auto"), "bar", "plain", "silent"; `stream` (io.stderr); `interpreter` of the workers
---@return table # `{ total, before, done, failed = list of { key, title, reason, log }, died, notes }`, which prints; or nil and a message: data that is not there, workers that cannot begin, or Ctrl-C or SIGTERM, which loses only what was running
function Experiment:run(given) end

---All runs in order, each `{ key, name, task, seed, protocol, settings, ... }`.
---@return table[]? # list, or nil and a message
---@return string? # the message
function Experiment:runs() end

---Writes the scripts of a Slurm job array into the results folder, which the machines must share: `command` submits the
---array and a last job that collects. Submitting again does what is missing.
---@param given? table `array`, the number of tasks (one a run), `at_once` of them, `time`, `partition`, `memory`, `account` as sbatch's options, `more`, a list of others; `setup`, shell lines such as `module load lua`; `interpreter`
---@return table? # `{ command, tasks, array, collect, submit, file }`; or nil and a message
---@return string? # the message
function Experiment:slurm(given) end

---What training leaves behind: one entry an epoch, and how it ended.
---@class tenor.History
---@field epochs table[]
---@field best_epoch integer?
---@field best_val_loss number?
---@field stopped string?
---@field seed integer
---@field batch integer
---@field notes string[]
---@operator len: integer
local History = {}

---@class tenor.History.plot.Options
---@field height? integer default 320
---@field names? string[]
---@field title? string default "Learning curves"
---@field width? integer default 440

---Draws the learning curves: loss and validation loss, and the CCC of each output on validation, by epoch.
---The best epoch is marked by a line. Needs the program gnuplot.
---@param path string a name that ends in .svg; nil gives the SVG as a string
---@param given? tenor.History.plot.Options `names` of the outputs, `title`, `width` (440), `height` (320)
---@return (true|string)? # true or the SVG, or nil and a message
---@return string? # the message
function History:plot(path, given) end

---An interval of confidence: `low`, `high`, and what it is of; prints as one line.
---@class tenor.Interval
local Interval = {}

---A trained network with the options of its features, their scaler, the vocabulary, the labels and their scale:
---all that it takes to predict.
---@class tenor.Model
---@field network tenor.nn.Module
---@field labels string[]
---@field scale number[]?
---@field features table?
---@field scaler table?
---@field words tenor.text.Tokenizer|tenor.text.WordPiece|nil
---@field length integer?
---@field history tenor.History?
---@field record table?
---@field version string
---@field inputs table
---@field fold table?
local Model = {}

---@class tenor.Model.predict.Options
---@field batch? integer default 256
---@field cache? boolean|string default false
---@field features? tenor.corpus.Features|tenor.Tensor
---@field jobs? integer
---@field progress? string default "silent"
---@field step? number
---@field stream? file*|table
---@field window? number

---Predicts. What comes back is on the label scale, as the network gives it: not clipped to the scale's ends.
---@param what tenor.Utterance|string|tenor.Wave|tenor.Corpus|table an utterance, `{ wav = path or Wave, text = string }` of what the network takes (`features` = a row of numbers in place of `wav`); a path of a wav; a list of utterances; a corpus; or a manifest, `FILE.csv`
---@param given? tenor.Model.predict.Options `batch` (256); `features` of a corpus, where they are at hand: what `corpus:features` or `corpus:extract` gave; `jobs`, `cache` (false), `progress` ("silent") and `stream` of the extraction; `window` and `step` (seconds; `step` is `window` by default): predictions along one recording
---@return tenor.Prediction|tenor.model.Predictions|tenor.model.Course # of one utterance a table label → number; of several, Predictions: a list of these in their order, where one that failed has `reason`, with `failures`, `raw` (n, K), `labels`, and `scores()` for a corpus with labels; with `window`, a Course. Nil and a message where the one recording or the manifest cannot be read
function Model:predict(what, given) end

---Quadrant and nearest affect of a prediction: a rough reading, and no recognised emotion.
---@param prediction table with `valence` and `arousal`
---@return table # as `tenor.model.reading`
function Model:reading(prediction) end

---Writes the model: weights as tensors, all else as JSON in the metadata (docs/models.md). The same model
---makes the same bytes; the file appears whole or not at all.
---@param path string ends in .safetensors
---@return true? # true, or nil and a message
---@return string? # the message
function Model:save(path) end

---The layers, as `network:summary`.
---@return string #
function Model:summary() end

---Tables, figures and tests of the runs of an experiment: `report.new` makes one.
---@class tenor.Report
local Report = {}

---A line for each cell, with all digits and the keys of its runs.
---@return string #
function Report:csv() end

---One page with tables, figures and a list of all runs, which needs no other file. Its figures are drawn by gnuplot.
---@return string? # a string, well-formed as XML, or nil and a message
---@return string? # the message
function Report:html() end

---The tables in LaTeX, for the package booktabs.
---@return string #
function Report:latex() end

---The tables in Markdown.
---@return string #
function Report:markdown() end

---Writes the report in the format of the file's extension: .txt, .md, .tex, .csv, .html.
---@param path string
---@return true? # true, or nil and a message
---@return string? # the message
function Report:save(path) end

---The tables as text.
---@return string #
function Report:text() end

---An explicit random generator.
---@class tenor.Rng
local Rng = {}

---A new generator, independent of this one, which moves on by four draws: one
---for each layer or worker, so that none's draws depend on how many another made.
---@return tenor.Rng #
function Rng:fork() end

---An integer from 1 to n, each as likely.
---@param n integer at least 1
---@return integer #
function Rng:integer(n) end

---A normal number, mean 0 and variance 1 (Marsaglia's polar method).
---@return number #
function Rng:normal() end

---The integers 1 to n in random order, an int32 tensor (n): rows for `x:index`.
---@param n integer 0 to 2^31 - 1
---@return tenor.Tensor # int32 (n)
function Rng:permutation(n) end

---Goes back to a state from `rng:state()`.
---@param state string
---@return tenor.Rng # the generator itself
function Rng:restore(state) end

---The state as a string of bytes, to go on from later or elsewhere.
---@return string #
function Rng:state() end

---A number in [0, 1), 53 bits of it random.
---@return number #
function Rng:uniform() end

---What `tenor.evaluate` gives; prints as a table of both protocols.
---@class tenor.Scores
---@field ccc number[]
---@field ccc_batch32 number[]
---@field rmse number[]
---@field mae number[]
---@field names string[]
---@field size integer
---@field predictions tenor.Tensor
---@field pooled integer?
local Scores = {}

---Points of the loss's weights and what they score: `experiment.search` makes one.
---@class tenor.Search
local Search = {}

---The records of the points' runs.
---@return table[]? # list; or nil and a message
---@return string? # the message
function Search:records() end

---The report, whose page has the heat map of the simplex, marked where the search would choose.
---@param given table
---@return tenor.Report? # what `tenor.report.new` gives; or nil and a message
---@return string? # the message
function Search:report(given) end

---Runs the search's points that have no result yet, and chooses.
---@param given? table as `Experiment:run`
---@return table? # `{ best, points, kind, choose, measure, seeds, failed, warning }`, which prints; a point is `{ alpha, beta, gamma, validation, test, n }`; or nil and a message
---@return string? # the message
function Search:run(given) end

---The summary of a list of numbers; prints as one line.
---@class tenor.Summary
local Summary = {}

---An array of numbers: 1 to 8 axes, float32 (float64 in the double build) or int32, its numbers in one row of memory.
---@class tenor.Tensor
---@field [integer] tenor.Tensor|number
---@operator add(any): tenor.Tensor
---@operator div(any): tenor.Tensor
---@operator mul(any): tenor.Tensor
---@operator pow(any): tenor.Tensor
---@operator sub(any): tenor.Tensor
---@operator unm: tenor.Tensor
---@operator len: integer
local Tensor = {}

---A function of each number, giving a new tensor: `exp`, `log`, `sqrt`, `tanh` and `sigmoid` are real, `abs` has the
---dtype of x, as `-x` has.
---@return tenor.Tensor # of the shape of x
function Tensor:abs() end

---In-place arithmetic, `x:add(b)`: b broadcasts to x.
---An int32 x takes int32 and whole numbers only, and no `div`.
---@param b number|tenor.Tensor
---@return tenor.Tensor # x itself
function Tensor:add(b) end

---@class tenor.Tensor.allclose.Options
---@field atol? number default 1e-08
---@field equal_nan? boolean default false
---@field rtol? number default 1e-05

---Whether |a - b| <= atol + rtol |b| for every pair of numbers; a and b
---broadcast. Also the method `a:allclose(b, options)`.
---@param b tenor.Tensor|number a tensor or a number
---@param given? tenor.Tensor.allclose.Options `rtol` (1e-5), `atol` (1e-8), `equal_nan` (false)
---@return boolean #
function Tensor:allclose(b, given) end

---A reduction. Without an axis it gives a Lua number; with one, a tensor without
---that axis. `var` and `std` divide by
---n. `argmax` and `argmin` give 1-based places (of the flat tensor without an axis).
---@param axis? integer
---@param options? { keepdims: boolean? } `keepdims = true` keeps the axis with size 1
---@return number|tenor.Tensor #
function Tensor:argmax(axis, options) end

---A reduction. Without an axis it gives a Lua number; with one, a tensor without
---that axis. `var` and `std` divide by
---n. `argmax` and `argmin` give 1-based places (of the flat tensor without an axis).
---@param axis? integer
---@param options? { keepdims: boolean? } `keepdims = true` keeps the axis with size 1
---@return number|tenor.Tensor #
function Tensor:argmin(axis, options) end

---Each number moved into [low, high]; a nil bound is none.
---@param low? number
---@param high? number
---@return tenor.Tensor # of the shape and dtype of x
function Tensor:clamp(low, high) end

---A tensor of its own with the same numbers.
---@return tenor.Tensor #
function Tensor:copy() end

---Copies another tensor's numbers into x, broadcast.
---@param source tenor.Tensor
---@return tenor.Tensor # x itself
function Tensor:copy_from(source) end

---In-place arithmetic, `x:add(b)`: b broadcasts to x.
---An int32 x takes int32 and whole numbers only, and no `div`.
---@param b number|tenor.Tensor
---@return tenor.Tensor # x itself
function Tensor:div(b) end

---"float32", "float64" or "int32".
---@return string #
function Tensor:dtype() end

---Comparisons give int32 masks of 0 and 1: `x:gt(0)`.
---@param b number|tenor.Tensor broadcasts with x
---@return tenor.Tensor # int32
function Tensor:eq(b) end

---A function of each number, giving a new tensor: `exp`, `log`, `sqrt`, `tanh` and `sigmoid` are real, `abs` has the
---dtype of x, as `-x` has.
---@return tenor.Tensor # of the shape of x
function Tensor:exp() end

---Sets every number.
---@param value number
---@return tenor.Tensor # x itself
function Tensor:fill(value) end

---Comparisons give int32 masks of 0 and 1: `x:gt(0)`.
---@param b number|tenor.Tensor broadcasts with x
---@return tenor.Tensor # int32
function Tensor:ge(b) end

---Comparisons give int32 masks of 0 and 1: `x:gt(0)`.
---@param b number|tenor.Tensor broadcasts with x
---@return tenor.Tensor # int32
function Tensor:gt(b) end

---The rows of these numbers, in this order, as a new tensor.
---@param rows integer[]|integer[][]|tenor.Tensor a table of 1-based (or negative) numbers, or an int32 tensor; rows of shape (N, T) from x of (V, D) give (N, T, D)
---@return tenor.Tensor #
function Tensor:index(rows) end

---Whether every number is finite: no NaN, no infinity.
---@return boolean #
function Tensor:isfinite() end

---Comparisons give int32 masks of 0 and 1: `x:gt(0)`.
---@param b number|tenor.Tensor broadcasts with x
---@return tenor.Tensor # int32
function Tensor:le(b) end

---A function of each number, giving a new tensor: `exp`, `log`, `sqrt`, `tanh` and `sigmoid` are real, `abs` has the
---dtype of x, as `-x` has.
---@return tenor.Tensor # of the shape of x
function Tensor:log() end

---Comparisons give int32 masks of 0 and 1: `x:gt(0)`.
---@param b number|tenor.Tensor broadcasts with x
---@return tenor.Tensor # int32
function Tensor:lt(b) end

---The matrix product: (m, k) by (k, n), (m, k) by (k), (k) by (k, n), or
---(k) by (k), which is a number.
---@param b tenor.Tensor
---@return tenor.Tensor|number #
function Tensor:matmul(b) end

---A reduction. Without an axis it gives a Lua number; with one, a tensor without
---that axis. `var` and `std` divide by
---n. `argmax` and `argmin` give 1-based places (of the flat tensor without an axis).
---@param axis? integer
---@param options? { keepdims: boolean? } `keepdims = true` keeps the axis with size 1
---@return number|tenor.Tensor #
function Tensor:max(axis, options) end

---A reduction. Without an axis it gives a Lua number; with one, a tensor without
---that axis. `var` and `std` divide by
---n. `argmax` and `argmin` give 1-based places (of the flat tensor without an axis).
---@param axis? integer
---@param options? { keepdims: boolean? } `keepdims = true` keeps the axis with size 1
---@return number|tenor.Tensor #
function Tensor:mean(axis, options) end

---A reduction. Without an axis it gives a Lua number; with one, a tensor without
---that axis. `var` and `std` divide by
---n. `argmax` and `argmin` give 1-based places (of the flat tensor without an axis).
---@param axis? integer
---@param options? { keepdims: boolean? } `keepdims = true` keeps the axis with size 1
---@return number|tenor.Tensor #
function Tensor:min(axis, options) end

---In-place arithmetic, `x:add(b)`: b broadcasts to x.
---An int32 x takes int32 and whole numbers only, and no `div`.
---@param b number|tenor.Tensor
---@return tenor.Tensor # x itself
function Tensor:mul(b) end

---`length` places of an axis from `start`; a view along axis 1, else a copy.
---@param axis integer
---@param start integer 1-based, or negative from the end
---@param length integer how many
---@return tenor.Tensor #
function Tensor:narrow(axis, start, length) end

---Comparisons give int32 masks of 0 and 1: `x:gt(0)`.
---@param b number|tenor.Tensor broadcasts with x
---@return tenor.Tensor # int32
function Tensor:ne(b) end

---x to a power, as `x ^ b`: a real tensor.
---@param b number|tenor.Tensor broadcasts with x
---@return tenor.Tensor # real
function Tensor:pow(b) end

---The number of axes.
---@return integer #
function Tensor:rank() end

---A view of the same numbers in another shape; one size may be -1.
---@param sizes integer|integer[] integers, or one table of them
---@return tenor.Tensor # a view
---@overload fun(self: tenor.Tensor, ...: integer): tenor.Tensor
function Tensor:reshape(sizes) end

---Iterates over the first axis: `for i, row in x:rows() do`. (ipairs would run
---past the end, where `x[#x + 1]` raises.)
---@param x tenor.Tensor
---@return fun(...): any # number and row, a view; for rank 1 number and number
function Tensor:rows(x) end

---One place of an axis, which goes; a view along axis 1, else a copy. A number
---when the rank is 1.
---@param axis integer
---@param index integer 1-based, or negative from the end
---@return tenor.Tensor|number #
function Tensor:select(axis, index) end

---The sizes as a table: `{207, 34}`.
---@return table # list of integers
function Tensor:shape() end

---A function of each number, giving a new tensor: `exp`, `log`, `sqrt`, `tanh` and `sigmoid` are real, `abs` has the
---dtype of x, as `-x` has.
---@return tenor.Tensor # of the shape of x
function Tensor:sigmoid() end

---How many numbers, in all or along one axis.
---@param axis? integer
---@return integer #
function Tensor:size(axis) end

---A function of each number, giving a new tensor: `exp`, `log`, `sqrt`, `tanh` and `sigmoid` are real, `abs` has the
---dtype of x, as `-x` has.
---@return tenor.Tensor # of the shape of x
function Tensor:sqrt() end

---A reduction. Without an axis it gives a Lua number; with one, a tensor without
---that axis. `var` and `std` divide by
---n. `argmax` and `argmin` give 1-based places (of the flat tensor without an axis).
---@param axis? integer
---@param options? { keepdims: boolean? } `keepdims = true` keeps the axis with size 1
---@return number|tenor.Tensor #
function Tensor:std(axis, options) end

---In-place arithmetic, `x:add(b)`: b broadcasts to x.
---An int32 x takes int32 and whole numbers only, and no `div`.
---@param b number|tenor.Tensor
---@return tenor.Tensor # x itself
function Tensor:sub(b) end

---A reduction. Without an axis it gives a Lua number; with one, a tensor without
---that axis. `var` and `std` divide by
---n. `argmax` and `argmin` give 1-based places (of the flat tensor without an axis).
---@param axis? integer
---@param options? { keepdims: boolean? } `keepdims = true` keeps the axis with size 1
---@return number|tenor.Tensor #
function Tensor:sum(axis, options) end

---The matrix turned: (N, D) becomes (D, N), a copy.
---@return tenor.Tensor #
function Tensor:t() end

---A function of each number, giving a new tensor: `exp`, `log`, `sqrt`, `tanh` and `sigmoid` are real, `abs` has the
---dtype of x, as `-x` has.
---@return tenor.Tensor # of the shape of x
function Tensor:tanh() end

---A copy in another dtype; to int32 it cuts toward zero.
---@param dtype string "int32" or "real"
---@return tenor.Tensor #
function Tensor:to(dtype) end

---The numbers as a nested Lua table; the inverse of `tensor`.
---@return table #
function Tensor:totable() end

---A reduction. Without an axis it gives a Lua number; with one, a tensor without
---that axis. `var` and `std` divide by
---n. `argmax` and `argmin` give 1-based places (of the flat tensor without an axis).
---@param axis? integer
---@param options? { keepdims: boolean? } `keepdims = true` keeps the axis with size 1
---@return number|tenor.Tensor #
function Tensor:var(axis, options) end

---a where the mask is not 0, else b; all three broadcast.
---@param mask tenor.Tensor int32, as comparisons give
---@param a number|tenor.Tensor
---@param b number|tenor.Tensor
---@return tenor.Tensor # of the joint shape
function Tensor:where(mask, a, b) end

---Sets every number to 0.
---@return tenor.Tensor # x itself
function Tensor:zero() end

---The vectors of a vocabulary, as an embedding wants them.
---@class tenor.Vectors
local Vectors = {}

---How much of the vocabulary has a vector. Prints as a short report.
---@return table # table `types`, `types_found`, `tokens`, `tokens_found` (nil for a plain list of words), `missing` (list of {word, count}, most frequent first), `folded` (words that took the vector of another case), `cased` (missing words that the file has in another case only), and of the file `lines`, `malformed`, `first_bad` (line number), `reason` (of that line), `duplicates`, `spaced` (words with spaces), `cut` (words made of several pieces)
function Vectors:coverage() end

---D, the length of a vector.
---@return integer #
function Vectors:dimensions() end

---The embedding's rows.
---@return tenor.Tensor # tensor (V + 1, D); row 1 is padding
function Vectors:matrix() end

---Where the vectors come from, for the record of an experiment.
---@return table # a new table of strings and numbers: `path`, `kind` ("glove", "fasttext", "word2vec", "npy", "bert"), `dimensions`, `case`, and where there is one the `member` of the archive, the `list` of words, BERT's `vocabulary`, `tensor` and `lower`
function Vectors:source() end

---A signal in memory; `#wave` is its number of samples a channel.
---@class tenor.Wave
---@field rate integer
---@field channels integer
---@field frames integer
---@field duration number
---@field path string?
---@operator len: integer
local Wave = {}

---The samples, full scale ±1.
---@return tenor.Tensor # tensor (N) of one channel, or (N, channels)
function Wave:samples() end

---The outcome of Wilcoxon's test; prints as one line.
---@class tenor.Wilcoxon
local Wilcoxon = {}

---@class tenor.allclose.Options
---@field atol? number default 1e-08
---@field equal_nan? boolean default false
---@field rtol? number default 1e-05

---Whether |a - b| <= atol + rtol |b| for every pair of numbers; a and b
---broadcast. Also the method `a:allclose(b, options)`.
---@param a tenor.Tensor|number a tensor (or a number, when b is a tensor)
---@param b tenor.Tensor|number a tensor or a number
---@param given? tenor.allclose.Options `rtol` (1e-5), `atol` (1e-8), `equal_nan` (false)
---@return boolean #
function tenor.allclose(a, b, given) end

---Numbers from start up to but not including stop, as NumPy's:
---`tenor.arange(stop)`, `tenor.arange(start, stop, step)`; a dtype may end them.
---@param start number 0 where there is one argument alone
---@param stop? number
---@param step? number
---@param dtype? string "int32" or "real"
---@return tenor.Tensor # (n)
function tenor.arange(start, stop, step, dtype) end

---An open file.
---@class tenor.audio.Reader
---@field rate integer
---@field channels integer
---@field frames integer
---@field duration number
---@field path string
---@operator len: integer
local audio_Reader = {}

---Closes the file. May be called again.
function audio_Reader:close() end

---Reads on.
---@param frames? integer at most so many samples a channel
---@return tenor.Tensor? # tensor (n) or (n, channels); nil at the end; nil and a message where reading fails
---@return string? # the message
function audio_Reader:read(frames) end

---Moves to where the next read begins.
---@param offset integer in samples a channel from the beginning, which is 0
---@return integer? # offset, or nil and a message
---@return string? # the message
function audio_Reader:seek(offset) end

---@class tenor.audio.blocks.Options
---@field frames? integer default 65536

---The blocks of a file, for a generic `for`; the file is closed when the loop ends, however it ends.
---@param path string
---@param opts? tenor.audio.blocks.Options `frames`: samples a channel in a block, default 65536; the last block may be shorter
---@return fun(...): any # what `for` wants, its closing value among it: each step gives a tensor (n) or (n, channels)
---@return nil #
---@return nil #
---@return tenor.audio.Reader #
function tenor.audio.blocks(path, opts) end

---Opens a file to be read in blocks.
---@param path string
---@return tenor.audio.Reader? # a `Reader`, or nil and a message that names the file
---@return string? # the message
function tenor.audio.open(path) end

---Reads a whole file.
---The samples are kept as doubles, full scale ±1, in both builds. A file that
---is empty, cut short, not audio, or holds NaN or infinity is refused.
---@param path string
---@return tenor.Wave? # a `Wave`, or nil and a message that names the file
---@return string? # the message
function tenor.audio.read(path) end

---Makes a wave of a tensor.
---@param samples tenor.Tensor tensor (N), or (N, channels), full scale ±1
---@param rate integer Hz
---@return tenor.Wave # a `Wave` without a path
function tenor.audio.wave(samples, rate) end

---@class tenor.audio.write.Options
---@field format? string
---@field subtype? string

---Writes a wave to a file.
---The file appears whole or not at all: it is written beside `path` and renamed.
---Integer subtypes round to nearest and clip at full scale, so that a file
---read and written again in its own subtype keeps its samples.
---@param path string
---@param wave tenor.Wave|string a `Wave`
---@param opts? tenor.audio.write.Options `format`: wav, flac, ogg, aiff, au, caf or w64, by default the path's extension; `subtype`: pcm_u8, pcm_s8, pcm_16, pcm_24, pcm_32, float, double, vorbis, ulaw or alaw, by default pcm_16 (ogg: vorbis)
---@return true? # true, or nil and a message that names the file
---@return string? # the message
function tenor.audio.write(path, wave, opts) end

---The folder: what `TENOR_CACHE` names, else `$XDG_CACHE_HOME/tenor`, else `~/.cache/tenor`.
---@return string # its path; nil where `TENOR_CACHE` is set to nothing, which turns caches off; or nil and a message where no variable tells
function tenor.cache.folder() end

---Joins tensors along an axis they have: (N, D) and (M, D) to (N + M, D).
---@param tensors tenor.Tensor[] alike in dtype and all other sizes
---@param axis? integer
---@return tenor.Tensor #
function tenor.cat(tensors, axis) end

---The features of a corpus.
---@class tenor.corpus.Features
---@field tensor tenor.Tensor
---@field ids string[]
---@field failures tenor.Failure[]
---@field cached integer
---@field names string[]?
---@field options table?
---@field notes string[]
---@operator len: integer
local corpus_Features = {}

---The rows of a corpus's utterances, in its order: those of the same id or, failing that, of a file
---of that name (`/data/x.wav` for `x`). Utterances without a row are in `failures`; rows of no utterance are
---counted in `notes`.
---@param corpus tenor.Corpus its `utterances` are read
---@param name string what the features came from, for the reasons
---@param whole? boolean that the corpus may be part of what they are of: rows of no utterance are nothing to note
---@return tenor.corpus.Features? # Features, or nil and a message where two rows are of one utterance, or none is of any
---@return string? # the message
function corpus_Features:of(corpus, name, whole) end

---The row number of an utterance, or nil where it has none.
---@param id string
---@return integer? #
function corpus_Features:row(id) end

---Writes one .npz that NumPy opens, and `tenor.corpus.npz` and `tenor.features.load`: the features, ids, names and
---options; of features of a corpus also its labels, texts, sessions, speakers and splits (features/archive).
---@param path string its ending must be `.npz`
---@return true? # true, or nil and a message
---@return string? # the message
function corpus_Features:save(path) end

---F, the numbers in a row.
---@return integer #
function corpus_Features:width() end

---What was odd in a corpus: a list that prints as a summary.
---@class tenor.corpus.Notes
local corpus_Notes = {}

---Adds one.
---@param kind string
---@param file string
---@param line integer? its number, or nil
---@param message string
---@param count? integer of what the kind counts
function corpus_Notes:add(kind, file, line, message, count) end

---Adds that bytes were mended (tenor.strays), if any were.
---@param file string
---@param line integer
---@param count integer
function corpus_Notes:add_strays(file, line, count) end

---A few words for each kind, as a list.
---@return string[] #
function corpus_Notes:summary() end

---Who speaks in which part of a split.
---@class tenor.corpus.Speakers
local corpus_Speakers = {}

---Whether two parts share no speaker.
---@param a string "train", "validation" or "test"
---@param b string another
---@return boolean? # nil where an utterance of theirs names no speaker, so that it is not known
---@return string[]? # those they share
function corpus_Speakers:apart(a, b) end

---A split of a corpus: `corpus:split` makes one.
---@class tenor.corpus.Split
---@field name string
---@field spec string|table|nil
local corpus_Split = {}

---How many utterances are in each part.
---@return table # `{ train =, validation =, test = }`
function corpus_Split:counts() end

---The part of an utterance: "train", "validation", "test" or nil.
---@param u tenor.Utterance
---@return string? #
function corpus_Split:part(u) end

---Who is where, and whether any speaker is on two sides. Where the split names no validation rows,
---`corpus:dataset` takes them from training; `data.speakers` then is the proof of what came of it.
---@return tenor.corpus.Speakers #
function corpus_Split:proof() end

---@class tenor.corpus.iemocap.Options

---IEMOCAP as it is released (paper, section 2). The labels decide who is an utterance; transcript
---lines without one (46 in the release) are left out, junk files passed over. `session` is the folder's
---number, `speaker` session and letter ("Ses01F": the last part of an id tells who speaks), `extra`
---has `emotion`, `start` and `stop` (seconds in the dialogue) as they are written.
---@param root string the folder of Session1 to Session5, or the one above it
---@param given? tenor.corpus.iemocap.Options no options yet
---@return tenor.Corpus? # the corpus, ordered by a plain string sort of the ids; or nil and a message with file and line. What was odd and yet no error is in its `notes`.
---@return string? # the message
function tenor.corpus.iemocap(root, given) end

---@class tenor.corpus.manifest.Options
---@field order? string default "id"
---@field root? string
---@field scale? number[]

---A corpus from a CSV manifest with the columns `id, wav, text, valence, arousal,
---dominance, session, speaker, split`, in any order. All but `id` may be absent,
---and that too where `wav` is there to name the utterance; an empty field is missing.
---Columns `V`, `A`, `D` stand for the labels where their long names are absent. Files of spreadsheets are taken as they
---are: semicolons or tabs for commas, and then commas in numbers; Windows-1252; capitals in the header.
---@param path string
---@param given? tenor.corpus.manifest.Options `scale` ({1, 5}), the labels' range; `root`, the folder of relative wavs (the manifest's own); `order`, "id" (a plain string sort, the paper's) or "file"
---@return tenor.Corpus? # the corpus, or nil and a message with file and line
---@return string? # the message
function tenor.corpus.manifest(path, given) end

---@class tenor.corpus.msp_podcast.Options
---@field labels? string[]

---MSP-Podcast as it is released (Lotfian and Busso 2019): `Labels/labels_consensus.csv` or `.json`,
---`Transcripts/*.txt`, `Audios/` or `Audio/`. Labels are on a scale of 1 to 7. `split` is the release's
---`Split_Set` ("Train", "Development", "Test1" ...), which the split "own" understands; speakers
---called "Unknown" count as unknown (nil); `extra` has `emotion` and `gender`.
---@param root string the folder of `Labels`, or the one above it
---@param given? tenor.corpus.msp_podcast.Options `labels`, "csv" or "json", where the release has both (the CSV)
---@return tenor.Corpus # the corpus, ordered by a plain string sort of the ids (file names without ending); or nil and a message with file and line. What was odd and yet no error is in its `notes`.
function tenor.corpus.msp_podcast(root, given) end

---A corpus from utterances at hand.
---@param fields table `name`, `utterances`; optionally `scale` ({1, 5}), `extra` (names in the utterances' `extra`), `notes`, `source`
---@return tenor.Corpus #
function tenor.corpus.new(fields) end

---@class tenor.corpus.npz.Options
---@field features? string default "features"
---@field ids? string default "ids"
---@field label_names? string|string[]
---@field labels? string default "labels"
---@field names? string default "names"
---@field order? string default "id"
---@field scale? string|number[]
---@field session? string default "session"
---@field speaker? string default "speaker"
---@field split? string default "split"
---@field text? string default "text"
---@field wav? string|tenor.Wave default "wav"

---A corpus that has its features with it, in one .npz: as `features:save` writes it, or anyone's. `corpus:features()` gives
---them.
---@param path string
---@param given? tenor.corpus.npz.Options names of the arrays: `features` (N, F), `ids` (N), `names` (F, optional), `labels` (N, K; NaN is missing), `wav`, `text`, `session`, `speaker`, `split` (N strings or whole numbers, "" is missing), each called as the option is by default, and all but the first two may be absent then; `label_names`, a list (the file's array of that name), `scale` (the file's, else {1, 5}); `order`, "id" or "file"
---@return tenor.Corpus? # the corpus, or nil and a message
---@return string? # the message
function tenor.corpus.npz(path, given) end

---Opens a corpus of any kind.
---@param spec string|table|tenor.corpus.Split|fun(u: tenor.Utterance): string? a corpus's `source`, `{ kind =, path =, options = }`, or a string as the command line has it: `iemocap:FOLDER`, `msp_podcast:FOLDER`, `manifest:FILE`, `npz:FILE`, or a plain `FILE.csv` or `FILE.npz`
---@param given? table options of that kind, over those of the table
---@return tenor.Corpus? # the corpus, or nil and a message
---@return string? # the message
function tenor.corpus.open(spec, given) end

---A CSV file or text, read record by record.
---@class tenor.csv.Reader
local csv_Reader = {}

---The next record as a table header name → string.
---@return table? # the record; nothing at the end
---@return integer|string|nil # its line number; of a malformed file the message, `file:line: reason`
function csv_Reader:read() end

---Iterates: `for record, line in reader:records() do`.
---@return fun(...): any #
function csv_Reader:records() end

---Whether a field of the record that was read last stood in quotes.
---@param name string
---@return boolean #
function csv_Reader:was_quoted(name) end

---One line of CSV, without its end.
---@param values any[] strings, numbers or false (an empty field)
---@param n integer how many
---@return string #
function tenor.csv.line(values, n) end

---A reader over a CSV file.
---@param path string
---@param given? table `separator` (","), as of `parse`
---@return tenor.csv.Reader? # the reader, or nil and a message
---@return string? # the message
function tenor.csv.open(path, given) end

---@class tenor.csv.parse.Options
---@field separator? string default ","

---A reader over CSV text.
---@param text string
---@param name? string for messages
---@param given? tenor.csv.parse.Options `separator` (","): one character, or "auto": comma, semicolon or tab, of which the header has most, or as a first line `sep=;` says
---@return tenor.csv.Reader? # the reader, its `header` a list of names, its `separator`; or nil and a message
---@return string? # the message
function tenor.csv.parse(text, name, given) end

---All records of a file.
---@param path string
---@param given { separator: string? }
---@return table[]? # a list of tables header name → string; nil where the file cannot be read
---@return string[]|string # the header, or the message
function tenor.csv.read(path, given) end

---Writes records under a header; the file appears whole or not at all.
---@param path string
---@param header string[] a list of names, each once
---@param records table a list of tables name → string, number, boolean or nil; false is an empty field
---@return true? # true, or nil and a message
---@return string? # the message
function tenor.csv.write(path, header, records) end

---@class tenor.data.arrays.Options
---@field labels? string[]
---@field scale? number[]
---@field test? tenor.Part
---@field train? tenor.Part
---@field validation? tenor.Part
---@field validation_split? number default 0

---A dataset from arrays.
---tenor.data.arrays { train = { x = x, y = y }, test = { x = xt, y = yt }, scale = { 1, 5 },
---labels = { "valence", "arousal", "dominance" } }
---@param given? tenor.data.arrays.Options `train`, and optionally `validation` and `test`: each `{ x =, y =, ids = }`; x is a tensor or a list of tensors such as `{ hsf, ids }`; `labels` names the columns of y; `scale` maps y from low..high to -1..1, values outside clipped (default: y is left alone); `validation_split` takes that share of the training rows, the last ones, where `validation` is not given (default 0)
---@return tenor.Dataset # the dataset, `{ train, validation, test, labels, scale }`
function tenor.data.arrays(given) end

---One label from low..high to -1..1, clipped.
---@param value number
---@param scale number[]
---@return number #
function tenor.data.map_label(value, scale) end

---@class tenor.evaluate.Options
---@field batch? integer default 256

---Runs a model over a part of a dataset and scores it.
---@param model tenor.nn.Module a network
---@param part tenor.Part `{ x =, y =, label_names = }`, such as `data.test`
---@param opts? tenor.evaluate.Options `batch` (256), rows at once
---@return tenor.Scores #
function tenor.evaluate(model, part, opts) end

---@class tenor.experiment.new.Options
---@field batch? integer
---@field corpus? string|table|tenor.Corpus
---@field epochs? integer
---@field features? table|string
---@field length? integer
---@field name? string default "experiment"
---@field optimizer? string|table|tenor.optim.Optimizer
---@field options? table
---@field padding? string default "pre"
---@field patience? integer default 10
---@field protocol? string|string[] default "paper"
---@field results? string default "results"
---@field seeds? integer|integer[] default 20
---@field split? string|table|tenor.corpus.Split|fun(u: tenor.Utterance): string? default "auto"
---@field standardize? boolean
---@field systems? table[]
---@field tasks? (string|table)[]
---@field threads? integer default 1
---@field tokenizer? table
---@field validation? number default 0.2
---@field vectors? table<string, string|table>
---@field weights? { alpha: number, beta: number }

---An experiment. Nothing is read or run yet.
---@param given? tenor.experiment.new.Options - `corpus`: what `tenor.corpus` opens, or a corpus - `features`: options of `corpus:extract` (`{}`), or a file of features made elsewhere - `vectors`: `{ glove = FILE, word2vec =, fasttext =, bert = { path =, vocabulary = FILE } }`; a table has the options of the reader in `tenor.vectors` - `systems`: list of `{ name, network, vectors, inputs, options, ... }`; default those of Table II for which vectors are given. `network` is "acoustic", "text", "fusion" or a Lua module's name, `options` what else the network is made with - `tasks`: of "STL", "MTL" and `{ name =, labels = }` (`{ "STL", "MTL" }`). STL learns the corpus's first label, MTL all - `weights` `{ alpha =, beta = }`, `optimizer` `{ name = "RMSprop", lr = }`, `batch`, `epochs`, `standardize`: default section 6's for the network; `patience` (10), `padding` ("pre" or "none"), `length`, `tokenizer` (its options). A system may have its own of each - `protocol`: "paper", "clean" or a list of both; `split` ("auto"), `validation` (0.2) as `corpus:dataset` - `seeds`: how many (20), or a list; at most a million runs in all; `threads` of a run (1) - `results`: the folder ("results"); `name`
---@return tenor.Experiment # Experiment
function tenor.experiment.new(given) end

---The experiment last run in a results folder; its corpus, features and settings are there too. Nothing is written or made.
---@param path string the folder, or the experiment's file in it
---@return tenor.Experiment? # Experiment, or nil and a message
---@return string? # the message
function tenor.experiment.open(path) end

---@class tenor.experiment.search.Options
---@field choose? string default "validation"
---@field kind? string default "linear"
---@field measure? string default "ccc"
---@field name? string
---@field network? string default "fusion"
---@field seeds? integer|integer[] default 3
---@field start? number
---@field step? number default 0.1
---@field vectors? table<string, string|table>

---A search of the loss's weights alpha and beta. Nothing is run yet.
---@param given? tenor.experiment.search.Options what `experiment.new` takes but for `systems`, `tasks` and `weights`, and - `kind`: "linear", the paper's: alpha at a fixed beta, then beta at the best alpha; or "simplex", all points; `step` (0.1) - `network` ("fusion"), `name` of the system, `vectors` as the experiment's: where one kind is given, the system starts from it - `choose` on "validation" or, as published, on "test"; `measure` "ccc" or "ccc_batch32", the mean over the labels - `start`: the beta at which the linear search tries alpha (section 6's for the network) - `seeds` a point (3)
---@return tenor.Search # Search
function tenor.experiment.search(given) end

---The names of the 68 numbers of a file, or of its 136 with deltas: means, then deviations.
---@param deltas? boolean
---@return string[] # list of names
function tenor.features.column_names(deltas) end

---The names of columns 35 to 68 of an LLD with deltas: `delta_zcr` …
---@type string[]
tenor.features.delta_names = nil

---@class tenor.features.extract.Options
---@field deltas? boolean default false
---@field drop_zeros? boolean default false
---@field eps? number default 2.2204460492503e-16
---@field step? number default 0.01
---@field window? number default 0.025

---From a wave to its statistics, in double precision throughout and in
---memory that does not grow with the wave: `hsf(lld(wave))` without the matrix.
---@param wave tenor.Wave|string a Wave, or the path of a file, which is read in blocks
---@param opts? tenor.features.extract.Options the options of `lld` and of `hsf`
---@return tenor.Tensor? # tensor (68), or (136) with deltas; nil and a message as from `lld`
---@return string? # the message
function tenor.features.extract(wave, opts) end

---@class tenor.features.extract_many.Options
---@field cache? boolean|string default false
---@field deltas? boolean default false
---@field drop_zeros? boolean default false
---@field eps? number default 2.2204460492503e-16
---@field jobs? integer
---@field progress? string|fun(done: integer, total: integer) default "silent"
---@field step? number default 0.01
---@field stream? file*|table
---@field verify? boolean default false
---@field window? number default 0.025

---The statistics of many files, over the threads of `tenor.threads()`, as
---`extract` gives them, bit for bit. Memory is that of the result and of the files in work.
---@param paths table list of N paths; `false` stands for a file that is not there to extract
---@param opts? tenor.features.extract_many.Options the options of `extract`; `jobs` (all threads): how many threads at most; `progress` ("silent"): "auto", "bar" or "plain", or a function of (done, total) that is called now and then, between files; `stream` (io.stderr) of the bar; `cache` (false): true, or a folder, keeps rows from one run to the next by the content of the file and the options (true: in the folder that `tenor.cache.folder` tells); `verify` (false): all files are read to see that they are those of before, even where size and times say so
---@return tenor.Tensor # tensor (N, 68), or (N, 136) with deltas; rows without a result are zeros
---@return table # table index → message of the files that have no features, each naming its file
---@return table # table `cached`, how many rows came from the cache; `silent`, list of the indices of files in which nothing is to be heard; `notes`, list of sentences on a cache that did not work
function tenor.features.extract_many(paths, opts) end

---@class tenor.features.hsf.Options
---@field drop_zeros? boolean default false

---High-level statistics of descriptors: the mean of each column, then the
---population standard deviation of each.
---@param lld tenor.Tensor tensor (frames, F)
---@param opts? tenor.features.hsf.Options `drop_zeros` (false): exact zeros count as missing, as in the paper's published code; a column of zeros alone gives 0 and 0
---@return tenor.Tensor # tensor (2F): 68 for 34 descriptors, 136 with deltas
function tenor.features.hsf(lld, opts) end

---The names of the 68 numbers of an HSF without deltas: `mean_zcr` … `std_chroma_std`.
---@type string[]
tenor.features.hsf_names = nil

---@class tenor.features.lld.Options
---@field deltas? boolean default false
---@field eps? number default 2.2204460492503e-16
---@field step? number default 0.01
---@field window? number default 0.025

---Low-level descriptors, frame by frame.
---@param wave tenor.Wave|string a Wave, or the path of a file, which is read in blocks
---@param opts? tenor.features.lld.Options `window` (0.025 s) and `step` (0.010 s), the fraction of a sample dropped; `deltas` (false): 34 more columns, each descriptor's difference to the frame before; `eps` (2^-52; the paper's own runs had 1e-8)
---@return tenor.Tensor? # tensor (frames, 34), or (frames, 68) with deltas; nil and a message that names the file where it cannot be read, is shorter than one frame, holds NaN or infinity, or has a rate at which the window holds fewer than 20 samples
---@return string? # the message
function tenor.features.lld(wave, opts) end

---Features from a file, found by utterance id: `corpus:features(path)` gives those of a corpus's utterances.
---
--- - `.npz`: as `features:save` writes it, or anyone's. `features` ("features") and `ids` ("ids") name its arrays, (N, F)
---and N strings or whole numbers; `names` ("names") that of the columns' names, if any.
--- - `.csv`: one line an utterance, as openSMILE writes it. `id`: the column of the ids (the first of id, name,
---file, filename); `columns`: list of those to take (all but id, name, file, filename, start, end, frameIndex,
---frameTime, class); `separator` (comma, semicolon or tab, of which the header has most). Where it is no comma,
---numbers may have one for their point.
---@param path string
---@param opts? table
---@return tenor.corpus.Features? # with `tensor` (N, F), `ids`, `names`, `failures`; or nil and a message with file and line, or row and column
---@return string? # the message
function tenor.features.load(path, opts) end

---The 34 descriptors, in the order of the LLD's columns.
---@type string[]
tenor.features.names = nil

---@class tenor.fit.Options
---@field batch? integer default 32
---@field callbacks? table[]
---@field checkpoint? string
---@field epochs? integer default 50
---@field every? { epochs: integer?, minutes: number? }
---@field loss? tenor.loss.CCC|table
---@field optimizer? tenor.optim.Optimizer
---@field patience? integer
---@field progress? string default "auto"
---@field restore_best? boolean default true
---@field seed? integer default 0
---@field shuffle? boolean default true
---@field stream? file*|table

---Trains a model. An optimiser carries its moments from one `fit` to the next: make a new one for a new run.
---@param model tenor.nn.Module a network
---@param data tenor.Dataset|table `{ train = { x =, y = }, validation = { x =, y = } }`: inputs (N, ...) or a table of them for several branches, labels (N, K); validation may be absent. `ids` and `label_names` of a part are used in messages.
---@param opts? tenor.fit.Options `loss`, `optimizer`, `batch` (32), `epochs` (50), `patience`, `restore_best` (true), `shuffle` (true), `seed` (0), `progress` ("auto"), `stream`, `callbacks`: a list of tables whose `on_batch_end(info)` and `on_epoch_end(info)` may return "stop"; `checkpoint`, the path of a file, and `every` ({ epochs = 1 }; also `batches`, `minutes`): the state of the run is kept there, and a run that finds it there goes on from it, to the same bits that it would have come to. It must be the same run: network and its first weights, data and options; only `epochs` may grow. SIGINT and SIGTERM then end the batch, write, and raise. A last batch of one utterance is trained on as Keras does: its CCC is 0, its gradient too.
---@return tenor.History # History. Whichever way training ends, an error or Ctrl-C included, the model holds the weights of the best validation loss so far
function tenor.fit(model, data, opts) end

---A tensor of one number: `tenor.full({2, 3}, 0.5)`.
---@param shape integer|integer[] a table of sizes, or one integer
---@param value number
---@param dtype? string "int32" or "real"
---@return tenor.Tensor #
function tenor.full(shape, value, dtype) end

---The reference of a public name. Printed, as the interpreter does with the value of a line, it is a page of text.
---@param ... any
---@return table # the page; its `text`, its `id`
function tenor.help(...) end

---Marks a table as a list, so that it is written as `[]` while it is empty.
---@param list? any
---@return table # the list
function tenor.json.array(list) end

---Reads one value. A name that stands twice in an object is an error.
---@param text string
---@return any? # the value, or nil and a message with line and column
---@return string? # the message
function tenor.json.decode(text) end

---@class tenor.json.encode.Options
---@field digits? integer default 17
---@field indent? integer default 0

---Writes a value. An empty table without the mark of `json.array` is an object.
---@param value any a string, a number, a boolean, `json.null` or a table of these
---@param given? tenor.json.encode.Options `indent` (0: one line), `digits` of reals, 1 to 17 (17: exact). Where rounding makes one of them infinite, all are exact
---@return string #
function tenor.json.encode(value, given) end

---Stands for `null`, in both directions.
---@type userdata
tenor.json.null = nil

---Reads a tensor (`.npy`) or a table name → tensor (`.npz`, `.safetensors`).
---Floats of any width become the build's scalar type, integers and bools int32;
---0-d arrays become shape (1). NumPy's strings become a list of strings.
---@param path string
---@param given? table `dtype = "real"` reads integers as reals, also such as int32 cannot hold
---@return tenor.Tensor? # the tensor or table, or nil and a message with file, member and reason
---@return string? # the message
---@return table # of a `.safetensors` the metadata, a table string → string
function tenor.load(path, given) end

---The concordance loss: `loss.ccc` makes one.
---@class tenor.loss.CCC
local loss_CCC = {}

---The gradient of the last `forward` by its predictions.
---@return tenor.Tensor # (N, K)
function loss_CCC:backward() end

---The loss of a batch. Of a single utterance every CCC is 0 and so is the gradient: what eps in the denominator
---makes of it in Keras too.
---@param pred tenor.Tensor|number[] predictions (N, K)
---@param gold tenor.Tensor|number[] labels (N, K)
---@return number # the loss
---@return number[] # the K values of CCC
function loss_CCC:forward(pred, gold) end

---The loss alone, for a batch of any size. Used by validation.
---@param pred tenor.Tensor|number[] predictions (N, K)
---@param gold tenor.Tensor|number[] labels (N, K)
---@return number # the loss
---@return number[] # the K values of CCC
function loss_CCC:value(pred, gold) end

---@class tenor.loss.ccc.Options
---@field alpha? number
---@field beta? number
---@field eps? number default 1e-07
---@field weights? number[]

---Σ w_k (1 - CCC_k) over the outputs, CCC over the batch with 1e-7 in the
---denominator, as Keras has it.
---@param opts? tenor.loss.ccc.Options `alpha`, `beta`: weights of valence and arousal, dominance gets 1 - alpha - beta (eq. 4); or `weights`: one an output. With neither, all outputs weigh the same and sum to 1; a single output weighs 1. `eps` 1e-7.
---@return tenor.loss.CCC # a loss with `forward(predictions, labels)` → value, { CCC an output } and `backward()` → gradient (N, K)
function tenor.loss.ccc(opts) end

---Concordance correlation coefficient of the whole set (Lin 1989; eq. 3), population moments.
---Raises where the labels are constant: nothing can agree with them.
---@param pred tenor.Tensor|number[]
---@param gold tenor.Tensor|number[]
---@return number #
function tenor.metrics.ccc(pred, gold) end

---The paper's protocol (section 1): the mean, weighted by size, of the CCC of
---consecutive batches, in the given order, with Keras's 1e-7 in the denominator.
---A last batch of one counts 0, as Keras counts it.
---@param pred tenor.Tensor|number[] predictions
---@param gold tenor.Tensor|number[] labels
---@param batch? integer utterances in a batch
---@return number|number[] #
function tenor.metrics.ccc_batch(pred, gold, batch) end

---Mean absolute error.
---@param pred tenor.Tensor|number[]
---@param gold tenor.Tensor|number[]
---@return number #
function tenor.metrics.mae(pred, gold) end

---The names of the measures.
---@type string[]
tenor.metrics.names = nil

---Pearson's correlation coefficient. Raises where a side is constant.
---@param pred tenor.Tensor|number[]
---@param gold tenor.Tensor|number[]
---@return number #
function tenor.metrics.pcc(pred, gold) end

---Root of the mean squared error.
---@param pred tenor.Tensor|number[]
---@param gold tenor.Tensor|number[]
---@return number #
function tenor.metrics.rmse(pred, gold) end

---Predictions along a recording.
---@class tenor.model.Course
---@field first number[]
---@field last number[]
---@field values tenor.Tensor
---@field raw tenor.Tensor
---@field labels string[]
---@field scale number[]
---@field window number
---@field step number
---@field path string?
---@field models integer?
---@field fold string?
---@operator len: integer
local model_Course = {}

---@class tenor.model.Course.plot.Options
---@field height? integer default 300
---@field width? integer default 720

---Draws the labels over time, each value at the middle of its window.
---@param path string ends in .svg
---@param given? tenor.model.Course.plot.Options `width` (720), `height` (300)
---@return true? # true, or nil and a message
---@return string? # the message
function model_Course:plot(path, given) end

---Writes `start`, `stop` (seconds) and a column a label.
---@param path string
---@return true? # true, or nil and a message
---@return string? # the message
function model_Course:write(path) end

---The models of a cross-validation.
---@class tenor.model.Folds
---@field models tenor.Model[]
---@field fold nil
---@field labels string[]
---@field scale number[]?
---@field features table?
---@field inputs table
---@operator len: integer
local model_Folds = {}

---@class tenor.model.Folds.predict.Options
---@field batch? integer default 256
---@field cache? boolean|string default false
---@field features? tenor.corpus.Features|tenor.Tensor
---@field jobs? integer
---@field progress? string default "silent"
---@field step? number
---@field stream? file*|table
---@field window? number

---Predicts as `model:predict` does, each utterance by the model whose fold held it out, found by its `id`. One that is in no
---fold, such as a new recording, has the mean of what all models give.
---@param what tenor.Utterance|string|tenor.Wave|tenor.Corpus|table as for `model:predict`
---@param given? tenor.model.Folds.predict.Options as for `model:predict`
---@return tenor.Prediction|tenor.model.Predictions|tenor.model.Course # as `model:predict`; utterances that were held out have `fold`, its name
function model_Folds:predict(what, given) end

---Quadrant and nearest affect of a prediction: as `model:reading`.
---@param prediction table with `valence` and `arousal`
---@return table # as `tenor.model.reading`
function model_Folds:reading(prediction) end

---Writes each model into a folder: `fold_1.safetensors` and so on, models by themselves too.
---@param folder string is made; it must not hold models
---@return true? # true, or nil and a message
---@return string? # the message
function model_Folds:save(folder) end

---The models that have not seen an utterance in training: those whose fold held it out, or all where it is in no fold.
---@param id? string of the utterance
---@return table # their numbers
---@return boolean # whether any fold held it out
function model_Folds:unseen(id) end

---Predictions of several utterances, a list in their order: each has `id`, `wav` and its labels, or `reason` where it
---failed.
---@class tenor.model.Predictions
---@field failures tenor.Failure[]
---@field raw tenor.Tensor
---@field labels string[]
---@field scale number[]
---@field fold nil
---@field models integer?
---@field held_out integer?
---@field averaged integer?
---@field [integer] tenor.Prediction
local model_Predictions = {}

---How the utterances were predicted, in words; nil for those of one model.
---@return string? #
function model_Predictions:account() end

---Scores against the labels that the corpus has, over all utterances that were predicted and lack none of them: CCC, RMSE
---and MAE of labels on -1..1. Predictions of folds are pooled: each score is one number over the utterances of all folds, and
---no mean over folds, which leaving one utterance out would not define.
---@return tenor.Scores? # also with `unlabelled`, how many utterances lack a label; or nil and a message where there is nothing to score against
---@return string? # the message
function model_Predictions:scores() end

---Writes id, wav, a column a label, the fold where there are folds, and why one failed.
---@param path string
---@return true? # true, or nil and a message
---@return string? # the message
function model_Predictions:write(path) end

---@class tenor.model.cross_validate.Options
---@field folder? string

---Cross-validation: trains a model for each fold, by a function that is yours.
---
---local folds = assert(tenor.model.cross_validate(corpus:folds "speaker", function(fold)
---local data = corpus:dataset { features = features, split = fold, protocol = "clean" }
---local network = tenor.networks.acoustic { seed = 1 }
---tenor.fit(network, data, { loss = tenor.loss.ccc(), optimizer = tenor.optim.Nadam(), patience = 10 })
---return tenor.model.new { network = network, data = data }
---end, { folder = "folds" }))
---print(folds:predict(corpus):scores())
---@param list string of splits, as `corpus:folds` gives it; what tests is held out
---@param train fun(...): any called with each fold and its number; returns a model of a network of its own, or nil and a message
---@param given? tenor.model.cross_validate.Options `folder`: each model is written there once it is trained, as `folds:save` does, and only weights stay in memory; it must not hold models yet
---@return tenor.model.Folds? # or nil and a message
---@return string? # the message
function tenor.model.cross_validate(list, train, given) end

---Opens what `model:save` wrote, or the folder of a cross-validation. Nothing in a file is run, and its parts are held
---against one another before memory is taken for the weights.
---@param path string of a file, or of a folder
---@return (tenor.Model|tenor.model.Folds)? # the model, or the Folds of a folder; or nil and a message
---@return string? # the message
function tenor.model.load(path) end

---@class tenor.model.new.Options
---@field data? tenor.Dataset
---@field features? tenor.corpus.Features|tenor.Tensor
---@field history? tenor.History
---@field labels? string[]
---@field length? integer
---@field network? tenor.nn.Module
---@field record? table
---@field scale? number[]
---@field scaler? { mean: tenor.Tensor, deviation: tenor.Tensor }
---@field words? tenor.text.Tokenizer|tenor.text.WordPiece

---Puts a trained model together. What a dataset of `corpus:dataset` knows need not be said again.
---@param given? tenor.model.new.Options - `network`: the trained network - `data`: the dataset that it was trained on: its `labels`, `scale`, `scaler`, `words`, `inputs.length` and `extraction` count where the options below are not given, and `split` and `protocol` go into the record - `labels`: names of the outputs, in order - `scale`: { low, high } that labels are on; without it predictions are as the network gives them, -1 to 1 - `features`: the options of extraction (`window`, `step`, `deltas`, `eps`, `drop_zeros`), {} for the defaults, or what `corpus:extract` gave; nil where features were made elsewhere - `scaler`: { mean =, std = }, tensors (F) - `words`: the fitted tokenizer; `length`: steps of its sequences - `history`: what `tenor.fit` returned; `record`: a table of whatever else should be kept, such as JSON holds
---@return tenor.Model # the model
function tenor.model.new(given) end

---@class tenor.model.reading.Options
---@field scale? number[]

---A rough reading of a point of valence and arousal: its quadrant, and which of Russell's eight affects lies nearest.
---No emotion is recognised: anger and fear point alike.
---@param valence number
---@param arousal number
---@param given? tenor.model.reading.Options `scale` ({ -1, 1 }), the range of both
---@return table # `quadrant` ("pleasant and active", "unpleasant and active", "unpleasant and calm", "pleasant and calm", or "neutral" within a tenth of the way from the middle), `affect` (one of Russell's eight, or "none"), `angle` (degrees from pleasure, counted towards arousal), `distance` (from the middle, 1 at the end of the scale)
function tenor.model.reading(valence, arousal, given) end

---@class tenor.networks.acoustic.Options
---@field dense? integer default 64
---@field features? tenor.corpus.Features|tenor.Tensor default 68
---@field hidden? integer default 256
---@field outputs? string[]
---@field rng? tenor.Rng
---@field seed? integer

---BatchNorm → LSTM → LSTM → LSTM → Dense(64) → outputs; takes HSF (N, features).
---@param opts? tenor.networks.acoustic.Options `features` (68), `outputs`, `hidden` (256), `dense` (64), `seed` or `rng`
---@return tenor.nn.Sequential #
function tenor.networks.acoustic(opts) end

---@class tenor.networks.fusion.Options
---@field dense? integer default 64
---@field dropout? number default 0.4
---@field embedding? integer default 300
---@field features? tenor.corpus.Features|tenor.Tensor default 68
---@field fused? integer[]
---@field hidden? integer default 256
---@field length? integer default 554
---@field outputs? string[]
---@field padding? string default "pre"
---@field rng? tenor.Rng
---@field seed? integer
---@field vectors? tenor.Vectors|tenor.Tensor
---@field vocabulary? integer

---Both branches joined → Dense(64, relu) → Dense(32, relu) → Dropout → outputs (eq. 1);
---takes { HSF (N, features), ids (N, T) }.
---@param opts? tenor.networks.fusion.Options those of `acoustic` and `text`
---@return tenor.nn.Sequential #
function tenor.networks.fusion(opts) end

---@class tenor.networks.text.Options
---@field dense? integer default 64
---@field dropout? number default 0.4
---@field embedding? integer default 300
---@field hidden? integer default 256
---@field length? integer default 554
---@field outputs? string[]
---@field padding? string default "pre"
---@field rng? tenor.Rng
---@field seed? integer
---@field vectors? tenor.Vectors|tenor.Tensor
---@field vocabulary? integer

---Embedding → LSTM → LSTM → LSTM → Dense(64) → Dropout → outputs; takes ids (N, T).
---@param opts? tenor.networks.text.Options `vocabulary`, `embedding` (300), `vectors`, `padding` ("pre"), `length` (554), `dropout` (0.4), `outputs`, `hidden` (256), `dense` (64), `seed` or `rng`
---@return tenor.nn.Sequential #
function tenor.networks.text(opts) end

---Batch normalisation over (N, F) (Ioffe & Szegedy 2015).
---@class tenor.nn.BatchNorm: tenor.nn.Module
local nn_BatchNorm = {}

---x (N, F) → (N, F). One row in training becomes `beta`, as in Keras: its variance is 0.
---@param x tenor.Tensor
---@return tenor.Tensor #
function nn_BatchNorm:run(x) end

---@class tenor.nn.BatchNorm.Options
---@field eps? number default 0.001
---@field momentum? number default 0.99
---@field name? string

---Makes the layer. Parameters: `gamma` (F) ones, `beta` (F) zeros. Kept: `running_mean` (F) zeros,
---`running_var` (F) ones, moved in training by the batch's mean and unbiased variance.
---@param features integer F
---@param opts? tenor.nn.BatchNorm.Options `momentum` 0.99 and `eps` 1e-3, Keras's; `name`
---@return tenor.nn.BatchNorm #
function tenor.nn.BatchNorm(features, opts) end

---Networks side by side: takes a table of inputs, one each, and joins the
---outputs (N, D1), (N, D2), ...
---@class tenor.nn.Concat: tenor.nn.Module
local nn_Concat = {}

tenor.nn.Concat = nn_Concat

---A fully connected layer, y = f(x Wᵀ + b).
---@class tenor.nn.Dense: tenor.nn.Module
local nn_Dense = {}

---Runs the layer.
---@param x tenor.Tensor|tenor.nn.Sequence (N, inputs) or (N, T, inputs)
---@return tenor.Tensor|tenor.nn.Sequence # (N, outputs) or (N, T, outputs)
function nn_Dense:run(x) end

---@class tenor.nn.Dense.Options
---@field activation? string default "linear"
---@field heads? boolean default false
---@field name? string
---@field rng? tenor.Rng

---Makes the layer. Parameters: `weight` (outputs, inputs), Glorot uniform; `bias` (outputs), zero.
---@param inputs integer width of x
---@param outputs integer width of y
---@param opts? tenor.nn.Dense.Options `activation` "linear" (default), "relu", "tanh" or "sigmoid"; `heads` (false), true when the outputs are separate Dense(1) layers side by side, which differs only in the limit of the Glorot initialiser; `rng`, the generator of the first weights; `name`
---@return tenor.nn.Dense #
function tenor.nn.Dense(inputs, outputs, opts) end

---Dropout (Srivastava et al.
---@class tenor.nn.Dropout: tenor.nn.Module
local nn_Dropout = {}

---Runs the layer; x may be of any shape, but not a Sequence with shared padding: masks would differ where the
---padding must not.
---@param x tenor.Tensor|tenor.nn.Sequence
---@return tenor.Tensor|tenor.nn.Sequence #
function nn_Dropout:run(x) end

---@class tenor.nn.Dropout.Options
---@field name? string
---@field rng? tenor.Rng

---Makes the layer.
---@param p number probability of dropping, 0 <= p < 1
---@param opts? tenor.nn.Dropout.Options `rng`: where the masks come from; by default the generator that layers made without one share (`fit` gives the model one of the run's seed); `name`
---@return tenor.nn.Dropout #
function tenor.nn.Dropout(p, opts) end

---Rows of a trainable table, one a token; id 0 is padding.
---@class tenor.nn.Embedding: tenor.nn.Module
local nn_Embedding = {}

---ids: int32 (N, T), zeros standing for padding → a Sequence, or (N, T, E) with padding "dense".
---@param ids tenor.Tensor
---@return tenor.nn.Sequence #
function nn_Embedding:run(ids) end

---Adds to the table's gradient.
---@param dy tenor.Tensor|tenor.nn.Sequence gradient by the output, in its form
---@return nil # nil: ids have no gradient
function nn_Embedding:run_back(dy) end

---@class tenor.nn.Embedding.Options
---@field length? integer default 0
---@field name? string
---@field padding? string default "pre"
---@field rng? tenor.Rng
---@field weights? tenor.Vectors|tenor.Tensor

---
---@param vocabulary integer V, rows of the table, the padding row 0 included
---@param width integer E
---@param opts? tenor.nn.Embedding.Options `padding`: "pre" (default) the network runs over front padding, as in the paper, which costs next to nothing since the padding is shared; "none" masks it: only the real words are run; "dense" is "pre" computed the plain way, as a tensor (N, T, E). `length`: steps of the padded sequence, 554 in the paper; default the width of the ids. Longer rows keep their last `length` tokens. `weights`: (V, E) to begin with, such as `vectors:matrix()`; or an object with a method `matrix`. Default uniform ±0.05. `rng`; `name`. Parameter: `weight` (V, E), all of it trainable.
---@return tenor.nn.Embedding #
function tenor.nn.Embedding(vocabulary, width, opts) end

---A long short-term memory layer (Hochreiter & Schmidhuber 1997), gates i, f, g, o
---as Keras and cuDNN.
---@class tenor.nn.LSTM: tenor.nn.Module
local nn_LSTM = {}

---Each sequence's state after its last step.
---@return table # `{ h = (N, H), c = (N, H) }`
function nn_LSTM:final_state() end

---Runs the layer over whole sequences.
---@param x tenor.Tensor|tenor.nn.Sequence (N, T, D), a Sequence, or (N, D) as one step
---@param state? table `{ h = (N, H), c = (N, H) }` to start from; zeros by default. Not for sequences that share their front padding.
---@return tenor.Tensor|tenor.nn.Sequence # with `last` (N, H); else all outputs in the form of x
function nn_LSTM:run(x, state) end

---Back-propagates through time.
---@param dy tenor.Tensor|tenor.nn.Sequence gradient by the output, in its form
---@param d_state? table `{ h =, c = }` gradient by `final_state`
---@return tenor.Tensor # gradient by x, in x's form. The gradient by the initial state, where one was given, is in `lstm.grad_state` afterwards.
function nn_LSTM:run_back(dy, d_state) end

---@class tenor.nn.LSTM.Options
---@field last? boolean default false
---@field name? string
---@field rng? tenor.Rng

---Makes the layer. Parameters: `w_ih` (4H, D) Glorot uniform, `w_hh` (4H, H) orthogonal, `bias`
---(4H) zero but 1 for the forget gate; blocks of H rows in the order i, f, g, o.
---@param inputs integer D, width of a step
---@param hidden integer H, units
---@param opts? tenor.nn.LSTM.Options `last` (false), true to give each sequence's last output alone, (N, H); `rng`, the generator of the first weights; `name`
---@return tenor.nn.LSTM #
function tenor.nn.LSTM(inputs, hidden, opts) end

---What every layer and container is: forward, backward, parameters by name.
---@class tenor.nn.Module
local nn_Module = {}

---Back-propagates, adding to the parameters' gradients. Comes after `forward`, once for each.
---@param dy tenor.Tensor|tenor.nn.Sequence the gradient of the loss by the last output
---@param ... any what else the layer's `run_back` takes
---@return tenor.Tensor|tenor.nn.Sequence|nil # the gradient by the input, nil for ids
function nn_Module:backward(dy, ...) end

---A buffer of (rows, cols) kept from step to step, its numbers unset.
---@param name string
---@param rows integer
---@param cols integer
---@return tenor.Tensor #
function nn_Module:buffer(name, rows, cols) end

---What is kept but not trained, such as BatchNorm's running moments: list of { name =, value = }.
---@return table[] #
function nn_Module:buffers() end

---Raises where `model` is not a module: "call: model must be ...".
---@param call string what begins the message
---@param model any
function nn_Module.check(call, model) end

---The children of a container, in order: list of {name, module}.
---@return table[] #
function nn_Module:children() end

---Makes a class that can be called: `Dense(128, 64)` is `Dense.new(128, 64)`.
---@param name string
---@return table # the class, to which `new`, `run`, `run_back` and `output_shape` are added
function nn_Module.class(name) end

---How many numbers the module holds.
---@return integer # trainable
---@return integer # others
function nn_Module:count() end

---The common fields of a new module.
---@param class table
---@param fields table the layer's own; `name` is checked
---@return tenor.nn.Module #
function nn_Module.create(class, fields) end

---The network as a plain table, such as JSON holds: classes, sizes, options and names, without weights.
---`nn.build` makes a network of it.
---@return table #
function nn_Module:describe() end

---Draws the layer's own parameters anew. Layers with parameters have it.
---@param rng tenor.Rng from `tenor.rng(seed)`
function nn_Module:draw(rng) end

---Inference mode: running statistics, no dropout.
---@return self # self
function nn_Module:eval() end

---Raises an error that begins with the layer: "Dense(128 -> 64): ...".
---@param message string as for `string.format`
---@param ... any what it formats
function nn_Module:fail(message, ...) end

---Runs the layer or network.
---@param x tenor.Tensor|tenor.nn.Sequence|table the input, in the form that the layer takes
---@param ... any what else the layer's `run` takes
---@return tenor.Tensor # a tensor (or Sequence) of its own
function nn_Module:forward(x, ...) end

---3787123 as "3 787 123".
---@param n integer
---@return string #
function nn_Module.grouped(n) end

---Draws all parameters anew.
---@param rng tenor.Rng from `tenor.rng(seed)`
---@return self # self
function nn_Module:initialize(rng) end

---Whether x is a tensor.
---@param x any any value
---@return boolean #
function nn_Module.is_tensor(x) end

---What the layer is called in messages: "Dense(128 -> 64)".
---@return string #
function nn_Module:label() end

---A container and its layers as an indented list, without the count of parameters.
---@return string #
function nn_Module:outline() end

---The shape of the output, for `summary`; letters stand for what the data decides.
---@param input? table the shape of the input, such as `{ "N", 68 }`
---@return table #
function nn_Module:output_shape(input) end

---Declares a trainable parameter and its gradient, both zero.
---@param name string
---@param ... any the sizes of its shape
function nn_Module:parameter(name, ...) end

---All trainable parameters: list of { name = "acoustic.LSTM.w_ih", value =, grad = }.
---@return table[] #
function nn_Module:parameters() end

---Writes parameters and buffers back from a table name → tensor; every name
---must be there with the right shape, and none besides.
---@param kept table from `snapshot`
---@return self # self
function nn_Module:restore(kept) end

---The layer's work, for use inside a network: as `forward`, but the result may lie in a buffer of the layer's own.
---Every layer has one.
---@param x tenor.Tensor|tenor.nn.Sequence|table the input, in the form that the layer takes
---@return tenor.Tensor|tenor.nn.Sequence # the output
function nn_Module:run(x) end

---Back-propagation for use inside a network: as `backward`, but the result may lie in a buffer. Every layer has one.
---@param dy tenor.Tensor|tenor.nn.Sequence the gradient of the loss by the last output
---@return tenor.Tensor|tenor.nn.Sequence|nil # the gradient by the input, nil for ids
function nn_Module:run_back(dy) end

---@class tenor.nn.Module.save.Options
---@field metadata? table<string, string>

---Writes weights, buffers and architecture to a `.safetensors` file, from which `nn.load` makes the network
---again. The tensors bear the names of `parameters` and `buffers`.
---@param path string
---@param given? tenor.nn.Module.save.Options `metadata`: more of it, string → string
---@return true? # true, or nil and a message: of a number that is not finite, whose it is
---@return string? # the message
function nn_Module:save(path, given) end

---Hands the random generator of dropout to all layers that use one.
---@param rng tenor.Rng from `tenor.rng(seed)`
---@return self # self
function nn_Module:set_rng(rng) end

---The shape of a tensor as "(32, 68)", or what a value is instead, for messages.
---@param x any any value
---@return string #
function nn_Module.shape_text(x) end

---A copy of all parameters and buffers by name, for `restore`.
---@return table # name → tensor
function nn_Module:snapshot() end

---A table of the layers as Keras prints it: layer, output shape, trainable
---parameters; then the totals.
---@return string #
function nn_Module:summary() end

---What `print` shows: the label and the count of parameters.
---@return string #
function nn_Module:text() end

---Training mode: batch statistics, dropout.
---@return self # self
function nn_Module:train() end

---Works out the shapes within a container, for `summary`.
---@param shape table of the input
---@param visit fun(...): any called with child, name and shape of its input; returns the shape of its output
---@return table # the shape of the output
function nn_Module:visit_children(shape, visit) end

---Calls `visit(path, module)` for the module and all within it, depth first.
---@param visit fun(...): any
---@param path? string of this module
function nn_Module:walk(visit, path) end

---Sets all gradients to zero.
---@return self #
function nn_Module:zero_grad() end

tenor.nn.Module = nn_Module

---A batch of sequences of unequal length that knows its lengths and its shared
---front padding (paper.md, section 8): what an Embedding gives to an LSTM.
---@class tenor.nn.Sequence
local nn_Sequence = {}

---The padded batch (N, T, D), front-padded; zeros where padding was masked.
---@return tenor.Tensor # (N, T, D)
function nn_Sequence:dense() end

---The transpose of `dense`: a gradient (N, T, D) by the padded batch becomes one
---by this sequence, what falls on a shared step summed. @return a Sequence
---@param dense tenor.Tensor
---@return tenor.nn.Sequence #
function nn_Sequence:fold(dense) end

---Real steps of each sequence, int32 (N).
---@return tenor.Tensor #
function nn_Sequence:lengths() end

---Other numbers in the same layout.
---@param data tenor.Dataset tensor (R, D), the rows
---@param prefix? table what becomes of the padding, where that is kept apart
---@return tenor.nn.Sequence #
function nn_Sequence:like(data, prefix) end

---Batch, steps with padding, width.
---@return table # `{ N, T, D }`
function nn_Sequence:shape() end

tenor.nn.Sequence = nn_Sequence

---Layers one after another: `nn.Sequential { nn.Dense(4, 3), nn.Dense(3, 1), name = "head" }`.
---@class tenor.nn.Sequential: tenor.nn.Module
local nn_Sequential = {}

tenor.nn.Sequential = nn_Sequential

---Makes a network of a description. Its weights are zero until `restore` or `initialize` sets them.
---@param description table as `network:describe()` gives it, or JSON back
---@return tenor.nn.Module? # the network in inference mode, or nil and what is wrong
---@return string? # the message
function tenor.nn.build(description) end

---Makes a network of a file that `network:save` or `model:save` wrote.
---@param path string
---@return tenor.nn.Module? # the network in inference mode, or nil and a message
---@return string? # the message
function tenor.nn.load(path) end

---Makes a class of layers of your own known, so that networks with it can be saved and loaded.
---@param class table made by `nn.Module.class`
---@param recipe table how it is described and made again - `fields`: name → "size" (a whole number from 1), "whole" (from 0), "steps" (from 0 to 1048576), "share" (a number from 0 to 1), "part" (below 1), "amount" (from 0), "boolean" or a set of strings; they are fields of the layer itself - `shapes`: a function of these fields → name of each parameter and buffer → shape, a list - `restored`: a function of the fields (and `name`) → layer
function tenor.nn.register(class, recipe) end

---A tensor of zeros, or with `ones` of ones: `tenor.zeros(2, 3)`, `tenor.zeros({2, 3}, "int32")`.
---@param sizes integer|integer[] integers, or one table of them
---@param dtype? string "int32" or "real"
---@return tenor.Tensor #
---@overload fun(...: integer|string): tenor.Tensor
function tenor.ones(sizes, dtype) end

---@class tenor.optim.Adam.Options
---@field beta1? number default 0.9
---@field beta2? number default 0.999
---@field clip_norm? number
---@field eps? number default 1e-07
---@field lr? number default 0.001

---Adam (Kingma & Ba 2015).
---@param given? tenor.optim.Adam.Options `lr` 0.001, `beta1` 0.9, `beta2` 0.999, `eps` 1e-7, `clip_norm`
---@return tenor.optim.Optimizer #
function tenor.optim.Adam(given) end

---@class tenor.optim.Nadam.Options
---@field beta1? number default 0.9
---@field beta2? number default 0.999
---@field clip_norm? number
---@field eps? number default 1e-07
---@field lr? number default 0.002
---@field schedule_decay? number default 0.004
---@field variant? string default "torch"

---Nadam (Dozat 2016), Adam with Nesterov momentum and the warming schedule
---mu_t = beta1 (1 - 0.5 · 0.96^(t · schedule_decay)), P_t = mu_1 ... mu_t:
---p -= lr ((1 - mu_t) g / (1 - P_t) + mu_{t+1} m / (1 - Q_t)) / (sqrt(v / (1 - beta2^t)) + eps).
---@param given? tenor.optim.Nadam.Options `lr` 0.002, `beta1` 0.9, `beta2` 0.999, `eps` 1e-7, `schedule_decay` 0.004, `clip_norm`; `variant`: "torch" (default) takes Q_t = P_t mu_t mu_{t+1}, as PyTorch 1.13 computes it and so the reference numbers that tenor is checked against; "keras" takes Dozat's P_t mu_{t+1}, as Keras 2.3 does. The two differ by less than 0.2 % of a step after the first few.
---@return tenor.optim.Optimizer #
function tenor.optim.Nadam(given) end

---An optimiser with its moments: make a new one for a new run.
---@class tenor.optim.Optimizer
local optim_Optimizer = {}

---Goes back to a state from `optimizer:state(parameters)`, of the same model or one like it.
---@param state table what `state` gave
---@param parameters table[] from `model:parameters()`
---@return tenor.optim.Optimizer # the optimiser
function optim_Optimizer:restore(state, parameters) end

---What the optimiser carries from step to step.
---@param parameters table[] from `model:parameters()`
---@return table # `{ steps, product, moments = { name = list of tensors }, settings }`, copies; product is Nadam's, and nil elsewhere; `settings` are those of now, which may have been changed since the optimiser was made, as by a schedule of `lr`. Parameters whose gradient was never other than zero have no moments.
function optim_Optimizer:state(parameters) end

---One step.
---@param parameters table[] from `model:parameters()`
function optim_Optimizer:step(parameters) end

---@class tenor.optim.RMSprop.Options
---@field clip_norm? number
---@field eps? number default 1e-07
---@field lr? number default 0.001
---@field rho? number default 0.9

---RMSprop (Tieleman & Hinton 2012): v = rho v + (1 - rho) g², p = p - lr g / (sqrt v + eps).
---@param given? tenor.optim.RMSprop.Options `lr` 0.001, `rho` 0.9, `eps` 1e-7, `clip_norm`
---@return tenor.optim.Optimizer #
function tenor.optim.RMSprop(given) end

---@class tenor.optim.SGD.Options
---@field clip_norm? number
---@field lr? number default 0.01
---@field momentum? number default 0
---@field nesterov? boolean default false

---Stochastic gradient descent: v = momentum v - lr g, p = p + v.
---@param given? tenor.optim.SGD.Options `lr` 0.01, `momentum` 0, `nesterov` false, `clip_norm`
---@return tenor.optim.Optimizer #
function tenor.optim.SGD(given) end

---The norm of all gradients together.
---@param parameters table[] from `model:parameters()`
---@return number #
function tenor.optim.grad_norm(parameters) end

---Colours that are told apart by the colour-blind too (Okabe and Ito), by turns.
---@type string[]
tenor.plot.colors = nil

---Rows of numbers as a data block for a script; false or NaN is a gap.
---@param name string begins with $
---@param rows number[][] list of lists of numbers
---@return string #
function tenor.plot.data(name, rows) end

---The lines of the grid.
---@type string
tenor.plot.grid = nil

---Lines and letters.
---@type string
tenor.plot.ink = nil

---@class tenor.plot.lines.Options
---@field background? string default "white"
---@field commands? string default ""
---@field description? string default ""
---@field height? integer default 300
---@field key? string default "top left"
---@field series? table[]
---@field title? string default ""
---@field width? integer default 440
---@field xlabel? string default ""
---@field xlog? boolean default false
---@field yhigh? number
---@field ylabel? string default ""
---@field ylow? number

---Lines over a common axis, with bands: learning curves, predictions over time.
---@param given? tenor.plot.lines.Options `series`: a list of `{ y =, x = 1..N, low =, high = (a band), label =, style = "lines" | "points" | "linespoints", color =, dash = gnuplot's dash type, width = }`, numbers as lists or tensors (N), NaN a gap; `xlabel`, `ylabel`, `title`, `description`, `width`, `height`, `background`, `key` where the labels go ("top left", or "off"), `xlog` (false), `ylow`, `yhigh` ends of the axis, `commands` more of gnuplot's
---@return string? # the SVG as a string, or nil and a message
---@return string? # the message
function tenor.plot.lines(given) end

---The command that starts gnuplot.
---@type string
tenor.plot.program = nil

---A text as gnuplot takes it.
---@param text any
---@return string #
function tenor.plot.quote(text) end

---Writes a plot; the file appears whole or not at all.
---@param path string ends in .svg
---@param svg string
---@return true? # true, or nil and a message
---@return string? # the message
function tenor.plot.save(path, svg) end

---@class tenor.plot.svg.Options
---@field background? string default "white"
---@field description? string default ""
---@field height? integer default 300
---@field size? integer default 12
---@field title? string default ""
---@field width? integer default 440

---Draws what a gnuplot script says.
---@param script string gnuplot commands, without terminal and output
---@param given? tenor.plot.svg.Options `width` (440), `height` (300), `title` and `description` for those who cannot see it (""), `background` ("white"; "none" for a page that has its own), `size` of the letters (12)
---@return string? # the SVG as a string, or nil and a message
---@return string? # the message
function tenor.plot.svg(script, given) end

---A text as it stands in XML.
---@param text any
---@return string #
function tenor.plot.xml(text) end

---@class tenor.predict.Options
---@field batch? integer default 256

---Predictions (N, K) of a model in inference mode, batch by batch.
---@param model tenor.nn.Module a network
---@param x tenor.Tensor tensor, or table of tensors for several branches
---@param opts? tenor.predict.Options `batch` (256), rows at once
---@return tenor.Tensor # (N, K)
function tenor.predict(model, x, opts) end

---A progress line; may be a to-be-closed variable.
---@class tenor.progress.Progress
local progress_Progress = {}

---Ends the line; with `final_text`, that stands in its place. Later calls do nothing.
---@param final_text string?
function progress_Progress:close(final_text) end

---Draws the line in place.
function progress_Progress:draw() end

---The line as text.
---@param width number columns
---@param plain? boolean without the bar
---@return string #
function progress_Progress:line(width, plain) end

---Prints a line of text above the bar.
---@param text string
function progress_Progress:note(text) end

---Begins after steps that were done before, and say nothing of the pace.
---@param done integer
function progress_Progress:skip(done) end

---Says that `done` steps of the total are done.
---@param done integer steps since the beginning
---@param fields? string[] array of texts to show, as `{ "loss 0.412" }`; kept until replaced
function progress_Progress:update(done, fields) end

---@class tenor.progress.new.Options
---@field clock? fun(): number
---@field every? number
---@field mode? string default "auto"
---@field patience? number default 0
---@field rate? boolean default true
---@field stream? file*|table
---@field title? string default ""
---@field total? integer
---@field unit? string
---@field utf8? boolean
---@field width? integer

---Begins a progress line.
---@param given? tenor.progress.new.Options `total`: steps of the whole work (required); `every`: steps of one part, as of an epoch: the bar then shows the part, and the title its number (`epoch 12/50`), the time left is the whole's; `unit`: what a step is, as "MB": then the line has `120/980 MB` and the rate; `patience` (0): seconds during which nothing is shown, as of work that may end at once; `title`; `stream` (io.stderr); `mode`: "bar", "plain", "silent", or "auto" (the default), a bar on a terminal and plain lines elsewhere; `rate`: whether pace and time left are shown (true); where steps are few and long, a caller knows better; `clock`, `width`, `utf8` stand in for the terminal's own.
---@return tenor.progress.Progress # a progress object; it may be a to-be-closed variable
function tenor.progress.new(given) end

---Random numbers, `rand` uniform in [0, 1), `randn` normal of mean 0 and variance 1:
---`tenor.rand(2, 3, rng)`, `tenor.rand({2, 3}, rng)`.
---@param sizes integer|integer[] integers, or one table of them
---@param rng tenor.Rng from `tenor.rng(seed)`
---@return tenor.Tensor #
---@overload fun(...: integer|tenor.Rng): tenor.Tensor
function tenor.rand(sizes, rng) end

---Random numbers, `rand` uniform in [0, 1), `randn` normal of mean 0 and variance 1:
---`tenor.rand(2, 3, rng)`, `tenor.rand({2, 3}, rng)`.
---@param sizes integer|integer[] integers, or one table of them
---@param rng tenor.Rng from `tenor.rng(seed)`
---@return tenor.Tensor #
---@overload fun(...: integer|tenor.Rng): tenor.Tensor
function tenor.randn(sizes, rng) end

---The scalar of this build, "float32" or "float64".
---@type string
tenor.real = nil

---@class tenor.report.new.Options
---@field baseline? string default "HSF"
---@field choose? string default "validation"
---@field folder? string
---@field plots? boolean default true
---@field replicates? integer default 1999
---@field seed? integer default 0
---@field title? string default "Emotion from voice and words"

---Brings runs together that differ in their seed alone, and compares systems with a baseline.
---@param list table[] records of finished runs
---@param given? tenor.report.new.Options `title`; `folder` where the files of predictions lie (none: no scatter plots, no bootstrap); `baseline` ("HSF"), the name that others are compared with; `choose` the best weights of a search on "validation" or on "test"; `plots` (true), false leaves figures out of the page; `replicates` (1999) and `seed` (0) of the bootstrap
---@return tenor.Report # a report: `sections`, one for each protocol and split, and the methods below
function tenor.report.new(list, given) end

---A random generator (xoshiro256**). The same seed gives the same numbers.
---@param seed integer any integer
---@return tenor.Rng #
function tenor.rng(seed) end

---An open safetensors file, its header read; `open` makes one.
---@class tenor.safetensors.Reader
---@field path string
---@field names string[]
---@field metadata table<string, string>
---@field entries table<string, table>
local safetensors_Reader = {}

---Closes the file; what the header says stays.
function safetensors_Reader:close() end

---Some rows of a matrix, without reading the others.
---@param name string
---@param rows integer[]|tenor.Tensor list of n row numbers, from 1
---@param given? table `dtype = "real"`
---@return tenor.Tensor? # tensor (n, D), or nil and a message
---@return string? # the message
function safetensors_Reader:rows(name, rows, given) end

---One tensor. Floats become the build's scalar type, integers and bools int32, a scalar shape (1).
---@param name string
---@param given? table `dtype = "real"` reads integers as reals
---@return tenor.Tensor? # the tensor, or nil and a message
---@return string? # the message
function safetensors_Reader:tensor(name, given) end

---Reads all tensors.
---@param path string
---@param given? table `dtype = "real"` reads integers as reals
---@return table? # name → tensor; nil where the file cannot be read
---@return table|string # the metadata, or the message
function tenor.safetensors.load(path, given) end

---Opens a file and reads its header. Close it, or declare it `<close>`; the collector closes it too.
---@param path string
---@return tenor.safetensors.Reader? # a reader with `names` (in the order of their bytes), `metadata` (string → string) and `entries` (name → `{ name, dtype, shape, first, bytes }`); or nil and a message
---@return string? # the message
function tenor.safetensors.open(path) end

---Writes tensors by name, as the format's own library does: real tensors first, then by name, so that all
---are aligned; the header filled up with spaces to a multiple of 8 bytes. Equal content makes equal bytes.
---@param path string
---@param tensors table<string, tenor.Tensor>
---@param metadata table<string, string>
---@return true? # true, or nil and a message
---@return string? # the message
function tenor.safetensors.save(path, tensors, metadata) end

---Writes a tensor (`.npy`) or a table name → tensor (`.npz`, `.safetensors`) for other programs to read.
---Numbers and nested tables of numbers are made real tensors first; in `.npy` and `.npz` a list of
---strings becomes NumPy's `<U`. The file
---appears whole or not at all; equal content makes equal bytes.
---@param path string
---@param value tenor.Tensor a tensor; for `.npz` and `.safetensors` a table of them by name
---@param given? table of an `.npz`: `compress = true` deflates the members; of a `.safetensors`: `metadata`, a table string → string
---@return true? # true, or nil and a message with file and reason
---@return string? # the message
function tenor.save(path, value, given) end

---Seeds the generator that layers without one of their own draw their first weights from.
---@param seed integer any integer
function tenor.seed(seed) end

---Joins tensors of one shape along a new axis: k of (D) to (k, D).
---@param tensors tenor.Tensor[]
---@param axis? integer where the new axis stands in the result
---@return tenor.Tensor #
function tenor.stack(tensors, axis) end

---How much the CCC of a second system is above that of a first, on the same utterances (paired bootstrap).
---Both systems meet the same resamples. `p` is two-sided: twice the part of the replicates, themselves one more,
---on the other side of zero.
---@param systems any `{ first, second }`: predictions of the same utterances, (N) or (N, K)
---@param gold tenor.Tensor|number[] labels of the same shape
---@param given? table as of `ccc_interval`
---@return tenor.Interval # an Interval of the difference, with `p`; for (N, K) a list of K
function tenor.statistics.ccc_difference(systems, gold, given) end

---@class tenor.statistics.ccc_interval.Options
---@field by? string default "speaker"
---@field clusters? any[]
---@field level? number default 0.95
---@field method? string default "studentized"
---@field replicates? integer default 9999
---@field seed? integer default 0

---A bootstrap confidence interval of the whole-set CCC.
---By utterance where utterances are independent; by speaker (`clusters`) where those of a speaker are
---alike and the claim is about new speakers. The studentized 95 % interval covers the truth at 95 ± 2 % from 50 utterances,
---or 30 speakers, on (`make slow`); with fewer it is too narrow (10 speakers: 92 %). The other two need more speakers.
---@param pred tenor.Tensor|number[] predictions, (N) or (N, K)
---@param gold tenor.Tensor|number[] labels of the same shape
---@param given? tenor.statistics.ccc_interval.Options `method` ("studentized", "bca", "percentile"), `level` (0.95), `clusters` a list of N names or an int32 tensor (none: by utterance), `by`, what a cluster is ("speaker"), `replicates` (9999, 99 to 1e6), `seed` (0)
---@return tenor.Interval|tenor.Interval[] # an Interval, for (N, K) a list of K: `estimate`, `low`, `high`, `error` (deviation of the replicates), `level`, `method`, `by`, `units`, `size`, `replicates`, `seed`, `undefined` (replicates without a CCC)
function tenor.statistics.ccc_interval(pred, gold, given) end

---Holm's correction of many p-values (Holm 1979): the chance of even one false finding stays below the level.
---@param list number[] p-values; false stands for a comparison that was not made, and stays
---@return number[] # a list in the same order
function tenor.statistics.holm(list) end

---Relative improvement of the mean of a system over that of a baseline, in per cent: 100 (s/b - 1).
---The deviation is that of one run, and the error that of the mean, to first order (s/b)² (σs²/s² + σb²/b² - 2 σsb/sb),
---the last term for pairs alone.
---@param system table a score a seed
---@param baseline number|number[] a score a seed; a single one counts as exact
---@param given? table `paired` (false): scores at the same place share their seed; `bootstrap` (false): also `low` and `high` at `level` (0.95) by drawing seeds, `replicates` (9999), `seed` (0)
---@return table? # table: `percent`, `std` (nil for a single score), `error`, with `bootstrap` `low` and `high`; or nil and why, where the baseline's mean is not above 0 by two of its errors: nothing is a percentage of that
---@return string? # the message
function tenor.statistics.improvement(system, baseline, given) end

---The normal distribution function: the part of a standard normal that is below x.
---@param x number
function tenor.statistics.normal_cdf(x) end

---Its inverse; infinite at 0 and 1, NaN beyond.
---@param p number 0 to 1
function tenor.statistics.normal_quantile(p) end

---The mark of a p-value: "***" below 0.001, "**" below 0.01, "*" below 0.05, "" otherwise or for nil or false.
---@param p number
---@return string #
function tenor.statistics.stars(p) end

---Mean, deviation and range of a list.
---@param list number[] finite numbers, at least one; or a tensor (N)
---@return table # table: `n`, `mean`, `std` (of the sample, over n - 1; nil for a single number), `min`, `max`
function tenor.statistics.summary(list) end

---Wilcoxon's signed-rank test: do the pairs (a[i], b[i]) differ?
---@param a tenor.Tensor|number[] numbers, a list or a tensor (N); of one list alone, its numbers are the differences
---@param b? tenor.Tensor|number[] numbers, or nil
---@param given? table `zeros`: "wilcoxon" (pairs that are equal are left out), "pratt" (they are ranked and then left out); `method`: "exact", "normal", "auto" (exact up to 50 pairs that differ); `alternative`: "two-sided", "greater" (a above b), "less"; `correction` (true) for continuity, of the normal approximation
---@return tenor.Wilcoxon # `p`, `w_plus` and `w_minus` (sums of ranks where a is above, below), `statistic` (the smaller; `w_plus` of a one-sided test), `method`, `alternative`, `pairs`, `zeros` (pairs that are equal), `least_p` (p, were all signs alike)
function tenor.statistics.wilcoxon(a, b, given) end

---A tensor from a nested table of numbers: `tenor.tensor{{1, 2}, {3, 4}}`.
---@param t table every table of one depth has the same length
---@param dtype? string "int32" or "real"
---@return tenor.Tensor #
function tenor.tensor(t, dtype) end

---The ids of words: `text.Tokenizer` makes one.
---@class tenor.text.Tokenizer
local text_Tokenizer = {}

---How often each word was seen, as a new table word → count.
---@return table # word → count
function text_Tokenizer:counts() end

---The ids of a text's known words; none give a tensor of size 0.
---@param s string
---@return tenor.Tensor # int32 tensor (T)
function text_Tokenizer:encode(s) end

---@class tenor.text.Tokenizer.encode_all.Options
---@field length? integer
---@field padding? string default "pre"

---The ids of many texts, filled up with zeros at the front (`padding = "pre"`,
---Keras' and the paper's) or at the end ("post").
---@param list string[] of strings
---@param given? tenor.text.Tokenizer.encode_all.Options `length` T (default: the longest text's, at least 1; of longer texts the last T words are kept), `padding`
---@return tenor.Tensor # int32 tensor (N, T)
function text_Tokenizer:encode_all(list, given) end

---Counts the words of texts and gives them ids. A second call adds to the
---counts of the first and numbers all words anew.
---@param list string[] of strings
---@return tenor.text.Tokenizer # self
function text_Tokenizer:fit(list) end

---One with the same options that is not fitted yet.
---@return tenor.text.Tokenizer #
function text_Tokenizer:fresh() end

---How many words have an id; an embedding needs one row more, for padding.
---@return integer #
function text_Tokenizer:size() end

---Iterates over the words of a text.
---@param s string
---@return fun(...): any #
function text_Tokenizer:split(s) end

---All that makes the tokenizer what it is, as a plain table for JSON: `version`, the options
---`lower`, `filters`, `contractions`; `words`, `counts` and `first` (place by first appearance), by
---id; where a word is not UTF-8, `bytes`, its hexadecimal digits by id.
---@return table # a new table; `text.restore` makes the tokenizer again
function text_Tokenizer:state() end

---The words with their ids and frequencies, most frequent first. Prints the first twenty.
---@return table[] # list of { id =, word =, count = }; its field `tokens` is the sum of the counts
function text_Tokenizer:vocabulary() end

---The words by id, as a new list.
---@return string[] #
function text_Tokenizer:words() end

---@class tenor.text.Tokenizer.Options
---@field contractions? string default "keep"
---@field filters? string default "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\9\n"
---@field lower? boolean default true

---A tokenizer.
---@param given? tenor.text.Tokenizer.Options `lower` (true); `filters`, the ASCII characters that become spaces (Keras' own: punctuation but the apostrophe, tab, newline); `contractions`: "keep" (the default, as Keras), or "split", as GloVe's text is: `don't` → `do n't`, `it's` → `it 's`, `cannot` → `can not`; apostrophes elsewhere, quotation marks that is, go, and typographic ones become plain
---@return tenor.text.Tokenizer #
function tenor.text.Tokenizer(given) end

---BERT's tokenizer: `text.WordPiece` makes one.
---@class tenor.text.WordPiece
local text_WordPiece = {}

---The ids of a text's pieces, as BERT counts them: from 0, without `[CLS]` and `[SEP]`.
---@param s string
---@return tenor.Tensor # int32 tensor (T)
function text_WordPiece:encode(s) end

---The pieces of a text.
---@param s string
---@return table # list of strings, `[UNK]` for each token that cannot be cut
function text_WordPiece:pieces(s) end

---How many pieces there are.
---@return integer #
function text_WordPiece:size() end

---Iterates over the tokens of BERT's basic tokenizer.
---@param s string
---@return fun(...): any #
function text_WordPiece:split(s) end

---A tokenizer from `Tokenizer:state`, equal to the one that gave it.
---@param state table as it was, or as JSON gives it back
---@return (tenor.text.Tokenizer|tenor.text.WordPiece)? # the tokenizer, or nil and what is wrong with the state
---@return string? # the message
function tenor.text.restore(state) end

---The number of threads; `tenor.threads(n)` sets it. The cores available at first.
---@param n? integer
---@return integer #
function tenor.threads(n) end

---@class tenor.vectors.bert.Options
---@field dimensions? integer
---@field lower? boolean
---@field progress? string default "auto"
---@field stream? file*|table
---@field tensor? string
---@field vocabulary? string

---Reads the token embeddings of BERT and its like, cut by WordPiece: a word's vector is the mean of its
---pieces' rows. A word with a piece that the vocabulary has not, `[UNK]`, has none.
---@param path string `model.safetensors`, or the matrix (V', D) as `.npy`
---@param words tenor.text.Tokenizer|string[] a fitted tokenizer or a list of words
---@param given? tenor.vectors.bert.Options `vocabulary`: the path of `vocab.txt`, a piece a line (required); `tensor`: the matrix's name in the safetensors file (default: the one whose name ends in `embeddings.word_embeddings.weight`); `lower`: as `tenor.text.WordPiece`; `dimensions`, `progress`, `stream` as `glove`
---@return tenor.Vectors? # the vectors, or nil and a message
---@return string? # the message
function tenor.vectors.bert(path, words, given) end

---@class tenor.vectors.fasttext.Options
---@field case? string default "exact"
---@field dimensions? integer
---@field member? string
---@field progress? string default "auto"
---@field stream? file*|table

---Reads fastText's `.vec`: a line `V D`, then lines as GloVe's. Options as `glove`.
---A file of fewer than V lines was cut short, and is an error.
---@param path string
---@param words tenor.text.Tokenizer|string[]
---@param given? tenor.vectors.fasttext.Options
---@return tenor.Vectors? # the vectors, or nil and a message
---@return string? # the message
function tenor.vectors.fasttext(path, words, given) end

---@class tenor.vectors.glove.Options
---@field case? string default "exact"
---@field dimensions? integer
---@field member? string
---@field progress? string default "auto"
---@field stream? file*|table

---Reads GloVe's text format: lines `word v1 … vD`; a line `V D` may stand before them.
---A word may contain spaces: the last D fields are its numbers. Malformed lines are counted, not
---fatal; a wanted word's number that is not finite is. The first vector of a repeated word counts.
---Numbers are parsed to the nearest double. Besides the matrix, memory stays near 1 MB.
---@param path string the text, or it packed: `.gz`, `.zip`
---@param words tenor.text.Tokenizer|string[] a fitted tokenizer or a list of words; word i belongs to id i
---@param given? tenor.vectors.glove.Options `dimensions`: D; chooses a member of `glove.6B.zip`, and must be the file's; `member`: the name of a zip archive's member; `case`: "exact" (the default), or "fold": a word that the file does not have takes the first vector of a word of which it is the lower case (`paris` that of `Paris`); `progress`: "auto" (the default), "bar", "plain", "silent", or a function of (bytes, total), called after each block; `stream` (io.stderr), where the bar goes
---@return tenor.Vectors? # the vectors (`matrix`, `coverage`, `dimensions`, `source`), or nil and a message
---@return string? # the message
function tenor.vectors.glove(path, words, given) end

---@class tenor.vectors.npy.Options
---@field case? string default "exact"
---@field dimensions? integer
---@field list? string
---@field progress? string default "auto"
---@field stream? file*|table

---Reads rows of a matrix (V', D) in NumPy's format and the list of their words.
---@param path string `.npy` of floats, in C order
---@param words tenor.text.Tokenizer|string[] a fitted tokenizer or a list of words
---@param given? tenor.vectors.npy.Options `list`: the path of a text of V' lines, a word each (required); and `dimensions`, `case`, `progress`, `stream` as `glove`
---@return tenor.Vectors? # the vectors, or nil and a message
---@return string? # the message
function tenor.vectors.npy(path, words, given) end

---@class tenor.vectors.open.Options
---@field case? string default "exact"
---@field dimensions? integer
---@field list? string
---@field lower? boolean
---@field member? string
---@field progress? string default "auto"
---@field stream? file*|table
---@field tensor? string
---@field vocabulary? string

---Reads word vectors of whichever of these kinds, which the content tells.
---@param path string
---@param words tenor.text.Tokenizer|string[] a fitted tokenizer or a list of words
---@param given? tenor.vectors.open.Options the options of the reader for that kind
---@return tenor.Vectors? # the vectors, or nil and a message
---@return string? # the message
function tenor.vectors.open(path, words, given) end

---@class tenor.vectors.word2vec.Options
---@field case? string default "exact"
---@field dimensions? integer
---@field member? string
---@field progress? string default "auto"
---@field stream? file*|table

---Reads word2vec's binary format, `GoogleNews-vectors-negative300.bin` or its `.gz`: a line
---`V D`, then V times word, space, D little-endian floats, and perhaps a line feed. Options as
---`glove`. What does not fit ends the reading, with the byte where: nothing marks where words begin.
---@param path string
---@param words tenor.text.Tokenizer|string[]
---@param given? tenor.vectors.word2vec.Options
---@return tenor.Vectors? # the vectors, or nil and a message
---@return string? # the message
function tenor.vectors.word2vec(path, words, given) end

---a where the mask is not 0, else b; all three broadcast.
---@param mask tenor.Tensor int32, as comparisons give
---@param a number|tenor.Tensor
---@param b number|tenor.Tensor
---@return tenor.Tensor # of the joint shape
function tenor.where(mask, a, b) end

---A tensor of zeros, or with `ones` of ones: `tenor.zeros(2, 3)`, `tenor.zeros({2, 3}, "int32")`.
---@param sizes integer|integer[] integers, or one table of them
---@param dtype? string "int32" or "real"
---@return tenor.Tensor #
---@overload fun(...: integer|string): tenor.Tensor
function tenor.zeros(sizes, dtype) end

return tenor
