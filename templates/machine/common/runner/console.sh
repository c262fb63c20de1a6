# shellcheck shell=bash
# What the runner says: one line per change on the console, in the journal and in status.json. `run` reads this file.
# The variables are those of `run`.
# shellcheck disable=SC2154,SC2034
notes() { # what steps have found that holds up nobody
    local all
    all=$(cat "$run"/notes/* 2>/dev/null) || :
    printf '%s' "${all//$'\n'/, }"
}
emit() { # state step; the rest comes from the variables above
    local at line note
    state=$1 shown=$2
    TZ=UTC printf -v at '%(%FT%TZ)T' -1
    line="{\"role\":\"$role\",\"step\":\"$2\",\"state\":\"$1\""
    [[ -z $reason ]] || line+=",\"reason\":\"$reason\""
    [[ -z $done ]] || line+=",\"done\":\"${done//[^A-Za-z0-9 .:,%\/_-]/}\""
    note=$(notes)
    [[ -z $note ]] || line+=",\"note\":\"${note//[^A-Za-z0-9 .:,%\/_-]/}\""
    line+=",\"try\":$try,\"boot\":\"$boot\",\"digest\":\"$digest\",\"at\":\"$at\"}"
    { printf '%s\n' "$line" >"$run/status.new" && mv "$run/status.new" "$run/status.json"; } || :
    # A here-string reaches cat whole, so this is one write: other writers cannot fall into the line.
    cat 2>/dev/null <<<$'\n'"BAKER $line" >/dev/console || :
    printf '%s\n' "$line"
    clock
    last=$now
}

# shellcheck disable=SC2086
tick() { # step: once a second, whatever goes on. What a step has said of itself goes for as long as it runs
    local s='' r='' d='' path used size
    clock
    if [[ -n $pid && -e $run/now ]]; then { read -r s; read -r r; read -r d; } <"$run/now" || :; fi
    # Progress by size: what is allocated of what a step has announced; without that, of what the files will be (one that grows has both the same).
    if [[ -n $pid && -z $d && -e $run/size ]] && ((now - last >= 10)); then
        { read -r path; read -r size; } <"$run/size" || :
        # What is not there yet, or gone while it is counted, is no reason to end. Several paths stand side by side.
        used=$(du -skc -- $path* 2>/dev/null | tail -n 1 | cut -f 1) || :
        [[ -n $size ]] || size=$(du -skc --apparent-size -- $path* 2>/dev/null | tail -n 1 | cut -f 1) || :
        ((size > used + used / 100)) && d=$((used * 100 / size))% || d="$((used / 1024)) MB"
    elif [[ -z $d ]]; then d=$done; fi
    if [[ -n $s && "$s $r" != "$state $reason" ]] || { [[ $d != "$done" ]] && ((now - last >= 10)); }; then
        reason=$r done=$d
        emit "${s:-$state}" "$1"
    elif ((now - last >= 300)); then emit "${state:-running}" "${shown:-$1}"; fi
}
