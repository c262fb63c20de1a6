#!/bin/bash
# The last thing that runs before the image is taken: removes whatever belongs to this VM alone. Running it twice is harmless.
set -euo pipefail

systemctl stop apt-daily.timer apt-daily-upgrade.timer unattended-upgrades.service 2>/dev/null || true
export DEBIAN_FRONTEND=noninteractive
apt-get -y autoremove --purge
apt-get clean
rm -rf /var/lib/apt/lists/*

# Values of this build; a VM brings its own.
rm -f /etc/baker/values
# Identities: every VM makes its own at first boot.
rm -f /etc/ssh/ssh_host_* /usr/share/ollama/.ollama/id_ed25519 /usr/share/ollama/.ollama/id_ed25519.pub
rm -f /root/.ssh/authorized_keys /home/*/.ssh/authorized_keys
rm -f /var/lib/systemd/random-seed /var/lib/dbus/machine-id
rm -f /root/.bash_history /home/*/.bash_history /root/.lesshst /home/*/.lesshst
rm -f /etc/netplan/50-cloud-init.yaml /etc/cloud/cloud.cfg.d/90-installer-network.cfg

cloud-init clean --logs --seed
rm -rf /var/lib/cloud/instances /var/lib/cloud/data
: > /etc/machine-id

find /var/log -type f -exec truncate --size 0 {} +
rm -rf /var/log/journal/* /tmp/* /var/tmp/*
sync
