--- Writes notes or progress to a stream, at once. What cannot be written there, as on a closed or full standard error, costs
-- nobody the result that it is told of.
return function(stream, ...)
  if stream:write(...) then stream:flush() end
end
