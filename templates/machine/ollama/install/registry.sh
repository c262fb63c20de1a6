# shellcheck shell=bash
# A model from a registry or a plain web server into Ollama's store. Ollama's own pull wants more of a server than most have
# (server/download.go: a redirect to another host, or a Location header), and its account would need the network.
# Names: types/model/name.go; places: manifest/paths.go. Both of Ollama 0.32.7.
# shellcheck disable=SC2154
blobs=$store/.ollama/models/blobs manifests=$store/.ollama/models/manifests
# Root's alone, for a link that Ollama's account made there would lead root astray.
incoming=/var/cache/baker/models

tagged() { # model: its name as Ollama lists it here. In small letters, for it mixes up names whose parts differ by case (getExistingName in server/routes.go)
    local name=${1,,}
    if [[ ${name##*/} == *:* ]]; then printf '%s' "$name"; else printf '%s' "$name:latest"; fi
}
locate() { # entry of models: sets host, name and tag as they are written, and place, where its manifest lies
    local rest=${1%@*}
    tag=latest
    if [[ ${rest##*/} == *:* ]]; then tag=${rest##*:} rest=${rest%:*}; fi
    case $rest in
        */*/*) host=${rest%%/*} name=${rest#*/} ;;
        */*) host=registry.ollama.ai name=$rest ;;
        *) host=registry.ollama.ai name=library/$rest ;;
    esac
    place=$host/$name/$tag
    place=$manifests/${place,,}
}
adopt() { # entry of models: what an earlier Baker, or a person, had Ollama pull under its name as it was written
    local host name tag place had
    locate "$1"
    [[ ! -e $place ]] || return 0
    had=$(find "$manifests" -type f -ipath "$place" -print -quit 2>/dev/null) || :
    [[ -n $had ]] || return 0
    as_ollama mkdir -p "${place%/*}"
    as_ollama mv -fT "$had" "$place"
}
blobs_of() { # manifest: digest and size of each of its blobs; false when it is none of a model
    python3 -c 'import json, re, sys
m = json.load(open(sys.argv[1], "rb"))
any(".ollama.image." in l["mediaType"] for l in m["layers"]) or sys.exit(1)
b = {re.fullmatch("sha256:([0-9a-f]{64})", b["digest"])[1]: int(b["size"]) for b in [*m["layers"], m["config"]] if b["digest"]}
print(*(f"{d} {s}" for d, s in b.items()), sep="\n")' "$1" 2>/dev/null
}
sound() { # digest size: true when Ollama has that blob, whole
    local blob=$blobs/sha256-$1
    [[ $(stat -c %s "$blob" 2>/dev/null) == "$2" ]] || return 1
    # What Ollama pulled itself, at the time of an earlier Baker, may lack what was not on the disk when power was lost.
    [[ $blob -nt $stamps/models && ! -e $run/sound-$1 ]] || return 0
    [[ $(hash_of "$blob") == "$1" ]] || return 1
    : >"$run/sound-$1"
}
present() { # entry of models: true when it is there, whole and with its digest
    local host name tag place list sum size
    locate "$1"
    [[ -s $place && ($1 != *@* || $(hash_of "$place") == "${1#*@sha256:}") ]] || return 1
    list=$(blobs_of "$place") || return 1
    while read -r sum size; do sound "$sum" "$size" || return 1; done <<<"$list"
}
as_ollama() { setpriv --reuid ollama --regid ollama --init-groups "$@"; }

sign_in() { # answer's head: the token that a registry gives to everybody who asks for one (distribution's docs/spec/auth/token.md)
    local wants realm ask=() scope answer=$run/answer code
    wants=$(tr -d '\r' <"$1" | sed -n 's/^www-authenticate: *bearer *//Ip' | tail -n 1)
    realm=$(challenged realm)
    [[ -n $realm ]] || stop http-401 "$url wants a login"
    for scope in $(challenged scope); do ask+=(--data-urlencode "scope=$scope"); done
    code=$(curl -qsSfL --proto =http,https --connect-timeout 20 -m 60 -o "$answer" -w "$statuses" \
        -G --data-urlencode "service=$(challenged service)" "${ask[@]}" "$realm") || stop_for_curl $? "$code" "$realm"
    answer=$(json token <"$answer" || json access_token <"$answer") || stop http-401 "no token at $realm"
    (umask 077 && printf 'Authorization: Bearer %s\n' "$answer" >"$run/token")
    pass=(-H "@$run/token")
}
challenged() { # name: its value in what the registry wants
    if [[ $wants =~ (^|[ ,])$1=\"([^\"]*)\" ]]; then printf '%s' "${BASH_REMATCH[2]}"; fi
}

ask_for() { # manifest's URL, file
    local code head=$run/head url=$1
    pass=()
    while :; do
        rm -f "$2"
        # The registry of Ollama refuses models that are too new for the version that asks (412).
        code=$(curl -qsSL --connect-timeout 20 --speed-limit 1 --speed-time 30 -m 300 --max-filesize 4194304 --proto-redir "$(onward "$url")" -A "ollama/$ollama_version (amd64 linux)" \
            -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' "${pass[@]}" -D "$head" -o "$2" -w "$statuses" "$url") ||
            stop_for_curl $? "$code" "$url"
        case ${code: -3} in
            200) return ;;
            401)
                [[ -z ${pass[*]} ]] || stop http-401 "$url"
                sign_in "$head"
                ;;
            404) stop model-missing "$3: nothing at $url" ;;
            412) stop model-missing "$3 requires a newer version of Ollama" ;;
            *) stop_for_http "${code: -3}" "$url" ;;
        esac
    done
}

pull() { # entry of models
    local host name tag place model list sum size at base url pass=() all=() total=0 new=$incoming/manifest
    local -A bytes
    locate "$1"
    model=$(tagged "${1%@*}") base=https://$host
    [[ $host != registry.ollama.ai || -z $model_registry ]] || base=$model_registry
    url=$base/v2/$name
    ask_for "$url/manifests/$tag" "$new" "$model"
    [[ $1 != *@* || $(hash_of "$new") == "${1#*@sha256:}" ]] || stop model-changed "$model is $(hash_of "$new")"
    list=$(blobs_of "$new") || stop model-missing "$model: what is at $url/manifests/$tag is no manifest of a model"
    while read -r sum size; do
        ! sound "$sum" "$size" || continue
        all+=("$sum") bytes[$sum]=$size total=$((total + size))
    done <<<"$list"
    # What an earlier list of models has left would take the room of this one.
    for at in "$incoming"/*; do
        at=${at##*/}
        [[ " manifest ${all[*]} " == *" ${at%.part} "* ]] || rm -f "$incoming/$at"
    done
    room_for $((total / 1024)) "$model"
    progress_of "$incoming/" $((total / 1024))
    for sum in "${all[@]}"; do
        # A token is good for a minute or more; what begins later needs another.
        [[ -z ${pass[*]} ]] || ask_for "$url/manifests/$tag" "$run/manifest" "$model"
        download "$url/blobs/sha256:$sum" "$incoming/$sum" "$sum" "${pass[@]}"
        size=$(stat -c %s "$incoming/$sum")
        # Else it would never be whole, and come again at every start.
        ((size == bytes[$sum])) || stop checksum "the manifest of $model says ${bytes[$sum]} bytes of sha256:$sum, which has $size"
    done
    # Blobs first, the manifest last: Ollama has the model or has it not.
    as_ollama mkdir -p "$blobs" "${place%/*}"
    for sum in "${all[@]}"; do hand_over "$sum" "$blobs/sha256-$sum"; done
    sync -f "$blobs"
    hand_over manifest "$place"
    sync -f "$manifests"
    rm -f "$run/size"
}
room_for() { # KB that a model takes, its name: said before it costs
    local at need free
    for at in "$incoming" "$store"; do
        need=$1
        # On one disk, what has come already is moved and not copied.
        [[ $(stat -c %d "$incoming") != "$(stat -c %d "$store")" && $at == "$store" ]] || need=$(($1 - $(du -sk "$incoming" | cut -f 1)))
        free=$(df --output=avail -k "$at" | tail -n 1)
        ((need < free)) || stop disk-full "$2 takes $((need / 1024)) MB more, and $((free / 1024)) MB are free"
    done
}
hand_over() { # name in incoming, path
    chown ollama:ollama "$incoming/$1"
    chmod 644 "$incoming/$1"
    mv -fT "$incoming/$1" "$2" || stop disk-full "$2"
}
