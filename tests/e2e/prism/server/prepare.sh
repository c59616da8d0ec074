#!/usr/bin/env bash
# Puts Prism and the contracts that it serves into the folder $1. Says in one line why where it cannot.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
contracts=$(cd "$here/../../../.." && pwd)/../shared/contracts
folder=$1
mkdir -p "$folder/run"
cp "$here"/{convert.mjs,package.json} "$folder/"

fail() { echo "$1" >&2; exit 3; }

[ -f "$contracts/x/openapi-2.167.json" ] && [ -f "$contracts/youtube/youtube.v3.json" ] || fail "../shared/contracts is not beside this clone"
command -v node >/dev/null && command -v npm >/dev/null || fail "node and npm are not here"
if [ ! -x "$folder/node_modules/.bin/prism" ] || [ ! -d "$folder/node_modules/google-discovery-to-swagger" ]; then
  (cd "$folder" && npm install --no-audit --no-fund) >"$folder/run/npm.log" 2>&1 \
    || fail "Prism's npm package cannot be installed (see $folder/run/npm.log)"
fi
cp -f "$contracts/x/openapi-2.167.json" "$folder/x.json"
(cd "$folder" && node convert.mjs "$contracts/youtube/youtube.v3.json" youtube.json) >"$folder/run/convert.log" 2>&1 \
  || fail "the discovery document cannot be converted (see $folder/run/convert.log)"
