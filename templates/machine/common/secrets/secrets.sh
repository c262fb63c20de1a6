# shellcheck shell=bash
# shellcheck disable=SC2154
# Secrets, by reference. Only machines with a script that reads this file have it.
# A value is only ever in a variable or a pipe: never in an argument, the log or the environment of a program that does
# not need it. curl reads what is confidential from its standard input (-K -).
field() { printf '%s' "$1" | json "${@:2}"; } # not a here-string: a long one would lie in /tmp
ask() { # what it is about; curl's other arguments. Prints the answer; standard input: curl's confidential settings
    local about=$1 answer code
    shift
    answer=$(curl -qsS -K - --connect-timeout 10 -m 30 -w "\n$statuses" "$@") || stop_for_curl $? "${answer##*$'\n'}" "$about"
    code=${answer##*$'\n'} answer=${answer%$'\n'*}
    if [[ $code == ???200 ]]; then
        printf '%s' "$answer"
        return
    fi
    case $answer in
        *ParameterNotFound* | *ParameterVersionNotFound* | *'"NOT_FOUND"'*) stop secret-missing "$about" ;;
        *AccessDenied* | *PERMISSION_DENIED*) stop secret-denied "$about" ;;
        *Throttling* | *RESOURCE_EXHAUSTED*) stop http-429 "$about" ;;
        *ExpiredToken* | *SignatureDoesNotMatch* | *InvalidSignature*) stop metadata "$about: the role's credentials or the clock" ;;
    esac
    stop_for_http "${code: -3}" "$about"
}
there() { # path: printed when there is something in it
    [[ -s $1 ]] || stop secret-missing "$1"
    printf '%s' "$1"
}
# shellcheck disable=SC1091,SC2154
. "$lib/stored.sh"

secret() { # kind:location: prints the value
    local at
    case $1 in
        vm_file:*) at=$(there "${1#*:}") && cat "$at" ;;
        *) stored "$1" ;;
    esac
}
secret_version() { # changes when the value does
    local at
    case $1 in
        vm_file:*) at=$(there "${1#*:}") && hash_of "$at" ;;
        *) stored_version "$1" ;;
    esac
}
bare() { # standard input: without what people store around it: a byte order mark, blanks, ends of lines
    local text
    text=$(cat)
    text=${text#$'\ufeff'}
    text=${text#"${text%%[![:space:]]*}"}
    printf '%s' "${text%"${text##*[![:space:]]}"}"
}
