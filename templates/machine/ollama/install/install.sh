# shellcheck shell=bash
# Driver, Ollama and its models: nothing here belongs to one machine, so it may go into an image.
# shellcheck disable=SC2154,SC2034
# shellcheck source=/dev/null
. "$lib/fetch.sh"

store=/usr/share/ollama versions_of=/usr/local/lib/baker-ollama
# shellcheck source=/dev/null
. "$lib/registry.sh"

module_for() { modinfo -k "$1" nvidia >/dev/null 2>&1; } # kernel release
next_kernel() { find /boot -maxdepth 1 -name 'vmlinuz-*' -printf '%f\n' | sort -V | sed -n '$s/^vmlinuz-//p'; }

step once driver 3600 "cloud gpu gpu_branch gpu_modules"
driver() { # by the spec, not by what is found: an image is built where there is no GPU
    local branch=$gpu_branch-server$gpu_modules modules=linux-modules-nvidia-$gpu_branch-server$gpu_modules all=() name
    [[ $gpu == nvidia ]] || return 0
    packages kmod
    if offered "$modules-$cloud"; then
        # Compiled and signed by Canonical. The cloud's kernel and its modules go together; where those for the running kernel
        # are still offered too, no restart is needed.
        for name in "linux-$cloud" "$modules-$cloud" "$modules-$(uname -r)" "nvidia-driver-$branch" "nvidia-utils-$gpu_branch-server" nvidia-modprobe; do
            if offered "$name"; then all+=("$name"); fi
        done
        packages "${all[@]}"
    else
        packages ubuntu-drivers-common
        ubuntu-drivers install --gpgpu "nvidia:$branch" >"$run/apt.log" 2>&1 </dev/null || stop_for_words "$run/apt.log" gpu
        packages "nvidia-utils-$gpu_branch-server"
    fi
    # A new kernel without its module, or a driver that differs from its module, would take the GPU away one night.
    { dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 'linux-image-*' 'linux-headers-*' "linux-$cloud" '*nvidia*' 2>/dev/null || :; } |
        sed -n 's/^.i. *//p' | xargs -r apt-mark hold >/dev/null
    module_for "$(next_kernel)" || stop gpu "no module for $(next_kernel)"
}
check_driver() { [[ $gpu != nvidia ]] || module_for "$(next_kernel)"; }

driver_is_newer() { # than the module that runs: its programs refuse to work with that
    [[ -e /sys/module/nvidia/version && $(</sys/module/nvidia/version) != "$(modinfo -F version nvidia)" ]]
}

step start gpu 600
gpu() { # before anything large is fetched. Not in an image: that is built where there is no GPU
    local mark=/var/lib/baker/rebooted changed
    [[ $gpu == nvidia && -z ${baking:-} ]] || return 0
    if ! module_for "$(uname -r)" || [[ -d /sys/module/nouveau ]] || driver_is_newer; then
        # Once: what a restart has not mended, the next one does not either.
        [[ ! -e $mark ]] || stop gpu "no module for $(uname -r)"
        put "$mark" 644 </proc/sys/kernel/random/boot_id
        echo reboot >"$run/reason"
        exit 76
    fi
    modprobe -a nvidia nvidia-uvm || stop gpu "the module cannot be loaded"
    # That there is none, it says on its standard output.
    timeout 60 nvidia-smi -L 2>&1 | grep '^GPU ' >/dev/null || stop gpu "nvidia-smi sees none"
    rm -f "$mark"
}

step once filter-package 1800 "filter"
filter-package() { # what stands in front of Ollama, and its account
    [[ -n $filter ]] || return 0
    # Baker has a unit of its own; the distribution's would hold port 80.
    systemctl mask -q nginx.service
    packages nginx
    id -u model-filter >/dev/null 2>&1 || useradd -r -U -s /usr/sbin/nologin -d /nonexistent model-filter
}
check_filter-package() { [[ -z $filter ]] || { command -v nginx && id -u model-filter; } >/dev/null 2>&1; }

step once ollama 7200 "ollama_version ollama_sha256 @ollama.service"
ollama() {
    local file=/var/cache/baker/ollama.tar.zst sum=$ollama_sha256 new=$versions_of/$ollama_version other changed=
    if [[ -z $sum ]]; then
        download "$ollama_sums" "$file.sums"
        sum=$(sed -n "s|^\([0-9a-f]\{64\}\)  \(\./\)\?${ollama_archive##*/}\$|\1|p" "$file.sums")
        [[ -n $sum ]] || stop checksum "$ollama_sums does not name the archive"
    fi
    download "$ollama_archive" "$file" "$sum"
    rm -rf "$new.new"
    mkdir -p "$new.new"
    progress_of "$new.new"
    tar -C "$new.new" --no-same-owner -I zstd -xf "$file" 2>"$run/tar.log" || stop_for_words "$run/tar.log" checksum
    [[ -x $new.new/bin/ollama ]] || stop checksum "no bin/ollama in the archive"
    sync -f "$new.new"
    rm -rf "$new"
    mv -T "$new.new" "$new"
    # One link is the switch: the program finds its libraries beside the place it points to.
    ln -sfn "$new/bin/ollama" /usr/local/bin/ollama.new
    mv -fT /usr/local/bin/ollama.new /usr/local/bin/ollama
    sync /usr/local/bin
    # What Ollama's own installer or an earlier version left.
    rm -rf /usr/local/lib/ollama
    for other in "$versions_of"/*; do [[ $other == "$new" ]] || rm -rf "$other"; done
    rm -f "$file" "$file.sums"
    id -u ollama >/dev/null 2>&1 || useradd -r -U -s /usr/sbin/nologin -d "$store" ollama
    for other in render video; do if getent group "$other" >/dev/null; then usermod -aG "$other" ollama; fi; done
    install -d -o ollama -g ollama "$store"
    put /etc/systemd/system/ollama.service 644 <"$lib/ollama.service"
}
check_ollama() {
    [[ -x /usr/local/bin/ollama && /usr/local/bin/ollama -ef $versions_of/$ollama_version/bin/ollama && -s /etc/systemd/system/ollama.service ]] &&
        id -u ollama >/dev/null
}

api() { # host:port path [JSON [method]]: prints the answer, also that of a refusal
    curl -qsS --fail-with-body --noproxy '*' --connect-timeout 5 -m "${patience:-30}" ${4:+-X "$4"} \
        ${3:+-H 'Content-Type: application/json' -d "$3"} "http://$1$2"
}
listed() { # host:port: name and digest of every model
    api "$1" /api/tags | python3 -c 'import json, sys
for m in json.load(sys.stdin)["models"] or []: print(m["name"], m["digest"].removeprefix("sha256:"))'
}
answers() { # host:port seconds [path]: true as soon as a server does there
    local end=$((SECONDS + $2))
    until patience=10 api "$1" "${3:-/api/version}" >/dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        sleep 0.5
    done
}

step once models 21600 "models"
models() {
    local entry
    install -d -m 700 "$incoming"
    for entry in $models; do
        adopt "$entry"
        # What is there stays as it is: a tag that moves is followed when the spec says so, by its digest.
        present "$entry" || pull "$entry"
    done
    # Also what Ollama itself had begun to pull, at the time of an earlier Baker.
    rm -rf "$incoming" "$blobs"/*-partial*
}
check_models() {
    local entry
    for entry in $models; do present "$entry" || return 1; done
}
