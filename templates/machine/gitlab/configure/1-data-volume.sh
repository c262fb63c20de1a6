# shellcheck shell=bash
# GitLab's data: on a disk that outlives this machine.
# shellcheck disable=SC2154
etc=/etc/gitlab store=/srv/baker

data_disk() { # prints the device; nothing while it is not attached
    local at found
    for at in /dev/disk/by-label/baker-data /dev/disk/by-id/google-data /dev/disk/by-id/virtio-data; do
        if [[ -e $at ]]; then
            readlink -f "$at"
            return
        fi
    done
    # On EC2 only this tells it: a disk with no partitions, no file system, nothing mounted. Machines with further disks of their own are refused before.
    found=$(lsblk -dnpro NAME,TYPE,RO | while read -r at type ro; do
        [[ $type == disk && $ro == 0 && $at != /dev/zram* && $at != /dev/fd* ]] || continue
        [[ $(lsblk -nro NAME "$at" | wc -l) == 1 && -z $(lsblk -dnro MOUNTPOINT "$at") ]] || continue
        blkid -p "$at" >/dev/null 2>&1 || echo "$at"
    done)
    [[ $found != *$'\n'* ]] || stop data-volume "several empty disks: $found"
    printf '%s' "$found"
}

moved() { # directory on the data volume, directory it stands for
    if [[ ! -d $store/$1 ]]; then
        rm -rf "$store/$1.new"
        if [[ -d $2 ]]; then cp -a "$2" "$store/$1.new"; else mkdir "$store/$1.new"; fi
        sync
        mv "$store/$1.new" "$store/$1"
    fi
    mkdir -p "$2"
    # Not just any mount: what systemd bound there before the volume came would be an empty directory of the root disk.
    [[ $2 -ef $store/$1 ]] || mount --bind "$store/$1" "$2"
}

step start data-volume 0
data-volume() {
    local disk uuid keys mode was=$store/etc-gitlab/baker-version changed=
    if ! mountpoint -q "$store"; then
        until disk=$(data_disk) && [[ -n $disk ]]; do
            [[ ! -s $run/reason ]] || exit 1
            say waiting data-volume
            sleep 5
        done
        say running
        # 2: nothing is recognised on it. Whatever else is there is never written over.
        blkid -p "$disk" >/dev/null 2>&1 || { [[ $? == 2 ]] && mkfs.ext4 -q -L baker-data "$disk"; } || stop data-volume "$disk cannot be read"
        uuid=$(blkid -p -s UUID -o value "$disk")
        [[ -n $uuid ]] || stop data-volume "$disk carries something unknown"
        mkdir -p "$store"
        { sed "\\#${store}[/[:space:]]#d" /etc/fstab; printf '%s\n' "UUID=$uuid $store auto defaults,nofail,x-systemd.device-timeout=60 0 2" \
            "$store/etc-gitlab $etc none bind,nofail,x-systemd.requires-mounts-for=$store 0 0" \
            "$store/var-opt-gitlab /var/opt/gitlab none bind,nofail,x-systemd.requires-mounts-for=$store 0 0"; } | put /etc/fstab 644
        mount "$disk" "$store" || stop data-volume "$disk cannot be mounted"
    fi
    resize2fs "$(findmnt -nro SOURCE "$store")" >/dev/null 2>&1 || :
    if [[ -s $was ]]; then was=$(<"$was"); else was=$gitlab_version; fi
    path_from "$was"
    moved etc-gitlab "$etc"
    moved var-opt-gitlab /var/opt/gitlab
    if [[ $was != "$gitlab_version" && ! -d /opt/gitlab/service/postgresql ]]; then
        # Another machine's data, for the first time under a later version: nothing writes there yet.
        (umask 077 && mkdir -p "$backups" && backup_with tar -C / -czf "$backups/before-$gitlab_version.tar.gz" etc/gitlab var/opt/gitlab/postgresql)
    fi
    # Without its data GitLab must not start: it would begin anew on the root disk.
    put /etc/systemd/system/gitlab-runsvdir.service.d/baker.conf 644 <<<$'[Unit]\nRequiresMountsFor=/etc/gitlab /var/opt/gitlab'
    [[ -z $changed ]] || systemctl daemon-reload
    # People know this machine by its host keys: they live as long as the data.
    if [[ ! -d $store/ssh ]]; then
        rm -rf "$store/ssh.new"
        (umask 077 && mkdir "$store/ssh.new")
        cp -p /etc/ssh/ssh_host_* "$store/ssh.new"
        sync
        mv "$store/ssh.new" "$store/ssh"
    fi
    changed=
    for keys in "$store"/ssh/*; do
        mode=$(stat -c %a "$keys")
        put "/etc/ssh/${keys##*/}" "$mode" <"$keys"
    done
    [[ -z $changed ]] || systemctl try-restart ssh.service || :
}
