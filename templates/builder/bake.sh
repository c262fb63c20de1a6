#!/bin/bash
# What a builder does where nobody tells it over SSH, as Packer does on a cloud: the same scripts in the same order. It goes on by
# itself after the restart in the middle, and switches the machine off at its end, whatever that is. How far it is stands on the
# console, and an image is made of the disk only when that says "sealed".
set -euo pipefail
here=/var/lib/baker-bake unit=/etc/systemd/system/baker-bake.service
# Nothing else that writes to this console knows it: it was made for this one build.
build=$(</var/lib/cloud/data/instance-id)
exec </dev/null >/dev/console 2>&1

say() { cat <<<$'\n'"BAKE $build $*"; } # on a line of its own, and in one write
verdict() { # more than once, because the kernel writes into other people's lines
    for _ in 1 2 3; do
        say "$@"
        sleep 1
    done
    systemctl poweroff
    exec sleep infinity
}

if [[ ! -e $here/upgraded ]]; then
    # 2: finished with recoverable errors, which stock images have.
    cloud-init status --wait >/dev/null || (($? == 2)) || verdict failed start
    : >"$here/upgraded"
    say upgrade
    # 143: the restart that it ends with was quicker than its own end.
    "$here/upgrade.sh" || (($? == 143)) || verdict failed upgrade
    exec sleep infinity
fi
say install
/usr/local/lib/baker/run install || verdict failed install
say seal
# Nothing of the bake itself stays; the script that looks is kept outside the disk, where nothing may be executed as it is.
leave() { mv "$here/seal.sh" /run/baker-seal && systemctl disable -q baker-bake.service && rm -rf "$unit" "$here"; }
leave || verdict failed seal
bash /run/baker-seal || verdict failed seal
# Blocks of files that are gone need not be in the image. Not every file system can tell.
fstrim / || :
verdict sealed
