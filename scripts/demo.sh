#!/bin/sh
# From a year of real flights to predictions. Run it through `make demo`; a second run changes nothing.
set -eu
roost=.build/release/roost
address=${ROOST_DEMO_ADDRESS:-127.0.0.1:6566}

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
END

# Exit code 99 means that there was nothing to do.
run() {
    echo
    echo "\$ roost $*"
    code=0
    $roost "$@" || code=$?
    [ "$code" = 0 ] || [ "$code" = 99 ] || exit "$code"
}

now=2013-11-01T12:00:00Z
run apply
run train arrival_delay
run materialize --at $now
run get arrival_delay carrier=UA tailnum=N14228 origin=EWR dest=IAH distance=1400 \
    scheduled_at=2013-11-01T13:00:00Z --clock $now

echo
echo "\$ roost serve --clock $now --listen $address &"
$roost serve --clock $now --listen "$address" 2>.build/serve.log &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
tries=0
until curl --silent --fail --output /dev/null "http://$address/health"; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { cat .build/serve.log >&2; exit 1; }
    sleep 0.1
done
flights='"entities": {"carrier": ["UA", "EV"], "tailnum": ["N14228", "N14568"],
    "origin": ["EWR", "EWR"], "dest": ["IAH", "XNA"], "distance": [1400, 1131],
    "scheduled_at": ["2013-11-01T13:00:00Z", "2013-11-01T13:00:00Z"]}'
echo "\$ curl http://$address/predict -d '{\"model\": \"arrival_delay\", $flights}'"
curl --silent --fail "http://$address/predict" -d "{\"model\": \"arrival_delay\", $flights}"
echo
features='"features": ["carrier_departures:flights_1h", "carrier_departures:dep_delay_mean_24h"],
    "entities": {"carrier": ["UA", "nobody"]}'
echo "\$ curl http://$address/get-online-features -d '{$features}'"
curl --silent --fail "http://$address/get-online-features" -d "{$features}"
echo
kill $server
wait $server
trap - EXIT

scripts/demo_stream.sh

cat <<'END'

What to try next:
  .build/release/roost explain arrival_delay          the compiled plan
  .build/release/roost explain plane_landings.miles   one feature and who uses it
  .build/release/roost plan                           change a definition, then see what it breaks
  .build/release/roost models                         the models and how good they are
  .build/release/roost promote arrival_delay production    give the model the name that callers ask by
  .build/release/roost status                         what is live, how old and how large
  .build/release/roost stream --help                  views kept fresh from Kafka
  .build/release/roost init shop                      a project of your own
END
