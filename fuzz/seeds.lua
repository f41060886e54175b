-- lua fuzz/seeds.lua TARGET FOLDER: files for a target to begin from, most of them by the project's own
-- writers: one of each kind that the reader tells apart, each as short as it can be.
local tenor = require "tenor"

local target, folder = ...

local function put(name, bytes)
  local file = assert(io.open(folder .. "/" .. name, "wb"))
  assert(file:write(bytes))
  file:close()
end

local function header(dict, version)
  local length = #dict
  return "\x93NUMPY" .. string.char(version, 0) .. string.pack(version == 1 and "<I2" or "<I4", length) .. dict
end

local seeds = {}

function seeds.npy()
  tenor.save(folder .. "/real.npy", tenor.tensor { { 1, 2, 3 }, { 4, 5, 6 } })
  tenor.save(folder .. "/int.npy", tenor.tensor({ 1, -2, 3 }, "int32"))
  for _, kind in ipairs { "f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1" } do
    for _, order in ipairs { "<", ">" } do
      local numbers = string.rep("\0\1\2\3\4\5\6\7", 6):sub(1, 6 * tonumber(kind:sub(2)))
      put(kind .. (order == "<" and "l" or "b"), header(("{'descr': '%s%s', 'fortran_order': %s, 'shape': (2, 3), }\n")
        :format(order, kind, order == "<" and "True" or "False"), #kind + 0 == 2 and 1 or 2) .. numbers)
    end
  end
  put("scalar", header("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", 3) .. "\7")
  put("empty", header("{'descr': '|u1', 'fortran_order': False, 'shape': (0, 3)}", 1))
end

function seeds.npz()
  local values = { a = tenor.tensor { 1, 2, 3 }, ["b.c"] = tenor.tensor({ { 1, 2 }, { 3, 4 } }, "int32") }
  tenor.save(folder .. "/stored.npz", values)
  tenor.save(folder .. "/deflated.npz", values, { compress = true })
  tenor.save(folder .. "/one.npz", { a = tenor.zeros(3) })
  tenor.save(folder .. "/zeros.npz", { a = tenor.zeros(900) }, { compress = true })
end

function seeds.audio()
  local samples = {}
  for i = 1, 120 do samples[i] = { math.sin(i / 7) / 2, math.cos(i / 5) / 3 } end
  local stereo = tenor.audio.wave(tenor.tensor(samples), 8000)
  local mono = tenor.audio.wave(tenor.tensor(samples):t()[1], 16000)
  for _, format in ipairs { "wav", "flac", "ogg", "aiff", "au", "caf", "w64" } do
    local path = folder .. "/%s." .. format
    assert(tenor.audio.write(path:format "mono", mono))
    assert(tenor.audio.write(path:format "stereo", stereo))
  end
  for _, subtype in ipairs { "pcm_u8", "pcm_24", "pcm_32", "float", "double", "ulaw", "alaw" } do
    assert(tenor.audio.write(("%s/%s.wav"):format(folder, subtype), mono, { subtype = subtype }))
  end
end

function seeds.glove()
  put("plain", "the 0.5 -1e-3 2\na 1 2 3\nvery good 1 2 3\nnope 1 2 3\n")
  put("header", "3 2\nthe 1 2\na 3 4\nof 5 6\n")
  put("crlf", "the 1 2\r\na 3 4 \r\n\xc3\xa4 12345678901234567890 1e308\r\n")
  put("tabs", "the\t1\t2\nw\t.5\t-5.\n")
  put("bad", "the 1 x\na 1\nof 1 2 3\nw 1 nan\n")
end

function seeds.json()
  put("object", '{"a": [1, -2.5e3, true, false, null], "b": {"c": "d\\u00e4\\n\\ud83d\\ude00"}, "": ""}')
  put("lists", "[[], {}, [[1]], [{\"x\": 9007199254740993}]]")
  put("number", "-0.0")
  put("string", '"\xc3\xa4\\u0000"')
end

function seeds.csv()
  put("plain", "a,b,c\n1,2,3\n4,5,6\n")
  put("quoted", '\xEF\xBB\xBFa,"b ""x""",c\r\n"1,2","two\nlines",\r\n\r\n3,4,5')
  put("utf16", "\xFF\xFEa\0,\0b\0\n\0")
end

function seeds.manifest()
  put("full", "id,wav,text,valence,arousal,dominance,session,speaker,split\n"
    .. "u1,a.wav,hello there,1.5,2,5,1,S1,train\nu2,b/c.wav,\"oh, well\",+3,4e0,9,2,S2,test\n")
  put("emobank", "id,split,V,A,D,text\nx_1,train,3.0,3.0,3.2,\"Remember what she said?\"\n")
  put("wav", "wav,extra\na.b.wav,7\n.hidden,\n/abs/x,1\n")
end

assert(seeds[target], "fuzz/seeds.lua: no seeds for " .. tostring(target))()
