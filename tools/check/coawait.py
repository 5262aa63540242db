#!/usr/bin/env python3
"""Finds co_await expressions that GCC 12 miscompiles.

GCC 12.2 destroys some temporaries of a full expression with co_await twice: braced aggregates that
own memory, and lambdas that capture something owning. The cure is to name the object and move it.
This looks at each statement with co_await for a braced temporary or a capturing lambda in it; it is
a text search, so a false alarm is possible: name the object there too.

    coawait.py ROOT           checks host/, tools/ and tests/
    coawait.py --self-test    proves that the known bad forms are found and the good ones are not
"""
import pathlib
import re
import sys

COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', re.S)
BRACED = re.compile(r"(?:[(,]|\bmake_unique<[^;()]*>\()\s*(?:[A-Za-z_][\w:<>]*\s*)?\{(?!\s*\})")
CAPTURING = re.compile(r"[(,]\s*\[[^\]\s][^\]]*\]\s*(?:\(|mutable|\{|->)")
# Seen here: with a co_await in both arms the wrong arm is run.
BOTH_ARMS = re.compile(r"\?\s*co_await\b[^;?]*:\s*co_await\b")
# Seen here: a loop condition with a co_await never waits.
LOOP_CONDITION = re.compile(
    r"\b(?:while\s*\(|for\s*\((?:[^();{}]|\([^()]*\))*;)(?:[^();{}]|\([^()]*\))*\bco_await\b")
AGGREGATE_AROUND = re.compile(r"\b[A-Za-z_][\w:<>]*(?:\s+\w+)?\s*\{[^;{}]*co_await")
GOOD = [
    "co_await f(std::move(request));",
    "const auto r = co_await driver.call(Ping(1, 2), 6s);",
    "co_await f(values[i]);",
    "if (auto r = co_await f(x); !r) { g({1, 2}); }",
    "group.spawn(\"x\", [this]() -> Awaitable<void> { co_await f(y); });",
    "co_await f(std::string(text) + \"x\", {});",
]
BAD = [
    "r = co_await by_value({.a = s, .n = 1});",
    "r = co_await by_value(Req{s, 1});",
    "r = co_await ptr(std::make_unique<Req>(Req{s, 5}));",
    "r = co_await fn([big]() { return big.size(); });",
    "r = co_await asio::co_spawn(ex, [big]() -> awaitable<int> { co_return 1; }, use_awaitable);",
    "Out o{owned, co_await g()};",
    "done = old() ? co_await resume() : co_await commission(wanted);",
    "while (co_await sleep_for(5min)) save();",
]


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def statement(source, start):
    """The text from `start` to the end of the full expression."""
    depth = 0
    for end in range(start, len(source)):
        char = source[end]
        if char == ";" and depth == 0:
            return source[start:end]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth < 0:
                return source[start:end]
    return source[start:]


def findings(text):
    source = COMMENT_OR_STRING.sub(blank, text)
    for match in re.finditer(r"\bco_await\b", source):
        expression = statement(source, match.end())
        if BRACED.search(expression):
            yield source.count("\n", 0, match.start()) + 1, "a braced temporary"
        elif CAPTURING.search(expression):
            yield source.count("\n", 0, match.start()) + 1, "a capturing lambda"
    for match in BOTH_ARMS.finditer(source):
        yield source.count("\n", 0, match.start()) + 1, "a co_await in both arms of a conditional"
    for match in LOOP_CONDITION.finditer(source):
        yield source.count("\n", 0, match.end()) + 1, "a co_await in a loop's condition"
    for match in AGGREGATE_AROUND.finditer(source):
        if not re.match(r"\s*(?:else|do|try|return)\b", match.group()) and "(" not in match.group().split("{")[0]:
            inside = match.group().split("{", 1)[1]
            if "," in inside and "\n" not in inside.split(",")[0].strip():
                yield source.count("\n", 0, match.end()) + 1, "an aggregate built from co_await"


def self_test():
    wrong = [line for line in GOOD if list(findings(line))]
    wrong += [line for line in BAD if not list(findings(line))]
    for line in wrong:
        print("self-test failed:", line)
    return 1 if wrong else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    bad = 0
    for folder in ("host", "tools", "tests", "sdk", "plugins"):
        for file in sorted((root / folder).rglob("*.[ch]pp")):
            for line, what in findings(file.read_text()):
                print(f"{file}:{line}: {what} inside a co_await expression: make it statements")
                bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main())
