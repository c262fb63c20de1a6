# shellcheck shell=bash
# The gateway on this machine: its keys, its firewall, its container, and whether it answers.
# shellcheck disable=SC1091,SC2154,SC2034
. "$lib/secrets.sh"
keys_at=/etc/baker/gateway

step once authority 900 "tls_ca secret_tls_ca"
authority() {
    local ca=$tls_ca
    [[ -z $secret_tls_ca ]] || ca=$(secret "$secret_tls_ca")
    trust gitlab "$ca"
}

step once keys 600
keys() { # its own, made once; they outlive every new container
    local key made='' changed
    for key in {AIGW,DUO_WORKFLOW}_SELF_SIGNED_JWT__{SIGNING,VALIDATION}_KEY; do
        ! openssl pkey -in "$keys_at/$key" -noout 2>/dev/null || continue
        (umask 077 && mkdir -p "$keys_at")
        openssl genrsa 2048 2>/dev/null | put "$keys_at/$key" 600
        made=1
    done
    [[ -z $made ]] || systemctl try-restart --no-block ai-gateway.service 2>/dev/null || :
}
check_keys() {
    local key
    for key in {AIGW,DUO_WORKFLOW}_SELF_SIGNED_JWT__{SIGNING,VALIDATION}_KEY; do openssl pkey -in "$keys_at/$key" -noout 2>/dev/null || return 1; done
}

step start firewall 0
firewall() { # again and again: whoever flushes it has it back within minutes
    local code
    while :; do
        code=0
        "$lib/ai-gateway" firewall || code=$?
        ((code == 6)) || break
        # The licence portal, which the gateway asks for keys where the licence is an online one.
        say waiting dns customers.gitlab.com
        sleep 10
    done
    ((code == 0)) || stop internal
}

step once container 900 "gateway_image gitlab_url gitlab_host gitlab_address gateway_auth license agent_platform address answer_seconds \
tls_ca secret_tls_ca extra_ca proxy no_proxy @ai-gateway @health.py @ai-gateway.service @baker-jwks.service @baker-jwks.timer"
container() {
    local unit changed
    for unit in ai-gateway.service baker-jwks.service baker-jwks.timer; do put "/etc/systemd/system/$unit" 644 <"$lib/$unit"; done
    systemctl daemon-reload
    systemctl enable -q ai-gateway.service baker-jwks.timer
    systemctl restart baker-jwks.timer
    # Stopped first, so that the old one is not taken for the new one below.
    systemctl stop ai-gateway.service
    systemctl start --no-block ai-gateway.service
}
check_container() { systemctl is-enabled -q ai-gateway.service && systemctl is-enabled -q baker-jwks.timer; }

step start gate 0
gate() { # says what the unit waits for
    local code
    until "$lib/ai-gateway" health >/dev/null; do
        code=0
        "$lib/ai-gateway" gate >/dev/null || code=$?
        case $code in
            0) return ;;
            3) say waiting gitlab ;;
            4) say waiting model-server ;;
            5) say waiting tls ;;
            *) stop docker "the gate ended with $code" ;;
        esac
        sleep 15
    done
}

step start health 900
health() { # of each service in the container
    local dead why found=/run/baker/gateway/dead
    # What the guard has started the container anew for.
    why=$(cat "$found" 2>/dev/null) || :
    until dead=$("$lib/ai-gateway" health); do
        say waiting gateway "port ${why:-${dead//$'\n'/, }}"
        systemctl is-active -q ai-gateway.service || systemctl start --no-block ai-gateway.service
        sleep 3
    done
    rm -f "$found"
}

step once unused-images 600 "gateway_image"
unused-images() { # earlier ones of the gateway
    local id of=${gateway_image%@*}
    [[ ${of##*/} != *:* ]] || of=${of%:*}
    id=$(docker image inspect -f '{{.Id}}' "$gateway_image")
    docker image ls -q --no-trunc "$of" | sort -u | grep -vxF "$id" | xargs -r docker image rm -f >/dev/null || :
}
