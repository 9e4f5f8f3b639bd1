"""Pages of a site whose relics are still being made: they say so, and take in what arrives without being disturbed."""

import dataclasses

import pytest
from small_site import small_site
from watching import Watch, until

from exhibit.model.asset import Asset
from exhibit.publish.making import Making
from exhibit.publish.plan import plan
from exhibit.publish.serve import SiteServer
from exhibit.publish.write import write

LATE = "green-vase"
BAR = "document.querySelector('.making-bar')"
PLACE = "window.exhibitDebug?.head"
MODEL_CAME = f"""performance.getEntriesByType('resource')
  .some(({{ name }}) => name.includes('/{LATE}/') && name.endsWith('.glb'))"""


class Museum:
    """The small site, of which one relic is late."""

    def __init__(self, folder):
        self.folder, self.site = folder, small_site()
        self.ids = [relic.record.id for relic in self.site.relics]
        self.making = Making(self.ids)
        self.show(is_late=True)

    def show(self, *, is_late):
        relics = tuple(
            dataclasses.replace(relic, asset=Asset((), (), (), relic.asset.size_m), narrations=(), is_pending=True)
            if is_late and relic.record.id == LATE else relic
            for relic in self.site.relics
        )  # fmt: skip
        write(plan(dataclasses.replace(self.site, relics=relics)), self.folder)
        made = dict.fromkeys((name for name in self.ids if name != LATE or not is_late), "made")
        self.making.published(made, is_done=not is_late)


@pytest.fixture
def museum(tmp_path):
    return Museum(tmp_path)


@pytest.fixture
def url(museum):
    with SiteServer(museum.folder, "127.0.0.1", 0, making=museum.making) as server:
        yield server.url


@pytest.fixture
def watch(url):
    return Watch(url)


@pytest.fixture
def page(browser, watch):
    context = browser.new_context(viewport={"width": 640, "height": 480})
    watch.on(context)
    yield context.new_page()
    context.close()


def test_a_page_says_how_far_the_making_is(page, url, museum):
    museum.making.report(LATE, 0.42)
    page.goto(f"{url}en/relics/")
    until(page, f"{BAR}?.textContent.includes('42%')")
    told = page.evaluate(f"{BAR}.textContent")
    assert f"{len(museum.ids) - 1} of {len(museum.ids)}" in told
    assert page.evaluate(f"{BAR}.querySelector('progress').value") == pytest.approx(
        (len(museum.ids) - 1 + 0.42) / len(museum.ids), abs=0.01
    )


def test_a_page_that_is_read_shows_what_arrived(page, watch, url, museum):
    page.goto(f"{url}zh-Hans/relics/{LATE}/")
    until(page, f"{BAR} !== null")
    assert not page.evaluate("document.querySelector('.viewer-poster').src").endswith("poster.webp")
    museum.show(is_late=False)
    until(page, "document.querySelector('.viewer-poster')?.src.endsWith('poster.webp')")
    until(page, f"{BAR} === null")
    assert watch.faults() == []


def test_the_room_takes_in_a_relic_while_the_visitor_stands_where_they_are(page, watch, url, museum):
    page.goto(f"{url}en/room/?quality=low")
    until(page, "document.documentElement.dataset.ready === 'room'", 40)
    page.evaluate("document.querySelector('.room-stage').focus()")
    page.keyboard.down("ArrowUp")
    page.wait_for_timeout(900)
    page.keyboard.up("ArrowUp")
    page.wait_for_timeout(300)
    before = page.evaluate(PLACE)
    assert not page.evaluate(MODEL_CAME)
    page.evaluate("window.notReloaded = true")
    museum.show(is_late=False)
    until(page, f"{BAR} === null", 40)
    assert page.evaluate(MODEL_CAME)  # the new room is shown only when its first models are there
    after = page.evaluate(PLACE)
    assert page.evaluate("window.notReloaded") is True
    assert (after[0], after[2]) == pytest.approx((before[0], before[2]), abs=0.05)
    assert page.evaluate("document.querySelectorAll('.room-stage').length") == 1
    assert watch.faults() == []


def test_a_reader_of_a_label_is_not_disturbed(page, url, museum):
    page.goto(f"{url}en/room/?quality=low")
    until(page, "document.documentElement.dataset.ready === 'room'", 40)
    page.evaluate("document.querySelector('.room-relics button').click()")
    until(page, "document.querySelector('.room-panel:not([hidden])') !== null")
    page.evaluate("document.querySelector('.room-panel').dataset.mine = 'yes'")
    museum.show(is_late=False)
    page.wait_for_timeout(2500)
    assert page.evaluate("document.querySelector('.room-panel').dataset.mine") == "yes"
    page.keyboard.press("Escape")
    until(page, f"{BAR} === null", 40)
    assert page.evaluate("document.querySelector('.room-panel').dataset.mine") is None


def test_when_the_making_stops_the_page_says_what_to_do(browser, museum):
    context = browser.new_context()
    page = context.new_page()
    with SiteServer(museum.folder, "127.0.0.1", 0, making=museum.making) as server:
        page.goto(f"{server.url}en/")
        until(page, f"({BAR}?.querySelector('.making-text').textContent ?? '') !== ''")
    until(page, f"{BAR}.textContent.includes('has stopped')", 30)
    context.close()


def test_the_page_of_languages_says_how_far_the_making_is_too(page, url, museum, watch):
    museum.making.report(LATE, 0.42)
    page.goto(url)
    until(page, f"{BAR}?.textContent.includes('42%')")
    museum.show(is_late=False)
    until(page, f"{BAR} === null", 20)
    assert watch.faults() == []


def test_when_all_relics_are_there_the_bar_tells_of_the_light(page, url, museum):
    page.goto(f"{url}en/")
    until(page, f"{BAR}?.textContent.includes('relics are here')")
    museum.making.published(dict.fromkeys(museum.ids, "made"), is_done=False)
    until(page, f"{BAR}.textContent.includes('light is being cast')")
    assert not page.evaluate(f"{BAR}.querySelector('progress').hasAttribute('value')")
