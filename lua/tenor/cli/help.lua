--- tenor help: the reference of a name, or the help of a command.
-- What may be asked for: the commands and the public names.
local function names()
  local list = table.move(require "tenor.cli".commands, 1, #require "tenor.cli".commands, 1, {})
  local ids = require "tenor.help.pages"().ids
  return table.move(ids, 1, #ids, #list + 1, list)
end

return {
  summary = "Show the reference of a function, or the help of a command",
  plain = true,
  arguments = { { name = "name", text = "such as nn.LSTM, fit, Tensor:mean or train; nothing lists what there is", args = "?",
    values = names } },
  run = function(args, ctx)
    if not args.name then
      ctx.print(ctx.parser:get_help())
      ctx.print ""
      ctx.print(require "tenor".help())
      return ctx.status.done
    end
    for _, command in ipairs(ctx.commands) do
      if command.name == args.name then
        ctx.print(command.parser:get_help())
        return ctx.status.done
      end
    end
    ctx.print(require "tenor".help(args.name))
    return ctx.status.done
  end,
}
