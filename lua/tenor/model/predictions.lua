--- What was predicted of several utterances: a table to write, and its scores where labels are known.
local csv = require "tenor.csv"
local evaluation = require "tenor.evaluation"
local harmless = require "tenor.harmless"
local tensor = require "tenor.tensor"

--- Predictions of several utterances, a list in their order: each has `id`, `wav` and its labels, or `reason` where it
-- failed. Fields: `failures`, a list of { index, id, wav, reason }; `raw`, a tensor (n, K) of what the network gave for the
-- others; `labels`, `scale`. Those of a cross-validation's models have `fold` besides where the utterance was held out, the
-- fold's name, and the fields `models`, how many there are; `held_out` and `averaged`, how many utterances were predicted by
-- the model that has not seen them, and how many are in no fold and have the mean over all models.
local Predictions = { __name = "tenor.model.Predictions" }
Predictions.__index = Predictions

--- Writes id, wav, a column a label, the fold where there are folds, and why one failed.
-- @string path
-- @return true, or nil and a message
function Predictions:write(path)
  local header, records = { "id", "wav" }, {}
  table.move(self.labels, 1, #self.labels, 3, header)
  if self.models then header[#header + 1] = "fold" end
  header[#header + 1] = "reason"
  for i, p in ipairs(self) do
    local record = { id = p.id or "", wav = type(p.wav) == "string" and p.wav or "", reason = p.reason or "", fold = p.fold or "" }
    for _, name in ipairs(self.labels) do record[name] = p[name] and ("%.9g"):format(p[name]) or "" end
    records[i] = record
  end
  return csv.write(path, header, records)
end

-- Those of the labels that any utterance has.
local function labelled(self)
  local columns, names = {}, {}
  for k, name in ipairs(self.labels) do
    for _, gold in pairs(self.gold) do
      if gold[name] then
        columns[#columns + 1], names[#names + 1] = k, name
        break
      end
    end
  end
  return columns, names
end

--- Scores against the labels that the corpus has, over all utterances that were predicted and lack none of them: CCC, RMSE
-- and MAE of labels on -1..1. Predictions of folds are pooled: each score is one number over the utterances of all folds, and
-- no mean over folds, which leaving one utterance out would not define.
-- @treturn Scores also with `unlabelled`, how many utterances lack a label; or nil and a message where there is nothing to
-- score against
function Predictions:scores()
  if not next(self.gold) then return nil, "no utterance has a label" end
  local columns, names = labelled(self)
  local predicted, gold, unlabelled, at = {}, {}, 0, 0
  for i, p in ipairs(self) do
    if not p.reason then
      at = at + 1 -- rows of `raw` are of those that were predicted
      local row, truth, complete = {}, {}, true
      for j, name in ipairs(names) do
        row[j], truth[j] = self.raw[at][columns[j]], self.gold[i] and self.gold[i][name]
        complete = complete and truth[j] ~= nil
      end
      if complete then
        predicted[#predicted + 1], gold[#gold + 1] = row, truth
      else
        unlabelled = unlabelled + 1
      end
    end
  end
  if #gold < 2 then return nil, ("CCC needs two labelled utterances that could be predicted, and there is %s"):format(
    #gold == 1 and "one" or "none") end
  local part = { y = tensor.tensor(gold), label_names = names }
  local fine, why = pcall(evaluation.check_labels, "scores", part, 0)
  if not fine then return nil, why end
  local scores = evaluation.score(tensor.tensor(predicted), part.y, names, self.models)
  scores.unlabelled = unlabelled
  return scores
end

--- How the utterances were predicted, in words; nil for those of one model.
-- @treturn ?string
function Predictions:account()
  if not self.models then return nil end
  local parts = {}
  if self.held_out > 0 then
    parts[1] = ("%d by the model of the fold that held them out, one of %d"):format(self.held_out, self.models)
  end
  if self.averaged > 0 then parts[#parts + 1] = ("%d in no fold, the mean over %d models"):format(self.averaged, self.models) end
  return table.concat(parts, "; ")
end

local MOST <const> = 20

function Predictions:__tostring()
  local account = self:account()
  local lines = { ("Predictions: %d of %d%s"):format(#self - #self.failures, #self,
    account and account ~= "" and "; " .. account or "") }
  for i, p in ipairs(self) do
    if i > MOST then
      lines[#lines + 1] = ("  and %d more"):format(#self - MOST)
      break
    end
    local cells = {}
    for k, name in ipairs(self.labels) do cells[k] = p[name] and ("%s %.3f"):format(name, p[name]) end
    lines[#lines + 1] = harmless(("  %s: %s"):format(p.id or type(p.wav) == "string" and p.wav or i,
      p.reason or table.concat(cells, ", ")))
  end
  return table.concat(lines, "\n")
end

return Predictions
