#!/bin/bash
# A standby that copies the primary when it is new, follows it, and tells it that commits may now wait for it.
set -euo pipefail
data=/var/lib/postgresql/data/pgdata
from="host=primary user=replication password=$REPLICATION_PASSWORD application_name=standby1"
if [ ! -s "$data/PG_VERSION" ]; then
    pg_basebackup --pgdata "$data" --dbname "$from" --slot standby1 --write-recovery-conf --wal-method stream --checkpoint fast
    chmod 700 "$data"
fi
PGPASSWORD=$POSTGRES_PASSWORD psql --host primary --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --command "ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (standby1)'" --command "SELECT pg_reload_conf()" || true
exec postgres -D "$data"
