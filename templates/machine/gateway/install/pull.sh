# shellcheck shell=bash
# What registries and their clients say when a pull fails, and an end to a pull that waits for ever.
# shellcheck disable=SC2154,SC2034
stop_for_pull() { # file with the words, reason when none is known: what registries and their clients say, then what all programs do
    local words reason=$2
    words=$(tail -n 60 "$1")
    case $words in
        *'manifest unknown'* | *'not found'*'manifest'* | *'manifest for '*'not found'* | *'resolve reference'*'not found'* | \
            *'name unknown'* | *'repository does not exist'*) stop image-missing ;;
        *'verification failed for digest'*) stop checksum ;;
        *'no basic auth credentials'* | *'authentication required'*) stop http-401 ;;
        *': denied'*) stop http-403 ;;
        *toomanyrequests*) stop http-429 ;;
        *'HTTP response to HTTPS'*) stop tls ;;
        *'TLS handshake timeout'* | *'eadline exceeded'* | *'request canceled'*) reason=network ;;
    esac
    stop_for_words "$1" "$reason"
}
fed() { # paths, seconds, log, command: ended when nothing has come to that path for so long
    local path=$1 limit=$2 log=$3 job nap had='' has
    shift 3
    "$@" >"$log" 2>&1 </dev/null &
    job=$!
    while kill -0 "$job" 2>/dev/null; do
        sleep "$limit" &
        nap=$!
        wait -n "$job" "$nap" || :
        kill "$nap" 2>/dev/null && continue
        # shellcheck disable=SC2086
        has=$(du -sk $path 2>/dev/null) || :
        if [[ $has == "$had" ]]; then
            kill "$job" 2>/dev/null || :
            stop network "nothing has come for $((limit / 60)) minutes"
        fi
        had=$has
    done
    wait "$job"
}
