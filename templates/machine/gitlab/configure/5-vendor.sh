# shellcheck shell=bash
# GitLab's maker, as far as an online licence asks it.
# shellcheck disable=SC2154
step start vendor 600
vendor() { # its hosts answer; a note after a while, as they may do so at any time and much works without
    local host seen missing refused tries=0
    until
        missing='' refused=''
        for host in $vendor_hosts; do
            # GitLab looks a name up before it asks a proxy. With /h2 it is spoken to by gRPC.
            seen=$(timeout 20 getent ahosts "${host%/h2}" >/dev/null || exit 0
                curl -qsS --connect-timeout 10 -m 20 -o /dev/null -w '%{http_connect} %{http_version}' "https://${host%/h2}/" || echo ' failed')
            [[ $seen == *\ [1-9]* && $seen != *failed ]] && [[ $host != */h2 || $seen == *' 2' ]] || missing+=" $host"
            # What a proxy says when it lets nothing through.
            [[ $seen != [45]??' '* ]] || refused=${seen:0:3}
        done
        missing=${missing:+not reached:$missing${refused:+: the proxy answers $refused}}
        [[ -z $missing || -e $run/notes/vendor ]] || ((++tries > 2))
    do
        case $refused in
            403) say waiting http-403 "$missing" ;;
            407) say waiting http-407 "$missing" ;;
            *) say waiting network "$missing" ;;
        esac
        sleep 20
    done
    note vendor "$missing"
    [[ -z $missing ]] || echo "$missing"
}
