"""An open embed behind nginx, in real time: what a newsroom's readers see of a correction."""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from app.rooms import Rooms
from app.settings import Settings
from tests.behind_nginx import behind_nginx, is_here
from tests.browser.growing_journey import SLUG, dossier
from tests.browser.hosts import BY_NAME, embed_in
from tests.publication.standards import lacking

pytestmark = [pytest.mark.browser, pytest.mark.reference]

# Four times what is promised: on a busy machine that says little of us.
PATIENCE_MS = 120_000


@pytest.mark.parametrize("name", ["our-script", "wordpress"])
def test_it_shows_what_is_new_without_being_opened_again(
    page, watch, newsroom, reference_dir, tmp_path, name
):
    if not is_here():
        lacking("nginx is not installed (nginx-light)")
    (tmp_path / "reference").symlink_to(reference_dir)
    rooms = Rooms(Settings(var_dir=tmp_path))

    def tell(*days: int) -> None:
        file = tmp_path / "growing.toml"
        file.write_text(dossier(*days), "utf-8")
        rooms.load_dossiers([file])

    tell(1, 3, 5)
    with behind_nginx(rooms) as site:
        page.goto(BY_NAME[name].page(newsroom, f"{site.base}/embed/{SLUG}"))
        frame = embed_in(page)
        stops = frame.locator("[data-part=stops] li")
        expect(stops).to_have_count(3)
        # Between the others, so that the map reaches no further than before.
        tell(1, 3, 4, 5)
        expect(stops).to_have_count(4, timeout=PATIENCE_MS)
        # What was loaded first, the picture and the ground among it, is not loaded again for it.
        asked = Counter(urlsplit(one.path).path for one in site.reached if one.status == 200)
        assert sum("revision=2" in one.path for one in site.reached) == 1
        assert asked[f"/trips/{SLUG}/basemap.json"] == 1
        assert watch.said == []
        page.close()
