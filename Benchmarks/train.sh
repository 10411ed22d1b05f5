#!/bin/sh
# Trains the worked example's model, from the project's folder; a second run finds nothing to do.
set -eu
roost=.build/release/roost
run() {
    code=0
    "$roost" "$@" || code=$?
    [ "$code" = 0 ] || [ "$code" = 99 ] || exit "$code"
}
scripts/import_flights.sh
run dataset arrival_delay --spine pipelines/arrival_delay.yaml --out data/training.parquet
run apply
run train arrival_delay
