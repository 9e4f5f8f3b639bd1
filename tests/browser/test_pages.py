"""The pages by themselves, in a real browser: complete without a script, accessible, at home on every screen."""

import dataclasses
import itertools

import pytest
from watching import Watch, until

PAGES = {
    "front": "{lang}/",
    "room": "{lang}/room/",
    "catalogue": "{lang}/relics/",
    "relic": "{lang}/relics/green-vase/",
    "relic-in-copyright": "{lang}/relics/ochre-bowl/",
    "relic-untranslated": "{lang}/relics/glass-bead/",
}
BOTH = [path.format(lang=lang) for path in PAGES.values() for lang in ("zh-Hans", "en")]
ALL = ["", "404.html", *BOTH]
WIDTHS = (320, 360, 768, 1280, 1920)


@pytest.fixture(scope="module")
def tabs(browser):
    """One tab per way of looking, kept open, because opening one takes longer than a test."""
    kept = {}
    yield kept
    for tab in kept.values():
        tab.context.close()


@pytest.fixture
def open_page(browser, tabs, plain_url):
    """Open a page of the site without scripts; at the end nothing may have gone wrong."""
    used = []

    def opened(path, width=1280, height=800, **options):
        key = tuple(sorted(options.items()))
        if key not in tabs:
            context = browser.new_context(**options)
            tabs[key] = context.new_page()
            tabs[key].watch = Watch(plain_url)
            tabs[key].watch.on(context)
        page = tabs[key]
        used.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(media="screen")
        page.goto(plain_url + path)
        return page

    yield opened
    for page in used:
        assert page.watch.faults() == []


def overflow(page) -> list[str]:
    """Elements that stick out of the page."""
    return page.evaluate("""() => {
      const wide = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= wide) return [];
      return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > wide + 1)
        .map((e) => e.outerHTML.slice(0, 90));
    }""")


@pytest.mark.parametrize("path", ALL)
def test_nothing_sticks_out_at_any_width(open_page, path):
    page = open_page(path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) == [], width


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("path", ALL)
def test_axe_finds_no_barrier(open_page, path, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = open_page(path, color_scheme=scheme)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        found = axe.Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_axe_does_find_a_barrier(open_page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = open_page("en/")
    page.evaluate("document.querySelector('img').removeAttribute('alt')")
    assert axe.Axe().run(page).violations_count


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_a_relics_page_is_complete_without_javascript(open_page, lang):
    page = open_page(f"{lang}/relics/green-vase/", java_script_enabled=False)
    headings = {
        "zh-Hans": ["青釉弦纹瓶", "语音讲解", "文物信息", "器物故事", "细看", "参考文献",
                    "模型制作说明", "权利声明", "下载", "引用格式"],
        "en": ["Celadon vase with bow-string bands", "Listen", "Record", "The story", "Look closer", "Sources",
               "How this model was made", "Rights", "Downloads", "How to cite"],
    }  # fmt: skip
    assert page.locator("h1, h2").all_inner_texts() == headings[lang]
    for shown in (".viewer-poster", "audio", ".record", ".hotspots p", "table", ".shares", "noscript .notice"):
        assert page.locator(shown).first.is_visible(), shown
    page.locator("summary").click()
    assert page.locator(".transcript").is_visible()


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_front_room_and_list_lead_to_every_relic_without_javascript(open_page, lang):
    for path in (f"{lang}/", f"{lang}/room/", f"{lang}/relics/"):
        page = open_page(path, java_script_enabled=False)
        links = page.locator(".card-link, .visit a")
        assert links.count() == 3
        links.nth(1).click()
        assert page.url.endswith("/relics/ochre-bowl/index.html")
    assert not open_page(f"{lang}/room/", java_script_enabled=False).locator("#enter-vr").is_visible()


def test_the_first_page_asks_for_the_language(open_page):
    page = open_page("", java_script_enabled=False)
    page.get_by_role("link", name="简体中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/en/index.html")


@pytest.mark.parametrize("path", BOTH)
def test_the_language_switch_stays_on_the_page(open_page, path):
    page = open_page(path)
    other = "en" if path.startswith("zh") else "zh-Hans"
    page.locator(f".site-languages a[hreflang={other}]").click()
    rest = path.partition("/")[2]
    assert page.url.endswith(f"/{other}/{rest}index.html")


@pytest.mark.parametrize("path", ALL)
def test_every_picture_is_there(open_page, path):
    page = open_page(path)
    page.evaluate("for (const image of document.images) image.loading = 'eager'")
    until(page, "[...document.images].every((image) => image.complete)")
    assert page.evaluate("[...document.images].filter((image) => image.naturalWidth === 0).map((i) => i.src)") == []


@pytest.mark.parametrize("path", ["en/", "zh-Hans/room/", "en/relics/green-vase/"])
def test_the_keyboard_goes_through_the_page_in_its_order(open_page, path):
    page = open_page(path, width=360)  # one column: order on the page is order from top to bottom
    tops, seen = [], []
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate("""() => {
          const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
          return {tag: e.tagName, cls: e.className, top: box.top + scrollY, column: Math.round(box.left),
                  outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2};
        }""")
        if at["tag"] == "BODY":
            break
        if at["tag"] == "AUDIO":
            continue  # the player's own buttons are the browser's
        assert at["outline"], f"no visible focus on {at}"
        seen.append(at["cls"])
        tops.append(at["top"])
    assert seen[:2] == ["skip", "site-name display"]
    jumps = [(above, below) for above, below in itertools.pairwise(tops) if below < above - 40]
    assert not jumps, "the focus jumps back up the page"
    assert page.evaluate("document.activeElement.tagName") == "BODY", "the page holds the focus"


def test_the_skip_link_skips(open_page):
    page = open_page("en/relics/green-vase/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("path", ALL)
def test_targets_are_large_enough_for_a_finger(open_page, path):
    """WCAG 2.2, 2.5.8: 24 px, but for links within a sentence."""
    page = open_page(path, width=360)
    small = page.evaluate("""() => [...document.querySelectorAll('a, button, summary, audio')].filter((e) => {
      const box = e.getBoundingClientRect();
      const inline = e.closest('p, dd, .downloads') && getComputedStyle(e).display === 'inline';
      return box.width && !inline && !e.matches('.skip') && (box.width < 24 || box.height < 24);
    }).map((e) => e.outerHTML.slice(0, 90))""")
    assert small == []


def test_reduced_motion_moves_nothing(open_page):
    moves = "getComputedStyle(document.querySelector('.button')).transitionDuration"
    assert open_page("en/", reduced_motion="reduce").evaluate(moves) == "0s"
    assert open_page("en/", reduced_motion="no-preference").evaluate(moves) != "0s"


def test_chinese_is_set_as_chinese_and_english_within_it_as_english(open_page):
    page = open_page("zh-Hans/relics/glass-bead/")
    family = "getComputedStyle(document.querySelector('{}')).fontFamily"
    chinese, english = (page.evaluate(family.format(each)) for each in (".site-name", "h1 [lang=en]"))
    # the site's own faces first, each language's own before the other's; then those of the reader
    assert chinese.startswith('"Display 2", "Display 1", "Songti SC"')
    assert english.startswith('"Display 1", "Display 2", "Display near", "Iowan Old Style"')
    assert page.evaluate("getComputedStyle(document.querySelector('p')).lineBreak") == "strict"


def test_the_page_follows_the_lights_of_the_reader(open_page):
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    dark, light = (open_page("en/", color_scheme=scheme).evaluate(paper) for scheme in ("dark", "light"))
    assert sum(map(int, dark[4:-1].split(","))) < 150 < 600 < sum(map(int, light[4:-1].split(",")))


def test_a_printed_page_leaves_out_what_paper_cannot_do(open_page):
    page = open_page("en/relics/green-vase/")
    page.emulate_media(media="print")
    for hidden in ("nav", "audio", ".skip"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator(".story").is_visible()


def test_the_recording_is_playable_and_has_captions(open_page):
    page = open_page("en/relics/green-vase/")
    until(page, "document.querySelector('audio').readyState >= 1")
    assert page.evaluate("document.querySelector('audio').duration") == pytest.approx(4, abs=0.2)
    page.evaluate("document.querySelector('audio').textTracks[0].mode = 'hidden'")
    until(page, "document.querySelector('audio').textTracks[0].cues?.length === 2")


def test_a_missing_page_is_told_at_any_depth(browser, plain_url):
    page = browser.new_page()
    assert page.goto(f"{plain_url}en/relics/gone/deeper/page.html").status == 404
    assert page.locator("h1").all_inner_texts() == ["找不到页面", "Page not found"]
    assert page.evaluate("getComputedStyle(document.querySelector('.button')).minHeight") != "0px"
    page.get_by_role("link", name="Go to the start page").click()
    assert page.url == f"{plain_url}en/index.html"
    page.close()


@pytest.fixture(scope="module")
def turning_url(tmp_path_factory):
    """The small site, its vase turning on the front page, its bowl still being made, its title upright.

    Of its bead nobody wrote anything, nor how large it is.
    """
    import io

    from PIL import Image
    from small_site import small_site

    from exhibit.model.asset import Asset, AssetFile
    from exhibit.model.finding import Finding
    from exhibit.publish.plan import plan
    from exhibit.publish.serve import SiteServer
    from exhibit.publish.write import write

    def picture(kind, color):
        stream = io.BytesIO()
        frames = [Image.new("RGB", (64, 64), (color, 90 * number, 20)) for number in range(2)]
        frames[0].save(stream, kind, save_all=True, append_images=frames[1:] if kind == "AVIF" else [], duration=100)
        return stream.getvalue()

    site = small_site(title_direction="vertical", note={"en": "All of it is modelled.", "zh-Hans": "皆为建模。"})
    vase, bowl, bead = site.relics
    files = (AssetFile("turn.avif", picture("AVIF", 200)), AssetFile("turn.webp", picture("WEBP", 30)))
    vase = dataclasses.replace(vase, asset=dataclasses.replace(vase.asset, files=(*vase.asset.files, *files)))
    bowl = dataclasses.replace(bowl, asset=Asset((), (), (), (0.25, 0.14, 0.25)), narrations=(), is_pending=True)
    assumed = Finding("scale.assumed", 0.004, "m", "Nothing says the unit.", "warning")
    bead = dataclasses.replace(
        bead,
        record=bead.record.model_copy(update={"label": {}}),
        narrations=(),
        asset=dataclasses.replace(bead.asset, findings=(assumed,)),
    )
    template = dataclasses.replace(site.template, scripts=None)
    folder = tmp_path_factory.mktemp("turning")
    write(plan(dataclasses.replace(site, relics=(vase, bowl, bead), template=template)), folder)
    with SiteServer(folder, "127.0.0.1", 0) as server:
        yield server.url


def test_the_relic_turns_and_can_be_held_still_by_keyboard_without_javascript(browser, turning_url):
    page = browser.new_context(java_script_enabled=False, reduced_motion="no-preference").new_page()
    page.goto(f"{turning_url}en/")
    moving = page.locator(".turn-motion img")
    assert moving.evaluate("(image) => image.currentSrc").endswith("turn.avif")
    page.get_by_label("Hold still").focus()
    page.keyboard.press("Space")
    assert not moving.is_visible()
    assert page.locator(".turn-still").is_visible()
    page.context.close()


def test_who_asked_for_less_motion_is_shown_the_still_alone(browser, turning_url):
    page = browser.new_context(reduced_motion="reduce").new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(f"{turning_url}zh-Hans/")
    until(page, "document.querySelector('.turn-still').complete")
    assert "turn.webp" in asked and "turn.avif" not in asked
    assert not page.locator(".turn-stop").is_visible()
    page.context.close()


@pytest.mark.parametrize("size", [(360, 780), (1280, 800), (1080, 1920), (3840, 2160)])
def test_an_upright_title_is_whole_and_on_the_first_screen(browser, turning_url, size):
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    page.goto(f"{turning_url}zh-Hans/")
    box = page.locator("h1").bounding_box()
    assert box["height"] > box["width"]
    assert box["x"] + box["width"] <= size[0] and box["y"] + box["height"] <= size[1]
    enter = page.locator(".hero .button").bounding_box()
    assert enter["y"] + enter["height"] <= size[1]
    assert overflow(page) == []
    page.goto(f"{turning_url}en/")
    box = page.locator("h1").bounding_box()
    assert box["height"] < 2 * box["width"], "English is never set upright"
    page.context.close()


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("path", ["zh-Hans/", "en/relics/", "en/relics/ochre-bowl/", "en/relics/glass-bead/"])
def test_axe_finds_no_barrier_while_relics_turn_and_are_made(browser, turning_url, path, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = browser.new_context(color_scheme=scheme, reduced_motion="no-preference").new_page()
    page.goto(turning_url + path)
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.context.close()


def test_what_is_being_made_is_said_where_it_will_stand(browser, turning_url):
    page = browser.new_page()
    page.goto(f"{turning_url}en/relics/")
    card = page.locator(".card.pending")
    assert card.count() == 1
    assert "Ochre serving bowl" in card.inner_text() and "Being made" in card.inner_text()
    assert card.locator("img").get_attribute("src").endswith("static/plinth.svg")
    page.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_relic_without_texts_has_its_figures_beside_it_and_sticks_out_nowhere(browser, turning_url, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{turning_url}en/relics/glass-bead/")
    facts, view = (page.locator(part).bounding_box() for part in (".bare-facts", ".viewer"))
    assert facts["y"] < view["y"] + view["height"] if width > 1000 else facts["x"] >= 0
    assert "Triangles" in page.locator(".bare-facts").inner_text()
    assert overflow(page) == []
    page.close()


def test_fonts_are_the_sites_own_and_there_before_they_are_needed(browser, turning_url):
    page = browser.new_page()
    page.goto(f"{turning_url}zh-Hans/")
    until(page, "document.fonts.status === 'loaded' && [...document.fonts].some((font) => font.status === 'loaded')")
    loaded = page.evaluate("[...document.fonts].filter((font) => font.status === 'loaded').map((font) => font.family)")
    assert loaded
    assert page.locator("link[rel=preload][as=font]").get_attribute("href").endswith("20-noto-serif-sc.woff2")
    page.close()
