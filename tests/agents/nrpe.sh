#!/bin/sh
# Debian's NRPE, both sides of it, unpacked into .agents/nrpe: nothing is installed, no service started.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v apt-get > /dev/null; then
    echo "nrpe: there is no apt; the tests with a real NRPE will skip"
    exit 0
fi

# A recipe that changes makes a new tree; the same recipe serves every checkout of this user.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/o365skype-bridge-agents/nrpe-$(cksum < "tests/agents/nrpe.sh" | cut -d ' ' -f 1)

if [ ! -d "$cache" ]; then
    mkdir -p "$(dirname "$cache")"
    made=$(mktemp -d "$cache.XXXXXX")
    trap 'rm -rf "$made"' EXIT
    (
        cd "$made"
        get="apt-get -qq -o APT::Sandbox::User=root download nagios-nrpe-server nagios-nrpe-plugin"
        # An old list names versions that the mirror has not any more.
        $get || { apt-get -qq update && $get; }
        for package in *.deb; do
            dpkg-deb -x "$package" .
        done
        rm ./*.deb
        ln -s usr/sbin/nrpe nrpe
        ln -s usr/lib/nagios/plugins/check_nrpe check_nrpe
    )
    chmod 755 "$made"
    # Somebody else may have been quicker.
    mv -T "$made" "$cache" 2> /dev/null || [ -d "$cache" ]
fi
mkdir -p .agents
ln -sfn "$cache" .agents/nrpe
