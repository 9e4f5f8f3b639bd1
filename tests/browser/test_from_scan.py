"""The slider from scan to relic in a real browser: fetched once and late, by hand and by key, spoken, seen."""

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image
from watching import Watch, until

READY = "document.documentElement.dataset.ready === 'viewer'"


@pytest.fixture(scope="module")
def scanned_folder(tmp_path_factory):
    from scanned_site import scanned_site

    from exhibit.publish.plan import plan
    from exhibit.publish.write import write

    site = scanned_site()
    if site.template.scripts is None:
        pytest.skip("THE SCRIPTS WERE NOT BUILT: python hatch_build.py")
    folder = tmp_path_factory.mktemp("scanned")
    write(plan(site), folder)
    plain = tmp_path_factory.mktemp("scanned-plain")
    write(plan(dataclasses.replace(site, template=dataclasses.replace(site.template, scripts=None))), plain)
    return folder, plain


@pytest.fixture(scope="module")
def url(scanned_folder):
    from exhibit.publish.serve import SiteServer

    with SiteServer(scanned_folder[0], "127.0.0.1", 0) as server:
        yield server.url


@pytest.fixture(scope="module")
def plain_scanned_url(scanned_folder):
    from exhibit.publish.serve import SiteServer

    with SiteServer(scanned_folder[1], "127.0.0.1", 0) as server:
        yield server.url


@pytest.fixture
def open_relic(browser, url):
    """Open a relic page at rest; at the end nothing may have gone wrong. `asked` holds the points' requests."""
    contexts = []

    def opened(relic="green-vase", language="en", hash_="", **options):
        settings = {"viewport": {"width": 900, "height": 700}, "reduced_motion": "reduce", **options}
        context = browser.new_context(**settings)
        watch = Watch(url)
        watch.on(context)
        contexts.append((context, watch))
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url) if "points.glb" in request.url else None)
        page.goto(f"{url}{language}/relics/{relic}/?quality=low{hash_}")
        until(page, READY, 60)
        return page

    yield opened
    for context, watch in contexts:
        assert watch.faults() == []
        context.close()


def shown(page, value):
    until(page, f"Math.abs(window.exhibitDebug.stage - {value}) < 0.005", 30)
    page.wait_for_timeout(150)


def seen(page) -> np.ndarray:
    """The mean colour of the middle of the picture."""
    picture = Image.open(io.BytesIO(page.locator(".viewer-stage").screenshot())).convert("RGB")
    width, height = picture.size
    middle = picture.crop((int(width * 0.42), int(height * 0.35), int(width * 0.58), int(height * 0.7)))
    return np.asarray(middle, float).reshape(-1, 3)


def test_the_three_stops_look_different_and_the_points_are_fetched_once_and_late(open_relic):
    page = open_relic()
    slider = page.get_by_role("slider")
    assert page.asked == [] and page.evaluate("window.exhibitDebug.stage") == 2
    surface = seen(page)
    page.locator(".stage-tick[data-stage=form]").click()
    shown(page, 1)
    form = seen(page)
    page.locator(".stage-tick[data-stage=points]").click()
    shown(page, 0)
    points = seen(page)
    slider.press("End")
    shown(page, 2)
    again = seen(page)
    slider.press("Home")
    shown(page, 0)
    assert len(page.asked) == 1
    red = [(picture[:, 0] > 2 * picture[:, 1] + 20).mean() for picture in (surface, form, points)]
    assert red[2] > 0.1 > 0.01 > max(red[:2]), "only the points are red"
    assert np.abs(surface.mean(0) - form.mean(0)).max() > 8, "clay is not celadon"
    assert np.abs(surface - again).mean() < 2, "and back again all is as before"


def test_between_two_stops_both_are_seen_side_by_side(open_relic):
    page = open_relic(hash_="#stage=points")
    shown(page, 0)
    page.get_by_role("slider").press("PageUp")
    shown(page, 1)
    for _ in range(5):
        page.get_by_role("slider").press("ArrowLeft")
    shown(page, 0.5)
    picture = Image.open(io.BytesIO(page.locator(".viewer-stage").screenshot())).convert("RGB")
    values = np.asarray(picture, float)
    red = values[:, :, 0] > 2 * values[:, :, 1] + 20
    half = values.shape[1] // 2
    assert red[:, half + 40 :].sum() > 20 * max(1, red[:, : half - 40].sum()), "points remain on the right only"


def test_keys_move_it_and_words_and_loss_follow(open_relic):
    page = open_relic()
    slider = page.get_by_role("slider", name="From points to the finished relic")
    assert slider.get_attribute("aria-valuetext") == "Surface"
    slider.press("ArrowLeft")
    shown(page, 1.9)
    assert slider.get_attribute("aria-valuetext") == "90% of the way from Form to Surface"
    slider.press("PageDown")
    shown(page, 1)
    assert slider.get_attribute("aria-valuetext") == "Form"
    assert page.locator(".stage-loss-value").inner_text().replace("\u00a0", " ") == "0.058 mm"
    slider.press("PageDown")
    shown(page, 0)
    assert slider.get_attribute("aria-valuetext") == "Points"
    assert page.locator(".stage-loss-value").inner_text().replace("\u00a0", " ") == "0 mm"
    visible = page.locator(".from-scan-sentence:visible").all_inner_texts()
    assert len(visible) == 1 and "6,000 of the 412,318" in visible[0]
    slider.press("PageDown")
    shown(page, 0)


def test_a_hand_on_the_slider_is_followed_and_near_a_stop_it_is_caught(open_relic):
    page = open_relic(language="zh-Hans")
    box = page.get_by_role("slider").bounding_box()
    x, y = box["x"], box["y"] + box["height"] / 2
    page.mouse.move(x + box["width"] - 12, y)
    page.mouse.down()
    page.mouse.move(x + box["width"] * 0.75, y, steps=4)
    until(page, "Math.abs(window.exhibitDebug.stage - 1.5) < 0.06", 20)
    page.mouse.move(x + box["width"] * 0.53, y, steps=4)
    page.mouse.up()
    shown(page, 1)
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == "素模"


def test_an_address_leads_to_the_points(open_relic):
    page = open_relic(hash_="#stage=points")
    shown(page, 0)
    assert len(page.asked) == 1
    page.evaluate("location.hash = '#stage=form'")
    shown(page, 1)


def test_with_motion_a_click_sweeps_slowly_enough_to_be_watched(open_relic):
    page = open_relic(reduced_motion="no-preference")
    page.locator(".stage-tick[data-stage=form]").click()
    until(page, "window.exhibitDebug.stage < 1.95", 20)
    assert page.evaluate("window.exhibitDebug.stage") > 1
    shown(page, 1)


def test_the_whole_way_shows_itself_on_a_click_and_stops_when_a_hand_takes_over(open_relic):
    page = open_relic(reduced_motion="no-preference")
    page.get_by_role("button", name="Watch it being made").click()
    until(page, "window.exhibitDebug.stage < 0.9 && window.exhibitDebug.stage > 0.1", 30)
    assert "to Form" in page.get_by_role("slider").get_attribute("aria-valuetext")
    page.get_by_role("slider").press("End")
    shown(page, 2)
    assert len(page.asked) == 1


def test_who_wants_less_motion_is_offered_no_show(open_relic):
    assert open_relic().locator(".stage-play:visible").count() == 0


def test_points_that_cannot_be_fetched_leave_form_and_surface(browser, url):
    context = browser.new_context(viewport={"width": 900, "height": 700}, reduced_motion="reduce")
    page = context.new_page()
    page.route("**/points.glb", lambda route: route.abort())
    page.goto(f"{url}en/relics/green-vase/?quality=low")
    until(page, READY, 60)
    page.get_by_role("slider").press("Home")
    until(page, "document.querySelector('.viewer-status').textContent.includes('could not be fetched')", 20)
    shown(page, 1)
    context.close()


def test_a_relic_that_came_as_a_mesh_has_a_slider_of_two_stops(open_relic):
    page = open_relic("ochre-bowl")
    page.get_by_role("slider").press("Home")
    shown(page, 1)
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == "Form"
    assert page.locator(".stage-tick").all_inner_texts() == ["Form", "Surface"]
    assert page.asked == []


def test_a_relic_without_pictures_has_no_slider(open_relic):
    assert open_relic("glass-bead").get_by_role("slider").count() == 0


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_sticks_out_with_the_slider_or_without_it(open_relic, browser, plain_scanned_url, width):
    page = open_relic(language="zh-Hans", viewport={"width": width, "height": 760})
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert page.evaluate(wide)
    box, stage = page.locator(".stage-slider").bounding_box(), page.locator(".viewer-stage").bounding_box()
    assert stage["height"] > 150 and abs(stage["y"] + stage["height"] - box["y"]) < 1
    context = browser.new_context(viewport={"width": width, "height": 760})
    plain = context.new_page()
    plain.goto(f"{plain_scanned_url}en/relics/green-vase/")
    assert plain.evaluate(wide)
    assert [each.is_visible() for each in plain.locator(".from-scan-picture").all()] == [True] * 3
    context.close()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_no_barrier_with_the_slider_or_without_it(open_relic, browser, plain_scanned_url, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = open_relic(color_scheme=scheme)
    page.locator(".stage-tick[data-stage=points]").click()
    shown(page, 0)
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context = browser.new_context(color_scheme=scheme)
    plain = context.new_page()
    plain.goto(f"{plain_scanned_url}en/relics/green-vase/")
    found = axe.Axe().run(plain)
    assert found.violations_count == 0, found.generate_report()
    context.close()
