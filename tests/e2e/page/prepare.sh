#!/usr/bin/env bash
# Puts axe-core into the folder $1. Says in one line why where it cannot.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
mkdir -p "$folder"
cp "$here/package.json" "$folder/"

fail() { echo "$1" >&2; exit 3; }

command -v npm >/dev/null || fail "npm is not here"
if [ ! -f "$folder/node_modules/axe-core/axe.min.js" ]; then
  (cd "$folder" && npm install --no-audit --no-fund) >"$folder/npm.log" 2>&1 || fail "axe-core cannot be installed (see $folder/npm.log)"
fi
