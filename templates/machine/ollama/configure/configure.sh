# shellcheck shell=bash
# Ollama on this machine: who may reach it, where it listens, and that its model is loaded.
# shellcheck disable=SC2154,SC2034
probe=${ollama_host/#0.0.0.0:/127.0.0.1:} # where this machine itself reaches it
front=${model_host/#0.0.0.0:/127.0.0.1:}  # where it reaches what the gateway reaches
load_limit=3500                           # seconds, for a model to be loaded in step `model`
settings=/etc/systemd/system/ollama.service.d

step start firewall 600
firewall() {
    local id='' inner='' outside=''
    # shellcheck disable=SC2086
    [[ -z $egress ]] || outside=$(printf 'ip daddr %s tcp dport %s accept\n' ${egress//:/ })
    if [[ -n $filter ]]; then
        id=$(id -u model-filter)
        # Past the filter there is root, for the steps and for people, and the filter. That account begins nothing else.
        inner="oif lo tcp dport 11435 meta skuid { 0, $id } accept; oif lo tcp dport 11435 reject; meta skuid $id reject"
    fi
    # Own addresses arrive by the loopback interface. Ollama's account answers, talks to its own runners there, and begins nothing else:
    # root fetches its models. Names are refused too, as this machine's resolver would carry a question out for it.
    filter ollama <<END
table inet baker
delete table inet baker
table inet baker {
    chain input {
        type filter hook input priority -10; policy accept;
        iif lo tcp dport { 11434, 11435 } accept
        ip saddr { ${ollama_allow_from// /, } } tcp dport 11434 accept
        tcp dport { 11434, 11435 } drop
    }
    chain output {
        type filter hook output priority -10; policy accept;
        ct state established,related accept
        meta skuid ollama meta l4proto { tcp, udp } th dport 53 reject
        $inner
        oif lo accept
        $outside
        meta skuid ollama reject
    }
}
END
}

step once service 600 "ollama_version ollama_host filter context_length keep_alive parallel queue flash_attention cache_type gpu @ollama.service"
service() {
    local changed=''
    {
        # When the kernel kills the process that has the model, Ollama says so; systemd would end Ollama with it.
        printf '%s\n' '[Service]' OOMPolicy=continue
        # What is empty is as Ollama has it.
        printf 'Environment="%s"\n' "OLLAMA_HOST=$ollama_host" "OLLAMA_CONTEXT_LENGTH=$context_length" "OLLAMA_KEEP_ALIVE=$keep_alive" \
            "OLLAMA_LOAD_TIMEOUT=$load_limit" "OLLAMA_NUM_PARALLEL=$parallel" "OLLAMA_MAX_QUEUE=$queue" \
            "OLLAMA_FLASH_ATTENTION=$flash_attention" "OLLAMA_KV_CACHE_TYPE=$cache_type"
        # Started before its driver, Ollama would take the CPU without a word.
        [[ $gpu != nvidia ]] || printf 'ExecStartPre=+%s\n' '/sbin/modprobe -a nvidia nvidia-uvm' '/usr/bin/nvidia-smi -L'
    } | put "$settings/baker.conf" 644
    rm -f "$settings/parallel.conf"
    put /etc/profile.d/baker-ollama.sh 644 <<<"export OLLAMA_HOST=$probe"
    if [[ -z $filter ]]; then
        # It holds the port that Ollama is about to take.
        systemctl disable -q --now model-filter.service 2>/dev/null || :
        rm -f /etc/systemd/system/model-filter.service /etc/baker/model-filter.conf
    fi
    systemctl daemon-reload
    systemctl enable -q ollama.service
    rm -f "$run/loaded"
    systemctl restart ollama.service || stop model-server
}
check_service() { [[ -s $settings/baker.conf ]] && systemctl is-enabled -q ollama.service; }

step once request-filter 600 "filter filter_seconds model_host ollama_host @model-filter.service"
request-filter() { # nginx in front of Ollama: what asks the model, and nothing else. Only now, as Ollama itself may have held the port
    local changed
    [[ -n $filter ]] || return 0
    # By names and methods of server/routes.go (0.32.7), so that what a later Ollama adds stays closed. What is passed on is the decoded path.
    # No question is kept, in a log or on a disk; what is refused is in the journal, without its body. Clients keep a connection for up to
    # 120 seconds, and the gateway gives up first.
    put /etc/baker/model-filter.conf 644 <<END
daemon off;
pid /run/model-filter/pid;
error_log stderr;
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
    access_log off;
    server_tokens off;
    default_type text/plain;
    client_body_temp_path /run/model-filter/body;
    proxy_temp_path /run/model-filter/proxy;
    fastcgi_temp_path /run/model-filter/fastcgi;
    uwsgi_temp_path /run/model-filter/uwsgi;
    scgi_temp_path /run/model-filter/scgi;
    client_max_body_size 64m;
    keepalive_timeout 300s;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_request_buffering off;
    proxy_buffering off;
    proxy_connect_timeout 5s;
    proxy_read_timeout ${filter_seconds}s;
    upstream model {
        server $ollama_host;
        keepalive 32;
    }
    server {
        listen $model_host;
        error_page 403 @refused;
        location ~ ^/v1/models(/[A-Za-z0-9_.:-]+)?\\z {
            limit_except GET {
                deny all;
            }
            proxy_pass http://model\$uri;
        }
        location ~ ^/v1/(chat/completions|completions|embeddings|responses|messages|audio/transcriptions)\\z {
            limit_except POST {
                deny all;
            }
            proxy_pass http://model\$uri;
        }
        location = /health {
            proxy_pass http://model/;
        }
        location / {
            deny all;
        }
        location @refused {
            return 403 "refused: this port answers questions to the model (/v1/...) and /health; all else is for the machine itself\n";
        }
    } }
END
    put /etc/systemd/system/model-filter.service 644 <"$lib/model-filter.service"
    systemctl daemon-reload
    systemctl enable -q model-filter.service
    systemctl restart model-filter.service || stop model-server
}
check_request-filter() {
    [[ -z $filter ]] || { [[ -s /etc/baker/model-filter.conf ]] && systemctl is-enabled -q model-filter.service; }
}

step start server 600
server() {
    systemctl is-active -q ollama.service || systemctl start --no-block ollama.service
    answers "$probe" 120 || {
        systemctl restart --no-block ollama.service
        stop model-server "nothing answers on $probe"
    }
    [[ -n $filter ]] || return 0
    systemctl is-active -q model-filter.service || systemctl start --no-block model-filter.service
    answers "$front" 60 /health || {
        systemctl restart --no-block model-filter.service
        stop model-server "nothing answers on $front"
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

digest_of() { listed "$probe" | awk -v name="$1" '$1 == name { print $2 }'; } # model
load() { # model, how long it stays as JSON: loads it, or changes how long it stays
    patience=$load_limit api "$probe" /api/generate "{\"model\":\"$1\",\"keep_alive\":$2,\"stream\":false}"
}
in_memory() { # digest of the model meant: what loaded.py says
    { printf '[' && api "$probe" /api/ps && printf ',' && api "$probe" /api/tags && printf ']'; } | python3 "$lib/loaded.py" "$store/.ollama/models" "$1"
}
unload() { # model; until it has left
    local end=$((SECONDS + 60)) now
    load "$1" 0 >/dev/null || stop model-server
    while now=$(in_memory '') || stop model-server; [[ $now == *" $1 "* ]]; do
        ((SECONDS < end)) || stop model-server "$1 stays in memory"
        sleep 0.5
    done
}
empty() { # Ollama without a model in memory
    systemctl restart ollama.service || stop model-server
    answers "$probe" 120 || stop model-server "nothing answers on $probe"
}
named() { # model: true when the spec names it
    local entry
    for entry in $models; do [[ $1 != "$(tagged "${entry%@*}")" ]] || return 0; done
    return 1
}
make_room() { # an earlier model would stay for as long as it was to stay, and push the new one from the GPU to the CPU
    local now kind name
    now=$(in_memory '') || stop model-server
    while read -r kind name _; do
        if [[ $kind == gone ]]; then
            # Under a name that is no more, or stands for something else, it cannot be unloaded.
            empty
            return
        fi
        [[ -z $name ]] || named "$name" || unload "$name"
    done <<<"$now"
}
one_at_a_time() { # what does not fit: more requests at a time are given up first, where nobody has asked for them
    local changed
    [[ $parallel_from == reckoned && ! -e $settings/parallel.conf ]] && ((parallel > 1)) || return 0
    put "$settings/parallel.conf" 644 <<<$'[Service]\nEnvironment="OLLAMA_NUM_PARALLEL=1"'
    systemctl daemon-reload
    empty
    stop model-server "$1; from now on one request at a time"
}

step start model 3600
model() { # in memory, and with a GPU wholly in the GPU's
    local name digest state stay=600 answer=$run/load.log now size vram context notes=''
    name=$(tagged "$model_name")
    digest=$(digest_of "$name") || stop model-server
    [[ -n $digest ]] || stop model-missing "$name"
    # A model that may be unloaded is loaded once, to see that it can be.
    state="$models $digest"
    if [[ ! -e $run/loaded || $(<"$run/loaded") != "$state" ]]; then make_room; elif [[ $keep_alive != -* ]]; then return 0; fi
    # It stays at least for as long as it is looked at.
    [[ $keep_alive != -* ]] || stay=-1
    if ! load "$name" "$stay" >"$answer" 2>&1; then
        cat "$answer"
        if grep -qiE 'out of (device )?memory|(system|enough|insufficient) memory|malloc failed|(failed|unable) to allocate|allocation failed|signal: killed' "$answer"; then
            one_at_a_time "$name"
            # The kernel takes memory back from whoever has most of it: that is the VM's own.
            if [[ $gpu != nvidia ]] || grep -q 'signal: killed' "$answer"; then stop memory "$name"; fi
            stop vram "$name"
        fi
        ! grep -qi 'not found' "$answer" || stop model-missing "$name"
        stop model-server
    fi
    now=$(in_memory "$digest") || stop model-server
    now=$(sed -n 's/^own [^ ]* //p' <<<"$now")
    [[ -n $now ]] || stop model-server "$name is not in /api/ps"
    read -r size vram context <<<"$now"
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
        one_at_a_time "$name"
        stop vram "$((vram / 1000000)) of $((size / 1000000)) MB are in the GPU: a shorter context_length, a smaller model or a larger GPU"
    fi
    rm -f "$run/cpu"
    if [[ ! -e $run/loaded || $(<"$run/loaded") != "$state" ]]; then
        printf '%s: %s MB in memory, %s MB in the GPU, %s MB reckoned, %s tokens of context\n' \
            "$name" "$((size / 1000000))" "$((vram / 1000000))" "${memory_mb:-?}" "$context"
    fi
    # Nobody else says it: a model is not given more than it was trained for, and its own num_ctx goes first.
    ((context == context_length)) || notes="context $context of $context_length tokens"
    [[ ! -e $settings/parallel.conf ]] || notes+="${notes:+, }1 of $parallel requests at a time"
    [[ -z $memory_mb ]] || ((size / 1000000 <= memory_mb + memory_mb / 10)) || notes+="${notes:+, }$((size / 1000000)) MB in memory, $memory_mb MB reckoned"
    note model "$notes"
    # From now on as the spec says: 0 unloads it.
    [[ $keep_alive == -* ]] || load "$name" "$(keep_alive_as_json)" >/dev/null || stop model-server
    printf '%s' "$state" >"$run/loaded"
}
keep_alive_as_json() { if [[ $keep_alive =~ ^[0-9]+$ ]]; then printf '%s' "$keep_alive"; else printf '"%s"' "$keep_alive"; fi; }

step once unused-models 600 "models"
unused-models() { # only now that the new ones are in use
    local list name blob
    list=$(listed "$probe") || stop model-server
    while read -r name _; do
        [[ -z $name ]] || named "$name" || api "$probe" /api/delete "{\"model\":\"$name\"}" DELETE >/dev/null || stop model-server
    done <<<"$list"
    # The weights that a name stood for before have no name any more, and Ollama looks for those only when it starts.
    list=$(grep -rhoE 'sha256:[0-9a-f]{64}' "$store/.ollama/models/manifests")
    for blob in "$store"/.ollama/models/blobs/sha256-*; do
        [[ ! ${blob##*/} =~ ^sha256-[0-9a-f]{64}$ || $list == *"${blob##*-}"* ]] || rm -f "$blob"
    done
}
