# shellcheck shell=bash
# The first steps of every machine, and what later ones install with. What only fetches a bundle does without.
# shellcheck disable=SC2154,SC2034
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1

# What programs say when they fail, by the words all of them use.
stop_for_words() { # file with the words, reason when none is known
    local words reason=$2
    words=$(tail -n 60 "$1")
    case $words in
        *'No space left'* | *'no space left'* | *'enough free space'* | *'Disk quota'*) reason=disk-full ;;
        *'Could not get lock'* | *'Unable to lock'* | *'lock was locked'* | *'is locked by another'*) reason=apt-lock ;;
        *'Temporary failure resolving'* | *'Could not resolve'* | *'no such host'* | *'server misbehaving'*) reason=dns ;;
        *'is not valid yet'* | *'not yet valid certificate'* | *'is not yet valid'*' is before '*) reason=clock ;;
        *NO_PUBKEY* | *'is not signed'* | *'ignature'*'invalid'* | *BADSIG* | *EXPKEYSIG* | *'no longer signed'*) reason=signature ;;
        *x509* | *'ertificate verification failed'* | *'certificate verify failed'* | *'handshake failure'*) reason=tls ;;
        *'Proxy Authentication Required'* | *'407  '* | *'HTTP/1.'[01]' 407 '*) reason=http-407 ;;
        *'Unable to locate package'* | *' was not found'* | *'no installation candidate'*) reason=package-missing ;;
        *' 429 '*) reason=http-429 ;;
        *' 50'[0234]' '* | *' 50'[0234]:* | *'ervice Unavailable'* | *'Bad Gateway'*) reason=http-5xx ;;
        *'401  Unauthorized'* | *'401 Unauthorized'*) reason=http-401 ;;
        *'403  Forbidden'* | *' 403 '* | *'unauthorized'* | *'access denied'* | *'access forbidden'*) reason=http-403 ;;
        *'404  Not Found'* | *' 404 '*) reason=http-404 ;;
        *'Could not connect'* | *'onnection timed out'* | *'onnection failed'* | *'onnection refused'* | *'onnection reset'* | *'i/o timeout'* | \
            *'nexpected EOF'* | *' EOF'* | *'nable to connect'* | *'o route to host'* | *'etwork is unreachable'* | \
            *'ash Sum mismatch'* | *'nexpected size'*) reason=network ;;
    esac
    stop "$reason"
}

apt_get() {
    local log=$run/apt.log
    if ! apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 \
        -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
        -o APT::Update::Error-Mode=any -q -y "$@" >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log"
        rm -f "$run/apt-lists"
        stop_for_words "$log" package
    fi
}
packages() { # name[=version]...: installed, whatever was interrupted before
    dpkg --force-confdef --force-confold --configure -a >"$run/apt.log" 2>&1 </dev/null || stop_for_words "$run/apt.log" package
    if [[ ! -e $run/apt-lists ]]; then
        apt_get update
        : >"$run/apt-lists"
    fi
    apt_get install -f --no-install-recommends --allow-downgrades --allow-change-held-packages "$@"
}

filter() { # name: standard input is a table of its own, in force now, and at each boot by the unit of that name
    local changed=''
    put "/etc/baker/$1.nft" 644
    nft -f "/etc/baker/$1.nft"
    put "/etc/systemd/system/$1-firewall.service" 644 <"$lib/$1-firewall.service"
    if [[ -n $changed ]] || ! systemctl is-enabled -q "$1-firewall.service" 2>/dev/null; then
        systemctl daemon-reload
        systemctl enable -q "$1-firewall.service"
    fi
}

trust() { # name, PEM or nothing: in the machine's trust store, or out of it
    local file=/usr/local/share/ca-certificates/baker-$1.crt changed
    if [[ -n $2 ]]; then put "$file" 644 <<<"$2"
    elif [[ -e $file ]]; then mv -f "$file" "$file.off"
    elif [[ ! -e $file.off ]]; then return 0; fi
    # Also when the file is the same: the last try may have ended here. Where the package is missing, its installation does this.
    # And what it has left of the bundle, the next one would only add to.
    rm -f /etc/ssl/certs/ca-certificates.crt.new
    ! command -v update-ca-certificates >/dev/null || update-ca-certificates --fresh >/dev/null
    rm -f "$file.off"
}

# Not the proxy: it only serves the step itself, and in an image the list of what goes past it is a different one.
step once prepare 1800 "extra_ca apt_mirror"
prepare() {
    # Its step comes later and writes it anew: with a list of a place that is no more, nothing could be installed before.
    rm -f /etc/apt/sources.list.d/gitlab.list
    trust extra "$extra_ca"
    local list=/etc/apt/sources.list.d/baker.sources changed='' f suite suites='' components='main restricted universe multiverse'
    local id codename code
    if [[ -n $apt_mirror ]]; then
        # shellcheck source=/dev/null
        id=$(. /etc/os-release && echo "$ID") codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
        [[ $id == ubuntu ]] || components=main
        for suite in "$codename" "$codename-updates" "$codename-security"; do
            code=$(curl -qsSL --connect-timeout 20 -m 60 -o "$run/suite" -w "$statuses" "${apt_mirror%/}/dists/$suite/Release") ||
                stop_for_curl $? "$code" "$apt_mirror"
            code=${code: -3}
            case $code in
                200) suites+=" $suite" ;;
                403 | 404) ;;
                *) stop_for_http "$code" "$apt_mirror" ;;
            esac
        done
        [[ -n $suites ]] || stop http-404 "$apt_mirror has no $codename"
        for f in /etc/apt/sources.list /etc/apt/sources.list.d/{ubuntu,debian}.sources; do
            if [[ -s $f ]]; then mv -f "$f" "$f.baker-off"; fi
        done
        put "$list" 644 <<<"Types: deb
URIs: $apt_mirror
Suites:$suites
Components: $components"
    else
        rm -f "$list"
        for f in /etc/apt/sources.list /etc/apt/sources.list.d/{ubuntu,debian}.sources; do
            [[ ! -e $f.baker-off ]] || mv -f "$f.baker-off" "$f"
        done
    fi
    rm -f "$run/apt-lists"
    packages ca-certificates curl gpg zstd openssl nftables
}

step start metadata-filter 600
metadata-filter() { # who asks the metadata service has this machine's identity: root, and not what GitLab or Ollama is tricked into
    local account id ids=0
    [[ -z ${baking:-} ]] || return 0
    # sshd asks it in this account's name, with EC2 Instance Connect. Google's agents and OS Login ask as root. The others are the spec's;
    # one that a package brings later is let in within minutes.
    for account in ec2-instance-connect $metadata_for; do ! id=$(id -u "$account" 2>/dev/null) || ids+=", $id"; done
    # Google's name server and clock have the same address.
    filter metadata <<END
table inet baker_metadata
delete table inet baker_metadata
table inet baker_metadata {
    chain output {
        type filter hook output priority -20; policy accept;
        ip daddr 169.254.169.254 goto service
        ip6 daddr { fd00:ec2::254, fd20:ce::254 } goto service
    }
    chain service {
        ct state established,related accept
        meta l4proto { tcp, udp } th dport { 53, 123 } accept
        meta skuid { $ids } accept
        reject
    }
}
END
}

step start upkeep 60
upkeep() { # what somebody should know before it is an outage: it holds up nobody
    local said='' at used
    [[ -z ${baking:-} ]] || return 0
    [[ ! -e /run/reboot-required ]] || said+=', reboot due'
    [[ -z $apt_mirror ]] || grep -q -- -security /etc/apt/sources.list.d/baker.sources || said+=', mirrors.apt has no security updates'
    # apt's own stamp of its daily run of unattended-upgrades; where two days went by without one, nothing updates this machine.
    at=/var/lib/apt/periodic/upgrade-stamp
    if [[ -e $at ]]; then said+=", last update $(date -u -r "$at" +%F)"
    elif [[ -n $(find "$stamps/prepare" -mtime +1 2>/dev/null) ]]; then said+=', never updated'; fi
    while read -r used at; do
        [[ $used != *% ]] || ((${used%\%} <= 90)) || said+=", $at is $used full"
    done < <(df --output=pcent,target / /boot /srv/baker /var/lib/docker /usr/share/ollama 2>/dev/null | sed 1d | sort -u)
    note upkeep "${said#, }"
}
