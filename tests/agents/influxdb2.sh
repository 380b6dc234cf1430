#!/bin/sh
# A real InfluxDB 2, with Flux, tasks and checks, built by Go and Rust from the module in
# tests/telegraf/influxdb2 into .agents/influxdb2.
set -eu
cd "$(dirname "$0")/../.."

for tool in go cargo cc; do
    if ! command -v "$tool" > /dev/null; then
        echo "influxdb2: there is no $tool; the tests with a real InfluxDB 2 will skip"
        exit 0
    fi
done

from=tests/telegraf/influxdb2
mark=$(cat "$from/go.mod" "$from/go.sum" "$0" | cksum | cut -d ' ' -f 1)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/o365skype-bridge-agents/influxdb2-$mark

if [ ! -d "$cache" ]; then
    mkdir -p "$(dirname "$cache")"
    made=$(mktemp -d "$cache.XXXXXX")
    tools=$(mktemp -d)
    trap 'rm -rf "$made" "$tools"' EXIT
    # Flux forbids itself every warning, and newer compilers have new ones.
    printf '#!/bin/sh\nsed -i "s/deny(warnings, missing_docs)/allow(warnings)/" flux*/src/lib.rs\nexec cargo "$@"\n' > "$tools/cargo"
    chmod 755 "$tools/cargo"
    (
        cd "$from"
        export GOFLAGS=-mod=readonly
        go build -o "$tools/pkg-config" github.com/influxdata/pkg-config
        # Flux names a compiler of its own; the one that is here does.
        export PKG_CONFIG="$tools/pkg-config" CARGO="$tools/cargo"
        export RUSTUP_TOOLCHAIN="${RUSTUP_TOOLCHAIN:-stable}"
        go build -trimpath -buildvcs=false -tags sqlite_foreign_keys,sqlite_json -ldflags '-s -w' \
            -o "$made/influxd" github.com/influxdata/influxdb/v2/cmd/influxd
    ) > "$tools/log" 2>&1 || { cat "$tools/log"; exit 1; }
    chmod 755 "$made"
    # Somebody else may have been quicker.
    mv -T "$made" "$cache" 2> /dev/null || [ -d "$cache" ]
fi
mkdir -p .agents
ln -sfn "$cache" .agents/influxdb2
