import numpy as np
import pytest

from exhibit.geometry.parse_decimals import parse_decimals


def test_numbers_of_up_to_fifteen_digits_are_read_exactly():
    rng = np.random.default_rng(1)
    words = [f"{value:.{digits}g}" for value in rng.normal(0, 1e4, 3000) for digits in (3, 9, 15)]
    parsed = parse_decimals(" ".join(words).encode())
    assert not parsed.is_bad.any()
    np.testing.assert_array_equal(parsed.numbers, [float(word) for word in words])


def test_longer_numbers_are_read_to_two_units_in_the_last_place():
    rng = np.random.default_rng(2)
    values = rng.normal(0, 1, 2000) * 10.0 ** rng.integers(-30, 30, 2000)
    parsed = parse_decimals(" ".join(f"{value:.25e}" for value in values).encode()).numbers
    assert (np.abs(parsed - values) <= 3 * np.spacing(np.abs(values))).all()


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("0", 0.0), ("-0.0", -0.0), ("+5", 5.0), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("1E-2", 0.01),
        ("-1.5e+2", -150.0), ("nan", np.nan), ("-NaN", np.nan), ("nan(ind)", np.nan), ("inf", np.inf),
        ("-Infinity", -np.inf), ("1e400", np.inf), ("1e-400", 0.0), ("0e999999999999", 0.0),
        ("00000000000000000000012", 12.0),
        ("0.0000000000000000000000000012", 1.2e-27), ("123456789012345678901234567890", 1.2345678901234568e29),
    ],
)  # fmt: skip
def test_words_as_c_libraries_write_them(word, value):
    for text in (word, f" {word} ", f"{word}\n"):
        parsed = parse_decimals(text.encode())
        assert not parsed.is_bad.any()
        np.testing.assert_allclose(parsed.numbers, [value], rtol=1e-15)


@pytest.mark.parametrize(
    "word", ["x", "1x", "-", "+", ".", "1e", "1e+", "1.2.3", "--1", "1,5", "0x10", "na", "in", "ÿ"]
)
def test_a_word_that_is_no_number_is_marked_and_its_neighbours_stay(word):
    parsed = parse_decimals(b"1 " + word.encode("latin-1") + b" 2")
    np.testing.assert_array_equal(parsed.numbers, [1, np.nan, 2])
    np.testing.assert_array_equal(parsed.is_bad, [False, True, False])


def test_lines_of_any_line_end_are_told_apart_and_blank_ones_do_not_count():
    parsed = parse_decimals(b"\n\r\n1 2\r\n\n3\r4 5 6\n \n7")
    np.testing.assert_array_equal(parsed.row_ends, [2, 3, 6, 7])


def test_comments_are_left_out():
    parsed = parse_decimals(b"# 1 2\n3 4 # 5\n// 6\n7//8\n")
    np.testing.assert_array_equal(parsed.numbers[:2], [3, 4])
    assert parsed.is_bad.tolist() == [False, False, True]


@pytest.mark.parametrize("text", [b"", b" ", b"\n\n", b"#"])
def test_text_without_words_gives_nothing(text):
    parsed = parse_decimals(text)
    assert len(parsed.numbers) == len(parsed.row_ends) == 0
