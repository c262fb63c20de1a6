# shellcheck shell=bash
# GitLab's package, not configured: nothing here belongs to one machine, so it may go into an image.
# shellcheck disable=SC2154,SC2034
path_from() { # installed or stored version: stops when GitLab does not upgrade from there to the one that is wanted
    local from=${1%%-*} to=$gitlab_version fx fy tx ty at
    [[ -n $from ]] || return 0
    IFS=. read -r fx fy _ <<<"$from"
    IFS=. read -r tx ty _ <<<"$to"
    [[ $(printf '%s\n' "$from" "$to" | sort -V | tail -n 1) == "$to" ]] || stop upgrade-path "$from is newer than $to"
    # Minors 2, 5, 8 and 11 of a major may not be passed over.
    ((tx == fx)) || { ((tx == fx + 1 && fy == 11)) && fy=0; } || stop upgrade-path "$from to $to: first $fx.11"
    for at in 2 5 8 11; do
        if ((fy < at && at < ty)); then stop upgrade-path "$from to $to: first $tx.$at"; fi
    done
}

keys_in() { # keyring: the fingerprints of its primary keys. A subkey proves nothing: anybody can adopt somebody's key as one of their own
    local home
    home=$(mktemp -d "$run/gpg.XXXXXX")
    # A public key needs no agent, and Debian's smallest images have none.
    gpg --homedir "$home" --batch --no-autostart --with-colons --show-keys "$1" 2>/dev/null | sed -n '/^pub:/,/^fpr:/s/^fpr:*\([0-9A-F]*\):.*/\1/p'
    rm -rf "$home"
}

step once repository 600 "gitlab_packages gitlab_packages_key gitlab_packages_suite gitlab_packages_fingerprint"
repository() {
    local key=/usr/share/keyrings/baker-gitlab.gpg home code changed=
    home=$(mktemp -d "$run/gpg.XXXXXX")
    code=$(curl -qsSL --connect-timeout 20 -m 60 -o "$home/key" -w "$statuses" "$gitlab_packages_key") || stop_for_curl $? "$code" "$gitlab_packages_key"
    [[ $code == ???200 ]] || stop_for_http "${code: -3}" "$gitlab_packages_key"
    # Only the key that was asked for goes on, whatever else the file carries.
    export GNUPGHOME=$home
    gpg -q --batch --no-autostart --import "$home/key" || stop signature "no key at $gitlab_packages_key"
    gpg -q --batch --no-autostart --export "$gitlab_packages_fingerprint" >"$home/found"
    # Exactly the bytes that apt will trust are looked at.
    [[ $(keys_in "$home/found") == "$gitlab_packages_fingerprint" ]] || stop signature "the key is not $gitlab_packages_fingerprint"
    put "$key" 644 <"$home/found"
    rm -rf "$home"
    put /etc/apt/sources.list.d/gitlab.list 644 <<<"deb [signed-by=$key] $gitlab_packages $gitlab_packages_suite main"
    rm -f "$run/apt-lists"
}
check_repository() { [[ -s /etc/apt/sources.list.d/gitlab.list && $(keys_in /usr/share/keyrings/baker-gitlab.gpg) == "$gitlab_packages_fingerprint" ]]; }

installed() { dpkg-query -W -f '${db:Status-Abbrev}${Version}' gitlab-ee 2>/dev/null || :; }
backups=/var/opt/gitlab/backups
backup_with() { # command: where there is room for what it makes; then the two newest are left
    # The volume may have been enlarged for this. What is made is smaller than the database.
    resize2fs "$(findmnt -nro SOURCE /srv/baker)" >/dev/null 2>&1 || :
    (($(du -skc /etc/gitlab /var/opt/gitlab/postgresql 2>/dev/null | tail -n 1 | cut -f 1) < $(df -k --output=avail /var/opt/gitlab | tail -n 1))) || stop disk-full "backup"
    "$@" >"$run/backup.log" 2>&1 </dev/null || { tail -n 20 "$run/backup.log"; stop backup "$1"; }
    find $backups -name 'before-*' | sort -V | head -n -2 | xargs -r rm -f
}

step once backup 7200 "gitlab_version"
backup() { # before another version comes: its package makes none where it is not to configure anything
    local have
    have=$(installed)
    if [[ $have == ?i* ]]; then path_from "${have:3}"; fi
    # Where GitLab has never run there is nothing yet. The file is GitLab's own word for: I have one.
    [[ $have != ?i\ "$gitlab_version-ee.0" && -d /opt/gitlab/service/puma && ! -e /etc/gitlab/skip-auto-backup ]] || return 0
    mountpoint -q /var/opt/gitlab || stop data-volume
    gitlab-ctl start puma >/dev/null || stop gitlab
    # What the last upgrade left to do in the background has to be done: finished or finalized.
    [[ $(gitlab-psql -Atc 'SELECT count(*) FROM batched_background_migrations WHERE status NOT IN (3, 6)') == 0 ]] || stop migrations
    # The database alone: an upgrade changes nothing else. And what makes it readable.
    backup_with gitlab-backup create "BACKUP=before-$gitlab_version" \
        SKIP=repositories,uploads,builds,artifacts,lfs,terraform_state,ci_secure_files,registry,pages,packages,external_diffs
    backup_with gitlab-ctl backup-etc
}

step once gitlab-package 3600 "gitlab_version"
gitlab-package() {
    local have
    have=$(installed)
    if [[ $have == ?i* ]]; then path_from "${have:3}"; fi
    # Neither a first installation nor an upgrade configures anything: that is done later, with retries.
    mkdir -p /etc/gitlab
    : >/etc/gitlab/skip-auto-reconfigure
    export EXTERNAL_URL=http://gitlab.example.com
    packages openssh-server libatomic1 tzdata perl bind9-dnsutils "gitlab-ee=$gitlab_version-ee.0"
    apt-mark hold gitlab-ee >/dev/null
}
check_gitlab-package() { [[ $(installed) == ?i\ "$gitlab_version-ee.0" ]]; }
