"""The front page: what it features, and how it sets its title."""

import dataclasses

from small_site import asset, small_site

from exhibit.model.asset import Asset, AssetFile
from exhibit.publish.plan import plan


def front(site, language="zh-Hans"):
    return plan(site).files[f"{language}/index.html"].decode()


def with_files(site, *names):
    first, *rest = site.relics
    files = tuple(AssetFile(name, b"") for name in names)
    first = dataclasses.replace(first, asset=dataclasses.replace(first.asset, files=(*first.asset.files, *files)))
    return dataclasses.replace(site, relics=(first, *rest))


def test_an_exhibition_of_nothing_has_a_front_page_without_a_feature():
    text = front(dataclasses.replace(small_site(), relics=()))
    assert "hero-bare" in text and 'class="turn"' not in text


def test_without_pictures_of_its_turn_the_first_relics_poster_stands_in():
    text = front(small_site())
    assert "turn-poster" in text and "relics/green-vase/poster.webp" in text
    assert "turn-motion" not in text and "turn-switch" not in text


def test_a_turning_relic_has_its_still_beneath_and_its_switch():
    text = front(with_files(small_site(), "turn.avif", "turn.webp"))
    assert (
        'media="(prefers-reduced-motion: no-preference)" type="image/avif" srcset="../relics/green-vase/turn.avif"'
        in text
    )
    assert 'class="turn-still" src="../relics/green-vase/turn.webp"' in text
    assert 'type="checkbox" class="turn-switch"' in text
    still_alone = front(with_files(small_site(), "turn.webp"))
    assert "turn-motion" not in still_alone and "turn-switch" not in still_alone


def test_the_scene_says_which_relic_is_featured():
    assert "relics/ochre-bowl/poster.webp" in front(small_site(feature="ochre-bowl")).partition("</section>")[0]


def test_a_relic_that_is_still_being_made_is_featured_as_an_empty_plinth():
    site = small_site()
    waiting = dataclasses.replace(site.relics[0], asset=Asset((), (), (), asset("vase", (0.2, 0.3, 0.2)).size_m),
                                  narrations=(), is_pending=True)  # fmt: skip
    hero = front(dataclasses.replace(site, relics=(waiting, *site.relics[1:]))).partition("</section>")[0]
    assert "static/plinth.svg" in hero and "制作中" in hero


def test_a_title_stands_upright_by_choice_and_only_where_its_script_can():
    upright = small_site(title_direction="vertical")
    assert "hero-upright" in front(upright)
    assert "hero-upright" not in front(upright, "en")
    assert "hero-upright" not in front(small_site())
    english = small_site(title_direction="vertical", title={"en": "Quiet Vessels"})
    assert "hero-upright" not in front(english), "an untranslated title is set in its own way"


def test_a_colon_parts_title_and_subtitle_for_the_eye_alone():
    hero = front(small_site()).partition("</section>")[0]
    assert '静器<span class="unseen">：</span></span> <span class="title-sub">三件容器的来处</span>' in hero
    assert 'class="title-sub"' not in front(small_site(title={"zh-Hans": "静器："})).partition("</section>")[0]


def test_what_visitors_must_know_is_said_on_the_front_page_and_at_every_foot():
    planned = plan(small_site(note={"en": "All of it is modelled.", "zh-Hans": "皆为建模。"}))
    for path in ("en/index.html", "en/room/index.html", "en/relics/index.html", "en/relics/green-vase/index.html"):
        assert "All of it is modelled." in planned.files[path].decode().partition('class="site-foot"')[2], path
    assert 'class="honest">All of it is modelled.' in planned.files["en/index.html"].decode()


def test_pages_wait_only_for_the_styles_they_need():
    files = plan(small_site()).files
    assert b"from-scan.css" in files["en/relics/green-vase/index.html"]
    for path in ("index.html", "en/index.html", "en/room/index.html", "en/relics/index.html"):
        assert b"from-scan.css" not in files[path], path


def test_the_first_picture_is_asked_for_first_and_keeps_its_place():
    picture = plan(small_site()).files["index.html"].decode().partition('class="choose-picture"')[2].partition(">")[2]
    assert 'fetchpriority="high"' in picture.partition(">")[0]
