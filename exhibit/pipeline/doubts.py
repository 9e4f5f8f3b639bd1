"""What is sound but worth a word: languages without text, licences nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exhibit.model.exhibition import Exhibition
from exhibit.model.finding import Finding
from exhibit.model.language import is_missing, pick_language
from exhibit.model.record import RelicRecord
from exhibit.model.rights import SPDX, STATEMENTS, Right, spdx_of, statement_of
from exhibit.pipeline.wording import did_you_mean

_LABEL_WORDS = 120


def doubts_of_record(record: RelicRecord, languages: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Return what is worth a word in a record that is to be shown in `languages`."""
    return (*_missing_texts(record, tuple(languages)), *_rights(record), *_long_labels(record))


def doubts_of_exhibition(exhibition: Exhibition) -> tuple[Finding, ...]:
    """Return what is worth a word in a scene."""
    found = [
        Finding(
            "scene.text-missing",
            hint=f"{exhibition.id}: no {name} in {language}; another language is shown instead.",
            severity="warning",
        )
        for language in exhibition.languages
        for name, text in (("title", exhibition.title), ("statement", exhibition.statement))
        if text and is_missing(text, language)
    ]
    if exhibition.site_url is None:
        hint = f"{exhibition.id}: without site_url, links for QR codes and search engines are left out."
        found.append(Finding("scene.no-site-url", hint=hint))
    return tuple(found)


def _missing_texts(record: RelicRecord, languages: tuple[str, ...]) -> Iterator[Finding]:
    texts = (("title", record.title), ("label", record.label), ("description", record.description))
    if languages and (absent := [name for name, text in texts if not text]):
        hint = f"{record.id}: no {' and no '.join(absent)} yet; the page does without."
        yield Finding("record.text-absent", float(len(absent)), "texts", hint)
    for language in languages:
        lacking = [name for name, text in texts if text and is_missing(text, language)]
        if lacking:
            yield Finding(
                "record.text-missing",
                float(len(lacking)),
                "texts",
                f"{record.id}: no {' and no '.join(lacking)} in {language}; another language is shown instead.",
                "warning",
            )
        if record.narration and is_missing(dict.fromkeys(record.narration, "spoken"), language):
            other = pick_language(record.narration, language)
            hint = f"{record.id}: no narration in {language}; the page offers the one in {other}."
            yield Finding("record.narration-missing", hint=hint, severity="warning")


def _rights(record: RelicRecord) -> Iterator[Finding]:
    for part in ("default", "object", "scan", "model", "text", "audio"):
        right = getattr(record.rights, part)
        if right is not None:
            yield from _right(right, f"{record.id}: rights.{part}")


def _right(right: Right, where: str) -> Iterator[Finding]:
    implied = spdx_of(right.uri)
    if right.spdx and right.spdx not in SPDX and not right.spdx.startswith("LicenseRef-"):
        near = did_you_mean(right.spdx, sorted(SPDX)) or "It is passed on as written."
        yield Finding("rights.spdx-unknown", hint=f"{where}.spdx '{right.spdx}' is not a licence we know. {near}",
                      severity="warning")  # fmt: skip
    elif right.spdx and implied and right.spdx != implied:
        hint = f"{where}: spdx says {right.spdx}, but the URI is that of {implied}; make them agree."
        yield Finding("rights.disagree", hint=hint, severity="warning")
    statement = statement_of(right.uri)
    if statement is not None and statement not in STATEMENTS:
        near = did_you_mean(statement, sorted(STATEMENTS)) or f"Known are {', '.join(sorted(STATEMENTS))}."
        hint = f"{where}.uri: rightsstatements.org has no '{statement}'. {near}"
        yield Finding("rights.statement-unknown", hint=hint, severity="warning")


def _long_labels(record: RelicRecord) -> Iterator[Finding]:
    for language, words in record.label.items():
        n_words = len(words.split()) + sum("\u4e00" <= letter <= "\u9fff" for letter in words) // 2
        if n_words > _LABEL_WORDS:
            hint = f"{record.id}: the label in {language} is long; some 60 words fit beside the object."
            yield Finding("record.label-long", float(n_words), "words", hint)
