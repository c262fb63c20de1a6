# shellcheck shell=bash
# GitLab's name and its certificate.
# shellcheck disable=SC1091,SC2154
. "$lib/secrets.sh"
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
    mkdir -p "$etc/ssl" "$etc/trusted-certs"
    chmod 755 "$etc/ssl"
    # GitLab's own programs do not look where the machine's do, and only at files with one certificate each.
    rm -f "$etc/trusted-certs/baker"*
    printf '%s\n' "$ca" "$extra_ca" | awk -v at="$etc/trusted-certs/baker-" '/^-----BEGIN / { n++ } n { print >(at n ".crt") }'
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
