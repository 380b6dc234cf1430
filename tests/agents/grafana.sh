#!/bin/sh
# Grafana's published schema and the TypeScript compiler, from npm into .agents/grafana.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v npm > /dev/null; then
    echo "grafana: there is no npm; the check of the dashboard by Grafana's schema will skip"
    exit 0
fi

from=tests/telegraf/grafana
mark=$(cat "$from/package-lock.json" "$0" | cksum | cut -d ' ' -f 1)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/o365skype-bridge-agents/grafana-$mark

if [ ! -d "$cache" ]; then
    mkdir -p "$(dirname "$cache")"
    made=$(mktemp -d "$cache.XXXXXX")
    trap 'rm -rf "$made"' EXIT
    # Node brings certificates of its own; this host may trust more, and npm asks through this host.
    trusted=/etc/ssl/certs/ca-certificates.crt
    [ ! -e "$trusted" ] || export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$trusted}"
    cp "$from/package.json" "$from/package-lock.json" "$made"
    npm ci --prefix "$made" --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel error
    chmod 755 "$made"
    # Somebody else may have been quicker.
    mv -T "$made" "$cache" 2> /dev/null || [ -d "$cache" ]
fi
mkdir -p .agents
ln -sfn "$cache" .agents/grafana
