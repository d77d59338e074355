"""What is wrong in a line that keeps atlas.toml from being TOML, and how to write it, for who knows no TOML.

Input: the text of the file and what tomllib says of it. Output: line, message and hint.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PART = re.compile(r""""[^"]*"|'[^']*'|[^."']+""")
_FLAGS = {"true": "true", "yes": "true", "false": "false", "no": "false"}
_MOST_SHOWN = 60
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[^="'#])*?)\s*=\s*(.*)""")


def find_syntax_fault(raw: str, said: str) -> tuple[int, str, str]:
    """Give the line of a fault of TOML, what is wrong and what to do; `said`: the message of tomllib."""
    lines = raw.rstrip().split("\n")
    at = re.search(r"\(at line (\d+), column \d+\)", said)
    number = min(int(at[1]), len(lines)) if at else len(lines)  # else at the end of the file
    said = said.split(" (at ")[0]
    line = lines[number - 1].strip()
    if said.startswith("Cannot declare"):
        return number, f"the table {line} is there already, further up", "put what both hold under one of them"
    if said.startswith("Cannot overwrite"):
        name = re.sub(r"\s*=.*", "", line).strip("[] ")
        return number, f"'{name}' is there already, further up", "take one of the two out"
    hint = next((hint for find in _FINDERS if (hint := find(line, said))), "")
    shown = line if len(line) <= _MOST_SHOWN else f"{line[:_MOST_SHOWN]}..."
    message = f"'{shown}' is not valid TOML: {said[:1].lower() + said[1:]}"
    return number, message, hint if 0 < len(hint) <= 2 * _MOST_SHOWN else "mend the line"


def _of_marks(line: str, said: str) -> str:
    if re.search(r"[=\[{,]\s*[“”„«‘’]", line):
        return 'write straight quotation marks: "'
    if said.startswith(("Illegal character '\\n'", "Unterminated string", "Expected \"'")):
        return "close the quotation marks"
    if line.count('"') > 2 and said.startswith("Expected newline"):
        return 'write \\" for a quotation mark inside a text'
    return ""


def _of_backslashes(line: str, said: str) -> str:
    is_of_escapes = re.search(r"\\|hex|escape", said)
    return "write / for \\ in the path of a file, elsewhere \\\\" if "\\" in line and is_of_escapes else ""


def _of_brackets(line: str, said: str) -> str:
    if re.search(r"[{,]\s*[\w-]+\s*:", line):
        return "write = after each key, not :"
    if said.startswith("Unclosed array"):
        return "close the list that begins here or further up with ], its values parted by commas"
    return "close it with }, in the same line" if said.startswith("Unclosed inline table") else ""


def _of_header(line: str, said: str) -> str:
    if not line.startswith("["):
        return ""
    bracket = "[[" if line.startswith("[[") else "["
    name = re.sub(r"\s*#[^\"']*$", "", line).strip("[] ")
    whole = bracket + _quoted(name) + bracket.replace("[", "]")
    return f"write {whole}" if whole != line else ""


def _of_key(line: str, said: str) -> str:
    if line.startswith(("//", "--", ";")):
        return "begin a comment with #"
    if "=" not in line:
        key, colon, value = line.partition(":")
        return f"write {_quoted(key)} = {value.strip()}" if colon else "write a key, = and its value"
    pair = _KEY.match(line)
    quoted = _quoted(pair[1]) if pair else ""
    return f"write {quoted} = {pair[2]}" if pair and quoted != pair[1] else ""


def _of_value(line: str, said: str) -> str:
    pair = _KEY.match(line)
    if not pair:
        return ""
    key, value = pair[1], re.sub(r"\s+#.*$", "", pair[2])
    if not value:
        return "write a value after the ="
    if flag := _FLAGS.get(value.lower()):
        return f"write {key} = {flag}"
    if re.fullmatch(r"[+-]?\d+,\d+", value):
        return f"write {key} = {value.replace(',', '.')}"
    is_plain = not re.search(r"""["'\[\]{}\\]""", value)
    return f'write {key} = "{value}"' if is_plain else "put texts in quotation marks" if value[0] in "[{" else ""


def _quoted(name: str) -> str:
    """A dotted key as it is written, with quotation marks where TOML wants them."""
    parts = (part.strip() for part in _PART.findall(name))
    return quoted_key(*(part.strip("\"'") if part[:1] in "\"'" else part for part in parts if part))


def quoted_key(*names: str) -> str:
    """Give the dotted key of a path of names."""
    return ".".join(name if _BARE.fullmatch(name) else f'"{name}"' for name in names)


_FINDERS: tuple[Callable[[str, str], str], ...] = (
    *(_of_marks, _of_backslashes, _of_brackets, _of_header, _of_key, _of_value),
)
