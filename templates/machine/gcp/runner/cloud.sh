# shellcheck shell=bash
# What differs by cloud, on Google Cloud: the machine's address and its user-data.
gce() { metadata -H 'Metadata-Flavor: Google' "http://169.254.169.254/computeMetadata/v1/$1" 2>/dev/null; }
# Nothing when the machine has none.
public_ip() { gce instance/network-interfaces/0/access-configs/0/external-ip || :; }
user_data() { # as the cloud has it now
    if [[ $(gce instance/attributes/user-data-encoding) == base64* ]]; then gce instance/attributes/user-data | base64 -d
    else gce instance/attributes/user-data; fi
}
