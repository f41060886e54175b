--- The folder of what need not be worked out twice. All in it can be made again: remove it whenever you like.
-- @module tenor.cache
local core = require("tenor.core").store

local cache = {}

local function set(name)
  local value = os.getenv(name)
  return value and value ~= "" and value or nil
end

--- The folder: what `TENOR_CACHE` names, else `$XDG_CACHE_HOME/tenor`, else `~/.cache/tenor`.
-- @treturn string its path; nil where `TENOR_CACHE` is set to nothing, which turns caches off; or nil and a
-- message where no variable tells
function cache.folder()
  if os.getenv "TENOR_CACHE" then return set "TENOR_CACHE" end
  local xdg, home = set "XDG_CACHE_HOME", set "HOME"
  -- the XDG specification has relative paths ignored
  if xdg and xdg:find "^/" then return xdg .. "/tenor" end
  if home then return home .. "/.cache/tenor" end
  return nil, "no folder to keep results in: none of TENOR_CACHE, XDG_CACHE_HOME and HOME is set"
end

--- Raises where an option `cache` is none: true (the folder above), false, or a folder's path.
function cache._check(call, given, level)
  if type(given) ~= "boolean" and (type(given) ~= "string" or given == "") then
    error(("%s: cache must be true, false or the path of a folder, got %s"):format(call,
      given == "" and "''" or type(given) == "string" and given or type(given)), (level or 2) + 1)
  end
end

-- The stores that one piece of work uses; `stores[i]` may be missing, and the notes say why.
local Cache = {}
Cache.__index = Cache

local plural = { row = "rows", hash = "hashes" }

--- Opens the stores `list`: { name of the file, title, bytes of a value, what a value is called }.
-- @param given the option, as `cache.check` takes it
-- @treturn table an object with `stores` and `notes()`, to be closed
function cache._open(given, list)
  local self = setmetatable({ stores = {}, paths = {}, list = list, said = {} }, Cache)
  local folder, why = given, nil
  if given == true then folder, why = cache.folder() end
  if not folder then
    self.said[1] = why
    return self
  end
  local made, reason = require "tenor.fs".make_folder(folder)
  if not made then
    self.said[1] = ("nothing is kept for the next time: %s"):format(reason)
    return self
  end
  for i, item in ipairs(list) do
    self.paths[i] = folder:gsub("(.)/+$", "%1") .. "/" .. item[1]
    self.stores[i], reason = core.open(self.paths[i], item[2], item[3])
    if not self.stores[i] then self.said[#self.said + 1] = "nothing is kept for the next time: " .. reason end
  end
  return self
end

--- What did not go as it should: a list of sentences.
function Cache:notes()
  local notes = table.move(self.said, 1, #self.said, 1, {})
  for i, item in ipairs(self.list) do
    local state = self.stores[i] and self.stores[i]:condition()
    local function of(n) return ("%d %s"):format(n, n == 1 and item[4] or plural[item[4]]) end
    if state and state.damaged > 0 then
      notes[#notes + 1] = ("%s: %s damaged and passed over"):format(self.paths[i], of(state.damaged))
    end
    if state and state.unsaved > 0 then
      notes[#notes + 1] = ("%s: %s not kept for the next time: %s"):format(self.paths[i], of(state.unsaved),
        state.why)
    end
  end
  return notes
end

function Cache:close()
  for _, store in pairs(self.stores) do store:close() end
end
Cache.__close = Cache.close

return cache
