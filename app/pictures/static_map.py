"""The map of a journey as one picture that stands alone: for print, for a card, for a phone.

Lives here: the order in which things find their place, and in which they are drawn. Not here: the
parts (``map_*``). Mercator's projection, north up. Imports the room's own modules and the
journey's nouns.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.journey.derived import Itinerary
from app.pictures.boxes import Box
from app.pictures.extent import Extent
from app.pictures.label_placement import Board, Wish, place
from app.pictures.lettering import Lettering
from app.pictures.look import Look
from app.pictures.map_choices import ELBOW, MOST_TO_MOVE, Choice, Choices
from app.pictures.map_frame import MapFrame, key_of
from app.pictures.map_ground import FeatureCollection, GroundPaths, ground_paths
from app.pictures.map_ground_names import draw_ground_names
from app.pictures.map_labels import MOST_NAMES, Labels
from app.pictures.map_markers import Markers, halo
from app.pictures.map_route import DrawnLeg, draw_arrows, draw_legs, drawn_legs, route_points
from app.pictures.map_stops import Stop, gathered
from app.pictures.map_text import plain
from app.pictures.projection import Projection
from app.pictures.svg import Drawing, number
from app.pictures.timeline import Station, Timeline

GroundPainter = Callable[[Mapping[str, FeatureCollection], Projection, str, int], GroundPaths]
"""What :func:`app.pictures.map_ground.ground_paths` does."""

MOST_TOLD = 40
"""Stops that the description tells one by one."""
LOW = 400
"""A picture lower than this tells times only of what matters most."""


def static_map(
    itinerary: Itinerary,
    extent: Extent,
    ground: Mapping[str, FeatureCollection],
    lettering: Lettering,
    look: Look,
    *,
    times: Mapping[int, str] | None = None,
    heading: tuple[str, str] = ("", ""),
    see: GroundPainter = ground_paths,
    is_cut: bool = False,
) -> Drawing:
    """The map of an itinerary, showing ``extent`` at least; where it ``is_cut`` nothing is told of
    stops that lie outside the picture.

    ``ground`` is what lies there and around (see :func:`app.pictures.map_ground.ground_paths`);
    ``times`` says when each visit was, by its sequence; ``heading`` is a title and a status line;
    ``see`` makes the ground's paths, for who keeps them.
    The last stop that was reported and the next ahead are always named; how many other names
    found no room is told. Elements carry ``data-waypoint`` and ``data-leg``.
    """
    picture = _StaticMap(
        itinerary, extent, ground, lettering, look, times or {}, heading, see, is_cut
    )
    return picture.draw()


@dataclass(frozen=True, slots=True)
class _Composition:
    """Where everything stands; ``homeless`` must be named and found no room on the map."""

    frame: MapFrame
    projection: Projection
    legs: Sequence[DrawnLeg]
    board: Board
    placed: Sequence[tuple[Stop, Choice | None]]
    homeless: Sequence[Station]


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One way to place the stops."""

    board: Board
    placed: Sequence[tuple[Stop, Choice | None]]

    @property
    def left_out(self) -> int:
        return _left_out(self.placed)


class _StaticMap:
    def __init__(
        self,
        itinerary: Itinerary,
        extent: Extent,
        ground: Mapping[str, FeatureCollection],
        lettering: Lettering,
        look: Look,
        times: Mapping[int, str],
        heading: tuple[str, str],
        see: GroundPainter,
        is_cut: bool,
    ) -> None:
        self.itinerary, self.extent, self.ground = itinerary, extent, ground
        self.lettering, self.look, self.times, self.heading = lettering, look, times, heading
        self.see, self.is_cut, self.words = see, is_cut, look.words
        self.unit = min(1.6, max(0.85, (look.width * look.height) ** 0.5 / 800))
        self.stations = Timeline(itinerary).stations

    def draw(self) -> Drawing:
        found = self._compose(())
        if found.homeless:
            # Where the map is full, what must be told is told below it.
            found = self._compose([self._told(station) for station in found.homeless])
        drawing = Drawing(
            self.look.width,
            self.look.height,
            name=self.look.name,
            title=self.words.say(
                "map_title", title=plain(self.heading[0] or self.itinerary.trip.title)
            ),
            description=self._description(),
            class_="static-map",
        )
        colours = self.look.palette
        drawing.add("rect", width=self.look.width, height=self.look.height, fill=colours.paper)
        paths = self.see(self.ground, found.projection, self.look.language, len(found.legs))
        self._draw_map(drawing, found, paths)
        found.frame.draw(drawing, found.projection, _left_out(found.placed))
        return drawing

    def _compose(self, told: Sequence[str]) -> _Composition:
        frame = MapFrame(
            self.look,
            self.lettering,
            self.heading,
            key_of(self.itinerary, self.words),
            told,
            self.unit,
        )
        is_empty = not self.itinerary.waypoints
        padding = min(30.0 * self.unit, frame.map.height * 0.14)
        projection = Projection.fitting(self.extent, frame.map, padding, may_crop=is_empty)
        legs = drawn_legs(self.itinerary, projection)
        points = route_points(legs)
        spots = projection.points([s.waypoint.place.position for s in self.stations]).tolist()
        # Of what is cut off no marker shall stand half in the picture.
        area = projection.frame.grown(-12.0 * self.unit)
        seen = [
            (station, spot)
            for station, spot in zip(self.stations, spots, strict=True)
            if not self.is_cut or area.holds(Box(*spot, *spot))
        ]
        stops = gathered(
            [s for s, _ in seen], [spot for _, spot in seen], self.lettering, self.unit
        )
        attempt = self._best_attempt(
            stops, Board(projection.frame.grown(-3.0), points, 3.2 * self.unit)
        )
        board, placed = attempt.board, attempt.placed
        named = {
            s.waypoint.sequence
            for stop, choice in placed
            if choice is not None and choice.label is not None
            for s in stop.must
        }
        homeless = [
            s for s, _ in seen if (s.is_last or s.is_next) and s.waypoint.sequence not in named
        ]
        return _Composition(frame, projection, legs, board, placed, homeless)

    def _best_attempt(self, stops: Sequence[Stop], board: Board) -> "_Attempt":
        """Times give way to names, and on a low picture to the map."""
        choices = Choices(Labels(self.lettering, self.look, self.times, self.unit), self.unit)
        seated = self._seated(stops, board)
        many = len(stops) > MOST_TO_MOVE
        if not many:
            choices.prepare([s for s in stops if s.number not in seated], board)

        def attempt(timed: int) -> _Attempt:
            its = board.copied()
            wishes = [
                Wish(
                    s.importance,
                    choices.options(s, its, seat=s.number in seated, many=many, timed=timed),
                )
                for s in stops
            ]
            found = place(wishes, its)
            placed = [
                (stop, choice or (Choice((stop.x, stop.y)) if stop.number in seated else None))
                for stop, choice in zip(stops, found, strict=True)
            ]
            return _Attempt(its, placed)

        if self.look.height < LOW or many:
            return attempt(0)
        full = attempt(MOST_NAMES)
        if not full.left_out or not self.times:
            return full
        bare = attempt(0)
        if bare.left_out >= full.left_out:
            return full  # it is not the times that take the room
        if all(len(stop.places) == 1 for stop in stops):
            return bare
        some = attempt(1)
        return some if some.left_out <= bare.left_out else bare

    def _seated(self, stops: Sequence[Stop], board: Board) -> set[int]:
        """Take the dots of all stops, and the badges that stand at their place: whose they are."""
        for stop in stops:
            board.take(stop.dot(self.unit), stop.number)
        seated = set()
        for stop in stops:
            badge = stop.badge_at(stop.x, stop.y)
            if board.is_free(badge, stop.number):
                board.take(badge.grown(ELBOW), stop.number)
                seated.add(stop.number)
        return seated

    def _draw_map(self, drawing: Drawing, found: _Composition, paths: GroundPaths) -> None:
        colours, frame, unit = self.look.palette, found.projection.frame, self.unit
        area = {"x": frame.left, "y": frame.top, "width": frame.width, "height": frame.height}
        ground = drawing.add("g", class_="ground", fill="none", stroke_linejoin="round")
        drawing.add("rect", ground, fill=colours.sea, **area)
        thin = 0.8 * unit
        for name, data, attributes in (
            ("land", paths.land, {"fill": colours.land, "stroke": colours.coast}),
            ("lakes", paths.lakes, {"fill": colours.sea, "stroke": colours.coast}),
            ("railways", paths.railways, {"stroke": colours.rail}),
            ("borders", paths.borders, {"stroke": colours.border}),
            (
                "borders disputed",
                paths.disputed,
                {"stroke": colours.border, "stroke_dasharray": f"{4 * unit:.1f} {3 * unit:.1f}"},
            ),
        ):
            if data:
                width = thin * (1.4 if "borders" in name else 1.0)
                drawing.add("path", ground, class_=name, d=data, stroke_width=width, **attributes)
        route = drawing.add("g", class_="route")
        if found.legs:
            draw_legs(drawing, route, found.legs, colours.route, colours.casing, unit)
            draw_arrows(
                drawing, route, found.legs, found.board, colours.route, colours.casing, unit
            )
        # What reaches beyond the frame is covered: a clipping path costs a third more pixels.
        drawing.add(
            "path",
            class_="mount",
            d=f"M0 0H{number(drawing.width)}V{number(drawing.height)}H0Z"
            f"M{number(frame.left)} {number(frame.top)}V{number(frame.bottom)}"
            f"H{number(frame.right)}V{number(frame.top)}Z",
            fill=colours.paper,
        )
        if not self.itinerary.waypoints:
            self._nothing(drawing, found.board)
        draw_ground_names(
            drawing, paths, found.board, [(s.x, s.y) for s, _ in found.placed],
            self._stop_names(), self.lettering, self.look, unit,
        )  # fmt: skip
        Markers(drawing, drawing.add("g", class_="stops"), self.lettering, colours, unit).draw(
            found.placed
        )
        drawing.add(
            "rect", None, class_="edge", fill="none", stroke=colours.coast, stroke_width=0.8, **area
        )

    def _nothing(self, drawing: Drawing, board: Board) -> None:
        nothing, size = self.words["nothing_on_map"], 17.0 * self.unit
        x, y = board.frame.middle
        width = self.lettering.width(nothing, size, bold=True)
        board.take(Box.around(x, y, width, size * 1.3).grown(6.0))
        drawing.text(
            nothing, x, y + size * 0.36, None, font_size=size, font_weight="bold",
            text_anchor="middle", fill=self.look.palette.map_ink, class_="nothing",
            **halo(self.look.palette, self.unit),
        )  # fmt: skip

    def _stop_names(self) -> set[str]:
        return {plain(self.look.name_of(s.waypoint.place)) for s in self.stations}

    def _told(self, station: Station) -> str:
        waypoint = station.waypoint
        state = self._state(station)
        if not station.is_last:
            state = self.words.say("next", status=state)
        time = plain(self.times.get(waypoint.sequence, ""))
        name = plain(self.look.name_of(waypoint.place))
        return ", ".join(part for part in (f"{waypoint.sequence} {name}", state, time) if part)

    def _state(self, station: Station) -> str:
        return self.words["last_reported" if station.is_last else station.waypoint.status.value]

    def _description(self) -> str:
        """The stops in their order, with what is known of each."""
        if not self.stations:
            return self.words["nothing_reported"]
        told = []
        for station in self.stations[:MOST_TOLD]:
            waypoint = station.waypoint
            name = plain(self.look.name_of(waypoint.place))
            time = plain(self.times.get(waypoint.sequence, ""))
            parts = [f"{waypoint.sequence}. {name}, {self._state(station)}", time]
            parts.append(self.words["disputed"] if waypoint.conflict else "")
            told.append(", ".join(part for part in parts if part))
        rest = len(self.stations) - len(told)
        if rest:
            told += [self.words.counted("more_stops", rest)]
            told += [self._told(s) for s in self.stations[MOST_TOLD:] if s.is_last or s.is_next]
        return self.words.say("stops_in_order", stops="; ".join(told))


def _left_out(placed: Sequence[tuple[Stop, Choice | None]]) -> int:
    """How many places have no name in the picture."""
    count = 0
    for stop, choice in placed:
        # What must be named is, if not on the map then below it.
        least = len({s.waypoint.place.id for s in stop.must})
        count += len(stop.places) - max(least, 0 if choice is None else choice.names)
    return count
