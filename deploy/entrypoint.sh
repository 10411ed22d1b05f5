#!/bin/sh
# Runs a command line with the passwords of the mounted secrets in its environment, and nowhere else.
set -eu
REDIS_PASSWORD=$(cat /run/secrets/redis_password)
POSTGRES_PASSWORD=$(cat /run/secrets/postgres_password)
export REDIS_PASSWORD POSTGRES_PASSWORD
exec /bin/sh -c "$*"
