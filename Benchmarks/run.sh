#!/bin/sh
# Runs all benchmarks and leaves tables and figures in Benchmarks/results: [ROUNDS [SECONDS]]. With
# URGENT=1 servers and client run before the machine's other work (needs root).
# `make bench` calls it with everything in place.
set -eu
cd "$(dirname "$0")"
rounds=${1:-5} seconds=${2:-3}
roost=../.build/release/roost
python=.build/peers/bin/python
results=results

[ -x "$roost" ] || { echo "there is no $roost: run 'make bench' or 'make release'" >&2; exit 1; }
./peers.sh
swift build --configuration release --product load-client
swift build --configuration release --product predict-rows
swift build --configuration release --product expression-bench
swift build --configuration release --product postgres-bench
swift build --configuration release --product redis-read
swift build --configuration release --product mget-client
swift build --configuration release --product commit-client
mkdir -p $results

echo "features over HTTP, beside Feast with Redis"
$python serving/serving.py --roost "$roost" --client .build/release/load-client \
    --out $results --rounds "$rounds" --seconds "$seconds" ${URGENT:+--urgent}

echo "one prediction in the process, by the model of the worked example"
(cd .. && Benchmarks/train.sh)
${URGENT:+chrt --rr 1} taskset --cpu-list 0 .build/release/predict-rows .. arrival_delay | tee $results/predict.json

echo "expressions over ten million rows, beside DuckDB on one thread"
$python expressions.py .build/release/expression-bench | tee $results/expressions.txt

echo "COPY in and out of PostgreSQL, beside psql"
$python postgres.py .build/release/postgres-bench $results "$rounds"

echo "the online store in Redis, beside redis-cli --pipe, Feast and a raw client"
$python stores/redis_store.py --roost "$roost" --tools .build/release --out $results

echo "a stream into Redis, beside a Python consumer and Feast's push"
$python streams/streams.py --roost "$roost" --tools .build/release --out $results
