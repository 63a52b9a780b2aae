"""What makes eleven digits a national identity number, or a bank account: date and check digits.

Digits in, judgement out; how such numbers are written in a text is in ``personal_identifiers``.

Sources: Skatteetaten on the identity number and the D-number; its technical note «Nytt
fødselsnummer fra 2032» for the check digits of numbers issued from then; Finans Norge for account
numbers.
"""

import calendar
from datetime import UTC, date, datetime

_K1_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_K2_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_ACCOUNT_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_MODULUS = 11
NEW_CHECK_DIGITS_FROM = date(2032, 1, 1)
"""From this day numbers are issued whose first check digit leaves a remainder of 0, 1, 2 or 3."""
_REMAINDERS = {False: (0,), True: (0, 1, 2, 3)}
_D_NUMBER_DAY = 40
_MONTHS = 12
# none; hospital numbers and Nav's test persons; Norsk helsenett's; Skatteetaten's (Tenor)
_MONTH_SHIFTS = (0, 40, 65, 80)
_CENTURY = 100
_OLDEST = 100
"""So old, in years, is whoever a number is taken to be of when nothing but its digits says so."""
_BIRTH_YEARS = ((0, 499, 1900, 1999), (500, 999, 2000, 2039), (900, 999, 1940, 1999))
"""Individual numbers from and to, and the years of birth they were given to."""
_IBAN_MODULUS = 97


def has_birth_date(digits: str) -> bool:
    """Return whether eleven digits begin with a day that exists, as any kind of number has it.

    A D-number has 40 added to its day; hospital numbers and test persons have 40, 65 or 80 added to
    their month. The individual number says nothing of the century from 2032, and is not judged.
    """
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    if day > _D_NUMBER_DAY:
        day -= _D_NUMBER_DAY
    months = [month - shift for shift in _MONTH_SHIFTS if 1 <= month - shift <= _MONTHS]
    if not months or day < 1:
        return False
    # a year of two digits: the leap years are the same in both centuries but for 1900
    return day <= calendar.monthrange(2000 + year % _CENTURY, months[0])[1]


def has_check_digits(digits: str, today: date | None = None) -> bool:
    """Return whether the two check digits of eleven digits are right.

    The rule of 2032 lets four times as many numbers through, so it counts from the day from which
    such numbers can exist; the old rule goes on beside it, being its first case.

    Args:
        digits: Eleven digits.
        today: The day that decides whether the rule of 2032 counts; today's when not given.
    """
    today = today or datetime.now(UTC).date()
    allowed = _REMAINDERS[today >= NEW_CHECK_DIGITS_FROM]
    return _weighed(digits, _K1_WEIGHTS) in allowed and _weighed(digits, _K2_WEIGHTS) == 0


def is_right(digits: str, *, is_weak: bool = False) -> bool:
    """Return whether eleven digits have a birth date and right check digits.

    Args:
        digits: Eleven digits.
        is_weak: Whether other things are written so as well: they must fit somebody who lives too.
    """
    return (
        has_birth_date(digits)
        and has_check_digits(digits)
        and (not is_weak or could_be_alive(digits))
    )


def could_be_alive(
    digits: str, year: int | None = None, *, youngest: int = 0, today: date | None = None
) -> bool:
    """Return whether the individual number fits a birth year of somebody who lives.

    For what may as well be the day of an invoice and an account: a day of this century has account
    codes below 50000 beside it, and no identity number. From 2032 the individual number says
    nothing of the century, and the year alone is judged.

    Args:
        digits: Eleven digits that begin with a birth date.
        year: The year as it is written, of four digits; both centuries are tried when not given.
        youngest: Whoever is younger, in years, is not looked for.
        today: The day of asking; today's when not given.
    """
    today = today or datetime.now(UTC).date()
    individual, two = int(digits[6:9]), int(digits[4:6])
    years = [year] if year else [1900 + two, 2000 + two]
    return any(
        today.year - _OLDEST <= born <= today.year - youngest
        and (
            today >= NEW_CHECK_DIGITS_FROM
            or any(
                low <= individual <= high and first <= born <= last
                for low, high, first, last in _BIRTH_YEARS
            )
        )
        for born in years
    )


def is_account_number(digits: str) -> bool:
    """Return whether eleven digits have the check digit of a Norwegian bank account."""
    return _weighed(digits, _ACCOUNT_WEIGHTS) == 0


def is_iban(text: str) -> bool:
    """Return whether ``NO`` and thirteen digits are an account number with right check digits."""
    moved = text[4:] + "".join(str(int(letter, 36)) for letter in text[:4].upper())
    return int(moved) % _IBAN_MODULUS == 1


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(d) * weight for d, weight in zip(digits, weights, strict=False)) % _MODULUS
