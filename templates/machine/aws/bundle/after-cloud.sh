# shellcheck shell=bash
# What user-data has no room for is a bundle in SSM's parameter store, in parts; user-data names its folder, whose name is the SHA-256 of what the parts hold.
# Only machines with a bundle have this, as the end of cloud.sh.
# shellcheck disable=SC1091,SC2154,SC2034
. "$lib/secrets.sh"
bundles=/var/lib/baker/bundles

# Values that name a bundle are user-data's own: power was lost before the bundle's took their place.
[[ -z ${bundle:-} || -n ${unbundling:-} ]] || exec "$lib/unbundle" "$@"

bundle_here() { # folder: whether that bundle is on the disk, whole
    [[ -e $bundles/${1##*/} && $(hash_of "$bundles/${1##*/}") == "${1##*/}" ]]
}

fetch_bundle() { # folder: onto the disk, once it is what user-data names
    local at=$run/bundle part i=0 ca=${extra_ca:-} digest=${1##*/}
    # Nothing has put the authority of mirrors.ca into the machine's store yet, and a proxy may answer in its name.
    [[ $ca != vm_file:* ]] || ca=$(cat "${ca#*:}" 2>/dev/null) || ca=''
    if [[ $ca == *-----BEGIN* ]]; then
        { cat /etc/ssl/certs/ca-certificates.crt && printf '%s\n' "$ca"; } >"$at.ca" || stop disk-full
        export CURL_CA_BUNDLE=$at.ca
    fi
    : >"$at"
    # A dot ends the last part.
    until [[ ${part:-} == *. ]] || ((++i > 99)); do
        part=$(parameter "$1/$i" false) || exit 1
        part=$(field "$part" Parameter Value) || stop bundle-wrong "$1/$i"
        printf '%s' "${part%.}" >>"$at" || stop disk-full
    done
    base64 -d "$at" 2>/dev/null | gunzip >"$at.yaml" 2>/dev/null || stop bundle-wrong "$1 cannot be read"
    [[ $(hash_of "$at.yaml") == "$digest" ]] || stop bundle-wrong "$1 holds something else"
    put "$bundles/$digest" 600 <"$at.yaml"
    find "$bundles" -type f ! -name "$digest" -delete
}

user_data() { # the bundle that user-data names; without one, or when it cannot be had now, user-data, whose own `run` waits for it
    local own=$run/own folder
    imds ../user-data >"$own" 2>/dev/null || return
    folder=$(zcat -f "$own" | sed -n "s/^ *bundle='\(.*\)'$/\1/p")
    if [[ -z $folder ]]; then cat "$own"
    elif bundle_here "$folder" || (
        run+=/unbundle
        mkdir -p "$run"
        fetch_bundle "$folder"
    ); then cat "$bundles/${folder##*/}"
    else cat "$own"; fi
}
