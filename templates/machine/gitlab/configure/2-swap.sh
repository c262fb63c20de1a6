# shellcheck shell=bash
# Memory, where GitLab is short of it.
# shellcheck disable=SC2154
step once swap 600
swap() { # half of the memory, where GitLab is short of it
    local kb file=/swapfile
    kb=$(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo)
    ((kb < 12000000)) || return 0
    if [[ ! -e $file ]]; then
        (umask 077 && fallocate -l "$((kb / 2048))M" "$file.new") || stop disk-full swap
        mkswap -q "$file.new"
        mv "$file.new" "$file"
    fi
    grep -q "^$file " /etc/fstab || echo "$file none swap sw 0 0" >>/etc/fstab
    put /etc/sysctl.d/60-baker.conf 644 <<<'vm.swappiness = 10'
    sysctl -q -p /etc/sysctl.d/60-baker.conf || :
    swapon "$file" 2>/dev/null || grep -q "^$file " /proc/swaps
}
