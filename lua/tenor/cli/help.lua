--- tenor help: the reference of a name, or the help of a command.
return {
  summary = "Show the reference of a function, or the help of a command",
  plain = true,
  arguments = { { name = "name", text = "such as nn.LSTM, fit, Tensor:mean or train; nothing lists what there is", args = "?" } },
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
