--- Features from a CSV, a line an utterance, as openSMILE writes them: `name;frameTime;F0semitone…`, or
-- opensmile's Python package: `file,start,end,F0semitone…`.
local csv = require "tenor.csv"
local named = require "tenor.named"
local numbers = require "tenor.corpus.numbers"
local options = require "tenor.options"
local quoted = require "tenor.quoted"
local tensor = require "tenor.tensor"
local trim = require "tenor.trim"
local Features = require "tenor.corpus.features"

-- Columns that name an utterance, the first that is there; and those that are no features.
local naming = { "id", "name", "file", "filename" }
local other = {
  id = true, name = true, file = true, filename = true, start = true, ["end"] = true, frameIndex = true, frameTime = true,
  class = true,
}

local function find(path, header, name)
  for _, column in ipairs(header) do
    if column == name then return true end
  end
  local close = options.closest(name, header)
  return nil, ("%s:1: has no column '%s' (%s)"):format(path, name, close and ("did you mean '%s'?"):format(close)
    or "it has: " .. named(header))
end

local function id_column(path, header, given)
  if given then
    local ok, why = find(path, header, given)
    return ok and given, why
  end
  for _, name in ipairs(naming) do
    if find(path, header, name) then return name end
  end
  return nil, ("%s:1: none of the columns %s names the utterances; give { id = COLUMN }"):format(path,
    table.concat(naming, ", "))
end

local function feature_columns(path, header, id, given)
  if given then
    for _, name in ipairs(given) do
      local ok, why = find(path, header, name)
      if not ok then return nil, why end
    end
    return given
  end
  local list = {}
  for _, name in ipairs(header) do
    if name ~= id and not other[name] then list[#list + 1] = name end
  end
  if #list == 0 then return nil, ("%s:1: has no column of features"):format(path) end
  return list
end

-- openSMILE puts names in single quotes.
local function bare(id) return (trim(id):gsub("^'(.*)'$", "%1")) end

return function(path, o)
  local reader, why = csv.open(path, { separator = o.separator or "auto" })
  if not reader then return nil, why end
  local id, columns
  id, why = id_column(path, reader.header, o.id)
  if not id then return nil, why end
  columns, why = feature_columns(path, reader.header, id, o.columns)
  if not columns then return nil, why end
  local rows, ids, seen = {}, {}, {}
  while true do
    local record, line = reader:read()
    if not record then
      if line then return nil, line end
      break
    end
    local name = bare(record[id])
    if name == "" then return nil, ("%s:%d: column '%s' is empty"):format(path, line, id) end
    if seen[name] then
      return nil, ("%s:%d: %s was on line %d already; one line an utterance is expected, named by column '%s'")
        :format(path, line, quoted(name), seen[name], id)
    end
    seen[name] = line
    local row = {}
    for j, column in ipairs(columns) do
      row[j] = numbers.plain(record[column], reader.separator ~= ",")
      if not row[j] then
        return nil, ("%s:%d: column %s: expected a finite number, got %s"):format(path, line, quoted(column),
          quoted(record[column]))
      end
    end
    rows[#rows + 1], ids[#ids + 1] = row, name
  end
  if #rows == 0 then return nil, ("%s: has a header and no lines"):format(path) end
  local x = tensor.tensor(rows)
  if not x:isfinite() then -- 1e300 in a float
    for i, row in ipairs(rows) do
      if not x[i]:isfinite() then
        for j in ipairs(row) do
          if x[i][j] - x[i][j] ~= 0 then
            return nil, ("%s:%d: column %s: %g is too large"):format(path, seen[ids[i]], quoted(columns[j]), row[j])
          end
        end
      end
    end
  end
  return Features.new(x, ids, { names = columns })
end
