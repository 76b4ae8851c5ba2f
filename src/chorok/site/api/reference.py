"""The page that explains the interface, made from the document itself; and the document."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from chorok.site.accounts.rights import public
from chorok.site.api import document
from chorok.site.api.document import Json
from chorok.site.config.language import current, say


@public
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """Send the document."""
    return JsonResponse(document.document(current()), json_dumps_params={"ensure_ascii": False, "indent": 1})


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show all operations, what they take and give, and the schemas they are made of."""
    found, address = document.document(current()), request.build_absolute_uri("/").rstrip("/")
    shown = [_operation(found, address, *one) for one in document.operations(found)]
    titles = {tag["name"]: tag["description"] for tag in found["tags"]}
    groups = [(titles[tag], tag, list(of)) for tag, of in groupby(shown, key=lambda one: one["tag"])]
    context = {
        "groups": groups,
        "schemas": [_schema(found, name, schema) for name, schema in found["components"]["schemas"].items()],
        "codes": [(code, status, say(f"site.api.status.{status}")) for code, status in document.codes()],
        "limit": settings.API_CALLS_A_MINUTE,
        "error_example": _written(_error_example()),
        "first_call": f'curl -H "Authorization: Bearer $TOKEN" "{address}{document.PREFIX}/organisations"',
    }
    return render(request, "api/reference.html", context)


def _operation(found: Json, address: str, method: str, path: str, operation: Json) -> dict[str, Any]:
    status, answer = next((code, one) for code, one in operation["responses"].items() if code.startswith("2"))
    gives = _content(answer)
    return {
        "id": operation["operationId"],
        "tag": operation["tags"][0],
        "method": method.upper(),
        "parts": path.split("/")[1:],
        "summary": operation["summary"],
        "rights": ", ".join(operation["x-rights"]),
        "parameters": [_parameter(one) for one in operation["parameters"]],
        "sends": _sends(operation),
        "status": status,
        "gives": kind(gives) if gives else None,
        "call": _call(found, address, method, path, operation),
        "example": _written(document.example(found, gives)) if gives else "",
    }


def _content(told: Json) -> Json | None:
    contents: Json = told.get("content", {})
    return next((one["schema"] for one in contents.values()), None)


def _sends(operation: Json) -> tuple[str, str] | None:
    schema = _content(operation.get("requestBody", {}))
    if schema is None:
        return None
    return (say("site.api.bytes"), "") if schema.get("format") == "binary" else kind(schema)


def _parameter(one: Json) -> dict[str, Any]:
    return {
        "name": one["name"],
        "where": say(f"site.api.where.{one['in']}"),
        "kind": kind(one["schema"])[0],
        "required": one["required"],
        "what": one["description"],
    }


def kind(schema: Json) -> tuple[str, str]:
    """Return what a schema is in words, and the schema it names, if any."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return name, name
    if "anyOf" in schema:
        first = next(one for one in schema["anyOf"] if one.get("type") != "null")
        text, name = kind(first)
        return (say("site.api.or_null", of=text) if len(schema["anyOf"]) > 1 else text), name
    if schema.get("type") == "array":
        text, name = kind(schema["items"])
        return say("site.api.list_of", of=text), name
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        text, name = kind(schema["additionalProperties"])
        return say("site.api.map_of", of=text), name
    if schema.get("enum"):
        return " | ".join(one or '""' for one in schema["enum"]), ""
    return f"{schema.get('type', 'any')}{_more(schema)}", ""


def _more(schema: Json) -> str:
    said = [schema["format"]] if "format" in schema else []
    edges = (schema.get("minimum"), schema.get("maximum"))
    if any(edge is not None for edge in edges):
        said.append("..".join("" if edge is None else f"{edge}" for edge in edges))
    return f" ({', '.join(said)})" if said else ""


def _schema(found: Json, name: str, schema: Json) -> dict[str, Any]:
    required = set(schema.get("required", ()))
    fields = [
        {"name": field, "kind": kind(of), "required": field in required}
        for field, of in schema.get("properties", {}).items()
    ]
    return {"name": name, "what": schema["description"], "fields": fields}


def _call(found: Json, address: str, method: str, path: str, operation: Json) -> str:
    """Return a call as it is typed into a shell."""
    places = {one["name"]: document.EXAMPLES.get(one["name"], "…") for one in _in(operation, "path")}
    asked = [one for one in _in(operation, "query") if one["required"] or one["name"] in ("period", "q", "product_id")]
    query = urlencode({one["name"]: document.EXAMPLES.get(one["name"], 1) for one in asked})
    url = address + path.format(**places) + (f"?{query}" if query else "")
    parts = ["curl", *([] if method == "get" else ["-X", method.upper()])]
    parts += ['-H "Authorization: Bearer $TOKEN"']
    schema = _content(operation.get("requestBody", {}))
    if any(one["name"] == "Idempotency-Key" for one in operation["parameters"]):
        parts.append('-H "Idempotency-Key: $(uuidgen)"')
    if schema is not None and schema.get("format") == "binary":
        parts += ['-H "Content-Type: application/octet-stream"', "--data-binary @purchases.csv"]
    elif schema is not None:
        body = json.dumps(document.example(found, schema), ensure_ascii=False)
        parts += ['-H "Content-Type: application/json"', f"-d '{body}'"]
    return " ".join([*parts, f'"{url}"'])


def _in(operation: Json, where: str) -> list[Json]:
    return [one for one in operation["parameters"] if one["in"] == where]


def _error_example() -> Json:
    message = say("site.api.error.not_found")
    return {"error": {"code": "not_found", "message": message, "params": {}, "reference": "5f2a90c1d3e4"}}


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
