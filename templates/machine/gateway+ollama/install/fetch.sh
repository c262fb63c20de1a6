# shellcheck shell=bash
# For the two roles that fetch more than packages: what they ask for, how far they are, and an end to programs that wait for ever.
# shellcheck disable=SC2154,SC2034
progress_of() { # paths whose growth is shown, the last as a prefix
    printf '%s' "$1" >"$run/size"
}
offered() { # package
    [[ $(apt-cache policy "$1" 2>/dev/null) == *Candidate:\ [0-9]* ]]
}
download() { # url path [sha256]: continued where it broke off, checked, and only then under its name
    local part=$2.part code rc whole=1
    [[ -z ${3:-} || ! -e $2 || $(hash_of "$2") != "$3" ]] || return 0
    mkdir -p "${2%/*}"
    progress_of "$part"
    # Without a checksum nothing proves that the rest belongs to the beginning.
    [[ -n ${3:-} ]] || rm -f "$part"
    while :; do
        rc=0
        if [[ -s $part ]]; then whole=''; else whole=1; fi
        code=$(curl -qsSfL --connect-timeout 20 --speed-limit 2000 --speed-time 30 -C - -o "$part" -w '%{http_code}' "$1") || rc=$?
        # 33, 36, 416: the server cannot continue, or there is nothing left to continue.
        if ((rc == 0)) || [[ $code == 416 && -n ${3:-} ]]; then
            if [[ -z ${3:-} || $(hash_of "$part") == "$3" ]]; then break; fi
            rm -f "$part"
            [[ -z $whole ]] || stop checksum "$1"
        elif ((rc == 33 || rc == 36)); then rm -f "$part"
        else stop_for_curl "$rc" "$code" "$1"; fi
    done
    sync "$part"
    mv -fT "$part" "$2"
    sync "${2%/*}"
    rm -f "$run/size"
}
stop_for_pull() { # file with the words, reason when none is known: what registries and their clients say, then what all programs do
    local words reason=$2
    words=$(tail -n 60 "$1")
    case $words in
        *'manifest unknown'* | *'not found'*'manifest'* | *'manifest for '*'not found'* | *'resolve reference'*'not found'* | \
            *'name unknown'* | *'repository does not exist'*) stop image-missing ;;
        *'verification failed for digest'*) stop checksum ;;
        *'no basic auth credentials'* | *'authentication required'*) stop http-401 ;;
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
