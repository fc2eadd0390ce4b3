"""What schemathesis may not hold against the answers, each with the reason.

Loaded by `.ci/nightly`. A description says which form a value has; some of what is refused has the
right form and makes no sense all the same. Nothing else is let pass.
"""

import json
import math

import schemathesis
from schemathesis import GenerationMode
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

MOST_FEATURES = 10_000

# No schema can say these: that south is below north, that a day exists, that a name has a letter
# in it or belongs to a place, or that two ends are in order.
SENSE = {
    "/collections/{collection}/items": {"bbox", "datetime", "as_of"},
    "/collections/{collection}/items/{featureId}": {"as_of"},
    "/api/places": {"q", "near"},
    "/api/route": {"from", "to", "via", "avoid"},
}


@schemathesis.deserializer("text/html")
def page(context, response) -> str:
    """Links of the description are followed from documents; a page is a text to it."""
    return response.text


@schemathesis.hook
def map_case(context, case):
    """Boxes drawn at random lie off the earth: fold those that are to be right back onto it."""
    box = (case.query or {}).get("bbox")
    if isinstance(box, str):
        box = box.split(",")
    if case.meta.generation.mode is GenerationMode.POSITIVE and isinstance(box, list):
        case.query["bbox"] = ",".join(map(str, _folded([float(edge) for edge in box])))
    return case


def _folded(box: list[float]) -> list[float]:
    half = len(box) // 2
    spans = (180.0, 90.0, 1e4)
    low = [math.remainder(edge, 2 * span) for edge, span in zip(box[:half], spans, strict=False)]
    high = [math.remainder(edge, 2 * span) for edge, span in zip(box[half:], spans, strict=False)]
    for axis in range(1, half):  # west may be east of east
        low[axis], high[axis] = sorted((low[axis], high[axis]))
    return low + high


@schemathesis.hook
def filter_failure(context, failure, case, response) -> bool:
    """Whether the failure counts."""
    if isinstance(failure, RejectedPositiveData):
        return not _makes_no_sense(case, response)
    if isinstance(failure, AcceptedNegativeData):
        return not _is_only_more_than_can_be_sent(case)
    return True


def _makes_no_sense(case, response) -> bool:
    path = case.operation.path
    for collection in ("waypoints", "legs", "sightings", "places"):
        path = path.replace(f"/collections/{collection}/", "/collections/{collection}/")
    if path == "/api/route" and response.status_code == 422:
        return True  # there is no believable way between the two
    if response.status_code != 400:
        return False
    return json.loads(response.content).get("parameter") in SENSE.get(path, ())


def _is_only_more_than_can_be_sent(case) -> bool:
    """OGC API – Features names the maximum and lets the server send less than was asked for."""
    limit = str((case.query or {}).get("limit", ""))
    return limit.isascii() and limit.isdigit() and int(limit) > MOST_FEATURES
