# shellcheck shell=bash
# GitLab answers, and is as it should be before others come.
# shellcheck disable=SC2154
local_get() { # path: this GitLab, by its own name and certificate
    curl -qsS --noproxy '*' --connect-timeout 5 -m 20 --resolve "$gitlab_host:$gitlab_port:127.0.0.1" "$@"
}
site() { printf 'https://%s:%s%s' "$gitlab_host" "$gitlab_port" "$1"; }

step start readiness 1800
readiness() {
    local code tries=0
    while :; do
        # Whether the certificate is right is seen below.
        code=$(local_get -k -o /dev/null -w '%{http_code}' "$(site '/-/readiness?all=1')" 2>/dev/null) || :
        [[ $code != 200 ]] || break
        # After a start of the machine GitLab comes up by itself; after a minute something holds it. One whose disk came late was never started.
        ((++tries % 12)) || { systemctl --no-block start gitlab-runsvdir; gitlab-ctl start; } >/dev/null || :
        say waiting gitlab
        sleep 5
    done
    certificate_is_right || stop certificate
}

step once signing-key 900
signing-key() { # the one that the AI Gateway trusts: made by the last part of the first seeding of the database
    local keys password
    keys=$(gitlab-rake cloud_connector:keys:list 2>/dev/null) || stop gitlab
    [[ $keys == *[Nn]o\ key* || -z $keys ]] || return 0
    # That was interrupted, and GitLab does not repeat it: the administrator may be missing too.
    if ! gitlab-rails runner 'exit User.exists?(username: "root")'; then
        password=$(root_password) || exit 1
        GITLAB_ROOT_PASSWORD=$password gitlab-rake db:seed_fu || stop gitlab
    fi
    keys=$(gitlab-rake cloud_connector:keys:list 2>/dev/null) || stop gitlab
    [[ -n $keys && $keys != *[Nn]o\ key* ]] || gitlab-rake cloud_connector:keys:create || stop gitlab
}

step once sign-up 900
sign-up() { # closed: an open GitLab fills with strangers within days
    gitlab-rails runner 'ApplicationSetting.current.update!(signup_enabled: false)' || stop gitlab
}

step start gitlab 600
gitlab() { # what the gateway needs of it
    local_get -f -o /dev/null "$(site /.well-known/openid-configuration)" || stop gitlab "no OpenID document"
    local_get -f "$(site /oauth/discovery/keys)" | json keys 0 kid >/dev/null || stop gitlab "no keys"
}
