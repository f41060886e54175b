--- busted helper of `make stress`: the collector works as hard as it can.
-- A pause of 0 starts a cycle as soon as the last has ended. An object that a
-- binding has not anchored dies within a few allocations of its making.
collectgarbage("generational")
collectgarbage("setpause", 0)
