# shellcheck shell=bash
# GitLab's maker, as far as an online licence asks it.
# shellcheck disable=SC2154
step start vendor 600
vendor() { # its hosts answer; a note after a while, as they may do so at any time and much works without
    local host seen missing tries=0
    until
        missing=''
        for host in $vendor_hosts; do
            # GitLab looks a name up before it asks a proxy. With /h2 it is spoken to by gRPC.
            seen=$(timeout 20 getent ahosts "${host%/h2}" >/dev/null &&
                curl -qsS --connect-timeout 10 -m 20 -o /dev/null -w '%{http_version}' "https://${host%/h2}/") || seen=
            [[ -n $seen ]] && [[ $host != */h2 || $seen == 2 ]] || missing+=" $host"
        done
        [[ -z $missing || -e $run/notes/vendor ]] || ((++tries > 2))
    do
        say waiting network "not reached:$missing"
        sleep 20
    done
    note vendor "${missing:+not reached:$missing}"
    [[ -z $missing ]] || echo "not reached:$missing"
}
