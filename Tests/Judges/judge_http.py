"""Reads runs of bytes with llhttp (the httptools wheel) and tells what it made of each.

Input: a file with one base64 text a line. Output: one JSON list with an object a line:
the whole requests in order, and the error that ended the reading, or null.
"""

import base64
import json
import sys
from urllib.parse import urlsplit

import httptools


class Reader:
    def __init__(self):
        self.requests = []
        self.parser = httptools.HttpRequestParser(self)

    def on_message_begin(self):
        self.target = b""
        self.body = b""

    def on_url(self, url):
        self.target += url

    def on_body(self, body):
        self.body += body

    def on_headers_complete(self):
        self.keeps_alive = self.parser.should_keep_alive()

    def on_message_complete(self):
        self.requests.append(
            {
                "method": self.parser.get_method().decode(),
                "target": origin(self.target.decode("latin-1"), self.parser.get_method()),
                "body": self.body.decode("utf-8", "replace"),
                "keepsAlive": self.keeps_alive and not self.is_tunnel(),
            }
        )

    def is_tunnel(self):
        return self.parser.get_method() == b"CONNECT"


def origin(target, method):
    """The path and query of a target in absolute form; any other target as it is."""
    if not target.lower().startswith(("http://", "https://")):
        return target
    parts = urlsplit(target)
    empty = "*" if method == b"OPTIONS" and not parts.query else "/"
    path = parts.path or empty
    return path + ("?" + parts.query if "?" in target else "")


def read(data):
    reader = Reader()
    error = None
    try:
        reader.parser.feed_data(data)
    except httptools.HttpParserUpgrade:
        pass
    except httptools.HttpParserError as failure:
        error = str(failure) or type(failure).__name__
    return {"requests": reader.requests, "error": error}


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        cases = [base64.b64decode(line) for line in file.read().split("\n")]
    json.dump([read(case) for case in cases], sys.stdout)


if __name__ == "__main__":
    main()
