"""What the tests ask the word files about: codes of a domain, and text in every language."""

from pipelines.words.catalogue import DEFAULT_LANGUAGE, all_texts


def codes_of(domain: str) -> frozenset[str]:
    """Return the codes one step below a domain, whether they are texts or hold more keys."""
    below = f"{domain}."
    return frozenset(
        key.removeprefix(below).split(".")[0]
        for key in all_texts(DEFAULT_LANGUAGE)
        if key.startswith(below)
    )
