"""The arguments of one logging call: which subsystem was bound, which text was said, which metadata stood beside it.

tslog keeps them under "0", "1", …; `openclaw logs` joins them into one message. Their order is not fixed, so they
are told apart by type (facts 1.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from json import JSONDecoder

import msgspec

_SURROGATES = re.compile(r"(\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]..)|\\u[dD][89a-fA-F]..")
_ESCAPED_COLOUR = re.compile(r"\\+u001[bB]\[[0-9;]*m")
_SENTENCE = re.compile(r"[^:{}\"=]*[A-Za-z)]")
_MOST_OBJECTS = 8  # one is usual; a line of a million `{}` is not worth a million cuts
_BINDINGS = ("subsystem", "module", "plugin")

Json = dict[str, object]


def decode(text: str) -> Json | None:
    """A JSON object, or None. Survives halves of an emoji (texts are cut by UTF-16 unit) and colours."""
    if "u001" in text:
        text = _ESCAPED_COLOUR.sub("", text)
    try:
        value = msgspec.json.decode(text)
    except (ValueError, RecursionError):
        whole = _SURROGATES.sub(lambda m: m[1] or "\\ufffd", text)
        return decode(whole) if whole != text else None
    return value if isinstance(value, dict) else None


def leading_object(text: str) -> tuple[Json, str] | None:
    """`{…} rest` -> (object, rest), or None where the text does not begin with a whole object."""
    if not text.startswith("{"):
        return None
    try:
        _, end = JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    value = decode(text[:end])
    return None if value is None else (value, text[end:].removeprefix(" "))


def name_of(binding: Json | None) -> str | None:
    """The subsystem, module or plugin a binding object names; None where it is no binding."""
    names = (binding.get(key) for key in _BINDINGS) if binding else ()
    return next((name for name in names if isinstance(name, str)), None)


@lru_cache(maxsize=1024)
def bound_name(text: str) -> str | None:
    """The same for a binding that is still JSON text, as tslog keeps it."""
    return name_of(decode(text)) if text.startswith('{"') else None


def fold(arguments: Iterable[object]) -> tuple[str, Json]:
    """Strings (and the messages of Error objects) joined by a space, objects merged."""
    words: list[str] = []
    meta: Json = {}
    for argument in arguments:
        if isinstance(argument, str):
            words.append(argument)
        elif isinstance(argument, dict):
            message = _error_message(argument)
            meta.update(argument if message is None else {})
            words.extend([] if message is None else [message])
        elif argument is not None:
            words.append(msgspec.json.encode(argument).decode())
    return " ".join(words), meta


def _error_message(argument: Json) -> str | None:
    message = argument.get("message")
    is_error = "nativeError" in argument or ("stack" in argument and "name" in argument)
    return message if is_error and isinstance(message, str) else None


def unfold(message: str) -> tuple[str | None, str, Json]:
    """A joined message -> (bound name, text, metadata), as the file line would have given them."""
    opening = leading_object(message)
    name = name_of(opening[0]) if opening else None
    if not opening or name is None:
        return None, message, {}
    text, meta = part(opening[1])
    return name, text, meta


def part(text: str) -> tuple[str, Json]:
    """The text of a subsystem line and the metadata objects printed before or after it."""
    arguments: list[object] = []
    while len(arguments) < _MOST_OBJECTS and (found := leading_object(text)):
        arguments.append(found[0])
        text = found[1]
    sentence, space, tail = text.partition(" {")
    # behind a plain sentence an object is metadata; behind `429` or `body:` it is what a provider said
    last = decode("{" + tail) if space and tail.endswith("}") and _SENTENCE.fullmatch(sentence) else None
    return fold([*arguments, *([text] if last is None else [sentence, last])])
