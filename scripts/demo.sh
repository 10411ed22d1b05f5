#!/bin/sh
# A training set from 336,776 real flights. Run it through `make demo`; a second run changes nothing.
set -eu
roost=.build/release/roost

echo "Will a flight arrive more than 15 minutes late, asked one hour before its departure?"
echo
echo "\$ roost validate"
$roost validate
echo
echo "\$ roost import csv flights.csv --source departures --partition month    # and so on"
scripts/import_flights.sh
echo
echo "\$ roost dataset arrival_delay --spine pipelines/arrival_delay.yaml --out data/training.parquet"
code=0
$roost dataset arrival_delay --spine pipelines/arrival_delay.yaml --out data/training.parquet \
    --sample 3 || code=$?
[ "$code" = 0 ] || [ "$code" = 99 ] || exit "$code"
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
