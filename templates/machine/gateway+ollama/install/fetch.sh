# shellcheck shell=bash
# For the two roles that fetch more than packages: what they ask for, and how far they are.
# shellcheck disable=SC2154,SC2034
progress_of() { # paths whose growth is shown, the last as a prefix; how many KB it will be, where that is known
    printf '%s\n' "$1" "${2:-}" >"$run/size"
}
offered() { # package
    [[ $(apt-cache policy "$1" 2>/dev/null) == *Candidate:\ [0-9]* ]]
}
onward() { # url: protocols that its redirects may lead to. Content that no sum proves comes by TLS to the end
    if [[ ${1,,} == https:* ]]; then printf '=https'; else printf '=http,https'; fi
}
download() { # url path [sha256 [curl's other arguments]]: continued where it broke off, checked, and only then under its name
    local part=$2.part code rc whole=1 shows='' next='=http,https'
    [[ -z ${3:-} || ! -e $2 || $(hash_of "$2") != "$3" ]] || return 0
    mkdir -p "${2%/*}"
    # Unless it is a part of something whose growth is shown already.
    if [[ ! -e $run/size ]]; then shows=1 && progress_of "$part"; fi
    # Without a checksum nothing proves that the rest belongs to the beginning.
    [[ -n ${3:-} ]] || { rm -f "$part" && next=$(onward "$1"); }
    while :; do
        rc=0
        if [[ -s $part ]]; then whole=''; else whole=1; fi
        code=$(curl -qsSfL --connect-timeout 20 --speed-limit 2000 --speed-time 30 --proto-redir "$next" -C - -o "$part" -w "$statuses" "${@:4}" "$1") || rc=$?
        # 33, 36, 416: the server cannot continue, or there is nothing left to continue.
        if ((rc == 0)) || [[ $code == ???416 && -n ${3:-} ]]; then
            if [[ -z ${3:-} || $(hash_of "$part") == "$3" ]]; then break; fi
            rm -f "$part"
            [[ -z $whole ]] || stop checksum "$1"
        elif ((rc == 33 || rc == 36)); then rm -f "$part"
        else stop_for_curl "$rc" "$code" "$1"; fi
    done
    sync "$part"
    mv -fT "$part" "$2"
    sync "${2%/*}"
    [[ -z $shows ]] || rm -f "$run/size"
}
