#!/bin/bash
# Run once by the primary's image when its data folder is new: a role that may only replicate.
set -euo pipefail
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 --set password="$REPLICATION_PASSWORD" <<'SQL'
CREATE ROLE replication LOGIN REPLICATION PASSWORD :'password';
SELECT pg_create_physical_replication_slot('standby1');
SQL
echo "host replication replication all scram-sha-256" >> "$PGDATA/pg_hba.conf"
