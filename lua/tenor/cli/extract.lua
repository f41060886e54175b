--- tenor extract: the acoustic features of a corpus, as one file.
local common = require "tenor.cli.common"
local options = require "tenor.cli.options"

return {
  summary = "Extract the acoustic features of a corpus",
  about = "Writes one .npz that NumPy opens and that serves as a corpus too: the statistics of every utterance's recording "
    .. "with ids, labels and transcripts. Files that cannot be read are named and left out; the status then is 3.",
  options = function()
    return common.join(common.corpus_options(), {
      options.new("output", "the file to write, .npz", { short = "-o", required = true, metavar = "<file>" }),
    }, common.extraction_options())
  end,
  run = function(args, ctx)
    local ok, why = common.may_write(args.output, "npz", ctx)
    if not ok then return nil, why end
    local corpus
    corpus, why = common.open(args, ctx)
    if not corpus then return nil, why end
    local features
    features, why = common.features(args, corpus, ctx)
    if not features then return nil, why end
    local failed, n = #features.failures, #features
    if failed == n then return nil, ("none of the %d utterances has features"):format(n) end
    ok, why = features:save(args.output)
    if not ok then return nil, why end
    local failures = {}
    for i, f in ipairs(features.failures) do failures[i] = { id = f.id, wav = f.wav, reason = f.reason } end
    ctx.result({ output = args.output, utterances = n, features = features:width(), cached = features.cached,
      failures = require "tenor.json".array(failures) },
      ("%s: %d of %d utterances, %d numbers each%s"):format(args.output, n - failed, n, features:width(),
        features.cached > 0 and (", %d from the cache"):format(features.cached) or ""))
    return failed > 0 and ctx.status.partly or ctx.status.done
  end,
}
