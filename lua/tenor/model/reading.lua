--- A word for a point of valence and arousal: which quadrant, and which of eight affects lies nearest.
--
-- Russell's circumplex ("A circumplex model of affect", Journal of Personality and Social Psychology 39, 1980,
-- 1161-1178) puts affects on a circle: pleasure at 0 degrees, excitement 45, arousal 90, distress 135, displeasure
-- 180, depression 225, sleepiness 270, relaxation 315. The reading takes the middle of the label scale as the circle's
-- centre. It says in which direction a prediction points, and is no recognised emotion: anger and fear point alike.
local options = require "tenor.options"

local affects = {
  [0] = "pleasure", "excitement", "arousal", "distress", "displeasure", "depression", "sleepiness", "relaxation",
}

local NEUTRAL <const> = 0.1 -- of the way from the centre to the end of the scale

local Reading = { __name = "tenor.model.Reading" }

function Reading:__tostring()
  if self.affect == "none" then return ("neutral: %.0f %% of the way from the middle"):format(100 * self.distance) end
  return ("%s, nearest to %s (%.0f degrees, %.0f %% of the way from the middle); a rough reading by Russell 1980"):format(
    self.quadrant, self.affect, self.angle, 100 * self.distance)
end

--- A rough reading of a point of valence and arousal: its quadrant, and which of Russell's eight affects lies nearest.
-- No emotion is recognised: anger and fear point alike.
-- @function model.reading
-- @number valence
-- @number arousal
-- @tparam[opt] table given `scale` ({ -1, 1 }), the range of both
-- @treturn table `quadrant` ("pleasant and active", "unpleasant and active", "unpleasant and calm", "pleasant and
-- calm", or "neutral" within a tenth of the way from the middle), `affect` (one of Russell's eight, or "none"), `angle`
-- (degrees from pleasure, counted towards arousal), `distance` (from the middle, 1 at the end of the scale)
-- @see Russell 1980
return function(valence, arousal, given)
  local call = "model.reading"
  local o = options.fill(call, given, { scale = { -1, 1 } })
  local function check(name, value)
    if type(value) ~= "number" or value ~= value then
      error(("%s: %s must be a number, got %s"):format(call, name, tostring(value)), 3)
    end
  end
  check("valence", valence)
  check("arousal", arousal)
  require "tenor.data"._check_scale(call, o.scale)
  local low, high = o.scale[1], o.scale[2]
  local v, a = (2 * valence - low - high) / (high - low), (2 * arousal - low - high) / (high - low)
  local distance, angle = math.sqrt(v * v + a * a), math.deg(math.atan(a, v)) % 360
  local quadrant, affect = "neutral", "none"
  if distance >= NEUTRAL then
    quadrant = ("%s and %s"):format(v >= 0 and "pleasant" or "unpleasant", a >= 0 and "active" or "calm")
    affect = affects[math.floor(angle / 45 + 0.5) % 8]
  end
  return setmetatable({ quadrant = quadrant, affect = affect, angle = angle, distance = distance }, Reading)
end
