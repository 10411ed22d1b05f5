"""Reads the part of YAML that definitions use: block maps and lists, `[a, b]`, `{a: b}`, quotes.

Every scalar is text, so `on` and `y` stay strings. Anything outside the subset raises ValueError:
the judge must not accept by accident what it does not understand.
"""


def strip_comment(line):
    """The line without a comment: ` #` outside quotes, or `#` at its start."""
    quote = None
    for at, mark in enumerate(line):
        if quote:
            quote = None if mark == quote else quote
        elif mark in "\"'" and (at == 0 or line[at - 1] in " [{,("):
            quote = mark
        elif mark == "#" and (at == 0 or line[at - 1] == " "):
            return line[:at].rstrip()
    return line.rstrip()


def load(text):
    """The document as dicts, lists and strings; dicts keep their order."""
    lines = []
    for raw in text.splitlines():
        line = strip_comment(raw)
        if line.strip():
            lines.append((len(line) - len(line.lstrip(" ")), line.strip()))
    node, rest = block(lines, lines[0][0]) if lines else ({}, [])
    if rest:
        raise ValueError(f"unexpected indentation at {rest[0][1]!r}")
    return node


def block(lines, indent):
    return (sequence if lines[0][1].startswith("-") else mapping)(lines, indent)


def sequence(lines, indent):
    found = []
    while lines and lines[0][0] == indent and lines[0][1].startswith("-"):
        rest = lines[0][1][1:]
        inner = rest.lstrip(" ")
        if not inner:
            node, lines = block(lines[1:], lines[1][0])
        elif split_key(inner):
            shift = indent + 1 + len(rest) - len(inner)
            node, lines = mapping([(shift, inner)] + lines[1:], shift)
        else:
            node, lines = scalar(inner), lines[1:]
        found.append(node)
    return found, lines


def mapping(lines, indent):
    found = {}
    while lines and lines[0][0] == indent and not lines[0][1].startswith("- "):
        pair = split_key(lines[0][1])
        if not pair:
            raise ValueError(f"expected `key: value`, found {lines[0][1]!r}")
        key, rest = pair
        if key in found:
            raise ValueError(f"key {key!r} twice")
        lines = lines[1:]
        if rest:
            found[key] = scalar(rest)
        elif lines and (lines[0][0] > indent
                        or lines[0][0] == indent and lines[0][1].startswith("- ")):
            found[key], lines = block(lines, lines[0][0])
        else:
            found[key] = ""
    return found, lines


def split_key(text):
    """("key", "rest") of `key: rest`; None for a scalar."""
    if text[0] in "\"'[{":
        return None
    key, mark, rest = text.partition(":")
    if not mark or rest and not rest.startswith(" "):
        return None
    key = key.strip()
    return (key, rest.strip()) if all(c.isalnum() or c in "_-" for c in key) else None


def scalar(text):
    if text[0] == '"' and text[-1] == '"':
        return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if text[0] == "'" and text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if text[0] == "[":
        return [scalar(part) for part in flow_parts(text[1:-1])]
    if text[0] == "{":
        pairs = [part.partition(":") for part in flow_parts(text[1:-1])]
        return {key.strip(): scalar(value.strip()) for key, _, value in pairs}
    if text[0] in "&*!|>%@":
        raise ValueError(f"outside the subset: {text!r}")
    return text


def flow_parts(text):
    """The comma-separated parts at the top level of a flow collection."""
    parts, depth, start = [], 0, 0
    for at, mark in enumerate(text):
        depth += (mark in "[{") - (mark in "]}")
        if mark == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    last = text[start:].strip()
    return parts + [last] if last else parts
