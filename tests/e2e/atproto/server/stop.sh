#!/usr/bin/env bash
# Stops what start.sh started, by the process ids that it wrote down.
cd "$(dirname "$0")" || exit 1
for name in network redis; do
  if [ -f "run/$name.pid" ]; then kill "$(cat "run/$name.pid")" 2>/dev/null; rm -f "run/$name.pid"; fi
done
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
if [ -f run/pg/postmaster.pid ]; then
  if [ "$(id -u)" = 0 ]; then
    su postgres -s /bin/sh -c "cd / && '$bin/pg_ctl' -D '$PWD/run/pg' -m fast stop" >/dev/null
  else
    "$bin/pg_ctl" -D "$PWD/run/pg" -m fast stop >/dev/null
  fi
fi
exit 0
