# shellcheck shell=bash
# Secrets on AWS: from SSM's parameter store.
parameter() { # its name, true|false: the JSON of SSM's GetParameter
    local role region domain keys id key token
    region=$(imds placement/region) domain=$(imds services/domain) || stop metadata
    [[ -n $region && -n $domain ]] || stop metadata
    role=$(imds iam/security-credentials/) || stop identity "the machine has no instance profile"
    keys=$(imds "iam/security-credentials/${role%%$'\n'*}") || stop metadata
    id=$(field "$keys" AccessKeyId) key=$(field "$keys" SecretAccessKey) token=$(field "$keys" Token) || stop identity
    printf 'user = "%s:%s"\nheader = "X-Amz-Security-Token: %s"\n' "$id" "$key" "$token" |
        ask "$1" --aws-sigv4 "aws:amz:$region:ssm" -H 'Content-Type: application/x-amz-json-1.1' \
            -H 'X-Amz-Target: AmazonSSM.GetParameter' -d "{\"Name\":\"$1\",\"WithDecryption\":$2}" "https://ssm.$region.$domain/"
}
stored() { # aws_parameter:NAME: prints the value
    local answer
    answer=$(parameter "${1#*:}" true) && field "$answer" Parameter Value
}
stored_version() {
    local answer
    answer=$(parameter "${1#*:}" false) && field "$answer" Parameter Version
}
