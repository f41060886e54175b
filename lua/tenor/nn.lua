--- Layers with back-propagation, and the containers that compose them.
-- @module nn
local architecture = require "tenor.nn.architecture"
local containers = require "tenor.nn.containers"

return {
  Dense = require "tenor.nn.dense",
  LSTM = require "tenor.nn.lstm",
  BatchNorm = require "tenor.nn.batchnorm",
  Dropout = require "tenor.nn.dropout",
  Embedding = require "tenor.nn.embedding",
  Sequence = require "tenor.nn.sequence",
  Sequential = containers.Sequential,
  Concat = containers.Concat,
  Module = require "tenor.nn.module",
  build = architecture.build,
  load = architecture.load,
  register = architecture.register,
}
