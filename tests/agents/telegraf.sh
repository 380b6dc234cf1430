#!/bin/sh
# A real Telegraf with only the plugins that the tests need, and its parser as a program of its own,
# built by Go from the module in tests/telegraf into .agents/telegraf.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v go > /dev/null; then
    echo "telegraf: there is no Go toolchain; the tests with a real Telegraf will skip"
    exit 0
fi

module=github.com/influxdata/telegraf
tags=custom,inputs.exec,inputs.execd,inputs.file,inputs.internal,outputs.discard,outputs.file
tags=$tags,outputs.influxdb,outputs.influxdb_v2,outputs.opentelemetry,outputs.prometheus_client
tags=$tags,processors.converter
tags=$tags,parsers.influx,parsers.json,parsers.nagios,serializers.influx
# What is built follows from the module and from this script; every checkout of this user shares it.
mark=$(cat tests/telegraf/go.mod tests/telegraf/go.sum tests/telegraf/parse/main.go "$0" | cksum | cut -d ' ' -f 1)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/o365skype-bridge-agents/telegraf-$mark

if [ ! -d "$cache" ]; then
    mkdir -p "$(dirname "$cache")"
    made=$(mktemp -d "$cache.XXXXXX")
    trap 'rm -rf "$made"' EXIT
    (
        cd tests/telegraf
        export GOFLAGS=-mod=readonly CGO_ENABLED=0
        version=$(go list -m -f '{{.Version}}' "$module")
        go build -trimpath -buildvcs=false -tags "$tags" \
            -ldflags "-s -w -X $module/internal.Version=${version#v}" \
            -o "$made/telegraf" "$module/cmd/telegraf"
        go build -trimpath -buildvcs=false -tags "$tags" -ldflags '-s -w' -o "$made/parse" ./parse
    )
    chmod 755 "$made"
    # Somebody else may have been quicker.
    mv -T "$made" "$cache" 2> /dev/null || [ -d "$cache" ]
fi
mkdir -p .agents
ln -sfn "$cache" .agents/telegraf
