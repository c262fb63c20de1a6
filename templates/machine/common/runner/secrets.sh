# shellcheck shell=bash
# Secrets, by reference. A value is only ever in a variable or a pipe: never in an argument, the log or the environment of a
# program that does not need it. curl reads what is confidential from its standard input (-K -).
# shellcheck disable=SC2154
field() { printf '%s' "$1" | json "${@:2}"; } # not a here-string: a long one would lie in /tmp
metadata() { curl -qsSf --noproxy '*' --connect-timeout 5 -m 10 --retry 2 "$@"; }
imds() { # path below latest/meta-data
    local token
    token=$(metadata -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' http://169.254.169.254/latest/api/token) || return
    printf 'header = "X-aws-ec2-metadata-token: %s"\n' "$token" | metadata -K - "http://169.254.169.254/latest/meta-data/$1"
}
gce() { metadata -H 'Metadata-Flavor: Google' "http://169.254.169.254/computeMetadata/v1/$1"; }

public_ip() { # nothing when the machine has none
    case $cloud in
        aws) imds public-ipv4 || : ;;
        gcp) gce instance/network-interfaces/0/access-configs/0/external-ip || : ;;
    esac 2>/dev/null
}

user_data() { # as the cloud has it now
    local seed=$run/seed
    case $cloud in
        aws) imds ../user-data ;;
        gcp)
            if [[ $(gce instance/attributes/user-data-encoding 2>/dev/null) == base64* ]]; then gce instance/attributes/user-data | base64 -d
            else gce instance/attributes/user-data; fi
            ;;
        local)
            mkdir -p "$seed"
            mount -o ro LABEL=cidata "$seed" || mount -o ro LABEL=CIDATA "$seed" || return
            cat "$seed/user-data" || :
            umount "$seed"
            ;;
    esac 2>/dev/null
}

ask() { # what it is about; curl's other arguments. Prints the answer; standard input: curl's confidential settings
    local about=$1 answer code
    shift
    answer=$(curl -qsS -K - --connect-timeout 10 -m 30 -w '\n%{http_code}' "$@") || stop_for_curl $? 000 "$about"
    code=${answer##*$'\n'} answer=${answer%$'\n'*}
    if [[ $code == 200 ]]; then
        printf '%s' "$answer"
        return
    fi
    case $answer in
        *ParameterNotFound* | *ParameterVersionNotFound* | *'"NOT_FOUND"'*) stop secret-missing "$about" ;;
        *AccessDenied* | *PERMISSION_DENIED*) stop secret-denied "$about" ;;
        *Throttling* | *RESOURCE_EXHAUSTED*) stop http-429 "$about" ;;
        *ExpiredToken* | *SignatureDoesNotMatch* | *InvalidSignature*) stop metadata "$about: the role's credentials or the clock" ;;
    esac
    stop_for_http "$code" "$about"
}

aws_answer() { # parameter, true|false: the JSON of SSM's GetParameter
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
gcp_answer() { # projects/P/secrets/N
    local token
    token=$(gce instance/service-accounts/default/token) || stop identity "the machine has no service account"
    token=$(field "$token" access_token) || stop identity
    printf 'header = "Authorization: Bearer %s"\n' "$token" | ask "$1" "https://secretmanager.googleapis.com/v1/$1/versions/latest:access"
}
secrets_disk() { # mounts it where only root looks
    local at=$run/private/disk
    (umask 077 && mkdir -p "$at")
    mountpoint -q "$at" || mount -o ro,nosuid,nodev,noexec LABEL=baker-secrets "$at" 2>/dev/null || stop secret-missing "no disk baker-secrets"
    printf '%s' "$at"
}
file_of() { # local_file:... or vm_file:...
    local at
    case $1 in
        local_file:*)
            at=$(secrets_disk) || exit 1
            at+=/${1#*:}
            ;;
        vm_file:*) at=${1#*:} ;;
        *) stop secret-missing "unknown kind ${1%%:*}" ;;
    esac
    [[ -s $at ]] || stop secret-missing "$1"
    printf '%s' "$at"
}

secret() { # kind:location: prints the value
    local answer at
    case $1 in
        aws_parameter:*) answer=$(aws_answer "${1#*:}" true) && field "$answer" Parameter Value ;;
        gcp_secret:*) answer=$(gcp_answer "${1#*:}") && field "$answer" payload data | base64 -d ;;
        *) at=$(file_of "$1") && cat "$at" ;;
    esac
}
secret_version() { # changes when the value does
    local answer at
    case $1 in
        aws_parameter:*) answer=$(aws_answer "${1#*:}" false) && field "$answer" Parameter Version ;;
        gcp_secret:*) answer=$(gcp_answer "${1#*:}") && field "$answer" name ;;
        *) at=$(file_of "$1") && hash_of "$at" ;;
    esac
}
