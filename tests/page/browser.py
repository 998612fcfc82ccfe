"""A headless Chromium, driven over the pipe that it offers for that: no driver, no network, no dependency."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

#: Seconds that an answer may take; a machine under load is slow to start a browser.
PATIENCE = 120

_QUIET = (
    "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run",
    "--disable-dev-shm-usage", "--disable-extensions", "--disable-background-networking", "--hide-scrollbars",
    "--force-color-profile=srgb", "--disable-component-update", "--mute-audio",
)  # fmt: skip


def chromium() -> str | None:
    """Where a Chromium lies, if there is one."""
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))),
        None,
    )


needs_chromium = pytest.mark.skipif(
    chromium() is None, reason="there is no chromium here: apt-get install chromium"
)


class Browser:
    """One tab of a browser."""

    def __init__(self) -> None:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._count = 0
        self._buffer = b""
        self.events: list[dict[str, Any]] = []
        self._start()
        target = self._send("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session: str | None = None
        self._session = self._send("Target.attachToTarget", {"targetId": target, "flatten": True})[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility", "DOM"):
            self.call(f"{domain}.enable")

    def _start(self) -> None:
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        # Above 3 and 4, where the browser looks for its ends, so that neither is put over the other.
        far_in, far_out = (fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 20) for one in (theirs_in, theirs_out))
        null = os.open(os.devnull, os.O_RDWR)
        actions = [(os.POSIX_SPAWN_DUP2, null, one) for one in (0, 1, 2)]
        actions += [(os.POSIX_SPAWN_DUP2, far_in, 3), (os.POSIX_SPAWN_DUP2, far_out, 4)]
        path = chromium()
        assert path is not None
        words = [path, *_QUIET, f"--user-data-dir={self._profile.name}"]
        self._pid = os.posix_spawn(path, words, dict(os.environ), file_actions=actions)
        for one in (theirs_in, theirs_out, far_in, far_out, null):
            os.close(one)
        self._in, self._out = ours_in, ours_out

    def close(self) -> None:
        """End it, and wait until it has."""
        self._session = None
        self._send("Browser.close", {})
        os.waitpid(self._pid, 0)
        os.close(self._in)
        os.close(self._out)
        self._profile.cleanup()

    def _send(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self._count += 1
        message = {"id": self._count, "method": method, "params": params}
        if getattr(self, "_session", None):
            message["sessionId"] = self._session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self._out, text) :]
        number = self._count
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return dict(answer["result"])
            self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(0, end - time.monotonic()))
            chunk = os.read(self._in, 1 << 20) if ready else b""
            assert chunk, "the browser does not answer"
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(line))

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """A command of the DevTools protocol."""
        return self._send(method, params)

    def open(self, file: Path) -> None:
        """Show a page, and wait until it is there."""
        self.events.clear()
        self.call("Page.navigate", url=file.resolve().as_uri())
        end = time.monotonic() + PATIENCE
        while not self.js("document.readyState === 'complete' && location.protocol === 'file:'"):
            assert time.monotonic() < end, "the page does not load"
            time.sleep(0.02)

    def js(self, expression: str) -> Any:
        """What an expression is in the page."""
        said = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        return said["result"].get("value")

    def look(self, width: int = 1280, height: int = 900, *, theme: str = "light") -> None:
        """Set the window's size in pixels, and whether dark is preferred."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        calm = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.call(
            "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}, calm]
        )

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press a key, for instance `Tab`, `ArrowRight` or ` `."""
        codes = {
            "Tab": 9,
            "Enter": 13,
            " ": 32,
            "ArrowLeft": 37,
            "ArrowUp": 38,
            "ArrowRight": 39,
            "ArrowDown": 40,
        }
        said = {
            "key": key,
            "code": "Space" if key == " " else key,
            "windowsVirtualKeyCode": codes[key],
            "modifiers": 8 if shift else 0,
        }
        text = {" ": " ", "Enter": "\r"}.get(key)
        self.call("Input.dispatchKeyEvent", type="keyDown", **said, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **said)

    def type(self, text: str) -> None:
        """Type text where the focus is."""
        self.call("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Click with the mouse in the middle of an element."""
        place = self.js(
            f"(() => {{ const one = document.querySelector({json.dumps(selector)});"
            " one.scrollIntoView({block: 'center'}); const box = one.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1
            )

    def picture(self, file: Path, *, whole: bool = True) -> None:
        """Take a picture, of the whole page or of what the window shows."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(shot["data"]))

    @property
    def complaints(self) -> list[str]:
        """What the console and the log say against it, and every address asked for but the page's own."""
        found = [
            str(one["params"])
            for one in self.events
            if one["method"] == "Runtime.exceptionThrown"
            or (one["method"] == "Runtime.consoleAPICalled" and one["params"]["type"] in ("error", "warning"))
            or (one["method"] == "Log.entryAdded" and one["params"]["entry"]["level"] in ("error", "warning"))
        ]
        asked = (
            one["params"]["request"]["url"]
            for one in self.events
            if one["method"] == "Network.requestWillBeSent"
        )
        return [*found, *(url for url in asked if not url.startswith(("file:", "data:", "about:")))]
