--- tenor completion: what a shell reads to complete the command line.
return {
  summary = "Print the completion script of a shell",
  about = "bash: tenor completion bash > ~/.local/share/bash-completion/completions/tenor; "
    .. "zsh: tenor completion zsh > a folder of $fpath/_tenor; "
    .. "fish: tenor completion fish > ~/.config/fish/completions/tenor.fish",
  plain = true,
  arguments = { { name = "shell", text = "bash, zsh or fish", choices = { "bash", "zsh", "fish" } } },
  run = function(args, ctx)
    ctx.print(ctx.parser["get_" .. args.shell .. "_complete"](ctx.parser))
    return ctx.status.done
  end,
}
