"""The room in a real browser: walking, stopping at things, going from relic to relic."""

import pytest

pytestmark = pytest.mark.browser
READY = "document.documentElement.dataset.ready === 'room'"
STATUS = "#room-status"


@pytest.fixture
def room(page, origin, until):
    def open_(language: str = "en"):
        page.goto(f"{origin}/{language}/room/?quality=low")
        until(READY)
        return page

    return open_


def debug(page, name: str):
    return page.evaluate(f"window.exhibitDebug.{name}")


def hold(page, until, key: str, condition: str) -> None:
    page.locator(".room-stage").focus()
    page.keyboard.down(key)
    until(condition)
    page.keyboard.up(key)


def click(page, across: float, down: float) -> None:
    stage = page.locator(".room-stage")
    box = stage.bounding_box()
    stage.click(position={"x": box["width"] * across, "y": box["height"] * down})


def test_the_room_opens_at_the_entrance_lit_and_within_budget(room):
    page = room()
    assert page.locator(STATUS).inner_text() == "The gallery is ready."
    assert debug(page, "head") == pytest.approx([0, 1.6, 4], abs=0.01)
    assert debug(page, "calls") <= 100
    assert debug(page, "triangles") <= 300_000
    assert not page.locator(".room-poster").is_visible()
    shades = page.locator(".room-stage canvas").screenshot()
    assert len(shades) > 20_000, "an even grey would be a small file"


def test_in_full_quality_too(page, origin, until):
    page.goto(f"{origin}/zh-Hans/room/")
    until(READY)
    assert page.locator(STATUS).inner_text() == "展厅已就绪。"
    assert debug(page, "calls") <= 100


def test_walking_forward_moves_and_the_plinth_at_the_end_stops(room, until):
    page = room()
    hold(page, until, "w", "window.exhibitDebug.head[2] < 3")
    page.evaluate("document.querySelector('.room-stage').focus()")
    page.keyboard.down("ArrowUp")
    until("window.exhibitDebug.head[2] < -2.85")
    page.wait_for_timeout(600)
    page.keyboard.up("ArrowUp")
    x, _, z = debug(page, "head")
    assert z > -3.2 + 0.27 or abs(x) > 0.3 + 0.27, "one does not walk through a plinth"
    assert abs(x) < 0.05


def test_a_wall_stops(room, until):
    page = room()
    hold(page, until, "s", "window.exhibitDebug.head[2] > 4.7")
    page.wait_for_timeout(300)
    assert debug(page, "head")[2] == pytest.approx(5 - 0.28, abs=1e-3)


def test_turning_dragging_and_letting_go(room, until):
    page = room()
    hold(page, until, "q", "window.exhibitDebug.yaw_deg > 10")
    frames = debug(page, "frames")
    page.wait_for_timeout(300)
    assert debug(page, "frames") <= frames + 2, "nothing is drawn while one stands still"
    before = debug(page, "yaw_deg")
    box = page.locator(".room-stage").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 100, steps=5)
    page.mouse.up()
    assert debug(page, "yaw_deg") == pytest.approx(before + 16, abs=2)


def test_a_click_on_the_floor_walks_there(room, until):
    page = room()
    click(page, 0.5, 0.85)
    until("window.exhibitDebug.head[2] < 3.6")


def test_every_relic_is_reached_by_keyboard_alone(room, until):
    page = room()
    buttons = page.locator(".room-relics button")
    assert buttons.all_inner_texts() == ["Go to 1: Ball 1", "Go to 2: Ball 2", "Go to 3: Ball 3"]
    for number in range(1, 4):
        buttons.nth(number - 1).focus()
        page.keyboard.press("Enter")
        until(f"window.exhibitDebug.relic === 'ball-{number}'")
        assert page.locator(STATUS).inner_text() == (f"Relic {number} of 3: Ball {number}. The label of ball {number}.")
        panel = page.locator(".room-panel")
        assert panel.get_by_role("heading").inner_text() == f"Ball {number}"
        assert panel.get_by_role("link").get_attribute("href").endswith(f"/en/relics/ball-{number}/")
        assert page.evaluate("document.activeElement.className") == "room-panel"
        page.keyboard.press("Escape")
        assert panel.is_hidden()
        assert page.evaluate("document.activeElement.className").startswith("room-stage")


def test_before_a_relic_the_room_says_so_enter_opens_it_and_the_finer_model_comes(room, until):
    page = room()
    page.locator(".room-relics button").nth(1).click()
    until("window.exhibitDebug.level === 'room'")
    page.keyboard.press("Escape")
    until("window.exhibitDebug.relic === null")
    page.locator(".room-stage").focus()
    page.keyboard.press("Enter")
    until("window.exhibitDebug.relic === 'ball-2'")
    hold(page, until, "ArrowDown", "window.exhibitDebug.head[2] > 2")
    until("document.querySelector('#room-status').textContent === 'You stand in the middle of the gallery.'")


def test_a_click_on_a_relic_opens_its_label_in_the_page_s_language(room, until):
    page = room("zh-Hans")
    click(page, 0.5, 0.56)
    until("window.exhibitDebug.relic === 'ball-2'")
    assert page.locator(".room-panel p").first.inner_text() == "第2件球的说明。"


def test_the_narration_of_a_relic_plays_in_the_room_only_when_asked(room, until):
    page = room()
    page.locator(".room-relics button").first.click()
    play = page.locator(".room-panel").get_by_role("button", name="Play narration")
    play.click()
    page.locator(".room-panel").get_by_role("button", name="Pause narration").click()
    play.wait_for()


def test_with_reduced_motion_the_way_is_a_cut(page, room, until):
    page.emulate_media(reduced_motion="reduce")
    room()
    frames = debug(page, "frames")
    page.locator(".room-relics button").first.click()
    until("window.exhibitDebug.head[0] < -0.5")
    assert debug(page, "frames") <= frames + 4


def test_entering_puts_the_focus_into_the_room(room, until):
    page = room()
    page.locator("#enter-room").click()
    assert page.evaluate("document.activeElement.className").startswith("room-stage")
    assert page.locator(STATUS).inner_text() == "You stand at the entrance of “Test museum”."


def test_where_there_is_no_headset_the_button_says_why(room):
    page = room()
    page.locator(".vr-note").wait_for()
    assert page.locator("#enter-vr").is_disabled()
    assert page.locator(".vr-note").inner_text() == "No VR headset was found by this browser."


def test_a_missing_model_leaves_the_others(page, room):
    page.expected_faults = ("Failed to load resource",)
    page.route("**/ball-2/thumb.glb", lambda route: route.fulfill(status=404))
    room()
    assert page.locator(STATUS).inner_text() == "The gallery is ready."


def test_a_lost_graphics_card_shows_the_drawn_view_until_it_is_back(room, until):
    page = room()
    page.evaluate("""() => {
      const gl = document.querySelector('.room-stage canvas').getContext('webgl2');
      window.loser = gl.getExtension('WEBGL_lose_context'); window.loser.loseContext();
    }""")
    until("!document.querySelector('#room').classList.contains('is-live')")
    page.evaluate("window.loser.restoreContext()")
    until("document.querySelector('#room-status').textContent === 'The model is shown again.'")
    assert page.locator("canvas").count() == 1
    assert page.locator(".room-shell").count() == 1
    assert debug(page, "head") == pytest.approx([0, 1.6, 4], abs=0.01)


def test_leaving_the_page_frees_the_room(room):
    page = room()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: false}))")
    assert page.locator("canvas, .room-bar, .room-panel, .room-shell, .vr-note").count() == 0
    assert page.locator(".room-poster").is_visible()


def test_without_webgl_the_drawn_view_stays(page, origin, until):
    page.expected_faults = ("WebGL",)
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(f"{origin}/en/room/")
    until("document.documentElement.dataset.failed === 'webgl'")
    assert page.locator(".room-poster").is_visible()
    assert "list of relics" in page.locator(STATUS).inner_text()


def test_without_its_document_the_page_says_so(page, origin, until):
    page.expected_faults = ("Failed to load resource",)
    page.route("**/exhibition.json", lambda route: route.fulfill(status=404))
    page.goto(f"{origin}/en/room/")
    until("document.documentElement.dataset.failed === 'document'")
    assert page.locator(".room-poster").is_visible()
