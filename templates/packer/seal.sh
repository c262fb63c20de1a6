#!/bin/bash
# The last thing that runs before the image is taken: removes whatever belongs to this VM alone, then looks for it, and
# refuses an image that still has some of it. `seal.sh check` only looks. Running it twice is harmless.
set -euo pipefail
shopt -s nullglob dotglob
# Whether the image is for a machine with a GPU; the values are gone afterwards.
gpu=${gpu:-$(sed -n "s/^gpu='\(.*\)'$/\1/p" /etc/baker/values 2>/dev/null || :)}

seal() {
    systemctl stop apt-daily.timer apt-daily-upgrade.timer unattended-upgrades.service 2>/dev/null || true
    # What these two write when the machine goes off would come after the look.
    systemctl stop systemd-random-seed.service 2>/dev/null || true
    journalctl --relinquish-var 2>/dev/null || true
    export DEBIAN_FRONTEND=noninteractive
    apt-get -y autoremove --purge
    apt-get clean
    rm -rf /var/lib/apt/lists/*

    # Values of this build; a VM brings its own.
    rm -f /etc/baker/values
    # Identities: every VM makes its own at first boot.
    rm -f /etc/ssh/ssh_host_* /usr/share/ollama/.ollama/id_ed25519 /usr/share/ollama/.ollama/id_ed25519.pub /var/lib/docker/engine-id
    rm -f /root/.ssh/authorized_keys /home/*/.ssh/authorized_keys
    rm -f /var/lib/systemd/random-seed /var/lib/dbus/machine-id
    rm -f /root/.*_history /home/*/.*_history /root/.lesshst /home/*/.lesshst
    rm -f /etc/netplan/50-cloud-init.yaml /etc/cloud/cloud.cfg.d/90-installer-network.cfg

    cloud-init clean --logs --seed
    rm -rf /var/lib/cloud/instances /var/lib/cloud/instance /var/lib/cloud/data
    : >/etc/machine-id

    find /var/log -type f -exec truncate --size 0 {} +
    rm -rf /var/log/journal/* /tmp/* /var/tmp/*
    sync
}

problems=0
problem() { # what it is, where
    echo "the image is refused: $1: $2" >&2
    problems=$((problems + 1))
}
absent() { # what it is, paths
    local path
    for path in "${@:2}"; do
        if [[ -e $path || -L $path ]]; then problem "$1" "$path"; fi
    done
}

check() {
    local file release
    absent 'secrets of GitLab' /etc/gitlab/gitlab-secrets.json
    absent 'the mark of a GitLab that has been set up' /var/opt/gitlab/bootstrapped
    absent "GitLab's database" /var/opt/gitlab/postgresql/data/*
    absent "GitLab's first root password" /etc/gitlab/initial_root_password
    absent 'key or certificate of a site' /etc/gitlab/ssl/* /etc/gitlab/trusted-certs/*
    absent 'keys of the gateway' /etc/baker/gateway/*
    absent 'values of a VM' /etc/baker/values
    absent 'identity of Ollama' /usr/share/ollama/.ollama/id_ed25519*
    absent 'host keys of SSH' /etc/ssh/ssh_host_*
    absent 'keys that may log in' /root/.ssh/authorized_keys /home/*/.ssh/authorized_keys
    absent "cloud-init's state" /var/lib/cloud/instance /var/lib/cloud/instances/* /var/lib/cloud/data/* /var/lib/cloud/seed/*/*
    absent 'history of a shell' /root/.*_history /home/*/.*_history
    absent "apt's lists" /var/lib/apt/lists/*
    if [[ -s /etc/machine-id && $(</etc/machine-id) != uninitialized ]]; then problem 'machine id' /etc/machine-id; fi
    absent 'machine id' /var/lib/dbus/machine-id
    while IFS= read -r file; do problem 'private key' "$file"; done \
        < <(grep -rlIE --devices=skip -e '^-----BEGIN ([A-Z]+ )*PRIVATE KEY-----' /etc /root /home /srv /var/opt /var/lib/baker /usr/share/ollama 2>/dev/null)
    if [[ $gpu == nvidia ]]; then
        # What GRUB boots unless somebody chooses: the newest.
        release=$(find /boot -maxdepth 1 -name 'vmlinuz-*' -printf '%f\n' | sort -V | sed -n '$s/^vmlinuz-//p')
        modinfo -k "${release:-none}" nvidia >/dev/null 2>&1 || problem 'no NVIDIA module for the kernel that boots' "${release:-none}"
    fi
    return $((problems > 0))
}

if [[ ${1:-} != check ]]; then seal; fi
check
