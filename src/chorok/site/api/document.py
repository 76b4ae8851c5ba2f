"""The OpenAPI document: what ninja knows of the operations, said in a language, with all that the door adds."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from typing import Any

from chorok import wording
from chorok.site.api.door import Way, ways_of
from chorok.site.api.interface import api
from chorok.site.api.refusals import CODES
from chorok.wording import Language

PREFIX = "/api/v1"
METHODS = ("get", "post", "put", "delete")
Json = dict[str, Any]

ALWAYS = (400, 401, 403, 404, 405, 429, 500)
BODY = (413, 415, 422)
EXAMPLES = {
    "organisation": "26",
    "code": "26",
    "below": "26",
    "on": "2020-07-01",
    "day": "2020-07-01",
    "period": "2020",
    "since": "2018",
    "by": "year,district",
    "basis": "eligible",
    "definition": "national",
    "as_of": "2020-11-02",
    "year": 2020,
    "q": "LED",
    "name": "purchases.csv",
    "number": "1234",
    "key": "00000000-0000-4000-8000-000000000000",
    "batch": "0" * 64,
    "product_id": "23456789",
    "offset": 0,
    "screening": 12,
    "changed_since": "2020-07-01T09:00:00+09:00",
    "maker_no": "1234567890",
}
"""What stands for a parameter in an example."""


def document(language: Language) -> Json:
    """Return the document in a language; to be read, never changed."""
    return _document(language)


@functools.lru_cache(maxsize=2)
def _document(language: Language) -> Json:
    found: Json = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX), default=str))
    found = _named(found)
    found["info"] |= {"description": wording.say("site.api.about", language), "license": {"name": "Apache-2.0"}}
    found["servers"] = [{"url": "/"}]
    found["tags"] = [{"name": tag, "description": _said("tag", tag, language)} for tag in _tags(found)]
    found["security"] = [{"token": []}, {"session": []}]
    schemas = found["components"]["schemas"]
    for name, schema in schemas.items():
        schema["description"] = _said("schema", name, language)
    schemas["Error"] = _error(language)
    found["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": wording.say("site.api.security.token", language)},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": wording.say("site.api.security.session", language),
        },
    }
    ways = ways_of(api)
    for _, _, operation in operations(found):
        _filled(operation, ways[operation["operationId"]], language)
    return found


def operations(found: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield method, path and operation of a document."""
    for path, item in found["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def _named(found: Json) -> Json:
    """Return a document whose schemas are called as people would call them."""

    def plain(name: str) -> str:
        paged = re.fullmatch(r"Page_(\w+?)(?:Out)?_", name)
        return f"{paged[1]}Page" if paged else re.sub(r"Out$", "", name)

    text = re.sub(
        r'"#/components/schemas/(\w+)"', lambda match: f'"#/components/schemas/{plain(match[1])}"', json.dumps(found)
    )
    renamed: Json = json.loads(text)
    schemas = renamed["components"]["schemas"]
    renamed["components"]["schemas"] = {
        plain(name): schema | {"title": plain(name)} for name, schema in sorted(schemas.items())
    }
    return renamed


def _tags(found: Json) -> list[str]:
    return list(dict.fromkeys(tag for _, _, operation in operations(found) for tag in operation["tags"]))


def _said(kind: str, name: str, language: Language) -> str:
    return wording.say(f"site.api.{kind}.{name}", language)


def _error(language: Language) -> Json:
    text = {"type": "string"}
    inner = {
        "type": "object",
        "required": ["code", "message", "params", "reference"],
        "properties": {"code": text, "message": text, "params": {"type": "object"}, "reference": text},
    }
    return {
        "title": "Error",
        "type": "object",
        "description": _said("schema", "Error", language),
        "required": ["error"],
        "properties": {"error": inner},
    }


def _filled(operation: Json, way: Way, language: Language) -> None:
    """Say what the door adds to an operation: its right, headers, refusals."""
    operation["summary"] = _said("operation", way.name, language)
    operation.pop("description", None)
    operation["x-rights"] = list(way.rights)
    for parameter in operation["parameters"]:
        parameter["description"] = _said("parameter", parameter["name"], language)
        parameter["schema"] = _sent(parameter["schema"])
        if parameter["name"] in EXAMPLES:
            parameter["example"] = EXAMPLES[parameter["name"]]
    if way.once:
        operation["parameters"].append(_header("Idempotency-Key", r"^[\x21-\x7e]{8,200}$", language))
    if way.stays:
        operation["parameters"].append(_header("If-None-Match", None, language))
        operation["responses"]["304"] = {"description": _said("status", "304", language)}
    for status in sorted(
        {*ALWAYS, *(BODY if way.sends else ()), *((409,) if way.once or way.sends or way.stays else ())}
    ):
        operation["responses"][str(status)] = _refusal(status, language)
    if way.sends:
        operation["responses"] |= {str(status): _refusal(status, language) for status in (411, 503)}


def _sent(schema: Json) -> Json:
    """Return the schema of a parameter as it can be sent: there is no null in an address, a parameter is left out."""
    if "anyOf" in schema:
        schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
    return {key: value for key, value in schema.items() if key != "title" and (key, value) != ("default", None)}


def _header(name: str, pattern: str | None, language: Language) -> Json:
    schema = {"type": "string"} | ({"pattern": pattern} if pattern else {})
    return {
        "in": "header",
        "name": name,
        "required": False,
        "schema": schema,
        "description": _said("parameter", name, language),
    }


def _refusal(status: int, language: Language) -> Json:
    return {
        "description": _said("status", str(status), language),
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }


def resolved(found: Json, schema: Json) -> Json:
    """Return a schema, or the one that it names."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return found["components"]["schemas"][name] if name else schema


def example(found: Json, schema: Json, name: str = "", depth: int = 0) -> Any:
    """Return a value as a schema has it."""
    schema = resolved(found, schema)
    if "anyOf" in schema:
        return example(found, next(one for one in schema["anyOf"] if one.get("type") != "null"), name, depth)
    if schema.get("enum"):
        return next((one for one in schema["enum"] if one), schema["enum"][0])
    if schema.get("type") == "object":
        if depth > 6:
            return {}
        inside = schema.get("properties") or {}
        return {key: example(found, part, key, depth + 1) for key, part in inside.items()}
    if schema.get("type") == "array":
        return [] if depth > 6 else [example(found, schema["items"], "", depth + 1)]
    return _plain_example(schema, name)


def _plain_example(schema: Json, name: str) -> Any:
    if "default" in schema and schema["default"] is not None:
        return schema["default"]
    if name in EXAMPLES:
        return EXAMPLES[name]
    by_format = {"date": "2020-07-01", "date-time": "2020-07-01T09:00:00+09:00", "uuid": EXAMPLES["key"]}
    if schema.get("format") in by_format:
        return by_format[schema["format"]]
    return {"integer": 1, "boolean": True, "number": 1}.get(schema.get("type", ""), "…")


def codes() -> list[tuple[str, int]]:
    """Return the codes of the door with their status, in order of status."""
    return sorted(CODES.items(), key=lambda one: one[1])
