"""Reads the oracle's expression language: tokens and a tree of tuples, rules 29 and 37.

`parse_expression(text)` gives the tree of a whole text.
"""

import re

from values import INT64_MAX, INT64_MIN, Refused, parse_time

TOKEN = re.compile(
    r"\s*(?:(?P<duration>\d+(?:us|ms|s|m|h|d|w)\b)"
    r"|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<text>'(?:[^']|'')*')|(?P<quoted>`[^`]+`)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<mark>//|\|\||==|!=|<>|<=|>=|[-+*/%(),.\[\]<>=]))")
KEYWORDS = {"and", "or", "not", "is", "null", "true", "false", "where", "over", "hop", "exact",
            "max_events", "as", "case", "when", "then", "else", "end", "in", "between", "like"}


def tokens_of(text):
    """A list of (kind, text), ended by ("end", "")."""
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise Refused(f"cannot read {text[at:]!r}")
        kind, word = match.lastgroup, match.group(match.lastgroup)
        found.append((kind, word))
        at = match.end()
    return found + [("end", "")]


class Parser:
    """Recursive descent over one text; the tree is made of tuples."""

    def __init__(self, text):
        self.tokens, self.at = tokens_of(text), 0

    def peek(self):
        return self.tokens[self.at]

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def take(self, *words):
        """Consumes the next token if it is one of the words."""
        kind, word = self.peek()
        if kind in ("mark", "name") and word in words:
            self.at += 1
            return word
        return None

    def expect(self, word):
        if not self.take(word):
            raise Refused(f"expected {word!r}, found {self.peek()[1]!r}")

    def expression(self):
        tree = self.conjunction()
        while self.take("or"):
            tree = ("or", tree, self.conjunction())
        return tree

    def conjunction(self):
        tree = self.negation()
        while self.take("and"):
            tree = ("and", tree, self.negation())
        return tree

    def negation(self):
        if self.take("not"):
            return ("not", self.negation())
        return self.comparison()

    def comparison(self):
        tree = self.join()
        word = self.take("=", "==", "!=", "<>", "<", "<=", ">", ">=")
        if word:
            word = {"==": "=", "<>": "!="}.get(word, word)
            tree = ("compare", word, tree, self.join())
        elif self.peek()[1] in ("between", "in", "like") or self.peek() == ("name", "not"):
            negated = self.take("not")
            tree = self.matching(tree)
            tree = ("not", tree) if negated else tree
        if self.take("is"):
            absent = bool(self.take("not"))
            self.expect("null")
            return ("is null", absent, tree)
        return tree

    def matching(self, subject):
        word = self.take("between", "in", "like")
        if word == "between":
            low = self.join()
            self.expect("and")
            return ("between", subject, low, self.join())
        if word == "in":
            self.expect("(")
            return ("in", subject, self.arguments())
        operands = [subject, self.join()]
        if self.take("escape"):
            operands.append(self.primary())
        return ("call", "like", operands)

    def join(self):
        tree = self.sum()
        while self.take("||"):
            tree = ("call", "||", [tree, self.sum()])
        return tree

    def sum(self):
        tree = self.product()
        while word := self.take("+", "-"):
            tree = ("arithmetic", word, tree, self.product())
        return tree

    def product(self):
        tree = self.unary()
        while word := self.take("*", "/", "//", "%"):
            tree = ("arithmetic", word, tree, self.unary())
        return tree

    def unary(self):
        if self.take("-"):
            kind, word = self.peek()
            if kind == "number" and word == "9223372036854775808":
                self.next()
                return ("literal", "int64", INT64_MIN)
            return ("negative", self.unary())
        return self.primary()

    def primary(self):
        kind, word = self.next()
        if kind == "number":
            return number_literal(word)
        if kind == "text":
            return ("literal", "string", word[1:-1].replace("''", "'"))
        if kind == "mark" and word == "(":
            tree = self.expression()
            self.expect(")")
            return tree
        if kind == "mark" and word == "[":
            return ("list", self.arguments("]"))
        if kind == "quoted":
            return ("name", word[1:-1])
        if kind != "name":
            raise Refused(f"unexpected {word!r}")
        return self.named(word)

    def named(self, word):
        if word in ("true", "false"):
            return ("literal", "bool", word == "true")
        if word == "null":
            return ("literal", "null", None)
        if word == "timestamp" and self.peek()[0] == "text":
            return ("literal", "timestamp", parse_time(self.next()[1][1:-1]))
        if word == "case":
            return self.cases()
        if word == "cast" and self.take("("):
            tree = self.expression()
            self.expect("as")
            target = self.type_name()
            self.expect(")")
            return ("cast", target, tree)
        if self.take("("):
            return ("call", word, self.arguments())
        if word in KEYWORDS:
            raise Refused(f"keyword {word!r} used as a name")
        if self.take("."):
            return ("name", f"{word}.{self.next()[1]}")
        return ("name", word)

    def type_name(self):
        """`double`, `decimal(9,2)`, `list<float>`, `vector<float, 3>`."""
        word = self.next()[1]
        if self.take("("):
            digits, _, places = self.next()[1], self.expect(","), self.next()[1]
            self.expect(")")
            return f"{word}({digits},{places})"
        if self.take("<"):
            word += f"<{self.type_name()}"
            if self.take(","):
                word += f", {self.next()[1]}"
            self.expect(">")
            return word + ">"
        return word

    def arguments(self, end=")"):
        if self.take(end):
            return []
        found = [self.expression()]
        while self.take(","):
            found.append(self.expression())
        self.expect(end)
        return found

    def cases(self):
        subject = None if self.peek() == ("name", "when") else self.expression()
        arms, rest = [], ("literal", "null", None)
        while self.take("when"):
            label = self.expression()
            self.expect("then")
            arms.append((label, self.expression()))
        if self.take("else"):
            rest = self.expression()
        self.expect("end")
        return ("case", subject, arms, rest)


def number_literal(word):
    if word.isdigit():
        if int(word) > INT64_MAX:
            raise Refused(f"{word} does not fit int64")
        return ("literal", "int64", int(word))
    return ("literal", "double", float(word))


def parse_expression(text):
    """The tree of a whole text."""
    parser = Parser(text)
    tree = parser.expression()
    if parser.peek()[0] != "end":
        raise Refused(f"unexpected {parser.peek()[1]!r}")
    return tree
