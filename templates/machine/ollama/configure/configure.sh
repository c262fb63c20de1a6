# shellcheck shell=bash
# Ollama on this machine: who may reach it, where it listens, and that its model is loaded.
# shellcheck disable=SC2154
probe=${ollama_host/#0.0.0.0:/127.0.0.1:} # where this machine itself reaches it

step start firewall 600
firewall() {
    local changed=''
    # A table of its own, replaced in one go: rules of others are not touched. Own addresses arrive by the loopback interface.
    put /etc/baker/ollama.nft 644 <<END
table inet baker
delete table inet baker
table inet baker {
    chain input {
        type filter hook input priority -10; policy accept;
        iif lo tcp dport 11434 accept
        ip saddr { ${ollama_allow_from// /, } } tcp dport 11434 accept
        tcp dport 11434 drop
    }
}
END
    nft -f /etc/baker/ollama.nft
    put /etc/systemd/system/ollama-firewall.service 644 <"$lib/ollama-firewall.service"
    if [[ -n $changed ]] || ! systemctl is-enabled -q ollama-firewall.service 2>/dev/null; then
        systemctl daemon-reload
        systemctl enable -q ollama-firewall.service
    fi
}

step once service 600 "ollama_version ollama_host context_length keep_alive gpu proxy no_proxy extra_ca @ollama.service"
service() {
    local changed=''
    {
        printf '[Service]\n'
        printf 'Environment="%s"\n' "OLLAMA_HOST=$ollama_host" "OLLAMA_CONTEXT_LENGTH=$context_length" "OLLAMA_KEEP_ALIVE=$keep_alive"
        [[ -z $proxy ]] || printf 'Environment="%s"\n' "HTTPS_PROXY=${proxy//%/%%}" "NO_PROXY=${no_proxy//%/%%}"
        # Started before its driver, Ollama would take the CPU without a word.
        [[ $gpu != nvidia ]] || printf 'ExecStartPre=+%s\n' '/sbin/modprobe -a nvidia nvidia-uvm' '/usr/bin/nvidia-smi -L'
    } | put /etc/systemd/system/ollama.service.d/baker.conf 644
    put /etc/profile.d/baker-ollama.sh 644 <<<"export OLLAMA_HOST=$probe"
    systemctl daemon-reload
    systemctl enable -q ollama.service
    rm -f "$run/loaded"
    systemctl restart ollama.service || stop model-server
}
check_service() { [[ -s /etc/systemd/system/ollama.service.d/baker.conf ]] && systemctl is-enabled -q ollama.service; }

step start server 600
server() {
    systemctl is-active -q ollama.service || systemctl start --no-block ollama.service
    answers "$probe" 120 || {
        systemctl restart --no-block ollama.service
        stop model-server "nothing answers on $probe"
    }
}

step once warm 10800 "models"
warm() { # EC2 fetches a block of an image's volume when it is first read: one reader would wait for every one of them
    local size file at
    # Pulled here, and not when an image was made: it is all there. A machine gets its id at its first boot.
    [[ $cloud == aws && /var/lib/baker/steps/models -ot /etc/machine-id ]] || return 0
    find "$store/.ollama/models/blobs" -type f -printf '%s %p\n' | while read -r size file; do
        for ((at = 0; at < size; at += 268435456)); do printf 'if=%s skip=%d\n' "$file" "$((at / 1048576))"; done
    done | xargs -r -P 16 -L 1 dd of=/dev/null bs=1M count=256 status=none
}

step start model 3600
model() { # in memory, and with a GPU wholly in the GPU's
    local name keep=$keep_alive answer=$run/load.log at size vram
    name=$(tagged "$model_name")
    # A model that may be unloaded is loaded once, to see that it can be.
    [[ $keep == -* || ! -e $run/loaded ]] || return 0
    [[ $keep =~ ^-?[0-9]+$ ]] || keep="\"$keep\""
    if ! patience=3500 api "$probe" /api/generate "{\"model\":\"$name\",\"keep_alive\":$keep,\"stream\":false}" >"$answer" 2>&1; then
        cat "$answer"
        if grep -qiE 'system memory|out of memory|cudaMalloc|failed to allocate' "$answer"; then stop vram "$name"; fi
        ! grep -qi 'not found' "$answer" || stop model-missing "$name"
        stop model-server
    fi
    if [[ $keep != 0 ]]; then
        at=$(api "$probe" /api/ps | python3 -c 'import json, sys
for m in json.load(sys.stdin)["models"] or []: print(m["name"], m["size"], m["size_vram"])' | awk -v name="$name" '$1 == name { print $2, $3 }') || stop model-server
        [[ -n $at ]] || stop model-server "$name is not in /api/ps"
        read -r size vram <<<"$at"
        if [[ $gpu == nvidia ]] && ((vram < size)); then
            # Nothing of it in the GPU: the server saw none when it started. A second time that is no accident.
            if ((vram == 0)); then
                # The next try begins with a new server: one looks for GPUs once.
                if [[ -e $run/cpu ]]; then
                    rm "$run/cpu"
                    stop gpu "$name runs on the CPU"
                fi
                : >"$run/cpu"
                systemctl restart ollama.service || :
                stop model-server "$name runs on the CPU"
            fi
            stop vram "$((vram / 1048576)) of $((size / 1048576)) MB are in the GPU: a shorter context_length, a smaller model or a larger GPU"
        fi
    fi
    rm -f "$run/cpu"
    : >"$run/loaded"
}

step once unused-models 600 "models"
unused-models() { # only now that the new ones are in use
    local list name entry
    list=$(listed "$probe") || stop model-server
    while read -r name _; do
        for entry in $models; do [[ $name != "$(tagged "${entry%@*}")" ]] || continue 2; done
        [[ -z $name ]] || api "$probe" /api/delete "{\"model\":\"$name\"}" DELETE >/dev/null || stop model-server
    done <<<"$list"
}
