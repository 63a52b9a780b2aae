"""Streamlit's own words in the readers' languages, for the pages' script to put in their place."""

from dashboards.text.catalogue import LANGUAGES, t


def built_in() -> dict[str, list[str]]:
    """Return language to words, in the same order for every language."""
    return {language: _words(language) for language in LANGUAGES}


def _words(language: str) -> list[str]:
    return [
        t("built_in_skip", language),
        t("built_in_menu", language),
        t("built_in_print", language),
        t("built_in_record", language),
        t("built_in_pages", language),
        t("built_in_sidebar", language),
        t("built_in_collapse", language),
        t("built_in_expand", language),
        t("built_in_open", language),
        t("built_in_choose", language),
        t("built_in_columns", language),
        t("built_in_search", language),
        t("built_in_full", language),
        t("built_in_close_full", language),
        t("built_in_clear", language),
        t("built_in_version", language),
    ]
