# shellcheck shell=bash
# Who may come in by SSH, of those that the spec names. First of all steps: whoever is to see what holds up the others comes in by it.
# shellcheck disable=SC2154,SC2034,SC2016
: "${ssh_keys:=}"
ssh_keys_at=/etc/ssh/baker-keys

step start ssh-keys 60
ssh-keys() { # in a file of their own: one that has left the spec is gone, and what clouds' agents and people put elsewhere stays
    local account config=/etc/ssh/sshd_config.d/00-baker.conf moved=/var/lib/baker/ssh-keys-moved changed='' files said=''
    # The account that cloud-init has put the keys of the first start into.
    account=$(sed -n '/^ *default_user:/,${s/^ *name: *//;T;p;q}' /etc/cloud/cloud.cfg 2>/dev/null) || :
    if [[ -z $ssh_keys ]]; then rm -rf "$ssh_keys_at"
    elif ! id "$account" &>/dev/null || ! command -v sshd >/dev/null; then said='no account, or no sshd, for ssh.keys'
    else
        put "$ssh_keys_at/$account" 644 <<<"$ssh_keys"
        changed=''
        # What sshd reads beside it stays as it is; of two lines the first one holds.
        mkdir -p /run/sshd
        files=$(sshd -T 2>/dev/null | sed -n 's/^authorizedkeysfile //p') || :
        files=${files//" $ssh_keys_at/%u"/}
        put "$config" 644 <<<"AuthorizedKeysFile ${files:-.ssh/authorized_keys} $ssh_keys_at/%u"
        if sshd -T 2>/dev/null | grep -q "^authorizedkeysfile .* $ssh_keys_at/%u$"; then
            [[ -z $changed && -e $moved ]] || systemctl try-reload-or-restart ssh.service || :
            # Once: what cloud-init wrote is in the other file now, and would stay valid there.
            [[ -e $moved ]] || runuser -u "$account" -- bash -c 'cd "$1" && [[ -f .ssh/authorized_keys ]] || exit 0
                cp -p .ssh/authorized_keys .ssh/authorized_keys.baker-new
                grep -vxFf "$2" .ssh/authorized_keys >.ssh/authorized_keys.baker-new || :
                mv -f .ssh/authorized_keys.baker-new .ssh/authorized_keys' _ \
                "$(getent passwd "$account" | cut -d: -f 6)" "$ssh_keys_at/$account"
            : >"$moved"
        else
            rm -f "$config"
            said='sshd does not read ssh.keys'
        fi
    fi
    note ssh-keys "$said"
}
