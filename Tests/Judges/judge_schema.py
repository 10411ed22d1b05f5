"""Checks the JSON Schema that `roost schema` prints with an independent validator: it is a valid
schema, accepts every right definition of the repository, and refuses wrong ones wherever the
mistake is one of structure.

    python judge_schema.py --roost PATH
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import yaml

# What an error says when a map or list does not have the right form, whatever else is defined.
STRUCTURAL = re.compile(
    r"error: (an? [\w ]+ has no (key )?`\w+`|`\w+` has no (key )?`\w+`"
    r"|.* must be (a map|a list|a single value)|.* has no value|`.*` cannot be the name of"
    r"|`.*` has no type|`.*` is no refresh|expected a duration|the schema of a source"
    r" is empty|an expectation has (no|one) rule|the format `\w+` is not)", re.MULTILINE)


class Loader(yaml.SafeLoader):
    """Plain scalars as the YAML 1.2 core schema resolves them, like an editor does."""

    yaml_implicit_resolvers = {}


Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(null|~|)$"), ["n", "~", ""])
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile("^[-+]?[0-9]+$"), list("-+0123456789"))
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?([0-9]+\.[0-9]*|[0-9]+)([eE][-+]?[0-9]+)?$"),
    list("-+0123456789"))


def validator(roost, kind):
    text = subprocess.run([roost, "schema", kind], capture_output=True, check=True).stdout
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def problems(validators, path):
    """What the validator says about a file; None when it is no YAML for PyYAML either."""
    try:
        document = yaml.load(path.read_text(), Loader)
    except (yaml.YAMLError, UnicodeDecodeError):
        return None
    kind = "pipelines" if "pipelines" in path.parts or path.name == "pipeline.yaml" \
        else "definitions"
    return [error.message for error in validators[kind].iter_errors(document or {})]


def right_files(root):
    yield from sorted(root.glob("feature-definitions/*.yaml"))
    yield from sorted(root.glob("pipelines/*.yaml"))
    yield from sorted(root.glob("Tests/RightDefinitions/*/*.yaml"))
    yield from sorted(root.glob("Tests/WrongDefinitions/shop.yaml"))
    for path in sorted(root.glob("Tests/Golden/*/*.yaml")):
        if path.name != "roost.yaml" and not path.parent.name.startswith("refused-"):
            yield path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    roost = parser.parse_args().roost
    root = Path(__file__).resolve().parents[2]
    validators = {kind: validator(roost, kind) for kind in ("definitions", "pipelines")}
    failures = []
    accepted = 0
    for path in right_files(root):
        found = problems(validators, path)
        if found is None or found:
            failures.append(f"{path.relative_to(root)} is right, but: {found}")
        accepted += 1
    refused = structural = 0
    for case in sorted(root.glob("Tests/WrongDefinitions/*/expected")):
        said = [problems(validators, path) for path in sorted(case.parent.glob("*.yaml"))]
        if any(found is None for found in said):
            continue
        is_refused = any(found for found in said)
        refused += is_refused
        is_type = case.parent.name.startswith("schema-type")
        if is_type or STRUCTURAL.search(case.read_text()):
            structural += 1
            if not is_refused:
                failures.append(f"{case.parent.name} is wrong in its structure, but accepted")
    for failure in failures:
        print(failure)
    print(f"{accepted} right files accepted; of {structural} wrong in structure all refused, "
          f"{refused} refused in all" if not failures else f"{len(failures)} failures")
    if accepted < 50 or structural < 40:
        sys.exit("too few files were found")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
