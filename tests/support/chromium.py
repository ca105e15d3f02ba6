"""chromium.py - a page in a headless Chromium, asked over the DevTools protocol through a pipe.

    with Page(path, profile) as page:
        page.evaluate("document.title")

No port is opened, no name is resolved, and whatever the page says or asks for is kept in `troubles` and
`requests`. Without its sandbox, since a test may run as root or in a container, where it cannot have one:
only pages of ours are opened.
"""
import fcntl
import json
import os
import pathlib
import subprocess

WORDS = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-breakpad", "--no-proxy-server",
         "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe"]


class Page:
    def __init__(self, path, profile):
        self.troubles, self.requests = [], []
        self._last, self._rest, self._loaded = 0, b"", False
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        # Chromium reads its orders from 3 and answers on 4, whatever else is open; copies above both are moved there.
        high_in, high_out = (fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (theirs_in, theirs_out))

        def move():
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        with open(f"{profile}.log", "wb") as log:
            self._process = subprocess.Popen([*WORDS, f"--user-data-dir={profile}"], preexec_fn=move, close_fds=False,
                                             stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        for end in (theirs_in, theirs_out, high_in, high_out):
            os.close(end)
        self._session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self._url = pathlib.Path(path).absolute().as_uri()
        self.load()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._session = None
        self.call("Browser.close")
        self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def _next(self):
        while b"\0" not in self._rest:
            more = os.read(self._in, 1 << 20)
            assert more, f"chromium ended: {self._process.args}"
            self._rest += more
        text, self._rest = self._rest.split(b"\0", 1)
        return json.loads(text)

    def _note(self, message):
        method, params = message.get("method"), message.get("params", {})
        if method in ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled"):
            self.troubles.append(params)
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Page.loadEventFired":
            self._loaded = True

    def call(self, method, **params):
        self._last += 1
        order = {"id": self._last, "method": method, "params": params}
        if self._session:
            order["sessionId"] = self._session
        os.write(self._out, json.dumps(order).encode() + b"\0")
        while True:
            message = self._next()
            self._note(message)
            if message.get("id") == self._last:
                assert "error" not in message, (method, message)
                return message["result"]

    def load(self):
        self._loaded = False
        self.call("Page.navigate", url=self._url)
        while not self._loaded:
            self._note(self._next())

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def resize(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)

    def prefer(self, scheme, media=""):
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])
