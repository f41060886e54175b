--- What the demonstration voices say: a small phrase grammar.
-- A template is a sentence with slots; a slot, `{name}`, is filled by one of
-- its phrases, which may have slots themselves. Templates are grouped by the
-- valence that their words carry, 1 (bad) to 5 (good). Topics (people, places,
-- things) are shared by all groups, so that no word of theirs tells the
-- valence. A lead and a tail may say how awake the speaker is.
local sentences = {}

local slots = {
  person = { "my brother", "my sister", "your mother", "my father", "her husband", "his wife", "my boss", "the doctor",
    "the neighbour", "our landlord", "my old teacher", "Martha", "Daniel", "Julia", "Peter", "the new girl at work",
    "my cousin", "the whole family", "your uncle", "grandma", "Thomas", "the driver", "the nurse", "Susan",
    "my best friend", "the manager", "Oliver" },
  place = { "the station", "the hospital", "the office", "the airport", "school", "the bank", "the restaurant",
    "the harbour", "the market", "the library", "the hotel", "the lake", "the old house", "the theatre",
    "the bakery", "the beach", "the village", "the museum", "the stadium" },
  thing = { "the car", "the letter", "the kitchen", "the phone", "the contract", "the garden", "the report",
    "the bicycle",
    "the computer", "the ticket", "the suitcase", "the roof", "the piano", "the camera", "the money", "the keys",
    "the dress", "the painting", "the window", "the coat", "the cake", "the story" },
  day = { "today", "yesterday", "on Monday", "on Friday", "last night", "this morning", "last week", "on Sunday",
    "before lunch", "at midnight", "in the evening", "two days ago" },
  later = { "tomorrow", "next week", "on Saturday", "in June", "after work", "this summer", "at six", "in an hour" },
  event = { "the wedding", "the meeting", "the interview", "the party", "the exam", "the trip", "the concert",
    "the dinner", "the funeral", "the move", "the match", "the birthday", "the holidays", "the flight" },
  number = { "two", "three", "four", "six", "ten", "twelve", "twenty" },
  object = { "bread", "coffee", "tea", "milk", "a newspaper", "stamps", "soup", "apples", "a blanket", "an umbrella" },
  city = { "Lisbon", "Boston", "Glasgow", "Chicago", "Dublin", "Toronto", "Leeds", "Vienna" },

  horrid = { "terrible", "awful", "horrible", "dreadful", "unbearable", "disgusting", "cruel", "a nightmare" },
  ruined = { "destroyed", "ruined", "wrecked", "stolen", "lost for ever", "burnt" },
  despair = { "I can not stop crying", "I hate this", "I have lost everything", "nobody cares", "I feel sick",
    "it breaks my heart", "I feel so alone", "I am so ashamed", "I will never forgive that" },
  wrong = { "lied to me", "betrayed us", "hit me", "cheated", "died", "left me alone", "was killed",
    "insulted my child" },

  sad = { "disappointed", "worried", "tired of it", "annoyed", "lonely", "upset", "not well", "afraid", "sorry" },
  poor = { "late again", "too expensive", "broken", "a waste of time", "rather dull", "cold and wet", "not fair",
    "a problem", "full of mistakes", "dirty" },
  mishap = { "missed the bus", "lost the keys", "forgot to call", "failed the test", "broke a window", "caught a cold",
    "argued again", "got a fine", "waited in the rain", "had to cancel" },
  cheer = { "nice", "pleasant", "quite good", "much better", "fine", "comfortable", "friendly", "easy enough",
    "funny" },
  luck = { "found the keys", "got a seat", "passed the test", "fixed it", "felt better", "slept well",
    "called to thank us",
    "made us laugh", "cooked for everyone", "finished early" },
  glad = { "glad", "pleased", "relieved", "hopeful", "grateful", "content", "looking forward to it" },

  superb = { "wonderful", "fantastic", "beautiful", "perfect", "amazing", "marvellous", "brilliant", "delightful" },
  joy = { "I am so happy", "I love it", "I could sing", "we won", "what a gift", "I have never laughed so much",
    "this is the best day of my life", "dreams do come true", "I adore you" },
  triumph = { "got the job", "won the prize", "had a healthy baby", "is getting married", "came home safe",
    "said yes", "was cured", "passed with honours" },
}

local templates = {
  { -- 1: grief, rage, disgust
    "it was {horrid}, {despair}", "{person} {wrong} {day}", "{person} {wrong}, and {despair}",
    "{thing} was {ruined} and {despair}", "how could {person} be so {horrid} to me", "{despair}",
    "{event} was {horrid}, simply {horrid}", "everything at {place} is {horrid}",
    "{person} {wrong} and nobody said a word",
    "I despise {person}, and {despair}", "they told me at {place} that {person} {wrong}",
    "after {event} all of it was {ruined}", "{despair}, do not talk to me about {person}",
  },
  { -- 2: complaint, worry
    "{thing} is {poor}", "I am {sad} about {event}", "{person} {mishap} {day}", "we {mishap} near {place}",
    "I am {sad} because {person} {mishap}", "{event} was {poor}, I am afraid", "why is {thing} always {poor}",
    "{person} seems {sad} since {event}", "no, {place} is {poor} and I am {sad}", "I {mishap} {day}, so I am {sad}",
    "I do not like {place}, it is {poor}", "they say {thing} is {poor}, what a pity",
    "{person} is {sad} and {thing} is {poor}",
  },
  { -- 3: plain matters
    "{person} is at {place}", "we meet at {place} {later}", "{thing} is in {place}", "did you see {person} {day}",
    "could you buy {object} {later}", "{event} starts {later}", "I need {object} and {object}",
    "the train to {city} leaves {later}", "{person} asked about {thing} {day}", "there are {number} people at {place}",
    "what time is {event}", "I put {thing} next to {thing}", "{person} lives in {city} now",
    "we talked about {event} {day}", "excuse me, is this the way to {place}", "it takes {number} hours to {city}",
    "okay, I will ask {person} {later}", "hello, this is {person}",
  },
  { -- 4: mild pleasure
    "{thing} is {cheer}", "I am {glad} about {event}", "{person} {luck} {day}", "we {luck} near {place}",
    "I am {glad} because {person} {luck}", "{event} was {cheer}, I think", "{place} is {cheer} and I am {glad}",
    "{person} seems {glad} since {event}", "yes, {place} was {cheer}", "I {luck} {day}, so I am {glad}",
    "I like {place}, it is {cheer}", "thank you, {thing} looks {cheer}", "good morning, you look {cheer} {day}",
  },
  { -- 5: joy, love, triumph
    "it was {superb}, {joy}", "{person} {triumph} {day}", "{person} {triumph}, and {joy}",
    "{thing} is {superb} and {joy}", "how {superb} of {person} to come", "{joy}",
    "{event} was {superb}, simply {superb}", "everything at {place} is {superb}",
    "{person} {triumph} and everybody cheered",
    "I love {person}, and {joy}", "they told me at {place} that {person} {triumph}",
    "after {event} all of it was {superb}", "{joy}, let us celebrate with {person}",
  },
}

-- by arousal: what a drowsy, an even and an excited speaker adds
local leads = {
  { "well,", "I suppose", "hmm,", "I guess", "you know,", "never mind," },
  { "so,", "look,", "and then", "I think", "as I said,", "listen," },
  { "oh,", "stop,", "quick,", "believe me,", "come on,", "my god," },
}
local tails = {
  { "or so", "I think", "anyway", "in the end" },
  { "you see", "as usual", "really", "of course" },
  { "right now", "I tell you", "do you hear", "at once" },
}

local questions = { "how could", "why is", "did you", "could you", "what time", "excuse me, is" }

local function pick(list, random) return list[random(#list)] end

local function expand(template, random)
  local text = template:gsub("{(%w+)}", function(name) return expand(pick(slots[name], random), random) end)
  return text
end

--- One sentence.
-- @param valence group, 1 to 5
-- @param arousal group, 1 to 3
-- @param random like math.random: random(n) is an integer 1 … n, random() a number in [0, 1)
function sentences.draw(valence, arousal, random)
  local text = expand(pick(templates[valence], random), random)
  local question = false
  for _, opening in ipairs(questions) do question = question or text:find("^" .. opening) ~= nil end
  -- "I think did you see" is no English: a question takes no clause before it
  local lead = pick(leads[arousal], random)
  if random() < 0.35 and (lead:sub(-1) == "," or not question) then text = lead .. " " .. text end
  if random() < 0.2 and not question then text = text .. ", " .. pick(tails[arousal], random) end
  return text:sub(1, 1):upper() .. text:sub(2) .. (question and "?" or arousal == 3 and "!" or ".")
end

return sentences
