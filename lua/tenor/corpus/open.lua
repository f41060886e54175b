--- A corpus of any kind by what names it: a source table, or a string.
local options = require "tenor.options"

local call = "corpus.open"

-- each is a function of that name in tenor.corpus, of a path and options
local kinds = { "iemocap", "manifest", "msp_podcast", "npz" }

local function find(corpus, kind)
  for _, known in ipairs(kinds) do
    if known == kind then return corpus[kind] end
  end
  local close = options.closest(kind, kinds)
  error(("%s: unknown kind of corpus '%s' (%s)"):format(call, tostring(kind),
    close and "did you mean '" .. close .. "'?" or "known: " .. table.concat(kinds, ", ")), 3)
end

-- "iemocap:/data/x" → kind and path; a path with an ending tells its kind itself.
local function parse(spec)
  local kind, path = spec:match "^([%a_][%w_]*):(.+)$"
  if kind then return kind, path end
  if spec:lower():find "%.csv$" then return "manifest", spec end
  if spec:lower():find "%.npz$" then return "npz", spec end
  error(("%s: '%s' names no kind of corpus; give FILE.csv, FILE.npz or one of %s:PATH"):format(call, spec,
    table.concat(kinds, ":PATH, ")), 3)
end

return function(corpus, spec, given)
  local kind, path, from
  if type(spec) == "string" then
    kind, path = parse(spec)
  elseif type(spec) == "table" then
    local o = options.fill(call, spec, { kind = options.none, path = options.none, options = options.none }, 3)
    kind, path, from = o.kind, o.path, o.options
  else
    error(("%s: spec must be a string or a table { kind =, path =, options = }, got %s"):format(call, type(spec)), 2)
  end
  if type(path) ~= "string" then error(("%s: path must be a string, got %s"):format(call, type(path)), 2) end
  local merged = {}
  for _, more in ipairs { from or {}, given or {} } do
    if type(more) ~= "table" then error(("%s: options must be a table, got %s"):format(call, type(more)), 2) end
    for name, value in pairs(more) do merged[name] = value end
  end
  return find(corpus, kind)(path, merged)
end
