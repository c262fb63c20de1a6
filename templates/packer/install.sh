#!/bin/bash
# Runs the install steps: exactly what a stock VM does on its first boot.
set -euo pipefail

exec /usr/local/lib/baker/run install
