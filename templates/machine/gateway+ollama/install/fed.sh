# shellcheck shell=bash
# For the two roles that fetch by programs which wait for ever.
# shellcheck disable=SC2154
fed() { # path, seconds, log, command: ended when nothing has come to that path for so long
    local path=$1 limit=$2 log=$3 job nap had='' has
    shift 3
    "$@" >"$log" 2>&1 </dev/null &
    job=$!
    while kill -0 "$job" 2>/dev/null; do
        sleep "$limit" &
        nap=$!
        wait -n "$job" "$nap" || :
        kill "$nap" 2>/dev/null && continue
        has=$(du -sk "$path" 2>/dev/null) || :
        if [[ $has == "$had" ]]; then
            kill "$job" 2>/dev/null || :
            stop network "nothing has come for $((limit / 60)) minutes"
        fi
        had=$has
    done
    wait "$job"
}
