"""The room in a headset: Meta Quest 3 as iwer emulates it, in a real browser."""

import math

import pytest

pytestmark = pytest.mark.browser

HEADSET = """(() => {
  const device = new IWER.XRDevice(IWER.metaQuest3, {stereoEnabled: true});
  device.installRuntime({forceInstall: true});
  device.position.set(0.3, 1.6, 0.2);
  device.quaternion.set(0, 0, 0, 1);
  window.headset = device;
})()"""


@pytest.fixture
def emulator(request):
    path = request.config.rootpath / "site_template" / "node_modules" / "iwer" / "build" / "iwer.min.js"
    if not path.is_file():
        pytest.skip("NO HEADSET WAS TRIED: site_template/node_modules is absent (npm ci there)")
    return path


@pytest.fixture
def vr(page, origin, until, emulator):
    """A visitor in VR at the entrance, in the hall's coordinates at (0, 4)."""
    page.add_init_script(path=str(emulator))
    page.add_init_script(HEADSET)
    page.goto(f"{origin}/en/room/?quality=low")
    until("document.documentElement.dataset.ready === 'room'")
    until("!document.querySelector('#enter-vr').hidden")
    page.locator("#enter-vr").click()
    until("window.exhibitDebug.presenting")
    wait_frames(page, until, 4)
    return page


def debug(page, name: str):
    return page.evaluate(f"window.exhibitDebug.{name}")


def wait_frames(page, until, count: int = 3) -> None:
    until(f"!window.exhibitDebug.presenting || window.exhibitDebug.frames > {debug(page, 'frames') + count}")


def aim(page, until, hand: str, yaw_deg: float, pitch_deg: float, height: float = 1.3, z: float = 0.0) -> None:
    """Hold a controller before the head, turned to the left by yaw and up by pitch."""
    yaw, pitch = math.radians(yaw_deg) / 2, math.radians(pitch_deg) / 2
    x, y = math.cos(yaw) * math.sin(pitch), math.sin(yaw) * math.cos(pitch)
    roll, w = -math.sin(yaw) * math.sin(pitch), math.cos(yaw) * math.cos(pitch)
    page.evaluate(
        f"headset.controllers.{hand}.position.set(0.3, {height}, {z});"
        f"headset.controllers.{hand}.quaternion.set({x}, {y}, {roll}, {w})"
    )
    wait_frames(page, until)


def trigger(page, until, hand: str = "right") -> None:
    for value in (1, 0):
        page.evaluate(f"headset.controllers.{hand}.updateButtonValue('trigger', {value})")
        if not debug(page, "presenting"):
            return
        wait_frames(page, until)


def stick(page, until, x: float, y: float, hand: str = "left") -> None:
    for right, down in ((x, y), (0, 0)):
        page.evaluate(f"headset.controllers.{hand}.updateAxes('thumbstick', {right}, {down})")
        wait_frames(page, until)


def test_the_headset_starts_where_the_visitor_stood_and_returns_there(vr, until):
    page = vr
    assert debug(page, "head") == pytest.approx([0, 1.6, 4], abs=0.02), "the head arrives, not the middle of the space"
    assert page.locator("#room-status").inner_text() == "VR has begun."
    assert debug(page, "calls") <= 200, "100 for each eye"
    page.evaluate("document.querySelector('#enter-vr').click()")
    until("!window.exhibitDebug.presenting")
    until("document.querySelector('#room-status').textContent === 'VR has ended.'")
    assert debug(page, "head") == pytest.approx([0, 1.6, 4], abs=0.02)
    frames = debug(page, "frames")
    page.locator(".room-stage").focus()
    page.keyboard.press("w")
    until(f"window.exhibitDebug.frames > {frames}")


def test_the_trigger_teleports_to_where_the_arc_lands(vr, until):
    page = vr
    aim(page, until, "right", 0, -20)
    trigger(page, until)
    x, y, z = debug(page, "head")
    assert 0.5 < 4 - z < 4.5, "ahead, on the floor"
    assert x == pytest.approx(0, abs=0.05)
    assert y == pytest.approx(1.6, abs=0.01)


def test_nobody_lands_outside_the_room_or_on_a_plinth(vr, until):
    page = vr
    aim(page, until, "right", 180, 10)
    page.evaluate("headset.controllers.right.position.set(2.5, 1.3, 0)")
    wait_frames(page, until)
    trigger(page, until)
    assert debug(page, "head") == pytest.approx([0, 1.6, 4], abs=0.02)


def test_the_stick_aims_forward_lands_when_let_go_and_turns_in_snaps(vr, until):
    page = vr
    aim(page, until, "left", 0, -20)
    stick(page, until, 0, -1)
    landed = debug(page, "head")
    assert landed[2] < 3.5
    stick(page, until, 1, 0)
    assert debug(page, "yaw_deg") == pytest.approx(-30, abs=0.01)
    assert debug(page, "head") == pytest.approx(landed, abs=0.01), "one turns about oneself"
    stick(page, until, -1, 0)
    assert debug(page, "yaw_deg") == pytest.approx(0, abs=0.01)
    stick(page, until, 0, 1)
    assert debug(page, "head")[2] == pytest.approx(landed[2] + 0.6, abs=0.05)


def test_a_ray_picks_a_relic_and_a_button_of_its_board_leaves(vr, until):
    page = vr
    aim(page, until, "right", math.degrees(math.atan2(2, 4)), 0, height=1.1)
    trigger(page, until)
    assert debug(page, "relic") == "ball-1"
    # The board hangs 28 degrees to the right of the gaze, 1.4 m away; "Leave VR" is left of its middle and below it.
    aim(page, until, "right", -22.5, -13.8, height=1.6, z=0.2)
    trigger(page, until)
    until("!window.exhibitDebug.presenting")


def test_a_pinching_hand_picks_too(vr, until):
    page = vr
    page.evaluate("headset.primaryInputMode = 'hand'")
    wait_frames(page, until, 6)
    yaw = math.atan2(2, 4) / 2
    page.evaluate(
        "const hand = headset.hands.right; hand.position.set(0.3, 1.1, 0);"
        f"hand.quaternion.set(0, {math.sin(yaw)}, 0, {math.cos(yaw)})"
    )
    wait_frames(page, until)
    for value in (1, 0):
        page.evaluate(f"headset.hands.right.updatePinchValue({value})")
        wait_frames(page, until)
    assert debug(page, "relic") is not None


def test_taking_the_headset_off_ends_the_session(vr, until):
    page = vr
    page.evaluate("headset.activeSession ? headset.activeSession.end() : null")
    until("!window.exhibitDebug.presenting")
    assert page.locator("#enter-vr").inner_text() == "Enter VR"
