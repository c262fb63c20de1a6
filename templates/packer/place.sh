#!/bin/bash
# Puts the machine scripts and their values where a VM has them.
set -euo pipefail

install -d -m 0755 /usr/local/lib/baker
install -d -m 0700 /etc/baker
cd /tmp/baker
for file in *; do
  case $file in
    values) install -m 0600 "$file" /etc/baker/values ;;
    *)
      mode=0644
      if [[ $(head -c 2 "$file") == '#!' ]]; then mode=0755; fi
      install -m "$mode" "$file" "/usr/local/lib/baker/$file"
      ;;
  esac
done
cd /
rm -rf /tmp/baker
