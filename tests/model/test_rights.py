import pytest

from exhibit.model.rights import SPDX, Right, Rights, spdx_of, statement_of


@pytest.mark.parametrize(
    ("uri", "spdx"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by-nc-sa/4.0/deed.zh", "CC-BY-NC-SA-4.0"),
        ("https://creativecommons.org/licenses/by-nd/3.0", "CC-BY-ND-3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", None),
        ("https://example.org/licenses/by/4.0/", None),
        ("https://creativecommons.org.evil.example/licenses/by/4.0/", None),
    ],
)
def test_the_spdx_identifier_is_read_off_a_creative_commons_uri(uri, spdx):
    assert spdx_of(uri) == spdx
    assert spdx is None or spdx in SPDX


@pytest.mark.parametrize(
    ("uri", "is_open"),
    [
        ("http://creativecommons.org/licenses/by-nc-nd/4.0/", True),
        ("https://creativecommons.org/publicdomain/mark/1.0/", True),
        ("http://rightsstatements.org/vocab/InC/1.0/", False),
        ("http://rightsstatements.org/vocab/InC-EDU/1.0/", False),
        ("http://rightsstatements.org/vocab/NoC-US/1.0/", True),
        ("http://rightsstatements.org/vocab/UND/1.0/", False),
        ("https://museum.example/terms", False),
    ],
)
def test_only_open_rights_offer_a_download_unless_the_curator_says_otherwise(uri, is_open):
    assert Right(uri=uri).may_download is is_open
    assert Right(uri=uri, download=not is_open).may_download is not is_open


def test_a_listed_spdx_licence_is_open_under_any_address():
    assert Right(uri="https://museum.example/terms", spdx="MIT").is_open
    assert not Right(uri="https://museum.example/terms", spdx="LicenseRef-ours").is_open


def test_a_part_without_rights_of_its_own_has_the_default():
    rights = Rights(
        default=Right(uri="http://rightsstatements.org/vocab/InC/1.0/"),
        model=Right(uri="https://creativecommons.org/licenses/by/4.0/"),
    )
    assert rights.of("model").license_id == "CC-BY-4.0"
    assert rights.of("scan") is rights.default
    assert statement_of(rights.of("audio").uri) == "InC"
