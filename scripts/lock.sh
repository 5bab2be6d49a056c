#!/bin/sh
# Compiles the dependency locks from requirements*.in, keeping present versions where they fit.
#   scripts/lock.sh            write them
#   scripts/lock.sh --upgrade  take the newest versions
#   scripts/lock.sh --check    exit 1 when a .in file asks for something that its lock does not hold (no network)
set -eu
cd "$(dirname "$0")/.."

if [ "${1:-}" = "--check" ]; then
    exec .venv/bin/python scripts/check_locks.py
fi
for name in requirements-uv requirements requirements-dev requirements-node; do
    .venv/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@" "$name.in" -o "$name.txt"
done
