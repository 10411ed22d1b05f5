#!/bin/sh
# The stream act of `make demo`: the last two months of flights arrive one by one. It has a project
# folder and stores of its own, made anew each time.
set -eu
roost=.build/release/roost
live=.build/streaming
cut=2013-11-01T00:00:00Z
views="carrier_departures airport_departures carrier_landings airport_landings plane_landings"

rm -rf $live
mkdir -p $live
ln -s "$PWD/feature-definitions" "$PWD/data" $live/

run() {
    echo
    echo "\$ roost $*"
    $roost "$@" --project $live
}

echo
echo "Until November 2013 from files; then flights depart and land in Kafka."
run apply
# shellcheck disable=SC2086
run materialize $views --at $cut

echo
echo "\$ roost dev-broker --topic departures:8 --topic landings:8 &"
$roost dev-broker --topic departures:8 --topic landings:8 --address-file $live/broker \
    >$live/broker.log 2>&1 &
broker=$!
trap 'kill $broker 2>/dev/null || true' EXIT
tries=0
until [ -s $live/broker ]; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { cat $live/broker.log >&2; exit 1; }
    sleep 0.1
done
address=$(cat $live/broker)
cat >$live/roost.yaml <<END
profiles:
  embedded:
    kafka: { brokers: '$address', settings: { fetch.wait.max.ms: 10 } }
END

echo "\$ roost stream &"
$roost stream --project $live 2>$live/stream.log >&2 &
stream=$!
trap 'kill $stream $broker 2>/dev/null || true' EXIT
run publish departures --from $cut
run publish landings --from $cut

tries=0
until $roost status --project $live --json | grep --quiet '"lag":0' &&
    ! $roost status --project $live --json | grep --quiet '"lag":[1-9]'; do
    tries=$((tries + 1))
    if [ $tries -ge 120 ] || ! kill -0 $stream 2>/dev/null; then
        cat $live/stream.log >&2
        exit 1
    fi
    sleep 0.5
done
kill $stream
wait $stream
trap 'kill $broker 2>/dev/null || true' EXIT
sed -n 's/^/  /; /rows of/p' $live/stream.log
run status
# shellcheck disable=SC2086
run materialize $views --verify
kill $broker
wait $broker
trap - EXIT
echo
echo "Each state that the stream has fed has the bytes that a batch over all rows gives."
