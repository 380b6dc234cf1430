#!/bin/sh
# Debian's Prometheus and node_exporter, unpacked into .agents/prometheus: nothing is installed and no
# service started. What their package of web pages holds is not needed.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v apt-get > /dev/null; then
    echo "prometheus: there is no apt; the tests with a real Prometheus will skip"
    exit 0
fi

# A recipe that changes makes a new tree; the same recipe serves every checkout of this user.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/o365skype-bridge-agents/prometheus-$(cksum < "$0" | cut -d ' ' -f 1)

if [ ! -d "$cache" ]; then
    mkdir -p "$(dirname "$cache")"
    made=$(mktemp -d "$cache.XXXXXX")
    trap 'rm -rf "$made"' EXIT
    (
        cd "$made"
        get="apt-get -qq -o APT::Sandbox::User=root download prometheus prometheus-node-exporter"
        # An old list names versions that the mirror has not any more.
        $get || { apt-get -qq -o APT::Sandbox::User=root update && $get; }
        for package in *.deb; do
            dpkg-deb -x "$package" .
        done
        rm ./*.deb
    )
    chmod 755 "$made"
    # Somebody else may have been quicker.
    mv -T "$made" "$cache" 2> /dev/null || [ -d "$cache" ]
fi
mkdir -p .agents
ln -sfn "$cache" .agents/prometheus
