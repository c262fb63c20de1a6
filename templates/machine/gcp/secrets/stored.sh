# shellcheck shell=bash
# Secrets on Google Cloud: from Secret Manager.
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
