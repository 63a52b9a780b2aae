"""The pages' words: nothing dead, nothing missing, no shown word in the code."""

import re
from pathlib import Path

from dashboards.components.tables import plain
from tests.conftest import REPO
from tests.word_files import codes_of

FOLDER = REPO / "dashboards"
USED = re.compile(r'\bt\(\s*["\']([a-z_0-9]+)["\']|\bPage\(\s*"[a-z]+",\s*"([a-z_]+)"')


def keys_in_code() -> set[str]:
    code = "".join(file.read_text("utf-8") for file in FOLDER.rglob("*.py"))
    indirect = set(re.findall(r'\("(before|after)", "value_', code))
    return {first or second for first, second in USED.findall(code)} | indirect


def test_every_word_of_the_pages_is_used_and_every_used_word_is_there() -> None:
    assert keys_in_code() == codes_of("page")


def test_no_shown_word_stands_in_the_code() -> None:
    norwegian = re.compile(r'"[^"\n]*[æøåÆØÅ][^"\n]*"')
    allowed = {"server.py", "provider.py", "http.py"}
    found = [
        (file.name, text)
        for file in FOLDER.rglob("*.py")
        if Path(file).name not in allowed
        for text in norwegian.findall(re.sub(r'"""[\s\S]*?"""', "", file.read_text("utf-8")))
    ]
    assert found == []


def test_markdown_in_data_is_shown_as_it_stands() -> None:
    assert plain("![x](http://e.no/a.png)") == r"\!\[x\]\(http\://e.no/a.png\)"
