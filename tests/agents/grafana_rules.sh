#!/bin/sh
# A reader of Grafana's alert rules with the types of its published client, built by Go from the
# module in tests/telegraf/grafana/rules into .agents/grafana-rules.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v go > /dev/null; then
    echo "grafana_rules: there is no Go toolchain; the check of Grafana's alert rules will skip"
    exit 0
fi

from=tests/telegraf/grafana/rules
mark=$(cat "$from/go.mod" "$from/go.sum" "$from/main.go" "$0" | cksum | cut -d ' ' -f 1)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/o365skype-bridge-agents/grafana-rules-$mark

if [ ! -d "$cache" ]; then
    mkdir -p "$(dirname "$cache")"
    made=$(mktemp -d "$cache.XXXXXX")
    trap 'rm -rf "$made"' EXIT
    (
        cd "$from"
        export GOFLAGS=-mod=readonly CGO_ENABLED=0
        go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$made/rules" .
    )
    chmod 755 "$made"
    # Somebody else may have been quicker.
    mv -T "$made" "$cache" 2> /dev/null || [ -d "$cache" ]
fi
mkdir -p .agents
ln -sfn "$cache" .agents/grafana-rules
