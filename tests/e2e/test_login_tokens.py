"""Which tokens of a real provider let somebody in: what Authlib checks, and what we check besides.

The way through the login is walked without a browser: one server, one provider, many tokens.
"""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from tests.e2e.login import COOKIE_SECRET, House, opened_house
from tests.e2e.oidc import CLIENT, new_key

pytestmark = pytest.mark.integration

USER = "_streamlit_user"


@pytest.fixture(scope="module")
def served_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    # nothing is published: only the login is asked for
    empty = tmp_path_factory.mktemp("published")
    with opened_house(empty, tmp_path_factory.mktemp("tokens")) as opened:
        yield opened


@pytest.fixture
def house(served_house: House) -> House:
    """The house with its provider as it was: an honest one."""
    provider = served_house.provider
    provider.email, provider.claims, provider.header = "kari@example.no", {}, {}
    provider.signs, provider.algorithms, provider.seconds_ahead = None, ["RS256"], 0
    return served_house


def start(house: House, browser: httpx.Client) -> httpx.Response:
    """Ask for the login as the page does; returns the way to the provider."""
    key = OctKey.import_key(COOKIE_SECRET)
    chosen = jwt.encode(
        {"alg": "HS256"}, {"provider": "default", "exp": int(time.time()) + 60}, key
    )
    return browser.get(f"{house.url}/auth/login", params={"provider": chosen})


def sign_in(house: House, browser: httpx.Client) -> str:
    """Walk through the login; returns the address the provider sent us back to."""
    asked = start(house, browser)
    assert asked.status_code == 302, asked.text
    back = browser.get(asked.headers["location"]).headers["location"]
    browser.get(back)
    return str(back)


def is_signed_in(house: House) -> bool:
    with httpx.Client() as browser:
        sign_in(house, browser)
        return USER in browser.cookies


def test_an_honest_token_lets_its_owner_in(house: House) -> None:
    assert is_signed_in(house)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"aud": ["another-client"], "azp": CLIENT},
        {"aud": "another-client", "azp": CLIENT},
        {"aud": [CLIENT, "another-client"]},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"aud": None},
        {"aud": []},
        {"iss": "https://another.example"},
        {"iss": None},
        {"iss": ""},
        {"nonce": "of-another-login"},
        {"nonce": None},
        {"sub": None},
        {"iat": None},
        {"exp": None},
        {"exp": timedelta(seconds=-600)},
        {"nbf": timedelta(seconds=600)},
        {"iat": timedelta(seconds=600)},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_now_from_our_provider_lets_nobody_in(
    house: House, claims: dict[str, object]
) -> None:
    # a time is counted from when the test runs, which may be long after it was collected
    house.provider.claims = {
        name: int(time.time() + value.total_seconds()) if isinstance(value, timedelta) else value
        for name, value in claims.items()
    }
    assert not is_signed_in(house)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "another-client"], "azp": CLIENT},
        {"azp": CLIENT},
        {"email_verified": None},
    ],
    ids=str,
)
def test_other_ways_an_honest_token_may_be_written_are_taken(
    house: House, claims: dict[str, object]
) -> None:
    house.provider.claims = claims
    assert is_signed_in(house)


@pytest.mark.parametrize(("seconds", "expected"), [(90, True), (-90, True), (900, False)])
def test_a_clock_that_is_a_little_wrong_is_borne_and_one_that_is_much_is_not(
    house: House, seconds: int, expected: bool
) -> None:
    house.provider.seconds_ahead = seconds
    assert is_signed_in(house) is expected


def test_a_token_signed_with_nothing_or_with_what_everybody_knows_lets_nobody_in(
    house: House,
) -> None:
    provider = house.provider
    published = provider.key.as_pem(private=False)
    provider.algorithms = ["RS256", "HS256", "none"]  # careless, and still not enough
    provider.header = {"alg": "none"}
    assert not is_signed_in(house)
    provider.header, provider.signs = {"alg": "HS256"}, published
    assert not is_signed_in(house)
    provider.header, provider.signs = {}, new_key(str(provider.key.kid))
    assert not is_signed_in(house)


def test_a_new_key_of_the_provider_is_taken_at_once_and_the_old_one_no_longer(
    house: House,
) -> None:
    provider, old = house.provider, house.provider.key
    provider.key = new_key("rotated")
    assert is_signed_in(house)
    provider.signs, provider.header = old, {"kid": old.kid}
    assert not is_signed_in(house)


def test_the_address_of_a_finished_login_lets_nobody_in_again(house: House) -> None:
    with httpx.Client() as mine, httpx.Client() as other:
        back = sign_in(house, mine)
        assert USER in mine.cookies
        other.get(back)
        assert USER not in other.cookies
        mine.cookies.delete(USER)
        mine.get(back)
        assert USER not in mine.cookies


def test_a_login_that_somebody_else_began_is_not_finished_here(house: House) -> None:
    # the code is genuine and unused, but this browser never asked for it
    with httpx.Client() as theirs, httpx.Client() as mine:
        asked = start(house, theirs)
        back = theirs.get(asked.headers["location"]).headers["location"]
        mine.get(back)
        assert USER not in mine.cookies
        start(house, mine)
        mine.get(back)
        assert USER not in mine.cookies
        changed = re.sub(r"state=[^&]+", "state=x", back)
        theirs.get(changed)
        assert USER not in theirs.cookies


def test_a_provider_nobody_set_up_cannot_be_chosen(house: House) -> None:
    with httpx.Client() as browser:
        for name, secret in (("default", "y" * 40), ("other", COOKIE_SECRET)):
            told = {"provider": name, "exp": int(time.time()) + 60}
            forged = jwt.encode({"alg": "HS256"}, told, OctKey.import_key(secret))
            went = browser.get(f"{house.url}/auth/login", params={"provider": forged})
            assert house.provider.url not in went.headers.get("location", "")


def test_a_cookie_that_was_made_elsewhere_is_thrown_away(house: House) -> None:
    forged = create_signed_value("y" * 40, USER, '{"is_logged_in": true, "sub": "sjef"}')
    with httpx.Client(cookies={USER: forged.decode()}) as browser:
        assert "Max-Age=0" in start(house, browser).headers["set-cookie"]
