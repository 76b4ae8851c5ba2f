#!/bin/sh
# Makes .venv and installs what a lock file names, by hash. Usage: sh scripts/setup.sh requirements.lock
set -eu

lock=$1
python=${PYTHON:-python3}
venv=.venv
export PIP_DISABLE_PIP_VERSION_CHECK=1

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Chorok needs Python 3.11 or newer ('$python' is older or missing)." >&2
    echo "Install it (apt-get install python3 python3-venv), or name another: make PYTHON=python3.12 ..." >&2
    exit 1
fi

if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
    # Bare Debian splits pip off: then an empty environment gets pip from a pip that is at hand.
    if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
        rm -rf "$venv"
        "$python" -m venv --without-pip "$venv"
        if ! "$python" scripts/bring_pip.py "$venv/bin/python"; then
            rm -rf "$venv"
            echo "This Python cannot make an environment with pip. Run this, then try again:" >&2
            echo "    apt-get install python3-venv" >&2
            exit 1
        fi
    fi
fi

echo "Installing what $lock names (once; a minute or so) ..."
# Unpacking takes longest and uses one core: two installers share it. The lock is whole, so neither looks for more.
halves=$(mktemp -d)
trap 'rm -rf "$halves"' EXIT
awk -v place="$halves" '/^[^ ]/ { half = !half } { print > (place "/" half) }' "$lock"
"$venv/bin/python" -m pip install --quiet --no-deps --require-hashes -r "$halves/0" &
"$venv/bin/python" -m pip install --quiet --no-deps --require-hashes -r "$halves/1"
wait "$!"
"$venv/bin/python" -m pip install --quiet --no-deps --editable .
