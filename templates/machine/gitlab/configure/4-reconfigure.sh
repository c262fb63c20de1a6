# shellcheck shell=bash
# GitLab configures itself, the first time with a password for root.
# shellcheck disable=SC2154
root_password() { # prints it: one that GitLab refused would end the seeding of its database for good
    local password lower
    [[ -n $secret_root_password ]] || return 0
    password=$(secret "$secret_root_password" | bare) || exit 1
    [[ $password != \"*\" && $password != \'*\' ]] || stop root-password "it stands in quotes: store it without them"
    lower=${password,,}
    if ((${#password} < 8 || ${#password} > 128)) || [[ $password == *$'\n'* ]]; then stop root-password "8 to 128 characters"; fi
    if ((${#password} < 64)); then
        case $lower in *gitlab* | *devops* | *root* | *admin* | *example*) stop root-password "GitLab refuses common words" ;; esac
    fi
    printf '%s' "$password"
}

step once reconfigure 5400 "gitlab_version gitlab_url tls letsencrypt_email letsencrypt_directory tls_ca extra_ca secret_tls_ca proxy no_proxy network_cidrs @gitlab.rb"
reconfigure() {
    local password='' line log=$run/reconfigure.log
    # Let's Encrypt locks a name out that fails too often; a restart of this machine does not reset that.
    [[ $tls != letsencrypt || -z $(find /var/lib/baker/acme -mmin -14 2>/dev/null) ]] || stop acme
    if [[ ! -e $etc/gitlab-secrets.json || ! -e /var/opt/gitlab/bootstrapped ]]; then
        password=$(root_password) || exit 1
        # Cut off while it loaded its tables, it would never get over that. Nobody has used such a database.
        rm -rf /var/opt/gitlab/postgresql.cut
        [[ -e /var/opt/gitlab/bootstrapped ]] || grep -qsx 0 /var/opt/gitlab/gitlab-rails/upgrade-status/db-migrate-* || { gitlab-ctl stop; mv /var/opt/gitlab/postgresql{,.cut}; } >/dev/null 2>&1 || :
    fi
    put "$etc/gitlab.rb" 600 <"$lib/gitlab.rb"
    (umask 077 && : >"$log")
    {
        # For this program alone.
        [[ -z $password ]] || export GITLAB_ROOT_PASSWORD=$password
        exec gitlab-ctl reconfigure 2>&1 </dev/null
    } | while IFS= read -r line; do
        [[ -z $password ]] || line=${line//"$password"/(secret)}
        printf '%s\n' "$line" | tee -a "$log"
    done || {
        # The names alone stand in every log.
        if grep -qiE "(acme|letsencrypt)_certificate\[.*had an error|unable to request certificate|Validation failed for domain" "$log"; then
            : >/var/lib/baker/acme
            stop acme
        fi
        stop_for_words "$log" internal
    }
    # Its exit code says nothing about the certificate: that step is left out without a word when nginx is late. Then nobody was asked.
    for line in {1..6}; do
        if certificate_is_right; then
            printf '%s\n' "$gitlab_version" | put "$etc/baker-version" 644
            rm -f "$log" /var/lib/baker/acme
            return
        fi
        sleep 5
    done
    [[ $tls != letsencrypt ]] || stop gitlab "no certificate was asked for"
    stop certificate "another is served on 127.0.0.1:$gitlab_port"
}
check_reconfigure() { # GitLab renews a certificate at night, when this machine may be off: it has five days left, or this is done again
    cmp -s "$lib/gitlab.rb" "$etc/gitlab.rb" && [[ -s $etc/gitlab-secrets.json ]] || return
    [[ $tls != letsencrypt || -n $letsencrypt_directory ]] || openssl x509 -noout -checkend 432000 -in "$etc/ssl/$gitlab_host.crt" >/dev/null
}
