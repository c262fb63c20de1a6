# fish completion for baker: asks the program itself, so it never falls behind.
function __baker_complete
    set -l line (string replace -r '^\S+\s?' '' -- (commandline -cp))
    baker "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end
complete -c baker -a '(__baker_complete)'
