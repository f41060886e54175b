--- tenor repl: the interactive interpreter.
local options = require "tenor.cli.options"

return {
  summary = "Work with tenor interactively",
  about = "Lua with tenor at hand: editing, history (in $XDG_STATE_HOME/tenor/history) and completion of names by Tab. "
    .. "A line's value is shown; _ is the last one; help(f) shows the reference; Ctrl-C stops a computation. "
    .. "Where input is no terminal its lines are run and the status is 1 if one failed.",
  plain = true,
  options = function()
    return { options.new("traceback", "show where errors arise", { kind = "boolean" }) }
  end,
  run = function(args, ctx)
    local failures, why = require "tenor.repl".run { traceback = args.traceback or false }
    if not failures then return nil, why end
    local terminal = require "tenor.core".terminal
    return (terminal.isatty(io.stdin) or failures == 0) and ctx.status.done or ctx.status.failed
  end,
}
