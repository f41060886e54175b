--- The paper's recipes (section 6), one a network, and the systems of its Table II.
local recipes = {}

local acoustic = {
  inputs = { "features" }, weights = { alpha = 0.1, beta = 0.4 }, optimizer = { name = "Nadam" }, batch = 64, epochs = 200,
  standardize = false,
}
local words = { weights = { alpha = 0.7, beta = 0.2 }, optimizer = { name = "RMSprop" }, batch = 256, epochs = 50,
  standardize = true }

local function with(inputs)
  local recipe = { inputs = inputs }
  for name, value in pairs(words) do recipe[name] = value end
  return recipe
end

local known = { acoustic = acoustic, text = with { "words" }, fusion = with { "features", "words" } }

--- What a network is trained with unless told otherwise; a network of one's own is trained as fusion is.
function recipes.of(network) return known[network] or known.fusion end

--- Whether a network is one of `tenor.networks`.
function recipes.knows(network) return known[network] ~= nil end

-- Table II's rows with vectors, in its order.
local rows = { { "word2vec", "HSF+Word2Vec" }, { "fasttext", "HSF+FastText" }, { "glove", "HSF+GloVe" }, { "bert", "HSF+BERT" } }

--- The systems of Table II for which there is what they need.
-- @tparam table vectors names of vectors ("glove" ...) that are given → anything
-- @tparam boolean text whether the corpus has words
-- @return list of systems; list of `{ name, reason }`, the rows that are left out
function recipes.table2(vectors, text)
  local systems, left_out = { { name = "HSF", network = "acoustic" } }, {}
  local function add(name, source, reason)
    if not text then reason = "the corpus has no text" end
    if reason then
      left_out[#left_out + 1] = { name = name, reason = reason }
    else
      systems[#systems + 1] = { name = name, network = "fusion", vectors = source }
    end
  end
  add "HSF+WE"
  for _, row in ipairs(rows) do
    add(row[2], row[1], not vectors[row[1]] and ("no %s vectors given"):format(row[2]:match "%+(.*)$") or nil)
  end
  return systems, left_out
end

return recipes
