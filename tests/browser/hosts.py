"""Pages of other sites that show an embed, and a small server of another site to open them from.

Lives here: the markup of an article, and what each kind of site puts around a frame: nothing, our
own script, or the code that its makers publish (:mod:`tests.browser.host_libraries`). Where that
is to be had nowhere, a few lines read messages in the format that is documented. Not here: what
WordPress makes of a pasted link (:mod:`tests.wordpress`).
"""

import html
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx2 as httpx
from playwright.sync_api import Frame, Page

from app.settings import ROOT
from app.web.embed_builder import snippets
from tests import wordpress
from tests.browser import host_libraries

MEDIA_TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
TITLE = "Map of the route"
USUAL_HEIGHT = 560
WORDPRESS_COLUMN = 1600
"""As wide as an embed would ever be: our answer makes it less."""

_SENTENCE = "The armoured train was seen at the border early on Tuesday, railway officials said. "
_ARTICLE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>An article</title>
<link rel="icon" href="data:,">
<style>
body {{ margin: 0; font: 16px/1.4 serif; color: #222; background: #fff; }}
p, h1 {{ margin: 12px; }}
h1 {{ font-size: 20px; }}
iframe {{ vertical-align: bottom; }}
{style}
</style>
</head>
<body>
<h1>The train has left</h1>
<p>{before}</p>
<div id="place">{embed}</div>
{after}
{scripts}
</body>
</html>
"""


def article(embed: str, *, scripts: str = "", style: str = "") -> str:
    """An article that is longer than the screen, with an embed near its top."""
    after = "\n".join(f"<p>{_SENTENCE * 3}</p>" for _ in range(30))
    return _ARTICLE.format(embed=embed, before=_SENTENCE, after=after, scripts=scripts, style=style)


def iframe(src: str, *, height: int | None = USUAL_HEIGHT, attributes: str = "") -> str:
    """The frame as it stands in articles; without ``height`` browsers make it 150 pixels high."""
    said = "" if height is None else f' height="{height}"'
    return (
        f'<iframe src="{html.escape(src)}" width="100%"{said} style="border:0" title="{TITLE}"'
        f' loading="lazy"{attributes}></iframe>'
    )


def embed_in(page: Page) -> Frame:
    """The frame of the first embed on a page, once it shows what it is to show."""
    handle = page.wait_for_selector("iframe", state="attached")
    frame = handle.content_frame() if handle else None
    assert frame is not None
    frame.wait_for_selector("#map[data-ready=true], body:not(:has(#map)) .diagram")
    return frame


class Newsroom:
    """A server of another site, with the pages and scripts that were put there."""

    def __init__(self, port: int) -> None:
        # Browsers take a name and an address for two sites, whatever is behind them.
        self.base = f"http://localhost:{port}"
        self.files: dict[str, bytes] = {}

    def put(self, name: str, text: str | bytes) -> str:
        """Serve a file under a name; where it is then."""
        self.files[f"/{name}"] = text.encode() if isinstance(text, str) else text
        return f"{self.base}/{name}"


@contextmanager
def newsroom() -> Iterator[Newsroom]:
    """Serves while it is open, on a free port."""
    served: dict[str, Newsroom] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            body = served["it"].files.get(path)
            self.send_response(404 if body is None else 200)
            ending = path[path.rfind(".") :]
            self.send_header("Content-Type", MEDIA_TYPES.get(ending, "text/plain"))
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served["it"] = Newsroom(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield served["it"]
        server.shutdown()
        thread.join(timeout=10)


@dataclass(frozen=True)
class Host:
    """A kind of site. ``page`` puts the page that shows an embed into a newsroom.

    ``obeys`` is the height that it gives to a frame that asks for one, ``None`` for one that
    leaves it as it is. ``late`` names the script that hears of heights; ``widest`` is how wide a
    frame is at most. ``says`` is in what it tells its own console.
    """

    name: str
    page: Callable[[Newsroom, str], str]
    obeys: Callable[[int], int] | None = field(default=lambda height: height)
    late: str = ""
    widest: int | None = None
    says: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name

    def width(self, page: int) -> int:
        """How wide its frame is on a page so wide."""
        return page if self.widest is None else min(page, self.widest)


def copied(name: str, src: str) -> str:
    """The markup that the builder on a trip's page gives, with another address in its frame."""
    base, slug = _parts(src)
    (code,) = [snippet.text for snippet in snippets(base, slug, TITLE) if snippet.name == name]
    return code.replace(f'"{base}/embed/{slug}"', f'"{html.escape(src)}"')


def documented(name: str, src: str) -> str:
    """The markup for another kind of site in the documentation, with an address of the test's."""
    base, _ = _parts(src)
    example = (ROOT / "templates" / "examples" / f"embed_{name}.html").read_text("utf-8")
    of_a_trip = re.search(r"SERVER/embed/[a-z0-9-]+", example)
    assert of_a_trip is not None
    return example.replace(of_a_trip[0], html.escape(src)).replace("SERVER", base)


def _parts(src: str) -> tuple[str, str]:
    parts = urlsplit(src)
    return f"{parts.scheme}://{parts.netloc}", parts.path.rpartition("/")[2]


def plain(room: Newsroom, src: str) -> str:
    """Nothing but the frame, in the height that the builder says."""
    return room.put("plain.html", article(copied("frame", src)))


def our_script(room: Newsroom, src: str) -> str:
    """The frame, and our own script behind it."""
    return room.put("script.html", article(copied("script", src)))


def wordpress_post(room: Newsroom, src: str, *, fallback: bool = False) -> str:
    """What WordPress makes of a pasted address, with its own script at the end of the page.

    With ``fallback`` the markup had a quotation for browsers without scripts: then the frame is
    hidden until it has spoken.
    """
    room.put("wp-embed.js", host_libraries.wp_embed())
    with httpx.Client(timeout=60) as client:
        there = client.get(src)
        # Of a trip that is gone, there is the post of years ago.
        framed = (
            wordpress.pasted(client, src, WORDPRESS_COLUMN)[1]
            if there.is_success
            else wordpress.filtered(iframe(src))
        )
    if fallback:
        hidden = 'style="position: absolute; clip: rect(1px, 1px, 1px, 1px);" class='
        framed = (
            f'<blockquote class="wp-embedded-content" data-secret="{wordpress.SECRET}">'
            f'<a href="{html.escape(src)}">{TITLE}</a></blockquote>'
            + framed.replace("class=", hidden, 1)
        )
    # Every theme of it says this.
    style = "iframe, embed, object { max-width: 100%; }"
    page = article(framed, scripts='<script src="/wp-embed.js"></script>', style=style)
    return room.put("wordpress.html", page)


AMP_IFRAME = """<script>
for (const element of document.querySelectorAll('amp-iframe')) {
  const frame = document.createElement('iframe');
  for (const name of ['title', 'allowfullscreen', 'allow', 'frameborder', 'sandbox']) {
    if (element.hasAttribute(name)) frame.setAttribute(name, element.getAttribute(name));
  }
  if (element.hasAttribute('resizable')) frame.setAttribute('scrolling', 'no');
  frame.src = `${element.getAttribute('src')}#amp=1`;
  addEventListener('message', ({ data, source }) => {
    if (source !== frame.contentWindow || !data || data.sentinel !== 'amp') return;
    if (data.type === 'embed-size' && data.height > 0) element.style.height = `${data.height}px`;
  });
  element.append(frame);
}
</script>"""


def amp(room: Newsroom, src: str) -> str:
    """A page of AMP, as documented, with `amp-iframe` as far as an embed has to do with it.

    Its runtime comes from no registry. What it gives to a frame, and what of a message it reads,
    is as it documents: the sentinel, the type, the height, the window that it came from.
    """
    code = re.sub(r"<script.*?</script>", "", documented("amp", src))
    assert code.count("<amp-iframe") == code.count(" overflow ") == 1
    style = """
amp-iframe { display: block; position: relative; height: 300px; }
amp-iframe iframe { position: absolute; width: 100%; height: 100%; border: 0; }
amp-iframe [overflow], amp-img { display: none; }"""
    return room.put("amp.html", article(code, scripts=AMP_IFRAME, style=style))


def pym(room: Newsroom, src: str) -> str:
    """A container that pym.js fills, as documented."""
    room.put("js/pym.v1.min.js", host_libraries.pym())
    return room.put("pym.html", article(documented("pym", src)))


def iframe_resizer(room: Newsroom, src: str) -> str:
    """A frame that iframe-resizer looks after, as documented, with its check of origins on."""
    room.put("js/iframeResizer.min.js", host_libraries.iframe_resizer())
    return room.put("iframe-resizer.html", article(documented("iframe_resizer", src)))


def datawrapper(room: Newsroom, src: str) -> str:
    """A frame as documented, in a page that has the script of charts of Datawrapper.

    It is handed out with each chart; what it reads is documented: heights by the chart's name,
    whichever it is, from the window of the frame.
    """
    script = """<script>
addEventListener('message', ({ data, source }) => {
  if (data['datawrapper-height'] === undefined) return;
  for (const height of Object.values(data['datawrapper-height'])) {
    for (const frame of document.querySelectorAll('iframe')) {
      if (frame.contentWindow === source) frame.style.height = `${height}px`;
    }
  }
});
</script>"""
    return room.put("datawrapper.html", article(documented("datawrapper", src), scripts=script))


def of_wordpress(height: int) -> int:
    """The height that it gives to a frame that asks for one."""
    return min(max(height, 200), 1000)


HOSTS = (
    Host("plain", plain, obeys=None),
    Host("our-script", our_script, late="/embed.js"),
    Host("wordpress", wordpress_post, of_wordpress, late="/wp-embed.js", widest=720),
    Host("amp", amp),
    Host("pym", pym),
    Host(
        "iframe-resizer",
        iframe_resizer,
        late="/js/iframeResizer.min.js",
        # That there is a newer one, and that a frame which is not loaded yet is not to be told.
        says=("IFRAME-RESIZER", "Failed to execute 'postMessage' on 'DOMWindow'"),
    ),
    Host("datawrapper", datawrapper),
)
WORDPRESS_WITH_FALLBACK = Host(
    "wordpress-fallback", partial(wordpress_post, fallback=True), of_wordpress, widest=720
)
BY_NAME = {host.name: host for host in (*HOSTS, WORDPRESS_WITH_FALLBACK)}
