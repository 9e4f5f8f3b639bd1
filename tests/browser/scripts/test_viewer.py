"""The viewer of a relic page in a real browser."""

import pytest

pytestmark = pytest.mark.browser
READY = "document.documentElement.dataset.ready === 'viewer'"
STATUS = ".viewer-status"


@pytest.fixture
def viewer(page, origin, until):
    """Open the viewer of a relic and wait for its first full model."""

    def open_(relic: str = "ball-1", language: str = "en"):
        page.goto(f"{origin}/{language}/relics/{relic}/?quality=low")
        until(READY)
        return page

    return open_


def debug(page, name: str):
    return page.evaluate(f"window.exhibitDebug.{name}")


def is_drawn(page) -> bool:
    """Whether the canvas shows more than one colour in its middle."""
    script = """() => new Promise((done) => {
      const canvas = document.querySelector('.viewer-stage canvas');
      const press = new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true});
      document.querySelector('.viewer-stage').dispatchEvent(press);
      requestAnimationFrame(() => requestAnimationFrame(() => {
        const copy = new OffscreenCanvas(64, 64).getContext('2d');
        copy.drawImage(canvas, 0, 0, 64, 64);
        done(new Set(copy.getImageData(16, 16, 32, 32).data.filter((_, i) => i % 4 === 0)).size);
      }));
    })"""
    return page.evaluate(script) > 8


@pytest.mark.parametrize("relic", ["ball-1", "ball-2"], ids=["KTX2", "WebP"])
def test_a_meshopt_model_replaces_the_poster(viewer, relic):
    page = viewer(relic)
    assert debug(page, "level") == "hero"
    assert debug(page, "triangles") >= 2 * 24 * 48 - 4 * 48
    assert page.locator(".viewer.is-live").count() == 1
    assert page.locator(".viewer-poster").evaluate("x => getComputedStyle(x).visibility") == "hidden"
    assert is_drawn(page)


def test_in_full_quality_the_relic_is_lit_from_all_round_and_casts_shadows(page, origin, until):
    page.goto(f"{origin}/en/relics/ball-2/")
    until(READY)
    assert is_drawn(page)
    page.wait_for_timeout(300)
    assert debug(page, "calls") >= 3, "model, contact shadow and shadow map"


def test_keys_turn_the_relic_and_the_view_is_spoken(viewer, until):
    page = viewer()
    page.locator(".viewer-stage").focus()
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    until("document.querySelector('.viewer-status').textContent === 'front, 30° left'")
    assert debug(page, "yaw_deg") == -30
    page.keyboard.press("3")
    until("document.querySelector('.viewer-status').textContent === 'back'")
    page.keyboard.press("Home")
    until("document.querySelector('.viewer-status').textContent === 'front'")


def test_every_key_has_a_button(viewer, until):
    page = viewer()
    page.get_by_role("button", name="More tools").click()
    for label, view in [("Turn right", "front, 15° right"), ("left side", "left side"), ("Reset view", "front")]:
        page.get_by_role("button", name=label, exact=True).click()
        until(f"window.exhibitDebug.view === '{view}'")
    names = page.locator(".viewer-bar button:not([hidden])").evaluate_all(
        "all => all.map(x => x.ariaLabel ?? x.textContent)"
    )
    for name in ("Nearer", "Farther", "Move view left", "Move view down", "Look from higher", "Turn slowly", "top"):
        assert name in names


def test_few_buttons_show_until_more_are_asked_for_and_escape_puts_them_away(viewer):
    page = viewer()
    more = page.get_by_role("button", name="More tools")
    shown = page.locator(".viewer-bar button:visible")
    assert shown.count() <= 6
    assert more.get_attribute("aria-expanded") == "false"
    more.focus()
    page.keyboard.press("Enter")
    assert more.get_attribute("aria-expanded") == "true"
    assert page.get_by_role("group", name="Sides").get_by_role("button").count() == 5
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator("#viewer-tools").is_hidden()
    assert more.evaluate("more => more === document.activeElement")


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1366, 2560])
def test_the_bar_is_rows_of_equal_buttons_large_enough_for_a_finger(viewer, width):
    page = viewer()
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_role("button", name="More tools").click()
    boxes = page.locator(".viewer-bar button:visible").evaluate_all(
        "all => all.map((one) => { const box = one.getBoundingClientRect();"
        " return {row: one.parentElement.className, wide: box.width, high: box.height,"
        " cut: one.scrollWidth > one.clientWidth + 1, right: box.right}; })"
    )
    assert {round(box["high"]) for box in boxes} == {round(boxes[0]["high"])}
    assert all(box["wide"] >= 44 and box["high"] >= 44 and not box["cut"] for box in boxes)
    assert max(box["right"] for box in boxes) <= width
    row = [box["wide"] for box in boxes if box["row"] == "viewer-row"]
    assert max(row) - min(row) < 1.5


def test_home_is_the_front_that_the_record_names(page, origin, until):
    def turned(route):
        document = route.fetch().json()
        document["relics"][0]["front_deg"] = 70
        route.fulfill(json=document)

    page.route("**/exhibition.json", turned)
    page.goto(f"{origin}/en/relics/ball-1/?quality=low")
    until(READY)
    assert debug(page, "yaw_deg") == 70
    assert debug(page, "view") == "front"
    page.locator(".viewer-stage").focus()
    page.keyboard.press("3")
    until("window.exhibitDebug.view === 'back'")
    assert debug(page, "yaw_deg") % 360 == 250
    page.keyboard.press("Home")
    until("window.exhibitDebug.view === 'front'")
    assert debug(page, "yaw_deg") % 360 == 70


def test_the_view_is_spoken_in_the_page_s_language(viewer, until):
    page = viewer(language="zh-Hans")
    page.locator(".viewer-stage").focus()
    page.keyboard.press("ArrowRight")
    until("document.querySelector('.viewer-status').textContent === '正面偏右15°'")


def test_a_drag_turns_and_the_wheel_scrolls_the_page_until_the_viewer_has_the_focus(viewer, until):
    page = viewer()
    page.evaluate("document.body.style.setProperty('min-height', '3000px')")
    stage = page.locator(".viewer-stage").bounding_box()
    x, y = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    page.mouse.move(x, y)
    page.mouse.wheel(0, 30)
    until("scrollY > 0")
    page.evaluate("scrollTo(0, 0)")
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    assert debug(page, "yaw_deg") == pytest.approx(-21)
    before = page.evaluate("scrollY")
    page.locator(".viewer-stage").focus()
    page.mouse.wheel(0, 30)
    page.wait_for_timeout(100)
    assert page.evaluate("scrollY") == before


def test_a_hotspot_of_the_list_moves_the_camera_and_is_read_out(viewer, until):
    page = viewer()
    page.locator("[data-hotspot=nape] button").click()
    until("window.exhibitDebug.view.startsWith('back')")
    assert page.locator(STATUS).inner_text() == "nape. About the nape."
    assert page.locator("[data-hotspot=nape].is-current").count() == 1
    until("!document.querySelectorAll('.viewer-marker')[1].classList.contains('is-hidden')")
    assert page.locator(".viewer-marker.is-hidden").count() == 1, "the nose is behind the head now"


def test_nothing_is_drawn_while_nothing_changes(viewer, until):
    page = viewer()
    page.wait_for_timeout(400)
    frames = debug(page, "frames")
    page.wait_for_timeout(400)
    assert debug(page, "frames") == frames
    page.get_by_role("button", name="Turn slowly").click()
    until(f"window.exhibitDebug.frames > {frames + 3}")


def test_with_reduced_motion_nothing_turns_by_itself_and_views_cut(viewer, until, page):
    page.emulate_media(reduced_motion="reduce")
    viewer()
    page.get_by_role("button", name="Turn slowly").click()
    assert page.locator("[aria-pressed=true]").count() == 0
    frames = debug(page, "frames")
    page.get_by_role("button", name="More tools").click()
    page.get_by_role("button", name="back").click()
    page.wait_for_timeout(600)
    assert debug(page, "frames") <= frames + 4


def test_a_broken_model_leaves_the_poster_and_says_so(page, origin, until):
    page.expected_faults = ("Failed to load resource",)
    page.route("**/thumb.glb", lambda route: route.fulfill(status=200, body="<html>not a model"))
    page.goto(f"{origin}/zh-Hans/relics/ball-1/?quality=low")
    until("document.documentElement.dataset.failed === 'model'")
    assert page.locator(".viewer-poster").is_visible()
    assert page.locator(STATUS).inner_text() == "模型无法加载，仍显示图片。"
    assert page.locator(".viewer-stage").count() == 0


def test_where_only_the_fine_model_fails_the_coarse_one_stays(page, origin, until):
    page.expected_faults = ("Failed to load resource",)
    page.route("**/hero.glb", lambda route: route.fulfill(status=404))
    page.goto(f"{origin}/en/relics/ball-1/?quality=low")
    until("document.documentElement.dataset.failed === 'model'")
    assert debug(page, "level") == "thumb"
    assert page.locator(".viewer.is-live").count() == 1


def test_without_webgl_the_page_stays_complete(page, origin, until):
    page.expected_faults = ("WebGL",)
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(f"{origin}/en/relics/ball-1/")
    until("document.documentElement.dataset.failed === 'webgl'")
    assert page.locator(".viewer-poster").is_visible()
    assert "cannot show 3D" in page.locator(STATUS).inner_text()
    assert page.locator("canvas").count() == 0


def test_a_lost_graphics_card_shows_the_poster_until_it_is_back(viewer, until):
    page = viewer()
    page.evaluate("""() => {
      const gl = document.querySelector('.viewer-stage canvas').getContext('webgl2');
      window.loser = gl.getExtension('WEBGL_lose_context'); window.loser.loseContext();
    }""")
    until("!document.querySelector('.viewer').classList.contains('is-live')")
    assert page.locator(".viewer-poster").is_visible()
    page.evaluate("window.loser.restoreContext()")
    until("document.querySelector('.viewer-status').textContent === 'The model is shown again.'")
    assert page.locator(".viewer.is-live").count() == 1
    assert page.locator("canvas").count() == 1
    assert is_drawn(page)


def test_leaving_the_page_frees_the_viewer(viewer):
    page = viewer()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: false}))")
    assert page.locator("canvas, .viewer-bar, .viewer-marker").count() == 0
    assert page.locator(".viewer-poster").is_visible()


def test_full_screen_and_back(viewer, until):
    page = viewer()
    page.get_by_role("button", name="Full screen").click()
    until("document.fullscreenElement?.classList.contains('viewer-shell')")
    page.get_by_role("button", name="Leave full screen").click()
    until("document.fullscreenElement === null")


def test_captions_follow_the_voice_and_a_sentence_seeks(viewer, until):
    page = viewer()
    audio = "document.querySelector('.narration audio')"
    until(f"{audio}.readyState >= 1")
    page.evaluate(f"{audio}.currentTime = 2.5")
    until("document.querySelector('.captions').textContent === 'Second sentence.'")
    assert page.locator(".transcript .is-current").inner_text() == "Second sentence."
    page.evaluate(f"{audio}.currentTime = 1.7")
    until("document.querySelector('.captions').textContent === ''")
    page.locator("[data-cue='0']").click()
    until("document.querySelector('.captions').textContent === 'First sentence.'")
    assert page.evaluate(f"{audio}.currentTime") == pytest.approx(0.5)
    assert page.evaluate(f"{audio}.paused"), "nothing speaks by itself"
