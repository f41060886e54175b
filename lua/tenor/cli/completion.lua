--- tenor completion: what a shell reads to complete the command line. The scripts ask `tenor __complete` (cli/complete).
local scripts = {}

scripts.bash = [==[
# completion of tenor for bash
_tenor() {
  local line names file
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :*) names=$line ;;
      *) COMPREPLY+=("${line%%$'\t'*}") ;;
    esac
  done < <("${COMP_WORDS[0]/#\~/$HOME}" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  case $names in
    :files*) # bash's own way with files, unless there is something beside them
      if [ ${#COMPREPLY[@]} -gt 0 ]; then
        while IFS= read -r file; do
          if [ -d "$file" ]; then file+=/; fi
          COMPREPLY+=("$(printf %q "$file")")
        done < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
      fi ;;
    :folders*) compopt +o default -o dirnames ;;
    *) compopt +o default ;;
  esac
  case ${#COMPREPLY[@]}${COMPREPLY[0]} in
    1*[:/]) compopt -o nospace ;;
  esac
}
complete -o default -F _tenor tenor]==]

scripts.zsh = [==[
#compdef tenor
# completion of tenor for zsh
_tenor() {
  local line names
  local -a found open
  while IFS= read -r line; do
    case $line in
      (:*) names=$line ;;
      (*:$'\t'*) open+=("${line%%$'\t'*}") ;;
      (*$'\t') found+=("${${line%$'\t'}//:/\\:}") ;;
      (*) found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
    esac
  done < <(${~words[1]} __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)
  local answer=1
  (( $#found )) && _describe tenor found && answer=0
  (( $#open )) && compadd -S '' -a open && answer=0
  case $names in
    (:files*|:folders*)
      local skip=${names#* }
      [[ -n $skip ]] && compset -P ${(b)skip}
      if [[ $names = :folders* ]]; then _files -/ && answer=0; else _files && answer=0; fi ;;
  esac
  return answer
}
if [[ $funcstack[1] = _tenor ]]; then _tenor "$@"; else compdef _tenor tenor; fi]==]

scripts.fish = [==[
# completion of tenor for fish
function __tenor_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l at $words[-1]
    for line in ($words[1] __complete $words[2..-1] 2>/dev/null)
        switch $line
            case ':files*' ':folders*'
                set -l skip (string replace -r '^\S+ ?' '' -- $line)
                set -l rest (string unescape -- (string sub -s (math (string length -- "$skip") + 1) -- "$at"))
                if string match -q ':folders*' -- $line
                    printf "$skip%s\n" (__fish_complete_directories (string escape -- "$rest") '')
                else
                    printf "$skip%s\n" (__fish_complete_path "$rest")
                end
            case ':*'
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c tenor -f -a '(__tenor_complete)']==]

return {
  summary = "Print the completion script of a shell",
  about = "bash: tenor completion bash > ~/.local/share/bash-completion/completions/tenor; "
    .. "zsh: tenor completion zsh > a folder of $fpath/_tenor; "
    .. "fish: tenor completion fish > ~/.config/fish/completions/tenor.fish",
  plain = true,
  arguments = { { name = "shell", text = "bash, zsh or fish", choices = { "bash", "zsh", "fish" } } },
  run = function(args, ctx)
    ctx.print(scripts[args.shell])
    return ctx.status.done
  end,
}
