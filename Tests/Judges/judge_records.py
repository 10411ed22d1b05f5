"""Reads records of a topic as the definition of a source does, one JSON object each.

The first line of the file is a JSON list of [column, type]; each other line is a record's value as
base64. Prints for each record `reject`, or a JSON list with a text for each cell.
"""

import base64
import binascii
import datetime
import decimal
import json
import re
import struct
import sys


class Refused(Exception):
    pass


class Pairs(list):
    """The members of an object, in order, with those that stand twice."""


TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:([Zz])|([+-])(\d\d):?(\d\d)?)",
    re.ASCII,
)


def refuse(*_):
    raise Refused


def integer(text):
    value = int(text)
    return value if -(2**63) <= value < 2**64 else refuse()


def floating(text):
    value = float(text)
    return refuse() if value in (float("inf"), float("-inf")) else value


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def bits(value, form):
    letter = {"<f": "<I", "<d": "<Q"}[form]
    return f"{struct.unpack(letter, struct.pack(form, value + 0.0))[0]:x}"


def day(text):
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        refuse()
    try:
        return datetime.date.fromisoformat(text).toordinal() - 719163
    except ValueError:
        refuse()


def timestamp(value):
    if isinstance(value, int) and not isinstance(value, bool):
        return value * 1_000_000 if -62_167_219_200 <= value < 253_402_300_800 else refuse()
    match = isinstance(value, str) and TIME.fullmatch(value)
    if not match:
        refuse()
    date, hour, minute, second, fraction, _, sign, hours, minutes = match.groups()
    hour, minute, second = int(hour), int(minute), int(second or 0)
    hours, minutes = int(hours or 0), int(minutes or 0)
    if hour > 23 or minute > 59 or second > 59 or hours > 23 or minutes > 59:
        refuse()
    seconds = day(date) * 86400 + hour * 3600 + minute * 60 + second
    seconds += (hours * 60 + minutes) * 60 * (1 if sign == "-" else -1)
    return seconds * 1_000_000 + int(((fraction or "") + "000000")[:6])


def number(value, precision, scale):
    if isinstance(value, str):
        if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", value, re.ASCII):
            refuse()
        exact = decimal.Decimal(value)
    elif isinstance(value, float):
        exact = decimal.Decimal(repr(value))
        if exact and len(exact.scaleb(scale).normalize().as_tuple().digits) > 15:
            refuse()
    elif is_number(value):
        exact = decimal.Decimal(value)
    else:
        refuse()
    unscaled = exact.scaleb(scale)
    if unscaled != int(unscaled) or abs(int(unscaled)) >= 10**precision:
        refuse()
    return str(int(unscaled))


def cell(value, kind):
    if value is None:
        return "null"
    if kind == "bool":
        return str(value).lower() if isinstance(value, bool) else refuse()
    if kind in ("int32", "int64"):
        if not isinstance(value, int) or isinstance(value, bool):
            refuse()
        half = 2 ** (int(kind[3:]) - 1)
        return str(value) if -half <= value < half else refuse()
    if kind == "double":
        return bits(float(value), "<d") if is_number(value) else refuse()
    if kind == "float":
        try:
            return bits(value, "<f") if is_number(value) else refuse()
        except OverflowError:
            refuse()
    if kind == "timestamp":
        return str(timestamp(value))
    if kind.startswith("decimal"):
        return number(value, *map(int, kind[8:-1].split(",")))
    if kind.startswith("list"):
        if not isinstance(value, list) or isinstance(value, Pairs):
            refuse()
        return "[" + ",".join(cell(item, kind[5:-1]) for item in value) + "]"
    if kind.startswith("vector"):
        length = int(kind[14:-1])
        if not isinstance(value, list) or isinstance(value, Pairs) or len(value) != length:
            refuse()
        if None in value:
            refuse()
        return "[" + ",".join(cell(item, "float") for item in value) + "]"
    if not isinstance(value, str):
        refuse()
    if kind == "string":
        return "x" + value.encode().hex()
    if kind == "bytes":
        try:
            content = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            refuse()
        return "x" + content.hex() if base64.b64encode(content).decode() == value else refuse()
    if kind == "date":
        return str(day(value))
    raise ValueError(kind)


def row(payload, columns):
    text = payload.decode("utf-8")
    document = json.loads(
        text,
        object_pairs_hook=Pairs,
        parse_constant=refuse,
        parse_int=integer,
        parse_float=floating,
    )
    # A half of a surrogate pair alone stands for no character.
    json.dumps(document, ensure_ascii=False).encode()
    if not isinstance(document, Pairs):
        refuse()
    names = [name for name, _ in document]
    if any(names.count(name) > 1 for name, _ in columns):
        refuse()
    members = dict(document)
    return [cell(members.get(name), kind) for name, kind in columns]


def main():
    decimal.getcontext().prec = 100
    with open(sys.argv[1], encoding="ascii") as file:
        columns = json.loads(file.readline())
        for line in file:
            try:
                print(json.dumps(row(base64.b64decode(line), columns)))
            except (Refused, ValueError):
                print("reject")


main()
