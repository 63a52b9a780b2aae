"""Identity numbers written in two halves, far apart, in words or with look-alikes; and lines not.

For every place that reads texts: ingest, configuration, guard, log and answers.
"""

from pipelines.desk.identity_numbers import has_check_digits

N = "15068312210"  # date and check digits of nobody in particular
assert has_check_digits(N)
BORN, FIVE = N[:6], N[6:]

APART = {
    "f and pnr": "f. 150683 pnr. 12210",
    "f, a full year and pnr": "f. 15.06.1983 pnr. 12210",
    "born and personnr": "født 15.06.83, personnr 12210",
    "birth date and personal number": "fødselsdato 15.06.1983 personnummer 12210",
    "the other way round": "personnr: 12210, født: 15.06.1983",
    "nynorsk": "fødd 15. juni 1983, personnummer 12210",
    "English": "born June 15th, 1983, ID 12210",
    "with other words and figures between": "f. 15.06.1983, ansatt 2012 i 80 %, pnr 12210",
    "hyphen and pnr": "150683 - pnr 12210",
    "one letter": "150683p12210",
    "og": "150683 og 12210",
    "a name between": "150683 Per Hansen 12210",
    "parentheses": "(150683) nr. 12210",
    "five digits first": "12210 150683",
    "five digits first, slash": "12210/150683",
    "five digits first, a full date": "12210, 15.06.1983",
    "month by name": "15. juni 1983 12210",
    "month by name, short": "15 jun 83 12210",
    "month by name, hyphens": "15-juni-1983 12210",
    "month by name, one digit": "5 juni 83 12320",
    "English, of": "15th of June 1983 12210",
    "year first, month by name": "1983 juni 15 12210",
    "ISO with time": "1983-06-15 00:00:00 12210",
    "ISO with T": "1983-06-15T00:00:00Z 12210",
    "every digit, dots": "1.5.0.6.8.3.1.2.2.1.0",
    "every digit, a letter": "1x5x0x6x8x3x1x2x2x1x0",
    "apostrophe": "150683’12210",
    "times": "150683×12210",
    "arrow": "150683 → 12210",
    "question mark": "150683?12210",
    "section": "150683 § 12210",
    "ten spaces": "150683          12210",
    "a zero before": "015068312210",
    "country code before": "004715068312210",
    "country code, a space inside": "0047150683 12210",
    "decimals": "15068312210,5",
    "O for zero": "15O6831221O",
    "l for one": "l50683l22l0",
    "O and l": "l5O683l22lO",
    "O and l in halves": "l5O683 l22lO",
    "D-number, five first": "12204 550683",
    "D-number, said": "d-nr 12204, født 55.06.83",
}
"""Every one a person's."""

OTHERS = (
    "Faktura 31.12.2023 12210", "31.12.2023 12210", "12210 31.12.2023", "2023-12-31 12210",
    "Konto 12210 per 31. desember 2023", "12210-311223", "Bilag 31.12.23 konto 12210",
    "Avd 12210 01.01.2024-31.12.2024", "31.12.2023 kr 12210", "150683 kr 12210",
    "konto 12210 150683", "1 l melk 12 O 45 l", "15 juni 1983",
    "Møte 15. juni 1983 kl. 12", "pnr. 12210", "født 15.06.1983", "fnr. mangler 12210",
    "f. 150683 pnr. 12211", "150683 og 12211", "12211 150683", "0.15068312210", "0,15068312210",
    "915068312210", "150683122100", "150683122.10", "15068312.210", "015068312211",
    "15068312211,5", "l5O683l22l1",
    "150683 er ordrenummeret vi fikk oppgitt, og varen er 12210", "5 juni 83 12321",
)  # fmt: skip
"""None of them."""
