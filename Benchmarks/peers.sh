#!/bin/sh
# Installs the peers into Benchmarks/.build/peers, if they are not there.
set -eu
cd "$(dirname "$0")"
cmp -s requirements.txt .build/peers/.requirements && exit
python3 -m venv .build/peers
.build/peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
cp requirements.txt .build/peers/.requirements
