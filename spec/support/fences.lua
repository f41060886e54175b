--- The fenced blocks of a page, and what is wrong with them (the rules are in spec/support/page.lua).
local fences = {}

local languages = { lua = true, sh = true, python = true, text = true, [""] = true }

-- What begins a line of code: none of it may hide in a block that is not run.
local code = { "^[$>] ", "^lua5%.4", "^tenor %l", "^make%f[^%w]", "^luarocks ", "^python", "^apt%-get ", "^sudo ", "^ba?sh ",
  "^local ", "^function ", "^print%s*%(", "^import ", "^for .* do$", "^eval " }

--- Reads a page.
-- @string path
-- @treturn table list of `{ kind =, first =, lines =, after = }`: kind is "lua", "file" (with `name`), "sh", "python",
-- "session", "output" or "text"; first is the line of the page that the block's text begins in; after is the block before
-- @treturn integer how many lines the page has
function fences.read(path)
  local blocks, open, number = {}, nil, 0
  local function fail(message) error(("%s:%d: %s"):format(path, number, message), 0) end
  for line in io.lines(path) do
    number = number + 1
    local fence = line:match "^```(.*)$"
    if line:find "^%s+```" or line:find "^%s*~~~" then fail "a block begins with ``` at the beginning of a line" end
    if open and fence then
      if fence ~= "" then fail "a block begins inside a block" end
      open = nil
    elseif fence then
      if not languages[fence] then fail(("a block is in '%s': lua, sh, python or text, or nothing for output"):format(fence)) end
      open = { kind = fence, first = number + 1, lines = {}, after = blocks[#blocks] }
      blocks[#blocks + 1] = open
    elseif open then
      table.insert(open.lines, line)
    elseif line:find "^    %S" and not line:find "^%s+[-*%d]" then
      fail "code stands in a fenced block, not behind four blanks"
    end
  end
  if open then fail "a block is still open at the end" end
  for _, block in ipairs(blocks) do fences.judge(block, fail) end
  return blocks, number
end

--- Says what kind of block it is, and refuses what has no place.
function fences.judge(block, fail)
  local line = block.lines[1] or ""
  if block.kind == "lua" and line:match "^%-%- [%w_]+%.lua$" then
    block.kind, block.name = "file", line:sub(4)
  elseif block.kind == "" then
    local before = block.after and block.after.kind
    block.kind = line:find "^> " and "session" or "output"
    if block.kind == "output" and before ~= "lua" and before ~= "sh" and before ~= "python" then
      fail(("the output in line %d follows no code: call it text if it is a picture"):format(block.first))
    end
  elseif block.kind == "text" then
    for i, words in ipairs(block.lines) do
      for _, pattern in ipairs(code) do
        if words:find(pattern) then fail(("line %d is code in a block of text: %s"):format(block.first + i - 1, words)) end
      end
    end
  end
end

return fences
