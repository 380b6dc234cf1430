#!/bin/sh
# Debian's zsh, fish and mandoc, unpacked into .agents/shells: nothing is installed.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v apt-get > /dev/null; then
    echo "shells: there is no apt; the tests with zsh, fish and mandoc will skip"
    exit 0
fi

packages="zsh zsh-common fish fish-common libpcre2-32-0 mandoc"
# A recipe that changes makes a new tree; the same recipe serves every checkout of this user.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/o365skype-bridge-agents/shells-$(cksum < "tests/agents/shells.sh" | cut -d ' ' -f 1)

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
ln -sfn "$cache" .agents/shells
