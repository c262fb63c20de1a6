# shellcheck shell=bash
# How the runner knows that a `once` step is done: a digest of all that its result depends on. `run` reads this file.
# The variables are those of `run`.
# shellcheck disable=SC2154
wanted() { # step: digest of what its result depends on
    local i
    {
        declare -f "$1"
        for i in ${inputs[$1]}; do
            case $i in @*) cat "$lib/${i#@}" ;; *) printf '%s=%s\0' "$i" "${!i-}" ;; esac
        done
        [[ ${part[$1]} == install ]] || cat /var/lib/cloud/data/instance-id 2>/dev/null || :
    } | sha256sum
}

versions() { # step: of the secrets it depends on; asked for at the start and once a day
    local i
    for i in ${inputs[$1]}; do
        if [[ $i == secret_* && -n ${!i-} ]]; then secret_version "${!i}" || return; fi
    done 2>/dev/null
}

stamp() { # step digest versions
    printf '%s\n' "$2" "$3" >"$stamps/.new"
    # With all that the step has left to be written, on whichever disk.
    sync
    mv "$stamps/.new" "$stamps/$1"
    sync "$stamps"
}
