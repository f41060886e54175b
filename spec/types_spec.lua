--- types/tenor.lua, the annotations for editors: in the notation that lua-language-server reads, complete, and true of what is
-- called (the pages of documentation are run under the same eye, spec/docs_spec).
local annotations = require "spec.support.annotations"
local public = require "tenor.public"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local tenor = require "tenor"

describe("the annotations", function()
  local text, known
  setup(function()
    text = scratch.read "types/tenor.lua"
    known = annotations.read(text)
    public.load_all()
  end)

  it("are Lua that does nothing", function()
    assert(load(text, "=types/tenor.lua"))
    assert.matches("^%-%-%-@meta tenor\n", text)
    assert.is_nil(text:find "\n%-%-%-%-") -- which editors do not read
  end)

  it("name no type that is not there", function()
    local unknown = {}
    local function look(node, line)
      if node.kind == "name" and not annotations.is_basic(node.name) and not known.classes[node.name] then
        unknown[#unknown + 1] = ("line %d: %s"):format(line, node.name)
      end
      for _, part in pairs(node) do
        if type(part) == "table" then look(part, line) end
      end
    end
    for _, one in ipairs(known.types) do look(one.node, one.line) end
    for _, class in pairs(known.classes) do
      if class.parent and not known.classes[class.parent] then unknown[#unknown + 1] = class.name .. ": " .. class.parent end
    end
    assert.equal("", table.concat(unknown, ", "))
    assert.is_true(#known.types > 900, #known.types)
  end)

  it("have every public name, each argument and what comes back, and none besides", function()
    local wrong, there = {}, {}
    for _, entry in ipairs(public.names()) do
      local id = "tenor." .. entry.id
      local note = known.functions[id] or known.functions[id:gsub(":", ".")]
      there[id], there[id:gsub(":", ".")] = true, true
      if entry.kind == "class" and not known.classes[id] or entry.kind == "function" and not note
        or entry.kind == "value" and not known.values[id] then wrong[#wrong + 1] = entry.id end
      if note then
        local names = {}
        for i, p in ipairs(note.params) do names[i] = p.name end
        if table.concat(names, ", ") ~= note.list then wrong[#wrong + 1] = entry.id .. "(" .. note.list .. ")" end
        for _, p in ipairs(note.params) do
          -- options of which the file's ending decides are a table of any
          local loose = p.type.name == "table" and p.name:find "^opt" and entry.id ~= "features.load"
          if loose then wrong[#wrong + 1] = entry.id .. ": " .. p.name end
        end
      end
    end
    assert.equal("", table.concat(wrong, ", "))
    for name, note in pairs(known.functions) do
      local expected = there[name] or name:find "%.nn%.Module[:.]" or name:find "%.new$"
      assert.is_truthy(expected, ("%s, line %d"):format(name, note.line))
    end
  end)

  it("know the fields that objects have", function()
    local objects = {
      ["tenor.Wave"] = tenor.audio.wave(tenor.zeros(100), 10),
      ["tenor.History"] = require "tenor.history".new { seed = 1, batch = 2 },
      ["tenor.Corpus"] = tenor.corpus.new { name = "none", utterances = { { id = "a", wav = "a.wav", text = "hello" } } },
    }
    for name, object in pairs(objects) do
      local count = 0
      for field, of in pairs(known.classes[name].fields) do
        assert.is_true(annotations.matches(known, of.type, object[field]), name .. "." .. field)
        count = count + 1
      end
      assert.is_true(count >= 4, name)
    end
  end)

  it("have the defaults of options, which are of the types that are said", function()
    local options = require "tenor.options"
    local defaults = options.of(tenor.fit, tenor.nn.Dense(1, 1), {})
    local class = known.classes["tenor.fit.Options"]
    for name, default in pairs(defaults) do
      assert.is_true(class.fields[name] ~= nil and class.fields[name].optional, name)
      if default ~= options.none then assert.is_true(annotations.matches(known, class.fields[name].type, default), name) end
    end
  end)
end)

describe("a type", function()
  local known = annotations.read(table.concat({ "---@class tenor.Utterance", "---@field id string", "---@field text? string", "",
    "---@class tenor.f.Options", "---@field size? integer", "" }, "\n") .. "\n")
  local function is(kind, v) return annotations.matches(known, (annotations.type(kind)), v) end

  it("is read as editors read it", function()
    for kind, values in pairs {
      ["number"] = { { 1, 1.5 }, { "1", {} } }, ["integer"] = { { 1 }, { 1.5 } }, ["string?"] = { { "a", nil }, { 1 } },
      ["string|number[]"] = { { "a", { 1, 2 } }, { 1, { "a" } } }, ["(string|number)[]"] = { { { "a", 1 } }, { "a", { {} } } },
      ["table<string, integer>"] = { { { a = 1 } }, { { 1 }, { a = "b" } } }, ["{ epochs: integer?, minutes: number? }"] =
      { { {}, { minutes = 1.5 } }, { { epochs = 1.5 } } }, ["fun(u: tenor.Utterance): any"] = { { print }, { 1 } },
      ["tenor.Utterance"] = { { { id = "a" }, { id = "a", other = 1 } }, { {}, { id = 1 }, { id = "a", text = 1 } } },
      ["tenor.f.Options"] = { { {}, { size = 1 } }, { { siez = 1 }, { size = 1.5 } } },
      ["tenor.Tensor"] = { { tenor.zeros(1) }, { {}, 1 } }, ["tenor.nn.Module"] = { { tenor.nn.Dense(1, 1) }, { tenor.zeros(1) } },
    } do
      for i = 1, #values[1] do assert.is_true(is(kind, values[1][i]), kind .. " " .. i) end
      for i = 1, #values[2] do assert.is_false(is(kind, values[2][i]), kind .. " not " .. i) end
    end
    assert.is_true(is("string?", nil))
  end)

  it("that is none is refused, with its place", function()
    for _, kind in ipairs { "(string", "{ a string }", "fun(", "table<string>", "|" } do
      assert.is_false((pcall(annotations.type, kind)), kind)
    end
  end)
end)

describe("a program that is watched", function()
  after_each(function() scratch.clean() end)
  local function watched(program)
    local path = scratch.file(".lua", program .. "\nprint(table.concat((require 'spec.support.typed'.report()), '\\n'))\n")
    local _, text = shell.run(("LUA_PATH='./?.lua;'\"$LUA_PATH\" %s -l spec.support.typed '%s'"):format(shell.lua, path))
    return text
  end

  it("is told what does not suit an annotation, and nothing of calls that raise", function()
    assert.equal("\n", watched [[local tenor = require "tenor"
      pcall(tenor.zeros, "x")
      tenor.nn.Dense(2, 3):forward(tenor.zeros(1, 2))]])
    assert.equal("statistics.stars: argument 'p' got table { __le, __lt }\n",
      watched [[local odd = { __lt = function() return true end, __le = function() return true end }
        require "tenor".statistics.stars(setmetatable(odd, odd))]])
  end)
end)
