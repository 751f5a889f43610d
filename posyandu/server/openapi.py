"""The description of the API, as data; docs/openapi.json is printed from it and a test keeps it current."""

from typing import Any

from posyandu import __version__
from posyandu.sync import blocks
from posyandu.sync.message import BADGE, CONTENT_TYPE, MAX_AREAS, MAX_BODY, MAX_IDS, MAX_OPENED

_ID = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_CURSOR = {
    "type": "array",
    "description": "[epoch, g, digest]: how far the feed of this posyandu was read",
    "prefixItems": [{"type": "string"}, {"type": "integer", "minimum": 0}, _ID],
    "minItems": 3,
    "maxItems": 3,
}
_BADGE = {
    "name": BADGE,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "what the server gave this laptop in `badge` of a reply: it is not held back with its address",
}


def description() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Posyandu",
            "version": __version__.split("+")[0],
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "Sync of laptops with the provincial server. The messages and their rules: docs/sync.md.",
        },
        "paths": {
            "/v1/sync": {"post": _sync()},
            "/v1/blocks": {"post": _blocks()},
            "/v1/enrol": {"post": _enrol()},
            "/v1/health": {"get": _health()},
            "/metrics": {"get": _metrics()},
            "/keadaan": {"get": _state()},
        },
        "components": {
            "schemas": {
                "Error": _object(error={"type": "string"}, message={"type": "string", "description": "Indonesian"}),
                "SyncRequest": _object(
                    p={"const": 1},
                    kab={"type": "string", "pattern": r"^[0-9]{4}$"},
                    dev={"type": "string", "maxLength": 64},
                    inc={"type": "string", "maxLength": 16},
                    nonce={"type": "string", "minLength": 16, "maxLength": 64},
                    app={"type": "string", "maxLength": 40},
                    areas=_list(
                        _object(
                            pos={"type": "string", "maxLength": 64},
                            cur=_CURSOR,
                            unsafe=_list(_ID, MAX_IDS),
                            want=_list(_ID, MAX_IDS),
                        ),
                        MAX_AREAS,
                    ),
                    sizes=_list({"type": "integer", "description": "bytes of each batch that follows the head"}),
                ),
                "SyncReply": _object(
                    p={"const": 1},
                    epoch={"type": "string"},
                    re={"type": "string", "description": "the nonce that is answered"},
                    time={"type": "integer", "description": "milliseconds since 1970"},
                    areas=_list(
                        _object(
                            **{
                                "pos": {"type": "string"},
                                "from": _CURSOR,
                                "cur": _CURSOR,
                                "feed": _list(
                                    {
                                        "type": "array",
                                        "description": "[g, batch id, place of its bytes or null]",
                                        "prefixItems": [{"type": "integer"}, _ID, {"type": ["integer", "null"]}],
                                    }
                                ),
                                "more": {"type": "boolean"},
                                "reset": {"type": "boolean"},
                                "denied": {"type": "boolean"},
                                "missing": _list(_ID),
                                "given": _list({"type": "array", "prefixItems": [_ID, {"type": "integer"}]}),
                            }
                        )
                    ),
                    status=_list(
                        _object(
                            id=_ID,
                            state={"enum": ["terap", "sebagian", "karantina", "tunda", "ditolak"]},
                            why={"type": "string"},
                            ops={"type": "object", "additionalProperties": {"type": "string"}},
                        )
                    ),
                    fork={"type": "string", "description": "the asking incarnation when it has split, else empty"},
                    keys={"type": "object", "additionalProperties": {"type": "string"}},
                    reads={
                        "type": "integer",
                        "description": "the packing of batches this server reads: 2 tight ones too",
                    },
                    app={"type": "string", "description": "the version of the server"},
                    sizes=_list({"type": "integer"}),
                ),
            }
        },
    }


def _sync() -> dict[str, Any]:
    layout = (
        "zstd(signature 64 bytes, length of the head 4 bytes big-endian, head as JSON, batches end to end). "
        f"At most {MAX_BODY} bytes packed and {MAX_OPENED} opened."
    )
    return {
        "operationId": "sync",
        "summary": "Offer and send batches, receive receipts and feeds, in one round trip",
        "parameters": [_BADGE],
        "requestBody": {
            "required": True,
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/SyncRequest"}}},
            "description": layout,
        },
        "responses": {
            "200": {
                "description": "Signed by the server: the receipts",
                "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/SyncReply"}}},
            },
            **_errors(
                {
                    "400": "the message cannot be read; nothing changed",
                    "401": "unknown device or wrong signature; nothing changed",
                    "403": "revoked device; nothing changed",
                    "409": "this request was received before; nothing changed",
                    "413": "too large",
                    "415": "wrong content type",
                    "426": "another protocol version; nothing changed",
                    "429": "too often; see Retry-After",
                    "500": "a fault of the server; the laptop keeps everything",
                    "503": "busy; see Retry-After",
                }
            ),
        },
    }


def _blocks() -> dict[str, Any]:
    up = (
        'signature 64 bytes (Ed25519 over "posyandu-blocks-1\\0" and the SHA-256 of the rest of the head), SHA-256 of '
        'the body 32, its size less one 2, attempt 4 (more than any before), length of the name 1, name "kab/dev"; '
        "then blocks of the body, which is a request of /v1/sync, in any order: number 1 byte and "
        f"{blocks.BLOCK} bytes, the last what is left."
    )
    down = (
        f'While blocks come: "H" and a map of {blocks.MAP_BYTES} bytes, bit n of the big-endian number for block n. At '
        'last "A", status 2, seconds to wait 2, and the body /v1/sync would have answered with.'
    )
    binary = {blocks.CONTENT_TYPE: {"schema": {"type": "string", "format": "binary"}}}
    return {
        "operationId": "blocks",
        "summary": "The same exchange over a link that breaks: what arrived is kept for a day and need not go again",
        "parameters": [_BADGE],
        "requestBody": {"required": True, "content": binary, "description": up},
        "responses": {
            "200": {"description": down, "content": binary},
            **_errors(
                {
                    "400": "the head cannot be read; nothing is kept",
                    "401": "unknown device or wrong signature; nothing is kept",
                    "403": "revoked device; nothing is kept",
                    "408": "silent in the head",
                    "409": "this attempt was received before; nothing changed",
                    "415": "wrong content type",
                    "429": "too often; see Retry-After",
                    "500": "a fault of the server; the laptop keeps everything",
                    "503": "busy; see Retry-After",
                    "507": "no room for more unfinished requests; send it whole",
                }
            ),
        },
    }


def _enrol() -> dict[str, Any]:
    text = {"type": "string", "maxLength": 200}
    request = _object(
        code=text,
        dev={"type": "string", "minLength": 8, "maxLength": 64},
        key={"type": "string", "description": "Ed25519 public key, hex"},
        name=text,
        app=text,
        sig={"type": "string", "description": 'Ed25519 over "posyandu-enrol-1\\0" and the canonical JSON of the rest'},
    )
    answer = _object(
        p={"const": 1},
        kab={"type": "string"},
        prefixes=_list({"type": "string"}),
        epoch={"type": "string"},
        key={"type": "string", "description": "the server's Ed25519 public key, hex; pinned by the laptop"},
        trial={"type": "boolean"},
        time={"type": "integer"},
        areas=_list(_object(pos={"type": "string"}, village={"type": "string"}, name={"type": "string"})),
    )
    return {
        "operationId": "enrol",
        "summary": "Enrol a laptop with a one-time code; it proves that it holds its key",
        "requestBody": {"required": True, "content": {"application/json": {"schema": request}}},
        "responses": {
            "200": {"description": "Enrolled", "content": {"application/json": {"schema": answer}}},
            **_errors(
                {
                    "400": "cannot be read, or no proof of the key; nothing changed",
                    "403": "unknown, used or expired code; nothing changed",
                    "409": "this device id has another key or was revoked; nothing changed",
                    "413": "too large",
                    "415": "wrong content type",
                    "429": "too often; see Retry-After",
                    "500": "a fault of the server; nothing changed",
                    "503": "busy; see Retry-After",
                }
            ),
        },
    }


def _health() -> dict[str, Any]:
    answer = _object(
        ok={"type": "boolean"},
        server={"const": "posyandu"},
        version={"type": "string"},
        protocol={"const": 1},
        trial={"type": "boolean"},
        time={"type": "integer"},
    )
    content = {"application/json": {"schema": answer}}
    return {
        "operationId": "health",
        "summary": "Whether the server and its database answer",
        "responses": {
            "200": {"description": "Both answer", "content": content},
            "503": {"description": "The database does not answer", "content": content},
        },
    }


def _metrics() -> dict[str, Any]:
    return {
        "operationId": "metrics",
        "summary": "Counts for the administrator's monitor, in Prometheus' text form; names no place, laptop or person",
        "responses": {"200": {"description": "Now", "content": {"text/plain": {"schema": {"type": "string"}}}}},
    }


def _state() -> dict[str, Any]:
    return {
        "operationId": "state",
        "summary": "The figures of /metrics as a page for the administrator, in Indonesian, each with its runbook",
        "responses": {"200": {"description": "Now", "content": {"text/html": {"schema": {"type": "string"}}}}},
    }


def _object(**properties: object) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: object, most: int | None = None) -> dict[str, Any]:
    return {"type": "array", "items": items} | ({} if most is None else {"maxItems": most})


def _errors(meanings: dict[str, str]) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {status: {"description": meaning, "content": content} for status, meaning in meanings.items()}
