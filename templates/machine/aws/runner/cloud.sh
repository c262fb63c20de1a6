# shellcheck shell=bash
# What differs by cloud, on AWS: the machine's address, its user-data, and secrets from SSM's parameter store.
# shellcheck disable=SC2034
imds() { # path below latest/meta-data
    local token
    token=$(metadata -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' http://169.254.169.254/latest/api/token) || return
    printf 'header = "X-aws-ec2-metadata-token: %s"\n' "$token" | metadata -K - "http://169.254.169.254/latest/meta-data/$1"
}
# Nothing when the machine has none.
public_ip() { imds public-ipv4 2>/dev/null || :; }
# As the cloud has it now.
user_data() { imds ../user-data 2>/dev/null; }

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
