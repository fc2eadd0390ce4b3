"""`/ogc/api` promises what is sent and taken, and no more."""

import re
from typing import Any

import jsonschema
import pytest

from app.publication.features.collections import PROPERTIES, QUERYABLES, Collection


@pytest.fixture
def document(client) -> dict[str, Any]:
    return client.get("/ogc/api").json()


def resolved(schema: Any, document: dict[str, Any]) -> Any:
    """An OpenAPI 3.0 schema as a JSON Schema: references resolved, ``nullable`` spelt out."""
    if isinstance(schema, list):
        return [resolved(each, document) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        found = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return resolved(found, document)
    plain = {key: resolved(value, document) for key, value in schema.items()}
    if plain.pop("nullable", False):
        plain["type"] = [plain["type"], "null"]
    return plain


def answer_schema(document: dict[str, Any], path: str, status: str = "200") -> Any:
    content = document["paths"][path]["get"]["responses"][status]["content"]
    media_type = next(each for each in content if each != "text/html")
    return resolved(content[media_type]["schema"], document)


def test_it_says_where_it_is_and_what_there_is(document):
    assert re.fullmatch(r"3\.0\.\d", document["openapi"])
    assert document["servers"] == [{"url": "http://testserver/ogc"}]
    assert set(document["paths"]) == {
        "/",
        "/api",
        "/conformance",
        "/collections",
        *(
            f"/collections/{of.value}{part}"
            for of in Collection
            for part in ("", "/queryables", "/items", "/items/{featureId}")
        ),
    }
    operations = [path["get"]["operationId"] for path in document["paths"].values()]
    assert len(set(operations)) == len(operations)


def test_it_is_kept_apart_from_the_description_of_the_api(client):
    assert not [p for p in client.get("/openapi.json").json()["paths"] if p.startswith("/ogc")]


@pytest.mark.parametrize("of", list(Collection))
def test_it_names_every_parameter_of_a_list(document, of):
    named = {
        p["name"]: p for p in document["paths"][f"/collections/{of}/items"]["get"]["parameters"]
    }
    assert list(named) == ["bbox", "datetime", *QUERYABLES[of], "as_of", "limit", "offset", "f"]
    assert all(p["in"] == "query" and p["style"] == "form" for p in named.values())
    assert not any(p["explode"] or p["required"] for p in named.values())
    assert named["limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 10_000,
        "default": 100,
    }
    assert named["bbox"]["schema"]["items"] == {"type": "number"}


@pytest.mark.parametrize("of", list(Collection))
def test_queryables_and_parameters_have_the_same_schema(client, document, of):
    queryables = client.get(f"/ogc/collections/{of}/queryables").json()["properties"]
    for parameter in document["paths"][f"/collections/{of}/items"]["get"]["parameters"]:
        if parameter["name"] in QUERYABLES[of]:
            for key in ("type", "enum"):
                assert parameter["schema"].get(key) == queryables[parameter["name"]].get(key)


@pytest.mark.parametrize(
    "path", ["/", "/conformance", "/collections", *(f"/collections/{of}" for of in Collection)]
)
def test_what_there_is_fits_its_schema(client, document, path):
    jsonschema.validate(client.get(f"/ogc{path}").json(), answer_schema(document, path))


@pytest.mark.parametrize("of", list(Collection))
@pytest.mark.parametrize("as_of", [None, "2023-09-12T13:00:00Z", "2000-01-01T00:00:00Z"])
def test_features_fit_their_schemas(client, document, of, as_of):
    params = {"limit": 10_000} if as_of is None else {"limit": 10_000, "as_of": as_of}
    page = client.get(f"/ogc/collections/{of}/items", params=params).json()
    jsonschema.validate(page, answer_schema(document, f"/collections/{of}/items"))
    for feature in page["features"][:3]:
        alone = client.get(f"/ogc/collections/{of}/items/{feature['id']}").json()
        jsonschema.validate(
            alone, answer_schema(document, f"/collections/{of}/items/{{featureId}}")
        )


@pytest.mark.parametrize("of", list(Collection))
def test_every_property_has_a_type_and_most_a_meaning(document, of):
    schema = document["components"]["schemas"][f"{of}Feature"]["properties"]["properties"]
    assert tuple(schema["properties"]) == PROPERTIES[of]
    assert all("type" in each for each in schema["properties"].values())


def test_examples_lead_somewhere(client, document):
    for path, operations in document["paths"].items():
        for parameter in operations["get"]["parameters"]:
            if parameter["in"] == "path":
                asked = path.replace("{featureId}", parameter["example"])
                assert client.get(f"/ogc{asked}").status_code == 200
            elif (value := parameter["schema"].get("example")) is not None:
                text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
                answer = client.get(f"/ogc{path}", params={parameter["name"]: text})
                if "{" not in path:
                    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "accept"),
    [
        ("/collections/legs/items?limit=0", "400", "*/*"),
        ("/collections/legs/items/none", "404", "*/*"),
        ("/collections", "406", "image/png"),
    ],
)
def test_problems_fit_their_schema(client, document, path, status, accept):
    described = re.sub(r"\?.*|none$", lambda m: "{featureId}" if m[0] == "none" else "", path)
    answer = client.get(f"/ogc{path}", headers={"Accept": accept})
    assert str(answer.status_code) == status
    said = resolved(document["paths"][described]["get"]["responses"][status], document)
    jsonschema.validate(answer.json(), said["content"]["application/problem+json"]["schema"])
