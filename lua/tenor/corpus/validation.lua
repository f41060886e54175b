--- Rows that validate where a split names none.
--
-- Protocol "paper" cuts the last share off, as Keras does, whoever speaks there. Protocol
-- "clean" takes whole speakers, and where dialogues are told by session whole sessions, since partners answer one another.
local data = require "tenor.data"

local validation = {}

-- Rows that hang together by the values of some fields: a list of { rows }, in the order of their last
-- rows. Rows in which none of the fields is set hang together with nothing and are in no group.
local function groups(utterances, rows, fields)
  local above, group_of, list = {}, {}, {}
  local function top(name)
    while above[name] ~= name do
      above[name] = above[above[name]] -- halves the way for whoever comes next
      name = above[name]
    end
    return name
  end
  local function names(u)
    local out = {}
    for _, field in ipairs(fields) do
      if u[field] then out[#out + 1] = field .. ":" .. u[field] end
    end
    return out
  end
  for _, row in ipairs(rows) do
    local keys = names(utterances[row])
    for _, name in ipairs(keys) do above[name] = above[name] or name end
    for i = 2, #keys do above[top(keys[i])] = top(keys[1]) end
  end
  for i, row in ipairs(rows) do
    local first = names(utterances[row])[1]
    if first then
      local root = top(first)
      if not group_of[root] then
        group_of[root] = {}
        list[#list + 1] = group_of[root]
      end
      table.insert(group_of[root], row)
      group_of[root].last = i
    end
  end
  table.sort(list, function(a, b) return a.last < b.last end)
  return list
end

-- Groups from the end, each that brings the sum nearer to the target; at least one, and never all.
local function choose(list, target)
  local taken, sum, left = {}, 0, #list
  for i = #list, 1, -1 do
    if left > 1 and math.abs(sum + #list[i] - target) < math.abs(sum - target) then
      taken[i], sum, left = true, sum + #list[i], left - 1
    end
  end
  if sum == 0 then
    local least = #list
    for i = #list, 1, -1 do
      if #list[i] < #list[least] then least = i end
    end
    taken[least] = true
  end
  return taken
end

--- The last share of the rows.
-- @return training rows, validation rows
function validation.tail(rows, share)
  local at = data._split_at(#rows, share)
  return table.move(rows, 1, at, 1, {}), table.move(rows, at + 1, #rows, 1, {})
end

--- Whole speakers, about the share of the rows. Where no row names a speaker, whole sessions; where none
-- names a session either, the last share. Rows without a speaker train.
-- @return training rows, validation rows; or nil and how many speakers there are
function validation.apart(utterances, rows, share)
  local field = nil
  for _, name in ipairs { "session", "speaker" } do
    for _, row in ipairs(rows) do
      if utterances[row][name] then field = name end
    end
  end
  if not field then return validation.tail(rows, share) end
  local named, train, held = {}, {}, {}
  for _, row in ipairs(rows) do
    if utterances[row][field] then named[#named + 1] = row end
  end
  local list = groups(utterances, named, { field, "session" })
  if #list < 2 then list = groups(utterances, named, { field }) end
  if #list < 2 then return nil, field end
  local validates = {}
  for i in pairs(choose(list, share * #rows)) do
    for _, row in ipairs(list[i]) do validates[row] = true end
  end
  for _, row in ipairs(rows) do table.insert(validates[row] and held or train, row) end
  return train, held
end

return validation
