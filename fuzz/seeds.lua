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
  put("text", header("{'descr': '<U2', 'fortran_order': False, 'shape': (2,)}", 1) .. "a\0\0\0\xe4\0\0\0b\0\0\0\0\0\0\0")
  put("bytes", header("{'descr': '|S2', 'fortran_order': False, 'shape': (2,)}", 1) .. "ab\xc3\xa4")
  put("scalar", header("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", 3) .. "\7")
  put("empty", header("{'descr': '|u1', 'fortran_order': False, 'shape': (0, 3)}", 1))
end

function seeds.npz()
  local values = { a = tenor.tensor { 1, 2, 3 }, ["b.c"] = tenor.tensor({ { 1, 2 }, { 3, 4 } }, "int32") }
  tenor.save(folder .. "/stored.npz", values)
  tenor.save(folder .. "/deflated.npz", values, { compress = true })
  tenor.save(folder .. "/one.npz", { a = tenor.zeros(3) })
  tenor.save(folder .. "/ids.npz", { ids = { "u1", "\xc3\xa4" } })
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

local glove = "the 0.5 -1e-3 2\na 1 2 3\nvery good 1 2 3\nParis 1 2 3\n"
local fasttext = "3 2\nthe 1 2\na 3 4\nof 5 6\n"
local word2vec = "2 3\nthe " .. string.pack("<fff", 1, 2, -3) .. "\nw " .. string.pack("<fff", 0.5, 1e-40, 3e38) .. "\n"

-- gzip with stored bytes, which need no compressor: RFC 1952 and 1951
local function crc32(bytes)
  local crc = 0xFFFFFFFF
  for i = 1, #bytes do
    crc = crc ~ bytes:byte(i)
    for _ = 1, 8 do crc = crc & 1 == 1 and crc >> 1 ~ 0xEDB88320 or crc >> 1 end
  end
  return crc ~ 0xFFFFFFFF
end

local function gzip(bytes)
  put("stored.gz", "\x1F\x8B\8\0\0\0\0\0\0\3\1" .. string.pack("<I2I2", #bytes, ~#bytes & 0xFFFF) .. bytes
    .. string.pack("<I4I4", crc32(bytes), #bytes))
end

function seeds.glove()
  put("plain", glove)
  put("header", fasttext)
  put("crlf", "the 1 2\r\na 3 4 \r\n\xc3\xa4 12345678901234567890 1e38\r\n")
  put("tabs", "the\t1\t2\nw\t.5\t-5.\n")
  put("bad", "the 1 x\na 1\nof 1 2 3\nw 1 nan\n")
  put("spaced", "\xEF\xBB\xBF<unk> 1 2 3\nvery good 1 2 3\nat name@domain.com 1 2 3\n\n")
  gzip(glove)
end

function seeds.fasttext()
  put("plain", fasttext)
  put("short", "4 2\nthe 1 2\n")
  gzip(fasttext)
end

function seeds.word2vec()
  put("plain", word2vec)
  put("google", (word2vec:gsub("\n(w )", "%1")))
  put("nan", "1 1\na " .. string.pack("<f", 0 / 0))
  gzip(word2vec)
end

function seeds.vectors()
  seeds.glove()
  seeds.fasttext()
  seeds.word2vec()
  seeds.npy()
  seeds.safetensors()
  -- a stored member, by hand: local header, name, bytes, directory, end
  local name, bytes = "glove.txt", glove
  local about = string.pack("<I2I2I2I2I2I4I4I4I2I2", 20, 0, 0, 0, 33, crc32(bytes), #bytes, #bytes, #name, 0)
  local locally = "PK\3\4" .. about .. name .. bytes
  local directory = "PK\1\2" .. string.pack("<I2", 20) .. about .. string.pack("<I2I2I2I4I4", 0, 0, 0, 0, 0) .. name
  put("archive", locally .. directory .. "PK\5\6" .. string.pack("<I2I2I2I2I4I4I2", 0, 0, 1, 1, #directory, #locally, 0))
end

function seeds.words()
  put("plain", "the\nParis\nw\n")
  put("crlf", "\xEF\xBB\xBFthe\r\nvery good\r\n\xc3\xa4")
end

function seeds.safetensors()
  tenor.save(folder .. "/two.safetensors", { a = tenor.ones(2, 3), b = tenor.tensor({ 1, 2 }, "int32") },
    { metadata = { format = "pt" } })
  for dtype, width in pairs { F64 = 8, F32 = 4, F16 = 2, BF16 = 2, I64 = 8, I32 = 4, I16 = 2, I8 = 1, U64 = 8, U32 = 4, U16 = 2,
    U8 = 1, BOOL = 1, F8_E4M3 = 1 } do
    local text = ('{"t":{"dtype":"%s","shape":[1,2],"data_offsets":[0,%d]}}'):format(dtype, 2 * width)
    put(dtype, string.pack("<s8", text) .. ("\1"):rep(2 * width))
  end
  put("scalar", string.pack("<s8", '{"t":{"dtype":"U8","shape":[],"data_offsets":[0,1]},'
    .. '"e":{"dtype":"F32","shape":[0,7],"data_offsets":[1,1]}}') .. "\1")
end

function seeds.wordpiece()
  put("small", "[PAD]\n[UNK]\nthe\nun\n##aff\n##able\ncafe\n,\n!\n")
  put("cased", "\xEF\xBB\xBF[UNK]\r\nThe\r\n\xe4\xb8\xad\r\n")
end

function seeds.config()
  put("all", 'return { corpus = "m.csv", scale = { -1, 1 }, ["a b"] = [==[x]==], seed = 0x1p4, on = true; -- end\n'
    .. "  --[[ long ]] n = { { lr = 1e-3 }, 'it\\'s \\u{e4} \\065 \\z  x' }, }\n")
  put("bare", "{ a = 1 }")
end

function seeds.checkpoint()
  local path = folder .. "/whole"
  tenor.seed(1)
  local network, x = tenor.nn.Dense(2, 1), tenor.tensor { { 1, 2 }, { 2, 1 }, { 3, 5 }, { 4, 1 } }
  tenor.fit(network, { train = { x = x, y = tenor.tensor { { 1 }, { 2 }, { 0 }, { 3 } } } },
    { loss = tenor.loss.ccc(), optimizer = tenor.optim.Adam(), batch = 2, epochs = 1, progress = "silent", checkpoint = path })
  os.remove(path .. ".previous")
  local _, metadata = require "tenor.safetensors".load(path)
  put("state", metadata.state)
end

function seeds.model()
  local nn = tenor.nn
  tenor.seed(1)
  local words = tenor.text.Tokenizer():fit { "the good", "the \xc3\xa4" }
  local function save(name, network, more)
    local fields = { network = network, labels = { "valence", "arousal" }, scale = { 1, 5 } }
    for key, value in pairs(more) do fields[key] = value end
    assert(tenor.model.new(fields):save(folder .. "/" .. name .. ".safetensors"))
  end
  save("acoustic", nn.Sequential { nn.BatchNorm(68), nn.Dense(68, 2) },
    { features = {}, scaler = { mean = tenor.zeros(68), std = tenor.ones(68) } })
  save("text", nn.Sequential {
    nn.Embedding(4, 2), nn.LSTM(2, 2, { last = true }), nn.Dropout(0.5), nn.Dense(2, 2, { activation = "tanh" }),
  }, { words = words, length = 5 })
  save("fusion", nn.Sequential {
    nn.Concat {
      nn.Dense(3, 2, { activation = "relu" }),
      nn.Sequential { nn.Embedding(4, 2, { padding = "none" }), nn.LSTM(2, 2, { last = true }) },
    },
    nn.Dense(4, 2),
  }, { words = words, length = 5 })
end

function seeds.bert()
  tenor.save(folder .. "/six.safetensors", { ["embeddings.word_embeddings.weight"] = tenor.ones(6, 2) })
  tenor.save(folder .. "/prefix.safetensors", { ["bert.embeddings.word_embeddings.weight"] = tenor.ones(6, 2), b = tenor.ones(2) })
end

function seeds.store()
  local path = folder .. "/store"
  os.remove(path)
  local s = assert(require("tenor.core").store.open(path, "fuzz", 8))
  s:put(("k"):rep(16), "abcdefgh")
  s:put(("l"):rep(16), "ijklmnop")
  s:close()
  put("empty", "")
end

function seeds.iemocap()
  local labels = "%% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\n\n"
    .. "[6.2901 - 8.2357]\tSes01F_impro01_F000\tneu\t[2.5000, 2.5000, 2.5000]\nC-E2:\tNeutral;\t()\n"
    .. "[10.01 - 11.39]\tSes01F_impro01_M001\txxx\t[5.5, 2, 1]\n"
  put("both", labels .. "\0Ses01F_impro01_F000 [006.2901-008.2357]: Excuse me.\nSes01F_impro01_M001 [010.01-011.39]: Yeah\x92s.\r\n"
    .. "M: hello\nSes01F_impro01_MXX0 [1-2]: x\n")
  put("labels", labels)
end

function seeds.msp_podcast()
  put("csv", "FileName,EmoClass,EmoAct,EmoVal,EmoDom,SpkrID,Gender,Split_Set\n"
    .. "MSP-PODCAST_0001_0008.wav,N,2.4,4,7.5,127,Male,Test1\nx.wav,A,,,,Unknown,,Train\n\0hello\nworld\x92")
  put("json", '{"MSP-PODCAST_0001_0008.wav":{"EmoClass":"N","EmoAct":4.2,"EmoVal":1,"EmoDom":null,"SpkrID":"1",'
    .. '"Gender":"F","Split_Set":"Train"}}')
  put("list", '[{"FileName":"a.wav","EmoAct":"2.5"}]')
end

function seeds.tokenizer()
  local json = require "tenor.json"
  local t = tenor.text.Tokenizer():fit { "the good the bad", "and the \xff ugly \xc3\xa4" }
  put("state", json.encode(t:state()))
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
