"""What goes wrong on pages while a test looks elsewhere."""

from dataclasses import dataclass, field


def until(page, expression: str, seconds: float = 20) -> None:
    """Wait for an expression to be true by asking again: pages forbid the evaluation Playwright waits with."""
    from playwright.sync_api import Error

    for _ in range(int(seconds * 20)):
        try:
            if page.evaluate(expression):
                return
        except Error as fault:
            if "context was destroyed" not in str(fault):  # by a navigation, which may be what is waited for
                raise
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")


@dataclass
class Watch:
    """What went wrong on the pages of a context."""

    origin: str
    console: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def on(self, context) -> None:
        """Listen to every page of `context`."""
        context.on(
            "console", lambda said: self.console.append(said.text) if said.type in ("error", "warning") else None
        )
        context.on("weberror", lambda fault: self.console.append(str(fault.error)))
        context.on("request", self._asked)
        context.on("response", lambda got: self.failed.append(got.url) if got.status >= 400 else None)

    def _asked(self, request) -> None:
        if not request.url.startswith((self.origin, "blob:", "data:")):
            self.foreign.append(request.url)

    def forget(self) -> None:
        """Begin anew."""
        self.console.clear()
        self.foreign.clear()
        self.failed.clear()

    def faults(self) -> list[str]:
        """What should not have happened."""
        # how a software renderer comments on itself is not the page's doing
        own = ("GPU stall", "GL Driver Message", "extension not supported")
        said = [text for text in self.console if not any(words in text for words in own)]
        return [*said, *(f"left the origin: {url}" for url in self.foreign), *(f"failed: {url}" for url in self.failed)]
