# shellcheck shell=bash
# GitLab Duo: from the licence to a model that answers. GitLab before 17.9 has no API for it; there a person does it.
# shellcheck disable=SC2154
activation() { # prints what was given as a licence: with baker-activate, or as a secret
    local own='' given=''
    [[ ! -s $etc/baker-licence ]] || own=$(<"$etc/baker-licence")
    # Of one that is in use only the digest is left.
    if [[ -n $own && $own != sha256:* ]]; then given=$own
    elif [[ -n $secret_license ]]; then given=$(secret "$secret_license") || exit 1; fi
    given=$(printf '%s' "$given" | bare)
    # No code and no file has quotes: somebody's editor or shell had.
    if [[ $given == [\"\']*[\"\'] ]]; then given=${given:1:-1}; fi
    printf '%s' "$given"
}

step once licence 0 "duo secret_license @baker-activate"
licence() { # until there is one
    [[ $duo == true ]] || return 0
    ln -sfn "$lib/baker-activate" /usr/local/bin/baker-activate
    until [[ -s $etc/baker-licence ]] || { [[ -n $secret_license ]] && (activation >/dev/null); }; do
        # What nobody has stored yet may come at any time; other trouble is told.
        [[ ! -s $run/reason || $(<"$run/reason") == secret-missing ]] || exit 1
        rm -f "$run/reason"
        say waiting licence
        sleep 20
    done
}

step start gateway 0
gateway() {
    [[ $duo == true ]] || return 0
    until local_get -f -o /dev/null "$gateway_url/monitoring/healthz" 2>/dev/null; do
        say waiting gateway
        sleep 10
    done
}

step once duo 3600 "duo duo_settings duo_model duo_features duo_seats duo_only_self_hosted duo_terms duo_probe gitlab_version secret_license @duo.rb @duo.graphql"
duo() { # again after every upgrade: one of them has emptied the gateway's URL
    local given digest said code=0 mark=/etc/gitlab/baker-licence log=/var/log/baker-duo.log
    [[ $duo == true ]] || return 0
    given=$(activation) || exit 1
    digest=sha256:$(printf '%s' "$given" | sha256sum | cut -c 1-64)
    # Given to the licence portal once.
    [[ ! -s $mark || $(<"$mark") != "$digest" ]] || given=''
    put "$log" 600 </dev/null
    said=$({ cat /etc/baker/values; printf '\0%s' "$given"; } | gitlab-rails runner "$lib/duo.rb" 2>"$log") || code=$?
    cat "$log" >&2
    if [[ -n $given && $said == *licensed* ]]; then put "$mark" 600 <<<"$digest"; fi
    if ((code == 0)) && [[ $said =~ (^|$'\n')left\ ([^$'\n']*) ]]; then put "$people" 600 <<<"${BASH_REMATCH[2]}"; fi
    # The first of GitLab's own words, or of ours where it said none.
    note duo "$( ((code == 0)) || sed -n 's/^gitlab: //p;$s/^duo: //p' "$log" | head -n 1 | cut -c 1-160)"
    case $code in
        0) ;;
        3)
            [[ -n $given ]] || rm -f "$mark"
            stop licence
            ;;
        4) stop seats ;;
        5) stop duo ;;
        6) stop network "customers.gitlab.com" ;;
        8) stop model-server "it does not answer through the gateway" ;;
        9) stop terms ;;
        *) stop gitlab ;;
    esac
}

people=/var/lib/baker/people
step start seats 3600
seats() { # for people whom GitLab did not know yet
    local name names=''
    [[ $duo != true || ! -e $people ]] || names=$(<"$people")
    note seats "${names:+no user yet: $names}"
    for name in $names; do
        if [[ $(gitlab-psql -Atc "SELECT count(*) FROM users WHERE username = '$name'") == 1 ]]; then
            duo
            return
        fi
    done
}
