#!/usr/bin/env bash
# Puts a whole AT Protocol network into the folder $1, so that start.sh can run it. Says in one line why where it cannot.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
mkdir -p "$folder/run"
chmod 755 "$folder"
cp "$here"/{network.mjs,loopback.cjs,package.json,start.sh,stop.sh} "$folder/"

fail() { echo "$1" >&2; exit 3; }

command -v node >/dev/null && command -v npm >/dev/null || fail "node and npm are not here"
if ! command -v redis-server >/dev/null || ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  [ "$(id -u)" = 0 ] || fail "postgresql and redis-server are not here, and only root can install them"
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postgresql redis-server; } \
    >"$folder/run/apt.log" 2>&1 || fail "postgresql and redis-server cannot be installed (see $folder/run/apt.log)"
fi
if [ ! -d "$folder/node_modules/@atproto/dev-env" ]; then
  (cd "$folder" && npm install --no-audit --no-fund) >"$folder/run/npm.log" 2>&1 \
    || fail "the network's npm package cannot be installed (see $folder/run/npm.log)"
fi
