"""Checks what deploy/ says, as far as that can be seen without a container runtime.

    python judge_compose.py --roost PATH

The structure of compose.yaml against a schema of what is used there, its references, what a safe
set-up needs, the profile with Roost itself, and the packages of the Dockerfile against Debian's.
"""

import argparse
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
DURATION = {"type": "string", "pattern": "^[0-9]+(ms|s|m)$"}
HEALTH = {
    "type": "object",
    "additionalProperties": False,
    "required": ["test", "interval", "timeout", "retries"],
    "properties": {
        "test": {
            "type": "array",
            "minItems": 2,
            "items": TEXT,
            "prefixItems": [{"enum": ["CMD", "CMD-SHELL"]}],
        },
        "interval": DURATION,
        "timeout": DURATION,
        "retries": {"type": "integer", "minimum": 1},
    },
}
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["image", "networks"],
    "properties": {
        "image": {"type": "string", "pattern": "^[a-z0-9/]+:[A-Za-z0-9.-]+$"},
        "build": {
            "type": "object",
            "additionalProperties": False,
            "required": ["context", "dockerfile"],
            "properties": {"context": TEXT, "dockerfile": TEXT},
        },
        "user": TEXT,
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "init": {"type": "boolean"},
        "read_only": {"type": "boolean"},
        "tmpfs": TEXTS,
        "cap_drop": TEXTS,
        "security_opt": TEXTS,
        "working_dir": TEXT,
        "secrets": TEXTS,
        "volumes": {
            "type": "array",
            "items": {"type": "string", "pattern": "^[^:]+(:-[^:]+)?:/[^:]+(:ro)?$"},
        },
        "networks": TEXTS,
        "command": TEXTS,
        "environment": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        "ports": {
            "type": "array",
            "items": {"type": "string", "pattern": r"^(\d+\.){3}\d+:\d+:\d+$"},
        },
        "shm_size": TEXT,
        "healthcheck": HEALTH,
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["condition"],
                "properties": {
                    "condition": {"enum": ["service_healthy", "service_completed_successfully"]}
                },
            },
        },
    },
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "services", "networks", "volumes", "secrets"],
    "patternProperties": {"^x-": {"type": "object"}},
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"type": "object", "additionalProperties": SERVICE},
        "networks": {
            "type": "object",
            "additionalProperties": {
                "type": ["object", "null"],
                "additionalProperties": False,
                "properties": {"internal": {"type": "boolean"}},
            },
        },
        "volumes": {"type": "object", "additionalProperties": {"type": "null"}},
        "secrets": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["file"],
                "properties": {"file": TEXT},
            },
        },
    },
}


def references(document):
    """Whatever a service names has to be there."""
    services = document["services"]
    for name, service in services.items():
        for kind in ("secrets", "networks"):
            missing = set(service.get(kind, [])) - set(document[kind])
            assert not missing, f"{name}: no {kind} {missing}"
        for volume in service.get("volumes", []):
            source = volume.rsplit(":/", 1)[0]
            if not source.startswith((".", "/", "$")):
                assert source in document["volumes"], f"{name}: no volume {source}"
            if source.startswith("./"):
                assert (DEPLOY / source).is_file(), f"{name}: no file {source}"
        for other, wish in service.get("depends_on", {}).items():
            assert other in services, f"{name} waits for {other}, which there is not"
            health = services[other].get("healthcheck")
            if wish["condition"] == "service_healthy":
                assert health, f"{name} waits for the health of {other}, which has no check"
            else:
                assert services[other]["restart"] == "no", f"{other} never ends"
        if "build" in service:
            build = DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]
            assert build.is_file(), build


def safety(document, text):
    """What a set-up for real use must say."""
    services = document["services"]
    redis = " ".join(services["redis"]["command"])
    for words in ("--appendonly yes", "--maxmemory-policy noeviction", "requirepass"):
        assert words in redis, f"redis: {words}"
    for name, service in services.items():
        if service["restart"] != "no":
            assert "healthcheck" in service, f"{name} runs on, and nobody looks"
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), f"{name} is open to everybody: {port}"
        for key, value in service.get("environment", {}).items():
            assert "PASSWORD" not in key or key.endswith("_FILE"), f"{name}: {key} = {value}"
    assert document["networks"]["stores"]["internal"] is True
    for word in re.findall(r"(?im)^[^#\n]*password['\"]?[=:] *(\S+)", text):
        assert word.startswith(('"$$(cat', "/run/secrets/")), f"a password stands there: {word}"
    for name in ("redis", "postgres"):
        assert services[name]["volumes"], f"{name} forgets everything"


def shell(document):
    """Commands are read by a shell without running them."""
    scripts = [(DEPLOY / "entrypoint.sh").read_text()]
    scripts += [service["command"][-1] for service in document["services"].values() if "command" in service]
    for script in scripts:
        text = script.replace("$$", "$")
        result = subprocess.run(["sh", "-n"], input=text, text=True, capture_output=True)
        assert result.returncode == 0, f"{text}\n{result.stderr}"


def profile(roost):
    """Roost reads the profile, takes the servers from it, and shows no password."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([roost, "init", "shop"], cwd=folder, check=True, capture_output=True)
        project = Path(folder) / "shop"
        shutil.copy(DEPLOY / "roost.production.yaml", project / "roost.yaml")
        environment = os.environ | {"REDIS_PASSWORD": "s3cret1", "POSTGRES_PASSWORD": "s3cret2"}
        result = subprocess.run(
            [roost, "doctor"], cwd=project, env=environment, capture_output=True, text=True
        )
        told = result.stdout + result.stderr
        assert "the profile is 'embedded'" in told, told
        for server in ("redis:6379", "postgres"):
            assert server in told, told
        assert "s3cret" not in told, told


def packages():
    """What the image installs is what the build needs, and what its libraries are in."""
    text = (DEPLOY / "Dockerfile").read_text()
    build, run = text.split("FROM debian:")
    built = set(re.findall(r"[a-z0-9.-]+-dev", build))
    wanted = set(re.findall(r"lib[a-z0-9.-]+-dev|zlib1g-dev", (ROOT / "Makefile").read_text()))
    assert wanted <= built, f"the Dockerfile lacks {wanted - built}"
    installed = set(re.findall(r"(?:lib|zlib)[a-z0-9.-]+", run))
    for package in sorted(built):
        depends = subprocess.run(
            ["dpkg-query", "--show", "--showformat=${Depends}", package],
            capture_output=True, text=True, check=True,
        ).stdout
        libraries = {re.split(r"[ (:]", part.strip())[0] for part in depends.split(",")}
        assert libraries & installed, f"{package}: none of {libraries} is installed"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    roost = str(Path(parser.parse_args().roost).resolve())
    text = (DEPLOY / "compose.yaml").read_text()
    document = yaml.safe_load(text)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document, SCHEMA)
    references(document)
    safety(document, text)
    shell(document)
    profile(roost)
    packages()
    print(f"compose.yaml: {len(document['services'])} services, as far as can be seen without a runtime")


if __name__ == "__main__":
    main()
