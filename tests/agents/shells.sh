#!/bin/sh
# Debian's zsh, fish and mandoc, unpacked into .agents/shells: nothing is installed.
set -eu
cd "$(dirname "$0")/../.."
. tests/agents/debian

wanted() {
    echo zsh zsh-common fish fish-common libpcre2-32-0 mandoc
}

unpack shells "zsh, fish and mandoc"
