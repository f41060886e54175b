--- A peer: another program that does the same work, as a long-lived child.
--
-- It says `ready WHAT IT IS` once it can work, or `absent WHY`. Then it answers
-- lines: `run K` with the seconds of one run, the mean of K; `trial` with the
-- seconds of a short run that tells one thread setting from another; `peak`
-- with the bytes that it held at most; `quit` by ending. So neither its start
-- nor its imports count, and only one of the two sides works at a time.
local place = require "bench.support.place"

local Peer = {}
Peer.__index = Peer

local started = 0

local function last_line(path)
  local file, last = io.open(path), nil
  if not file then return nil end
  for line in file:lines() do
    if line:find "%S" then last = line end
  end
  file:close()
  return last
end

-- Its next answer, or nil and why there is none.
local function answer(self)
  local line = self.out:read "l"
  if line then return line end
  return nil, "ended: " .. (last_line(self.log) or "without a word")
end

--- Starts a program.
-- @string command for the shell
-- @tparam[opt] table env variables
-- @return the peer, or nil and why there is none
function Peer.start(command, env)
  started = started + 1
  local base = place.file(("peer-%d"):format(started))
  local fifo, log = base .. ".fifo", base .. ".log"
  os.remove(fifo)
  if not os.execute(("mkfifo '%s'"):format(fifo)) then return nil, "no fifo can be made" end
  local words = {}
  for name, value in pairs(env or {}) do words[#words + 1] = ("%s=%s"):format(name, value) end
  table.sort(words)
  local out = io.popen(("exec env %s %s <'%s' 2>'%s'"):format(table.concat(words, " "), command, fifo, log), "r")
  -- Opened for reading too, so that writing to a child that died is no signal.
  local into = assert(io.open(fifo, "r+"))
  local self = setmetatable({ out = out, into = into, log = log }, Peer)
  local line, why = answer(self)
  os.remove(fifo)
  local about = line and line:match "^ready%s*(.*)$"
  if not about then
    self:stop()
    return nil, line and line:match "^absent%s*(.*)$" or why
  end
  self.about = about
  return self
end

--- Asks for a number. @return it, or nil and why there is none
function Peer:ask(request)
  self.into:write(request, "\n")
  self.into:flush()
  local line, why = answer(self)
  if not line then return nil, why end
  local number = tonumber(line)
  if not number then return nil, line end
  return number
end

function Peer:stop()
  if not self.out then return end
  self.into:write "quit\n"
  self.into:close()
  self.out:close()
  self.out = nil
end

--- Starts a program under each thread setting, tries them and keeps the fastest.
-- @string command
-- @tparam table blas_counts thread counts to try for OpenBLAS
-- @tparam table omp_counts and for OpenMP, in all pairs
-- @return the peer, its `setting` told, or nil and why
function Peer.best(command, blas_counts, omp_counts)
  local best, best_time, why
  for _, blas in ipairs(blas_counts) do
    for _, omp in ipairs(omp_counts) do
      local peer, reason = Peer.start(command, { OPENBLAS_NUM_THREADS = blas, OMP_NUM_THREADS = omp })
      if not peer then return nil, reason end
      peer.setting = ("OPENBLAS_NUM_THREADS=%d OMP_NUM_THREADS=%d"):format(blas, omp)
      local time = 0
      if #blas_counts * #omp_counts > 1 then
        time, reason = peer:ask "trial"
        why = why or reason
      end
      if time and (not best or time < best_time) then
        if best then best:stop() end
        best, best_time = peer, time
      else
        peer:stop()
      end
    end
  end
  return best, why
end

return Peer
