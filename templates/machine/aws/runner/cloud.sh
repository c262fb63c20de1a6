# shellcheck shell=bash
# What differs by cloud, on AWS: the machine's address and its user-data.
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
