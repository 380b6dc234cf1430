#!/bin/sh
# Debian's Prometheus and node_exporter, unpacked into .agents/prometheus: nothing is installed and no
# service started. What their package of web pages holds is not needed.
set -eu
cd "$(dirname "$0")/../.."
. tests/agents/debian

wanted() {
    echo prometheus prometheus-node-exporter
}

unpack prometheus "a real Prometheus"
