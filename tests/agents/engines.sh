#!/bin/sh
# Debian's Nagios and Icinga 2, unpacked into .agents/engines: nothing is installed, no service started,
# and no mail server comes along. Icinga's Boost comes with it, whatever this host has.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v apt-get > /dev/null; then
    echo "engines: there is no apt; the tests with a real Nagios and Icinga 2 will skip"
    exit 0
fi

# A recipe that changes makes a new tree; the same recipe serves every checkout of this user.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/o365skype-bridge-agents/engines-$(cksum < "tests/agents/engines.sh" | cut -d ' ' -f 1)

if [ ! -d "$cache" ]; then
    mkdir -p "$(dirname "$cache")"
    made=$(mktemp -d "$cache.XXXXXX")
    trap 'rm -rf "$made"' EXIT
    apt-cache show nagios4-core icinga2-bin > /dev/null 2>&1 || apt-get -qq update
    libraries=$(apt-cache depends --recurse --important icinga2-bin |
        grep -E '^(libboost-[a-z-]*[0-9.]+|libicu[0-9]+|libedit2)(t64)?$' | sort -u)
    (
        cd "$made"
        get="apt-get -qq -o APT::Sandbox::User=root download nagios4-core icinga2-bin icinga2-common"
        # An old list names versions that the mirror has not any more.
        # shellcheck disable=SC2086
        $get $libraries || { apt-get -qq update && $get $libraries; }
        for package in *.deb; do
            dpkg-deb -x "$package" .
        done
        rm ./*.deb
        ln -s usr/lib/*/icinga2/sbin/icinga2 icinga2
        ln -s usr/sbin/nagios4 nagios4
        ln -s "$(dirname usr/lib/*/libboost_thread.so.*)" libraries
    )
    chmod 755 "$made"
    # Somebody else may have been quicker.
    mv -T "$made" "$cache" 2> /dev/null || [ -d "$cache" ]
fi
mkdir -p .agents
ln -sfn "$cache" .agents/engines
