#!/bin/sh
# Debian's Icinga Director, unpacked into .agents/director: nothing is installed. Its PHP and its
# PostgreSQL are those of this host; where there are none its tests skip.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v apt-get > /dev/null; then
    echo "director: there is no apt; the test with a real Icinga Director will skip"
    exit 0
fi

packages="icinga-php-library icinga-php-thirdparty php-icinga icingaweb2-common
    icingaweb2-module-director icingaweb2-module-incubator icingaweb2-module-reactbundle"
# A recipe that changes makes a new tree; the same recipe serves every checkout of this user.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/o365skype-bridge-agents/director-$(cksum < "tests/agents/director.sh" | cut -d ' ' -f 1)

if [ ! -d "$cache" ]; then
    mkdir -p "$(dirname "$cache")"
    made=$(mktemp -d "$cache.XXXXXX")
    trap 'rm -rf "$made"' EXIT
    (
        cd "$made"
        get="apt-get -qq -o APT::Sandbox::User=root download"
        # shellcheck disable=SC2086
        $get $packages || { apt-get -qq update && $get $packages; }
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
ln -sfn "$cache" .agents/director
