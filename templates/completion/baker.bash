# bash completion for baker: asks the program itself, so it never falls behind.
_baker() {
  local line=${COMP_LINE#"${COMP_WORDS[0]}"}
  local skip=$((${#COMP_LINE} - ${#line} + 1))
  mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$((COMP_POINT - skip))]" "${line# }" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _baker baker
