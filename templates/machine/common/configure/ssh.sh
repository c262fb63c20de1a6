# shellcheck shell=bash
# Who may come in by SSH, of those that the spec names. First of all steps: whoever is to see what holds up the others comes in by it.
# shellcheck disable=SC2154,SC2016,SC2034
: "${ssh_keys:=}"

step start ssh-keys 60
ssh-keys() { # one that has left the spec goes; what clouds' agents and people have put beside them stays
    local account changed had=/var/lib/baker/ssh-keys said=''
    [[ $ssh_keys != "$(cat "$had" 2>/dev/null)" ]] || return 0
    # The account that cloud-init has put the keys of the first start into. In its own name, for the file lies where it may put links.
    account=$(sed -n '/^ *default_user:/,${s/^ *name: *//;T;p;q}' /etc/cloud/cloud.cfg 2>/dev/null) || :
    if runuser -l "$account" -s /bin/bash -c 'umask 77 && mkdir -p .ssh && cd .ssh && touch authorized_keys &&
{ grep -vxF "$0" authorized_keys; echo "$1"; } >baker && mv -fT baker authorized_keys' \
        "$(cat "$had" 2>/dev/null)"$'\n'"$ssh_keys" "$ssh_keys"; then
        put "$had" 600 <<<"$ssh_keys"
    else
        said="ssh.keys do not reach ${account:-any account}"
    fi
    note ssh-keys "$said"
}
