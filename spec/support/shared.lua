--- The folder of goldens and recordings that the project does not carry.
-- `TENOR_SHARED` names it; else it is looked for beside the project. Tests
-- that need it are declared by `shared.it`, and count as skipped without it.
local needs = require "spec.support.needs"

local shared = { folder = os.getenv "TENOR_SHARED" or "../shared" }

--- The path of a file in the folder.
function shared.path(name) return shared.folder .. "/" .. name end

--- The lines of a text file in the folder, as an array.
function shared.lines(name)
  local lines = {}
  for line in io.lines(shared.path(name)) do lines[#lines + 1] = line end
  return lines
end

local probe = io.open(shared.path "golden/paa_feature_names.txt")
shared.present = probe ~= nil
if probe then probe:close() end

--- As `it`, for tests that need the folder.
shared.it = needs(shared.present, "the folder of shared data")

return shared
