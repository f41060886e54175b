--- The pages of the reference, cut into their sections: read at the first question.
local fs = require "tenor.fs"

-- The pages lie beside this file where tenor is installed, and in docs/reference in its sources.
local function page_folder()
  local here = assert(package.searchpath("tenor.help.pages", package.path)):match "^(.*)/help/pages%.lua$"
  for _, folder in ipairs { here .. "/reference", here .. "/../../docs/reference" } do
    if fs.is_folder(folder) then return folder end
  end
  error(("help: the reference is not installed: there is no folder %s/reference"):format(here), 0)
end

local function read()
  local sections, ids, titles = {}, {}, {}
  local folder = page_folder()
  for _, name in ipairs(assert(fs.list(folder))) do
    local text = assert(fs.read(folder .. "/" .. name))
    local title, begin = text:match "^# (.-)\n(.*)$"
    local at, id = begin, title:gsub("^tenor%.", "")
    local first = true
    for part, next_id in (at .. "\n## \n"):gmatch "(.-)\n## ([^\n]*)" do
      if not first or name ~= "README.md" then
        local body = part:gsub("^\n+", ""):gsub("%s+$", "")
        if not sections[id] then ids[#ids + 1] = id end
        if not (first and sections[id]) then
          sections[id] = body
          if first then titles[#titles + 1] = id end
        end
      end
      first, id = false, next_id
    end
  end
  table.sort(ids)
  return { sections = sections, ids = ids, titles = titles }
end

local pages

--- @return `sections` id → text, `ids` in order, `titles` those of whole pages
return function()
  pages = pages or read()
  return pages
end
