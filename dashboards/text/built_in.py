"""Streamlit's own words in the readers' languages, for the pages' script to put in their place."""

from pipelines.words.catalogue import DEFAULT_LANGUAGE, languages, section


def built_in() -> dict[str, list[str]]:
    """Return language to words, in the same order for every language."""
    order = tuple(section("built_in", DEFAULT_LANGUAGE))
    return {language: _words(language, order) for language in languages()}


def _words(language: str, order: tuple[str, ...]) -> list[str]:
    found = section("built_in", language)
    return [found[code] for code in order]
