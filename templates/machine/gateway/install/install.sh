# shellcheck shell=bash
# Docker and the gateway's image: nothing here belongs to one machine, so it may go into an image.
# shellcheck disable=SC2154,SC2034
# shellcheck source=/dev/null
. "$lib/fetch.sh"
# shellcheck source=/dev/null
. "$lib/pull.sh"

docker_settings() { # puts docker's files in place; stopped before they change, it never runs with others than these
    local nic mtu taken bip made=$run/docker changed
    nic=$(ip -o -4 address show ${address:+to "$address"} scope global | awk '$2 != "docker0" && !n++ { print $2 }')
    mtu=$(cat "/sys/class/net/$nic/mtu" 2>/dev/null) || mtu=1500
    taken=$(ip -o -4 route show | awk '$1 ~ /^[0-9./]+$/ && !/ dev docker0/ { print $1 }')
    # shellcheck disable=SC2086
    bip=$(python3 -c 'import ipaddress, sys
taken = [ipaddress.ip_network(n, False) for n in sys.argv[1:]]
print(next(b for b in ("172.29.213.1/24", "192.168.213.1/24", "10.213.77.1/24", "100.127.213.1/24")
   if not any(ipaddress.ip_interface(b).network.overlaps(n) for n in taken)))' $network_cidrs $taken)
    mkdir -p "$made"
    printf '{"bip":"%s","mtu":%s,"log-driver":"local","log-opts":{"max-size":"10m","max-file":"3"}}\n' "$bip" "$mtu" >"$made/daemon.json"
    # It reads the machine's certificates only when it starts.
    printf '[Service]\n# %s\n' "$(hash_of - <<<"$extra_ca")" >"$made/baker.conf"
    [[ -z $proxy ]] || printf 'Environment="%s"\n' "HTTP_PROXY=${proxy//%/%%}" "HTTPS_PROXY=${proxy//%/%%}" "NO_PROXY=${no_proxy//%/%%}" >>"$made/baker.conf"
    if ! cmp -s "$made/daemon.json" /etc/docker/daemon.json || ! cmp -s "$made/baker.conf" /etc/systemd/system/docker.service.d/baker.conf; then
        systemctl stop docker.socket docker.service 2>/dev/null || :
        # Only what differs: a file that was written for nothing and cut off would not be looked at again.
        cmp -s "$made/daemon.json" /etc/docker/daemon.json || put /etc/docker/daemon.json 644 <"$made/daemon.json"
        cmp -s "$made/baker.conf" /etc/systemd/system/docker.service.d/baker.conf || put /etc/systemd/system/docker.service.d/baker.conf 644 <"$made/baker.conf"
    fi
}

step once docker-package 1800
docker-package() {
    # Before the package starts it: its own choice of addresses might be this network's.
    docker_settings
    packages docker.io iptables apparmor
    # Debian keeps the command apart from the daemon.
    if offered docker-cli; then packages docker-cli; fi
    # Started by the gateway, and never before the settings of this machine are there.
    systemctl disable -q docker.service docker.socket
}
check_docker-package() { command -v dockerd docker iptables >/dev/null; }

step start docker-daemon 600
docker-daemon() {
    local i
    docker_settings
    if ! systemctl is-active -q docker.service; then
        systemctl daemon-reload
        systemctl start docker.service || stop docker
    fi
    # What containers are started with lies in there, the gateway's keys too, and older versions let everybody read it.
    chmod 700 /var/lib/containerd 2>/dev/null || :
    for ((i = 0; i < 60; i++)); do
        ! timeout 20 docker info >/dev/null 2>&1 || return 0
        sleep 2
    done
    stop docker "it does not answer"
}

step once gateway-image 7200 "gateway_image"
gateway-image() {
    local log=$run/pull.log mark=/var/lib/baker/pulling boot=/proc/sys/kernel/random/boot_id
    # Power lost in the middle of a pull leaves layers with empty files. Docker takes them for whole, and no pull mends them.
    # No cmp: for its -s a file of /proc is empty.
    if [[ -e $mark && $(<"$mark") != "$(<"$boot")" ]]; then
        systemctl stop docker.socket docker.service containerd.service
        rm -rf /var/lib/docker/* /var/lib/containerd/*
        docker-daemon
    fi
    put "$mark" 644 <"$boot"
    # Where layers go depends on Docker's version.
    progress_of '/var/lib/docker /var/lib/containerd'
    # Docker waits without end for a registry that has stopped in the middle.
    (fed '/var/lib/docker /var/lib/containerd' 120 "$log" docker pull "$gateway_image") || {
        # What has come is whole, and on the disk.
        sync
        rm "$mark"
        [[ ! -s $run/reason ]] || exit 1
        tail -n 5 "$log"
        stop_for_pull "$log" docker
    }
    sync
    rm "$mark"
}
check_gateway-image() { docker image inspect "$gateway_image" >/dev/null 2>&1; }
