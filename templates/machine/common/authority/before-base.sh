# shellcheck shell=bash
# mirrors.ca by reference: extra_ca then has the reference. Only machines of such stacks have this, as the beginning of base.sh.
# shellcheck disable=SC1091,SC2154,SC2034
. "$lib/secrets.sh"
secret_extra_ca=$extra_ca
# A step gets the authority itself; the runner keeps the reference, so that what depends on it is done again when it changes.
[[ ${1:-} != step ]] || extra_ca=$(cat /usr/local/share/ca-certificates/baker-extra.crt 2>/dev/null) || extra_ca=''

step once site-authority 300 "secret_extra_ca"
site-authority() { # before anything is fetched from who has a certificate of it
    local name
    extra_ca=$(secret "$secret_extra_ca") || exit 1
    [[ $extra_ca == *-----BEGIN\ CERTIFICATE-----* ]] || stop certificate "mirrors.ca has none"
    trust extra "$extra_ca"
    for name in "${!inputs[@]}"; do
        [[ " ${inputs[$name]} " != *" extra_ca "* ]] || rm -f "$stamps/$name"
    done
}
