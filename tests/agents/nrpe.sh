#!/bin/sh
# Debian's NRPE, both sides of it, unpacked into .agents/nrpe: nothing is installed, no service started.
set -eu
cd "$(dirname "$0")/../.."
. tests/agents/debian

wanted() {
    echo nagios-nrpe-server nagios-nrpe-plugin
}

finish() {
    ln -s usr/sbin/nrpe nrpe
    ln -s usr/lib/nagios/plugins/check_nrpe check_nrpe
}

unpack nrpe "a real NRPE"
