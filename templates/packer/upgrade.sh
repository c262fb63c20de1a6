#!/bin/bash
# Brings the builder VM up to date and restarts it, so that whatever is built for the running kernel is built for the
# kernel that the image boots.
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
systemctl stop apt-daily.timer apt-daily-upgrade.timer apt-daily.service apt-daily-upgrade.service unattended-upgrades.service 2>/dev/null || true
# The first install step comes before: where the spec names an archive of the site's own, the image's may not be reached.
for pause in 5 20 60 0; do
  if baking=1 /usr/local/lib/baker/run step prepare; then break; fi
  if ((pause == 0)); then exit 1; fi
  sleep "$pause"
done
lock=(-o DPkg::Lock::Timeout=600 -o Acquire::Retries=5)
apt-get "${lock[@]}" update
apt-get "${lock[@]}" -y -o Dpkg::Options::=--force-confold full-upgrade
systemctl reboot
