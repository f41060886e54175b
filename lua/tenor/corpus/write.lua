--- Any corpus as a manifest, from which `corpus.manifest` makes it again.
local csv = require "tenor.csv"
local uv = require "luv"

local columns = { "id", "wav", "text", "valence", "arousal", "dominance", "session", "speaker", "split" }

-- A wav's name as the manifest has it: relative where it lies below the manifest's own folder.
local function wav_name(wav, folder, here)
  if wav:sub(1, #folder) == folder and not wav:sub(#folder + 1):find "^/" then return wav:sub(#folder + 1) end
  return wav:sub(1, 1) == "/" and wav or here .. "/" .. wav:gsub("^%./", "")
end

local function record_of(u, extra, folder, here)
  local record = {}
  for _, name in ipairs(columns) do record[name] = u[name] end
  for name, value in pairs(u.clipped or {}) do record[name] = value end
  record.wav = u.wav and wav_name(u.wav, folder, here)
  if u.text == "" then record.text = " " end -- an empty field would be a missing transcript
  for _, name in ipairs(extra) do record[name] = u.extra and u.extra[name] end
  return record
end

return function(corpus, path)
  local folder = path:match "^.*/" or ""
  local used, header, records = {}, {}, {}
  for _, name in ipairs(corpus.extra) do
    for _, known in ipairs(columns) do
      if name == known then
        error(("corpus:write: the further column '%s' has the name of one of the manifest's own"):format(name), 3)
      end
    end
  end
  for i, u in ipairs(corpus.utterances) do
    records[i] = record_of(u, corpus.extra, folder, uv.cwd())
    for name in pairs(records[i]) do used[name] = true end
  end
  for _, name in ipairs(columns) do
    if used[name] or name == "id" then header[#header + 1] = name end
  end
  table.move(corpus.extra, 1, #corpus.extra, #header + 1, header)
  return csv.write(path, header, records)
end
