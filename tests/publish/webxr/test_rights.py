"""Rights statements are called by their names."""

import pytest

from exhibit.locales import load_words
from exhibit.model.rights import STATEMENTS, Right
from exhibit.publish.webxr.rights import holder_of, link_of, name_of, name_of_right
from exhibit.publish.webxr.wording import Reader, Said

EN, ZH = load_words("en"), load_words("zh-Hans")


@pytest.mark.parametrize(
    ("uri", "english", "chinese"),
    [
        ("http://creativecommons.org/licenses/by-nc-sa/4.0/", "CC BY-NC-SA 4.0", "CC BY-NC-SA 4.0（署名"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0", "CC0 1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "Public Domain Mark 1.0", "公共领域标识"),
        ("http://rightsstatements.org/vocab/InC/1.0/", "In copyright", "受著作权保护"),
    ],
)
def test_known_statements_have_names_in_every_language(uri, english, chinese):
    assert name_of(uri, EN).startswith(english)
    assert name_of(uri, ZH).startswith(chinese)


def test_every_statement_of_the_vocabulary_has_a_name():
    names = {name_of(f"http://rightsstatements.org/vocab/{code}/1.0/", EN) for code in STATEMENTS}
    assert len(names) == len(STATEMENTS)


def test_another_licence_keeps_its_own_name():
    right = Right(uri="https://www.apache.org/licenses/LICENSE-2.0", spdx="Apache-2.0")
    assert name_of_right(right, EN) == "Apache-2.0"


def test_people_follow_the_secure_address_and_nobody_elses_is_changed():
    assert link_of("http://creativecommons.org/licenses/by/4.0/") == "https://creativecommons.org/licenses/by/4.0/"
    assert link_of("http://museum.example/rights") == "http://museum.example/rights"


def test_a_holder_is_named_in_the_readers_language_or_marked_as_not():
    uri = "http://rightsstatements.org/vocab/InC/1.0/"
    english, chinese = Reader("en", "zh-Hans", EN), Reader("zh-Hans", "zh-Hans", ZH)
    both = Right(uri=uri, holder="The makers", holder_in={"zh-Hans": "制作者"})
    assert holder_of(both, english) == Said("The makers", "en")
    assert holder_of(both, chinese) == Said("制作者", "zh-Hans")
    one = Right(uri=uri, holder="The makers")
    assert holder_of(one, english) == Said("The makers", "en")
    assert holder_of(one, chinese) == Said("The makers", ""), "nobody says in which language"
    assert holder_of(Right(uri=uri, holder="某博物馆"), english) == Said("某博物馆", "")
    assert holder_of(Right(uri=uri), english) is None
