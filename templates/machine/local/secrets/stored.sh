# shellcheck shell=bash
# Secrets on a desk: on a disk of their own.
# shellcheck disable=SC2154
on_disk() { # local_file:NAME: where it is, on the disk that is mounted where only root looks
    local at=$run/private/disk
    (umask 077 && mkdir -p "$at")
    mountpoint -q "$at" || mount -o ro,nosuid,nodev,noexec LABEL=baker-secrets "$at" 2>/dev/null || stop secret-missing "no disk baker-secrets"
    there "$at/${1#*:}"
}
stored() { # prints the value
    local at
    at=$(on_disk "$1") && cat "$at"
}
stored_version() {
    local at
    at=$(on_disk "$1") && hash_of "$at"
}
