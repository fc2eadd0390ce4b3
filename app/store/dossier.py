"""Dossiers: a trip as one TOML file that people review, compare and keep. The format, 1.

Unknown keys are refused; keys marked with a star are needed. A *time* is RFC 3339 with its offset
(``2023-09-12T05:15+10:00``); ids are small letters, digits, dots, hyphens and underscores.

**Top level**: ``format``* (1), ``slug``*, ``title``*, ``subject``* (whose journey),
``summary``, ``mode`` (``train``, ``car``, ``ship``, ``plane``; ``train`` when left out);
``formerly``, a list of the slugs that the trip had before, the first one first: links to them
lead to it for ever, so no other trip can have one; ``withdrawn``, one sentence of up to 500
characters for readers, why the trip is no longer shown. Loading a dossier that leaves out a
former slug or ``withdrawn`` takes neither back: only ``dateline restore`` shows a trip again.

**[[source]]**: ``id``*; ``publisher``*; ``published_at``*, a time, a bare date
(``2023-09-12``) or ``first/last`` of either; ``zone``, the IANA zone in which bare dates are
days (without it the day of every zone from UTC+14 to UTC−12); ``updated_at``, likewise;
``language`` (``en``); ``reliability`` ``A`` to ``F`` (``F``: not judged); ``title``, ``url``,
``archived_url`` (http or https), ``retrieved_at`` (a time); ``derived_from``, the id of the
source that this one copies; ``note``.

**[[sighting]]**: ``id``*; ``source``*; ``subject``* (``leader``, ``train``, ``motorcade``,
``delegation``, or a name such as "advance train"); ``event``* (``departed``, ``arrived``,
``passed``, ``present``); ``modality``* (``reported``, ``expected``, ``possible``, ``denied``);
``place``*; ``when``, a wording of :mod:`app.journey.time_wording`, read against the source's
``published_at`` and the clock of the place; ``earliest`` and ``latest``, times that stand
instead of what the wording means (a missing one and ``".."`` are open); ``attributed_to``;
``mode``; ``evidence`` (``statement``, ``photo``, ``video``, ``satellite``, ``schedule``,
``inference``); ``credibility`` 1 to 6 (6: cannot be judged); ``claim``*, one line of up to
300 characters; ``position_in_report``, counted from 0 (in the order of the file when left
out); ``state`` (``active``, ``superseded``, ``retracted``) with ``state_since`` (a time),
``state_reason``, ``superseded_by``. What is reported cannot be later than its source: the
interval is capped there, and refused when nothing is left.

**[assumptions.NAME]**: ``kind`` (NAME when that is a kind) with what the kind needs:
``cruise_speed`` and ``max_speed`` ``kmh``; ``minimum_stop`` ``hours`` and ``places``; ``avoid``
``countries``; ``via`` ``places`` (from, via…, to); ``leader_aboard`` and ``railway_complete``
nothing; any of them ``mode``; and either ``source`` (an id) or ``reason``.

**[[figure]]**: ``id``*, ``source``*, ``from``*, ``to``*, ``claim``*, ``attributed_to``,
``mode``, ``credibility`` (1 to 6), and ``distance_km``, ``duration_h`` or both: a number or
``{ min = …, max = … }``. ``of_this_journey = true`` says that the duration, which it needs, is
the time from leaving ``from`` to reaching ``to`` on this journey, all halts included: it then
bounds both, as a sighting does, so give its ends as wide as its wording is.

**A place** is an id of the gazetteer or a table of its own, which is then known by its ``id``
in the whole file: ``id``*, ``name``*, ``lon``*, ``lat``*, ``country``* (two letters),
``radius_km``, ``time_zone`` (found by position when left out), ``other_time_zones``,
``feature``, ``source`` (where the position comes from), ``names`` by language.
"""

from app.store.dossier_read import read_dossier, where_it_stands
from app.store.dossier_write import write_dossier

__all__ = ["read_dossier", "where_it_stands", "write_dossier"]
