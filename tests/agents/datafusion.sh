#!/bin/sh
# DataFusion, which runs the SQL of InfluxDB 3, from PyPI into .agents/datafusion: the dashboards'
# queries in SQL are tried on it.
set -eu
cd "$(dirname "$0")/../.."

python=.venv/bin/python
if [ ! -x "$python" ]; then
    echo "datafusion: there is no .venv; make setup makes it"
    exit 0
fi

mark=$({ cat "$0"; "$python" --version; } | cksum | cut -d ' ' -f 1)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/o365skype-bridge-agents/datafusion-$mark

if [ ! -d "$cache" ]; then
    mkdir -p "$(dirname "$cache")"
    made=$(mktemp -d "$cache.XXXXXX")
    trap 'rm -rf "$made"' EXIT
    "$python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
        --target "$made" datafusion==55.0.0 pyarrow==26.0.1
    chmod 755 "$made"
    # Somebody else may have been quicker.
    mv -T "$made" "$cache" 2> /dev/null || [ -d "$cache" ]
fi
mkdir -p .agents
ln -sfn "$cache" .agents/datafusion
