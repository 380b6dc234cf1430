#!/bin/sh
# Debian's Nagios and Icinga 2, unpacked into .agents/engines: nothing is installed, no service started,
# and no mail server comes along. Icinga's Boost comes with it, whatever this host has.
set -eu
cd "$(dirname "$0")/../.."
. tests/agents/debian

wanted() {
    apt-cache show nagios4-core icinga2-bin > /dev/null 2>&1 || apt-get -qq update >&2
    echo nagios4-core icinga2-bin icinga2-common
    apt-cache depends --recurse --important icinga2-bin |
        grep -E '^(libboost-[a-z-]*[0-9.]+|libicu[0-9]+|libedit2)(t64)?$' | sort -u
}

finish() {
    ln -s usr/lib/*/icinga2/sbin/icinga2 icinga2
    ln -s usr/sbin/nagios4 nagios4
    ln -s "$(dirname usr/lib/*/libboost_thread.so.*)" libraries
}

unpack engines "a real Nagios and Icinga 2"
