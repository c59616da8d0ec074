#!/usr/bin/env bash
# Starts Postgres, Redis and the network on loopback; prints the network's addresses as JSON when it is ready.
set -euo pipefail
cd "$(dirname "$0")"
./stop.sh >/dev/null 2>&1 || true
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
as_postgres() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$1"; else sh -c "$1"; fi; }
rm -rf run/pg
if [ "$(id -u)" = 0 ]; then install -d -o postgres -g postgres -m 700 run/pg; else install -d -m 700 run/pg; fi
as_postgres "'$bin/initdb' -D '$PWD/run/pg' -U pg --auth=trust -E UTF8 >/dev/null"
as_postgres "cd '$PWD/run/pg' && '$bin/pg_ctl' -D '$PWD/run/pg' -w -l '$PWD/run/pg/server.log' \
  -o '-c listen_addresses=127.0.0.1 -p $PG_PORT -c unix_socket_directories= -c fsync=off' start" >/dev/null
redis-server --bind 127.0.0.1 --port "$REDIS_PORT" --save '' --appendonly no --daemonize no >run/redis.log 2>&1 </dev/null &
echo $! >run/redis.pid
export DB_POSTGRES_URL="postgresql://pg@127.0.0.1:$PG_PORT/postgres" REDIS_HOST="127.0.0.1:$REDIS_PORT"
export LOG_ENABLED=false NODE_OPTIONS="--require $PWD/loopback.cjs" RATE_LIMITS=1
node network.mjs >run/network.log 2>&1 </dev/null &
echo $! >run/network.pid
for _ in $(seq 1 600); do
  grep -q ready_ms run/network.log && break
  kill -0 "$(cat run/network.pid)" 2>/dev/null || { cat run/network.log >&2; exit 1; }
  sleep 0.2
done
grep ready_ms run/network.log
