#compdef baker
# zsh completion for baker: asks the program itself, so it never falls behind.
_baker() {
  local line="${words[2,-1]}"
  local -a found
  found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
  compadd -a found
  _files
}
compdef _baker baker
