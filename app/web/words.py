"""What an embed says, by language: every string of its template and of the scripts that it loads.

Lives here: the strings, under the keys by which ``templates/embed.html``, ``templates/_parts.html``
and ``static/js`` (as ``words`` in ``#trip-data``) ask for them. Not here: sentences about a journey
(:mod:`app.wording`), times (:mod:`app.web.local_time`), the rest of a trip's page.

A value has its place in braces, as ``{time}``. A text about a number has a key for each plural form
of the language, named as Unicode does (https://cldr.unicode.org/index/cldr-spec/plural-rules):
``steps_one``, ``steps_other``. Another language is another mapping with the same keys, and those of
the plural forms that it has.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from markupsafe import Markup, escape

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        # What stands in the page
        "map_of_the_route": "Map of the route",
        "map_alt": "Map of the route. {status}. All that it shows stands as text on this page.",
        "diagram": "Distance against time",
        "diagram_note": "Upwards the way travelled, so that a slope is a speed; across, time.",
        "known_when": "What was known when",
        "known_at": "Known at {time}",
        "known_at_slider": "Known at",
        "earlier_report": "Earlier report",
        "later_report": "Later report",
        "play": "Play",
        "pause": "Pause",
        "steps_one": "The one step: when something was published",
        "steps_other": "All {count} steps: when something was published",
        "stops": "Stops",
        "stop_of": "{place}, {status}",
        "nothing_yet": "Nothing was published by then.",
        "sources_and_times": "Sources and times",
        "contradictions_one": "{count} contradiction",
        "contradictions_other": "{count} contradictions",
        "reported": "reported",
        "expected": "expected",
        "possible": "possible",
        "all_journeys": "All journeys",
        "open_journey": "See the journey",
        "not_shown": "This map cannot be shown",
        # What scripts say on the map
        "map_keys": "Map of the route; arrow keys move it, plus and minus zoom",
        "zoom_in": "Zoom in",
        "zoom_out": "Zoom out",
        "full_screen": "Full screen",
        "leave_full_screen": "Leave full screen",
        "whole_route": "Whole route",
        "reported_part": "Reported part",
        "chosen_part": "Chosen part",
        "scroll_to_zoom": "Use Ctrl + scroll to zoom the map",
        "fingers_to_move": "Use two fingers to move the map",
        "from_the_start": "{km} km from the start",
        "disputed": "disputed",
        "close": "Close",
        # Markers and labels; a status is one of the three above
        "pin": "{number}: {place}, {status}",
        "pin_last": "{number}: {place}, last reported",
        "last_reported": "last reported",
        "next_stop": "next stop, {status}",
        "left_out": "{what} left out",
        "left_out_zoom_in": "{what} left out; zoom in",
        "names_one": "{count} name",
        "names_other": "{count} names",
        "numbers_one": "{count} number",
        "numbers_other": "{count} numbers",
        "both": "{first} and {second}",
        # What is chosen, for screen readers
        "chosen": "Chosen: {what}. Escape clears the choice.",
        "chosen_stop": "stop {number}, {place}, {status}",
        "chosen_leg": "leg from {start} to {end}, {status}",
        "chosen_claim": "claim of {origin} on {place}",
        "chosen_contradiction": "contradiction {number}",
        "diagram_keys": "diagram; arrow keys go through what it shows",
        # What is loaded later
        "step_not_loaded": "This step could not be loaded; check the connection and try again.",
        "updated": "New: {publishers}, {time}",
        "corrected": "This journey was corrected.",
        "gone": "This journey is no longer shown here.",
    }
)

LANGUAGES: Mapping[str, Mapping[str, str]] = MappingProxyType({"en": ENGLISH})
"""The words by language (BCP 47); the first is the usual one."""

_PLURALS: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {"en": lambda count: "one" if count == 1 else "other"}
)


def fill(text: str, **values: object) -> Markup:
    """A text with its values, escaped as they are unless they are markup.

    >>> str(fill("Known at {time}", time=Markup("<b>noon</b>")))
    'Known at <b>noon</b>'
    """
    return escape(text).format(**values)


def counted(language: str, name: str, count: int) -> Markup:
    """The text about a number in the plural form that goes with it.

    >>> str(counted("en", "contradictions", 1)), str(counted("en", "contradictions", 2))
    ('1 contradiction', '2 contradictions')
    """
    text = LANGUAGES[language][f"{name}_{_PLURALS[language](count)}"]
    return fill(text, count=count)
