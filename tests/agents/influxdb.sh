#!/bin/sh
# Debian's InfluxDB, unpacked into .agents/influxdb: nothing is installed and no service started.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v apt-get > /dev/null; then
    echo "influxdb: there is no apt; the tests with a real InfluxDB will skip"
    exit 0
fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/o365skype-bridge-agents/influxdb-$(cksum < "$0" | cut -d ' ' -f 1)

if [ ! -d "$cache" ]; then
    mkdir -p "$(dirname "$cache")"
    made=$(mktemp -d "$cache.XXXXXX")
    trap 'rm -rf "$made"' EXIT
    (
        cd "$made"
        apt-get -qq -o APT::Sandbox::User=root download influxdb || { apt-get -qq -o APT::Sandbox::User=root update && apt-get -qq -o APT::Sandbox::User=root download influxdb; }
        dpkg-deb -x influxdb_*.deb .
        rm influxdb_*.deb
    )
    chmod 755 "$made"
    # Somebody else may have been quicker.
    mv -T "$made" "$cache" 2> /dev/null || [ -d "$cache" ]
fi
mkdir -p .agents
ln -sfn "$cache" .agents/influxdb
