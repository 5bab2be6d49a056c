#!/bin/sh
# Makes .venv with everything that Gongmo needs to run and to be tested. Instant when nothing changed.
# Environment: PYTHON names the Python to use (default python3), 3.11 or newer.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
stamp=.venv/.gongmo-stamp
want=$(cat requirements-uv.txt requirements.txt requirements-dev.txt pyproject.toml scripts/bootstrap.sh | cksum)

if [ -x .venv/bin/gongmo ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$want" ]; then
    exit 0
fi
if ! command -v "$python" >/dev/null 2>&1; then
    echo "Python 3.11 or newer is needed. On Debian or Ubuntu: sudo apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! "$python" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed; $python is $("$python" --version 2>&1). Name another: make setup PYTHON=python3.12" >&2
    exit 1
fi
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    if "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
        "$python" -m venv .venv
    elif command -v virtualenv >/dev/null 2>&1; then
        virtualenv -q -p "$python" .venv
    else
        echo "$python cannot make a virtual environment. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.txt
.venv/bin/uv pip sync -q --require-hashes requirements.txt requirements-dev.txt
.venv/bin/uv pip install -q --no-deps --no-build-isolation -e .
echo "$want" >"$stamp"
