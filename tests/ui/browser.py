"""Debian's Chromium without a window, driven through its own debugging protocol.

Enough to open a page, wait for a text, click and take a picture; nothing is downloaded.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

CHROMIUM = shutil.which("chromium")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
# The text of the page, and of the fields and tooltips that `innerText` leaves out.
_TEXT = "document.body ? document.body.innerText : ''"
_CLICK = """
(() => {
  const wanted = %s;
  const all = [...document.querySelectorAll('button, a, [role=tab], [role=menuitem]')];
  const found = all.filter(e => e.innerText && e.innerText.trim().startsWith(wanted)
    && e.offsetParent !== null && !e.disabled);
  if (!found.length) return false;
  found[found.length - 1].click();
  return true;
})()
"""


class Browser:
    """One page."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._number = 0
        self._ask("Page.enable")

    def open(self, url: str, *, width: int = 1500, height: int = 950) -> None:
        """Go to a page; it may still be filling when this returns."""
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self._ask("Page.navigate", url=url)

    def text(self) -> str:
        """Return what a person reads."""
        return str(self.value(_TEXT))

    def wait_for(self, *texts: str, seconds: float = 90) -> str:
        """Wait until all texts can be read; return everything that can.

        Raises:
            AssertionError: They did not come; the message shows the page.
        """
        end = time.monotonic() + seconds
        while True:
            page = self.text()
            missing = [text for text in texts if text not in page]
            if not missing:
                return page
            if time.monotonic() > end:
                raise AssertionError(f"{missing} not in:\n{page}")
            time.sleep(0.5)

    def wait_until(self, expression: str, seconds: float = 60) -> None:
        """Wait until a JavaScript expression is true."""
        end = time.monotonic() + seconds
        while not self.value(expression):
            assert time.monotonic() < end, f"never true: {expression}"
            time.sleep(0.5)

    def click(self, text: str, seconds: float = 60) -> None:
        """Click what begins with a text, once it can be clicked."""
        end = time.monotonic() + seconds
        while not self.value(_CLICK % json.dumps(text)):
            assert time.monotonic() < end, f"nothing to click: {text}\n{self.text()}"
            time.sleep(0.5)

    def picture(self, path: Path) -> None:
        """Save what is seen."""
        time.sleep(1.5)  # animations
        answer = self._ask("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(answer["data"]))

    def value(self, expression: str) -> Any:
        """Evaluate JavaScript in the page."""
        answer = self._ask(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        return answer["result"].get("value")

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        self._connection.send(
            json.dumps({"id": self._number, "method": method, "params": parameters})
        )
        while True:
            answer = json.loads(self._connection.recv(timeout=60))
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                result: dict[str, Any] = answer["result"]
                return result


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium with a profile of its own and end it afterwards."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [CHROMIUM, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with connect(_page(Path(profile)), max_size=None) as connection:
                yield Browser(connection)
        finally:
            process.terminate()
            process.wait(30)


def _page(profile: Path) -> str:
    """Return the address of the page, once Chromium has written its port."""
    file = profile / "DevToolsActivePort"
    end = time.monotonic() + 60
    while not (file.exists() and file.read_text().count("\n") >= 1):
        assert time.monotonic() < end, "Chromium did not start"
        time.sleep(0.2)
    port = file.read_text().splitlines()[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
        targets = json.load(answer)
    return str(next(t["webSocketDebuggerUrl"] for t in targets if t["type"] == "page"))
