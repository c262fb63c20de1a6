# shellcheck shell=bash
# GitLab on this machine: its disk, its name, its certificate, its first reconfigure, and whether it answers.
# shellcheck disable=SC2154
etc=/etc/gitlab store=/srv/baker

data_disk() { # prints the device; nothing while it is not attached
    local at found
    for at in /dev/disk/by-label/baker-data /dev/disk/by-id/google-data /dev/disk/by-id/virtio-data; do
        if [[ -e $at ]]; then
            readlink -f "$at"
            return
        fi
    done
    # On EC2 only this tells it: a disk with no partitions, no file system, nothing mounted.
    found=$(lsblk -dnpro NAME,TYPE,RO | while read -r at type ro; do
        [[ $type == disk && $ro == 0 && $at != /dev/zram* && $at != /dev/fd* ]] || continue
        [[ $(lsblk -nro NAME "$at" | wc -l) == 1 && -z $(lsblk -dnro MOUNTPOINT "$at") ]] || continue
        blkid -p "$at" >/dev/null 2>&1 || echo "$at"
    done)
    [[ $found != *$'\n'* ]] || stop data-volume "several empty disks: ${found//$'\n'/ }"
    printf '%s' "$found"
}

moved() { # directory on the data volume, directory it stands for
    if [[ ! -d $store/$1 ]]; then
        rm -rf "$store/$1.new"
        if [[ -d $2 ]]; then cp -a "$2" "$store/$1.new"; else mkdir "$store/$1.new"; fi
        sync -f "$store"
        mv "$store/$1.new" "$store/$1"
    fi
    mkdir -p "$2"
    # Not just any mount: what systemd bound there before the volume came would be an empty directory of the root disk.
    [[ $2 -ef $store/$1 ]] || mount --bind "$store/$1" "$2"
}

step start data-volume 0
data-volume() {
    local disk uuid keys mode was=$store/etc-gitlab/baker-version changed=
    if ! mountpoint -q "$store"; then
        until disk=$(data_disk) && [[ -n $disk ]]; do
            [[ ! -s $run/reason ]] || exit 1
            say waiting data-volume
            sleep 5
        done
        say running
        # 2: nothing is recognised on it. Whatever else is there is never written over.
        blkid -p "$disk" >/dev/null 2>&1 || { [[ $? == 2 ]] && mkfs.ext4 -q -L baker-data "$disk"; } || stop data-volume "$disk cannot be read"
        uuid=$(blkid -p -s UUID -o value "$disk")
        [[ -n $uuid ]] || stop data-volume "$disk carries something unknown"
        mkdir -p "$store"
        { sed "\\#${store}[/[:space:]]#d" /etc/fstab; printf '%s\n' "UUID=$uuid $store auto defaults,nofail,x-systemd.device-timeout=60 0 2" \
            "$store/etc-gitlab $etc none bind,nofail,x-systemd.requires-mounts-for=$store 0 0" \
            "$store/var-opt-gitlab /var/opt/gitlab none bind,nofail,x-systemd.requires-mounts-for=$store 0 0"; } | put /etc/fstab 644
        mount "$disk" "$store" || stop data-volume "$disk cannot be mounted"
    fi
    resize2fs "$(findmnt -nro SOURCE "$store")" >/dev/null 2>&1 || :
    if [[ -s $was ]]; then was=$(<"$was"); else was=$gitlab_version; fi
    path_from "$was"
    moved etc-gitlab "$etc"
    moved var-opt-gitlab /var/opt/gitlab
    if [[ $was != "$gitlab_version" && ! -d /opt/gitlab/service/postgresql ]]; then
        # Another machine's data, for the first time under a later version: nothing writes there yet.
        (umask 077 && mkdir -p "$backups" && backup_with tar -C / -czf "$backups/before-$gitlab_version.tar.gz" etc/gitlab var/opt/gitlab/postgresql)
    fi
    # Without its data GitLab must not start: it would begin anew on the root disk.
    put /etc/systemd/system/gitlab-runsvdir.service.d/baker.conf 644 <<<$'[Unit]\nRequiresMountsFor=/etc/gitlab /var/opt/gitlab'
    [[ -z $changed ]] || systemctl daemon-reload
    # People know this machine by its host keys: they live as long as the data.
    if [[ ! -d $store/ssh ]]; then
        rm -rf "$store/ssh.new"
        (umask 077 && mkdir "$store/ssh.new")
        cp -p /etc/ssh/ssh_host_* "$store/ssh.new"
        sync -f "$store"
        mv "$store/ssh.new" "$store/ssh"
    fi
    changed=
    for keys in "$store"/ssh/*; do
        mode=$(stat -c %a "$keys")
        put "/etc/ssh/${keys##*/}" "$mode" <"$keys"
    done
    [[ -z $changed ]] || systemctl try-restart ssh.service || :
}

step once swap 600
swap() { # half of the memory, where GitLab is short of it
    local kb file=/swapfile
    kb=$(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo)
    ((kb < 12000000)) || return 0
    if [[ ! -e $file ]]; then
        (umask 077 && fallocate -l "$((kb / 2048))M" "$file.new") || stop disk-full swap
        mkswap -q "$file.new"
        mv "$file.new" "$file"
    fi
    grep -q "^$file " /etc/fstab || echo "$file none swap sw 0 0" >>/etc/fstab
    put /etc/sysctl.d/60-baker.conf 644 <<<'vm.swappiness = 10'
    sysctl -q -p /etc/sysctl.d/60-baker.conf || :
    swapon "$file" 2>/dev/null || grep -q "^$file " /proc/swaps
}

dns_answers() { # name: the A and AAAA records that the zone's own servers give, one per line; `?` when there is none
    local zone=$1 servers='' s name=$1 got seen=''
    while [[ -z $servers && $zone == *.* ]]; do
        servers=$(dig +short +time=3 +tries=2 NS "$zone" | grep '\.$' || :)
        zone=${zone#*.}
    done
    for s in $servers; do
        got=$(dig +short +time=3 +tries=1 "@$s" A "$name" 2>/dev/null; dig +short +time=3 +tries=1 "@$s" AAAA "$name" 2>/dev/null) || continue
        if [[ $got == *. && $got != *$'\n'*[0-9] ]]; then
            # An alias into another zone: those servers know.
            dns_answers "${got%.}"
        else echo "${got:-?}"; fi
        seen=1
    done
    # A network that lets nobody ask them: then the machine's own resolver.
    if [[ -z $seen ]]; then dig +short +time=3 A "$name" | grep '[0-9]$' || echo '?'; fi
}

step once dns 0 "tls gitlab_host public_address"
dns() { # until the name leads here: otherwise Let's Encrypt refuses, and counts it
    local want have
    [[ $tls == letsencrypt ]] || return 0
    while :; do
        # Each time anew: a fixed address is attached only after the start, and takes the place of the first.
        want=${public_address:-$(public_ip)}
        if [[ -z $want ]]; then say waiting metadata
        else
            have=$(dns_answers "$gitlab_host" | grep -v '\.$' | sort -u) || :
            [[ $have != "$want" ]] || return 0
            say waiting dns "want $want have ${have//$'\n'/ }"
        fi
        sleep 10
    done
}

step once certificate 900 "tls gitlab_host tls_cert tls_ca extra_ca secret_tls_cert secret_tls_key secret_tls_ca"
certificate() {
    local cert=$tls_cert ca=$tls_ca key changed=
    [[ -z ${secret_tls_ca:-} ]] || ca=$(secret "$secret_tls_ca")
    trust gitlab "$ca"
    mkdir -p $etc/ssl $etc/trusted-certs
    chmod 755 $etc/ssl
    # GitLab's own programs do not look where the machine's do, and only at files with one certificate each.
    rm -f $etc/trusted-certs/baker*
    printf '%s\n' "$ca" "$extra_ca" | awk -v at=$etc/trusted-certs/baker- '/^-----BEGIN / { n++ } n { print >(at n ".crt") }'
    [[ $tls != letsencrypt ]] || return 0
    [[ -n $cert ]] || cert=$(secret "$secret_tls_cert")
    key=$(secret "$secret_tls_key")
    openssl x509 -noout -checkhost "$gitlab_host" <<<"$cert" 2>/dev/null | grep -q 'does match' || stop certificate "it is not for $gitlab_host"
    openssl x509 -noout -checkend 0 <<<"$cert" >/dev/null || stop certificate "it has expired"
    [[ $(openssl x509 -noout -pubkey <<<"$cert") == "$(printf '%s\n' "$key" | openssl pkey -pubout 2>/dev/null)" ]] || stop certificate "the key belongs to another"
    put "$etc/ssl/$gitlab_host.crt" 644 <<<"$cert"
    printf '%s\n' "$key" | put "$etc/ssl/$gitlab_host.key" 600
    # GitLab does not notice new files by itself.
    if [[ -n $changed && -e $etc/gitlab-secrets.json ]]; then gitlab-ctl hup nginx >/dev/null || :; fi
}

served() { openssl s_client -connect "127.0.0.1:$gitlab_port" -servername "$gitlab_host" </dev/null 2>/dev/null | openssl x509 "$@" 2>/dev/null; }
certificate_is_right() { # the one that is served here, not the one that was asked for
    local issuer
    issuer=$(served -noout -issuer -nameopt RFC2253)
    [[ -n $issuer && ${issuer#issuer=} != "$(served -noout -subject -nameopt RFC2253 | sed 's/^subject=//')" ]] || return 1
    served -noout -checkend 0 >/dev/null && served -noout -checkhost "$gitlab_host" | grep -q 'does match' || return 1
    case $tls in
        letsencrypt) [[ -n $letsencrypt_directory || $issuer == *"Let's Encrypt"* ]] ;;
        *) [[ $(served -outform PEM) == "$(openssl x509 -in "$etc/ssl/$gitlab_host.crt")" ]] ;;
    esac
}

root_password() { # prints it: one that GitLab refused would end the seeding of its database for good
    local password lower
    [[ -n $secret_root_password ]] || return 0
    password=$(secret "$secret_root_password") || exit 1
    lower=${password,,}
    if ((${#password} < 8 || ${#password} > 128)) || [[ $password == *$'\n'* ]]; then stop root-password "8 to 128 characters"; fi
    if ((${#password} < 64)); then
        case $lower in *gitlab* | *devops* | *root* | *admin* | *example*) stop root-password "GitLab refuses common words" ;; esac
    fi
    printf '%s' "$password"
}

step once reconfigure 5400 "gitlab_version gitlab_url tls letsencrypt_email letsencrypt_directory tls_ca extra_ca secret_tls_ca proxy no_proxy network_cidrs @gitlab.rb"
reconfigure() {
    local password='' line log=$run/reconfigure.log
    # Let's Encrypt locks a name out that fails too often; a restart of this machine does not reset that.
    [[ $tls != letsencrypt || -z $(find /var/lib/baker/acme -mmin -14 2>/dev/null) ]] || stop acme
    if [[ ! -e $etc/gitlab-secrets.json || ! -e /var/opt/gitlab/bootstrapped ]]; then
        password=$(root_password) || exit 1
    fi
    put $etc/gitlab.rb 600 <"$lib/gitlab.rb"
    (umask 077 && : >"$log")
    {
        # For this program alone.
        [[ -z $password ]] || export GITLAB_ROOT_PASSWORD=$password
        exec gitlab-ctl reconfigure 2>&1 </dev/null
    } | while IFS= read -r line; do
        [[ -z $password ]] || line=${line//"$password"/(secret)}
        printf '%s\n' "$line" | tee -a "$log"
    done || {
        # The names alone stand in every log.
        if grep -qiE "(acme|letsencrypt)_certificate\[.*had an error|unable to request certificate|Validation failed for domain" "$log"; then
            : >/var/lib/baker/acme
            stop acme
        fi
        stop_for_words "$log" internal
    }
    # Its exit code says nothing about the certificate: that step is left out without a word when nginx is late. Then nobody was asked.
    for line in 1 2 3 4 5 6; do
        if certificate_is_right; then
            printf '%s\n' "$gitlab_version" | put $etc/baker-version 644
            rm -f "$log" /var/lib/baker/acme
            return
        fi
        sleep 5
    done
    [[ $tls != letsencrypt ]] || stop gitlab "no certificate was asked for"
    stop certificate "another is served on 127.0.0.1:$gitlab_port"
}
check_reconfigure() { cmp -s "$lib/gitlab.rb" $etc/gitlab.rb && [[ -s $etc/gitlab-secrets.json ]]; }

local_get() { # path: this GitLab, by its own name and certificate
    curl -qsS --noproxy '*' --connect-timeout 5 -m 20 --resolve "$gitlab_host:$gitlab_port:127.0.0.1" "$@"
}
site() { printf 'https://%s:%s%s' "$gitlab_host" "$gitlab_port" "$1"; }

step start readiness 1800
readiness() {
    local code tries=0
    while :; do
        code=$(local_get -o /dev/null -w '%{http_code}' "$(site '/-/readiness?all=1')" 2>/dev/null) || :
        [[ $code != 200 ]] || break
        # After a start of the machine GitLab comes up by itself; after a minute something holds it. One whose disk came late was never started.
        ((++tries % 12)) || { systemctl --no-block start gitlab-runsvdir; gitlab-ctl start; } >/dev/null || :
        say waiting gitlab
        sleep 5
    done
    certificate_is_right || stop certificate
}

step once signing-key 900
signing-key() { # the one that the AI Gateway trusts: made by the last part of the first seeding of the database
    local keys password
    keys=$(gitlab-rake cloud_connector:keys:list 2>/dev/null) || stop gitlab
    [[ $keys == *[Nn]o\ key* || -z $keys ]] || return 0
    # That was interrupted, and GitLab does not repeat it: the administrator may be missing too.
    if ! gitlab-rails runner 'exit User.exists?(username: "root")'; then
        password=$(root_password) || exit 1
        GITLAB_ROOT_PASSWORD=$password gitlab-rake db:seed_fu || stop gitlab
    fi
    keys=$(gitlab-rake cloud_connector:keys:list 2>/dev/null) || stop gitlab
    [[ -n $keys && $keys != *[Nn]o\ key* ]] || gitlab-rake cloud_connector:keys:create || stop gitlab
}

step once sign-up 900
sign-up() { # closed: an open GitLab fills with strangers within days
    gitlab-rails runner 'ApplicationSetting.current.update!(signup_enabled: false)' || stop gitlab
}

step start gitlab 600
gitlab() { # what the gateway needs of it
    local keys
    local_get -f -o /dev/null "$(site /.well-known/openid-configuration)" || stop gitlab "no OpenID document"
    keys=$(local_get -f "$(site /oauth/discovery/keys)") || stop gitlab "no keys"
    json keys 0 kid <<<"$keys" >/dev/null || stop gitlab "no keys"
}

# shellcheck source=/dev/null
. "$lib/duo.sh"
