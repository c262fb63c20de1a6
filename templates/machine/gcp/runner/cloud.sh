# shellcheck shell=bash
# What differs by cloud, on Google Cloud: the machine's address, its user-data, and secrets from Secret Manager.
gce() { metadata -H 'Metadata-Flavor: Google' "http://169.254.169.254/computeMetadata/v1/$1" 2>/dev/null; }
# Nothing when the machine has none.
public_ip() { gce instance/network-interfaces/0/access-configs/0/external-ip || :; }
user_data() { # as the cloud has it now
    if [[ $(gce instance/attributes/user-data-encoding) == base64* ]]; then gce instance/attributes/user-data | base64 -d
    else gce instance/attributes/user-data; fi
}

version() { # gcp_secret:projects/P/secrets/N: the JSON of its newest version
    local token
    token=$(gce instance/service-accounts/default/token) || stop identity "the machine has no service account"
    token=$(field "$token" access_token) || stop identity
    printf 'header = "Authorization: Bearer %s"\n' "$token" | ask "${1#*:}" "https://secretmanager.googleapis.com/v1/${1#*:}/versions/latest:access"
}
stored() { # prints the value
    local answer
    answer=$(version "$1") && field "$answer" payload data | base64 -d
}
stored_version() {
    local answer
    answer=$(version "$1") && field "$answer" name
}
