--- Comma-separated values as RFC 4180 has them: quoted fields with commas, line
-- breaks and doubled quotes inside, LF or CRLF line ends, an optional UTF-8 mark.
-- Spreadsheets separate by semicolons where the comma is the decimal sign: that too.
local fs = require "tenor.fs"
local options = require "tenor.options"
local quoted = require "tenor.quoted"

local csv = {}

--- A CSV file or text, read record by record.
local Reader = {}
Reader.__index = Reader
Reader.__name = "tenor.csv.Reader"

local function fail(self, line, format, ...)
  self.failed = ("%s:%d: " .. format):format(self.name, line, ...)
  return nil, self.failed
end

-- A quoted field that opens at p. Returns its text and the place after it.
local function quoted_field(self, p)
  local text, opened = self.text, self.line
  local pieces, from = {}, p + 1
  while true do
    local q = text:find('"', from, true)
    if not q then return fail(self, opened, "a quoted field opens here and never closes") end
    pieces[#pieces + 1] = text:sub(from, q - 1)
    if text:byte(q + 1) ~= 34 then
      local field = table.concat(pieces, '"')
      local _, breaks = field:gsub("\n", "")
      self.line = self.line + breaks
      return field, q + 1
    end
    from = q + 2
  end
end

-- The fields of the next record that is not a blank line; nil at the end.
local function fields(self)
  local text, p = self.text, self.at
  while true do
    local blank = text:match("^\r?\n()", p)
    if not blank then break end
    p, self.line = blank, self.line + 1
  end
  self.record_line = self.line
  if p > #text then
    self.at = p
    return nil
  end
  local record = {}
  self.in_quotes = {}
  while true do
    local field, after
    if text:byte(p) == 34 then
      field, after = quoted_field(self, p)
      if not field then return nil, after end
      self.in_quotes[#record + 1] = true
    else
      after = text:find(self.stop, p) or #text + 1
      if text:byte(after) == 10 and after > p and text:byte(after - 1) == 13 then after = after - 1 end
      field = text:sub(p, after - 1)
    end
    record[#record + 1] = field
    if text:sub(after, after) == self.separator then
      p = after + 1
    else
      local next_line = text:match("^\r?\n()", after)
      if not next_line and after <= #text then
        return fail(self, self.line, "text follows a closing quote")
      end
      self.line = self.line + 1
      self.at = next_line or after
      return record
    end
  end
end

--- The next record as a table header name → string.
-- @treturn ?table the record; nothing at the end
-- @treturn integer|string|nil its line number; of a malformed file the message, `file:line: reason`
function Reader:read()
  if self.failed then return nil, self.failed end
  local values, why = fields(self)
  if not values then return nil, why end
  local header = self.header
  if #values ~= #header then
    return fail(self, self.record_line, "%d field%s, but the header has %d", #values, #values == 1 and "" or "s",
      #header)
  end
  local record = {}
  for i, name in ipairs(header) do record[name] = values[i] end
  return record, self.record_line
end

--- Whether a field of the record that was read last stood in quotes.
-- @treturn boolean
function Reader:was_quoted(name)
  for i, title in ipairs(self.header) do
    if title == name then return self.in_quotes[i] == true end
  end
  return false
end

--- Iterates: `for record, line in reader:records() do`.
-- @treturn function
-- @raise `file:line: reason` where the file is malformed
function Reader:records()
  return function()
    local record, line = self:read()
    if not record and line then error(line, 0) end
    return record, line
  end
end

local function check_string(what, value)
  if type(value) ~= "string" then error(("%s must be a string, got %s"):format(what, type(value)), 3) end
end

-- Where the header begins, its line and its separator: what Excel's line `sep=;` tells, else of comma, semicolon and
-- tab the one that the header has most outside quotes.
local function look_at_header(text, at)
  local told, after = text:match("^sep=([,;\t])\r?\n()", at)
  if told then return after, 2, told end
  local header, best, most = text:match("^[^\r\n]*", at):gsub('"[^"]*"', ""), ",", 0
  for _, candidate in ipairs { ",", ";", "\t" } do
    local _, n = header:gsub(candidate, "")
    if n > most then best, most = candidate, n end
  end
  return at, 1, best
end

local function check_header(self)
  local seen = {}
  for i, column in ipairs(self.header) do
    if seen[column] and column == "" then
      return fail(self, self.record_line, "columns %d and %d of the header have no name", seen[column], i)
    end
    if seen[column] then return fail(self, self.record_line, "the header names %s twice", quoted(column)) end
    seen[column] = i
  end
  return self
end

--- A reader over CSV text.
-- @string text
-- @tparam[opt="csv"] string name for messages
-- @tparam[opt] table given `separator` (","): one character, or "auto": comma, semicolon or tab, of which the header
-- has most, or as a first line `sep=;` says
-- @treturn csv.Reader the reader, its `header` a list of names, its `separator`; or nil and a message
function csv.parse(text, name, given)
  check_string("csv.parse: text", text)
  name = name or "csv"
  local o = options.fill("csv.parse", given, { separator = "," })
  if type(o.separator) ~= "string" or o.separator ~= "auto" and not o.separator:find('^[^"\r\n]$') then
    error("csv.parse: separator must be one character or 'auto', got " .. tostring(o.separator), 2)
  end
  if text:find("^\xFF\xFE") or text:find("^\xFE\xFF") then
    return nil, ("%s: is UTF-16; save it as UTF-8"):format(name)
  end
  local zero = text:find("\0", 1, true)
  if zero then
    local _, before = text:sub(1, zero):gsub("\n", "")
    return nil, ("%s:%d: holds a zero byte; a text file is expected"):format(name, before + 1)
  end
  if text:find("\r", 1, true) and not text:find("\n", 1, true) then
    return nil, ("%s: its lines end in lone carriage returns; save it with LF or CR LF"):format(name)
  end
  local at, line, separator = text:match("^\xEF\xBB\xBF()") or 1, 1, o.separator
  if separator == "auto" then at, line, separator = look_at_header(text, at) end
  local self = setmetatable({
    text = text, name = name, separator = separator, stop = "[\n" .. separator:gsub("%W", "%%%0") .. "]", at = at, line = line,
  }, Reader)
  local header, why = fields(self)
  if why then return nil, why end
  if not header then return nil, ("%s: is empty; a header line is expected"):format(name) end
  self.header = header
  return check_header(self)
end

--- A reader over a CSV file.
-- @string path
-- @tparam[opt] table given `separator` (","), as of @{parse}
-- @treturn csv.Reader the reader, or nil and a message
function csv.open(path, given)
  check_string("csv.open: path", path)
  local text, why = fs.read(path)
  if not text then return nil, why end
  return csv.parse(text, path, given)
end

--- All records of a file.
-- @treturn ?table[] a list of tables header name → string; nil where the file cannot be read
-- @treturn string[]|string the header, or the message
function csv.read(path, given)
  check_string("csv.read: path", path)
  local reader, why = csv.open(path, given)
  if not reader then return nil, why end
  local list = {}
  while true do
    local record, line = reader:read()
    if not record then
      if line then return nil, line end
      return list, reader.header
    end
    list[#list + 1] = record
  end
end

local function number_text(x)
  if math.type(x) == "integer" then return tostring(x) end
  local short = ("%.14g"):format(x)
  return tonumber(short) == x and short or ("%.17g"):format(x)
end

--- One line of CSV, without its end.
-- @tparam table values strings, numbers or false (an empty field)
-- @int n how many
-- @treturn string
function csv.line(values, n)
  local out = {}
  for i = 1, n do
    local value = values[i] or ""
    value = type(value) == "number" and number_text(value) or tostring(value)
    -- a mark of Unicode at the file's beginning would not count as text
    if value:find('[",\r\n]') or value:find("^%s") or value:find("%s$") or value:find("^[\xEF\xFE\xFF]") then
      value = '"' .. value:gsub('"', '""') .. '"'
    end
    out[i] = value
  end
  -- a lone empty field would read as a blank line
  return (n == 1 and out[1] == "") and '""' or table.concat(out, ",")
end

-- What the reader takes: a header of names that differ.
local function check_names(header)
  if #header == 0 then error("csv.write: header is empty; a list of names is expected", 3) end
  local seen = {}
  for i, name in ipairs(header) do
    if type(name) ~= "string" and type(name) ~= "number" then
      error(("csv.write: header: name %d must be a string, got a %s"):format(i, type(name)), 3)
    end
    local title = type(name) == "number" and number_text(name) or name
    if seen[title] then
      error(("csv.write: columns %d and %d of the header are both %s"):format(seen[title], i, quoted(title)), 3)
    end
    seen[title] = i
  end
end

local writable = { string = true, number = true, boolean = true, ["nil"] = true }

--- Writes records under a header; the file appears whole or not at all.
-- @string path
-- @tparam table header a list of names, each once
-- @tparam table records a list of tables name → string, number, boolean or nil; false is an empty field
-- @return true, or nil and a message
-- @raise for an empty header, a name that stands twice, a value that is none of these, by row and column
function csv.write(path, header, records)
  check_string("csv.write: path", path)
  if type(header) ~= "table" then error("csv.write: header must be a list, got " .. type(header), 2) end
  if type(records) ~= "table" then error("csv.write: records must be a list, got " .. type(records), 2) end
  check_names(header)
  local lines = { csv.line(header, #header) }
  for row, record in ipairs(records) do
    if type(record) ~= "table" then error(("csv.write: record %d must be a table, got a %s"):format(row, type(record)), 2) end
    local values = {}
    for i, name in ipairs(header) do
      local value = record[name]
      if not writable[type(value)] then
        error(("csv.write: row %d, column %s must be a string, a number or a boolean, got a %s"):format(row, quoted(name),
          type(value)), 2)
      end
      values[i] = value or false
    end
    lines[#lines + 1] = csv.line(values, #header)
  end
  local text = table.concat(lines, "\n") .. "\n"
  local zero = text:find("\0", 1, true)
  if zero then
    local _, before = text:sub(1, zero):gsub("\n", "")
    return nil, ("%s:%d: a field holds a zero byte, which no CSV can have"):format(path, before + 1)
  end
  return fs.write(path, text)
end

return csv
