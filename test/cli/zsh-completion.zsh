# What zsh offers for a command line: zsh -f zsh-completion.zsh <folder with _genie-optimizer> <command line>…
# Types each line into a shell of its own, asks for completions, and prints each candidate that is added;
# a line '=' ends those of one command line.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1= PS2= ; fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D"
# Candidates are written down where they are handed to the editor.
zpty -w shell 'compadd() {
  local -a offered; builtin compadd -O offered "$@"
  for candidate in $offered; do print -rn -- "<candidate>$candidate</candidate>"; done
  builtin compadd "$@"
}'
zpty -w shell 'zle -C list-them complete-word _main_complete; bindkey "^T" list-them'
zpty -w shell 'finish() { print -r -- "<finished>" }; zle -N finish; bindkey "^G" finish; bindkey "^U" kill-buffer; print "<be""gin>"'
output=""
while [[ $output != *"<begin>"* ]]; do zpty -r shell line || exit 1; output+=$line; done
for typed in "${@:2}"; do
  zpty -wn shell "$typed"$'\C-T\C-G'
  output=""
  while [[ $output != *"<finished>"* ]]; do zpty -r shell line "*<finished>*" || exit 1; output+=$line; done
  for candidate in ${(ps:<candidate>:)output}; do
    [[ $candidate == *"</candidate>"* ]] && print -r -- ${candidate%%</candidate>*}
  done
  print "="
  zpty -wn shell $'\C-U'
done
zpty -d shell
exit 0
