# shellcheck shell=bash
# What steps are made of. A step ends well, or by `stop REASON`; the reasons stand at the top of `run`.
# run, role and the values come from `run`, which reads this file.
# shellcheck disable=SC2154,SC2034
: "${metadata_for:=}" "${proxy:=}" "${no_proxy:=}" "${extra_ca:=}" "${apt_mirror:=}" "${address:=}" "${network_cidrs:=}" "${tls_ca:=}"

if [[ -n $proxy ]]; then
    # The machine's own network and the metadata service are never behind a proxy.
    no_proxy="localhost,127.0.0.1,169.254.169.254,metadata.google.internal,${network_cidrs// /,}${no_proxy:+,$no_proxy}"
    export no_proxy NO_PROXY=$no_proxy http_proxy=$proxy https_proxy=$proxy HTTPS_PROXY=$proxy
else unset no_proxy; fi

say() { # state [reason] [how far]: shown on the console while the step goes on
    printf '%s\n' "$1" "${2:-}" "${3:-}" >"$run/now.new"
    mv "$run/now.new" "$run/now"
}
note() { # step [text]: stands beside what the runner says from now on, also when all is well; without a text: no more
    mkdir -p "$run/notes"
    if [[ -n ${2:-} ]]; then printf '%s\n' "$2" >"$run/notes/$1"; else rm -f "$run/notes/$1"; fi
}
stop() { # reason [text for the journal]
    printf '%s\n' "$1" >"$run/reason"
    printf '%s\n' "stopped: $1${2:+: $2}" >&2
    exit 1
}
stop_for_http() { # status of an answer
    case $1 in
        401 | 403 | 404 | 407 | 429) stop "http-$1" "${2:-}" ;;
        5?? | 408) stop http-5xx "${2:-}" ;;
        4??) stop http-4xx "${2:-}" ;;
        *) stop network "${2:-}" ;;
    esac
}
# Both statuses that curl knows, six digits: a proxy's answer to CONNECT, and the server's.
statuses='%{http_connect}%{http_code}'
stop_for_curl() { # curl's exit code, its statuses, what it was about
    # A proxy that refuses leaves curl without a status of the server, with another exit code in each version.
    [[ $2 != [45]????? ]] || stop_for_http "${2:0:3}" "$3: the proxy"
    case $1 in
        1 | 3 | 47) stop http-4xx "curl $1: $3 redirects in a circle, or away from TLS" ;;
        5 | 6) stop dns "$3" ;;
        22) stop_for_http "${2: -3}" "$3" ;;
        23) stop disk-full "$3" ;;
        51 | 58 | 60 | 77 | 83) stop tls "$3" ;;
        *) stop network "curl $1: $3" ;;
    esac
}
metadata() { curl -qsSf --noproxy '*' --connect-timeout 5 -m 10 --retry 2 "$@"; }
put() { # path mode: standard input becomes that file, whole or not at all; sets changed when it differs
    local new=$1.baker-new
    mkdir -p "${1%/*}"
    (umask 077 && cat >"$new") || stop disk-full "$1"
    chmod "$2" "$new"
    if cmp -s "$new" "$1"; then
        chmod "$2" "$1"
        rm "$new"
        return
    fi
    sync "$new"
    mv -fT "$new" "$1"
    sync "${1%/*}"
    changed=1
}
json() { # prints what stands at these keys; nothing, and false, when there is nothing
    python3 -c 'import json, sys
v = json.load(sys.stdin)
for k in sys.argv[1:]: v = v[int(k) if isinstance(v, list) else k]
print(v, end="")' "$@" 2>/dev/null
}

hash_of() { sha256sum "$1" | cut -c 1-64; }
