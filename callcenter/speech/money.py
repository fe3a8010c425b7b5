"""Amounts of money as words. Pure."""

from __future__ import annotations

from typing import Final

from callcenter.speech.grammar import Counted
from callcenter.speech.letters import spelled
from callcenter.speech.numbers import MAX_NUMBER, counted, number

_AND: Final[dict[str, tuple[str, ...]]] = {"en": ("and",), "ru": (), "pl": ()}
_EURO_RU: Final = Counted("евро", "евро", "евро")
_CENT: Final = {
    "en": Counted("cent", "cents", "cents"),
    "ru": Counted("цент", "цента", "центов"),
    "pl": Counted("cent", "centy", "centów"),
}
_KOPECK: Final = {
    "en": Counted("kopeck", "kopecks", "kopecks"),
    "ru": Counted("копейка", "копейки", "копеек", "f"),
    "pl": Counted("kopiejka", "kopiejki", "kopiejek", "f"),
}
_CENTIME: Final = {
    "en": Counted("centime", "centimes", "centimes"),
    "ru": Counted("сантим", "сантима", "сантимов"),
    "pl": Counted("centym", "centymy", "centymów"),
}
_RUB_RU: Final = Counted("рубль", "рубля", "рублей")

CURRENCIES: Final[dict[str, dict[str, tuple[Counted, Counted]]]] = {
    "PLN": {
        "en": (Counted("zloty", "zlotys", "zlotys"), Counted("grosz", "groszy", "groszy")),
        "ru": (Counted("злотый", "злотых", "злотых"), Counted("грош", "гроша", "грошей")),
        "pl": (Counted("złoty", "złote", "złotych"), Counted("grosz", "grosze", "groszy")),
    },
    "EUR": {
        "en": (Counted("euro", "euros", "euros"), _CENT["en"]),
        "ru": (_EURO_RU, _CENT["ru"]),
        "pl": (Counted("euro", "euro", "euro", "n"), _CENT["pl"]),
    },
    "USD": {
        "en": (Counted("dollar", "dollars", "dollars"), _CENT["en"]),
        "ru": (Counted("доллар", "доллара", "долларов"), _CENT["ru"]),
        "pl": (Counted("dolar", "dolary", "dolarów"), _CENT["pl"]),
    },
    "GBP": {
        "en": (Counted("pound", "pounds", "pounds"), Counted("penny", "pence", "pence")),
        "ru": (Counted("фунт", "фунта", "фунтов"), Counted("пенни", "пенни", "пенни", "n")),
        "pl": (Counted("funt", "funty", "funtów"), Counted("pens", "pensy", "pensów")),
    },
    "RUB": {
        "en": (Counted("rouble", "roubles", "roubles"), _KOPECK["en"]),
        "ru": (_RUB_RU, _KOPECK["ru"]),
        "pl": (Counted("rubel", "ruble", "rubli"), _KOPECK["pl"]),
    },
    "BYN": {
        "en": (
            Counted("Belarusian rouble", "Belarusian roubles", "Belarusian roubles"),
            _KOPECK["en"],
        ),
        "ru": (
            Counted("белорусский рубль", "белорусских рубля", "белорусских рублей"),
            _KOPECK["ru"],
        ),
        "pl": (
            Counted("rubel białoruski", "ruble białoruskie", "rubli białoruskich"),
            _KOPECK["pl"],
        ),
    },
    "UAH": {
        "en": (Counted("hryvnia", "hryvnias", "hryvnias"), _KOPECK["en"]),
        "ru": (Counted("гривна", "гривны", "гривен", "f"), _KOPECK["ru"]),
        "pl": (Counted("hrywna", "hrywny", "hrywien", "f"), _KOPECK["pl"]),
    },
    "CZK": {
        "en": (
            Counted("Czech crown", "Czech crowns", "Czech crowns"),
            Counted("heller", "hellers", "hellers"),
        ),
        "ru": (
            Counted("чешская крона", "чешские кроны", "чешских крон", "f"),
            Counted("геллер", "геллера", "геллеров"),
        ),
        "pl": (
            Counted("korona czeska", "korony czeskie", "koron czeskich", "f"),
            Counted("halerz", "halerze", "halerzy"),
        ),
    },
    "CHF": {
        "en": (Counted("Swiss franc", "Swiss francs", "Swiss francs"), _CENTIME["en"]),
        "ru": (
            Counted("швейцарский франк", "швейцарских франка", "швейцарских франков"),
            _CENTIME["ru"],
        ),
        "pl": (
            Counted("frank szwajcarski", "franki szwajcarskie", "franków szwajcarskich"),
            _CENTIME["pl"],
        ),
    },
    "KZT": {
        "en": (Counted("tenge", "tenge", "tenge"), Counted("tiyn", "tiyns", "tiyns")),
        "ru": (Counted("тенге", "тенге", "тенге"), Counted("тиын", "тиына", "тиынов")),
        "pl": (Counted("tenge", "tenge", "tenge", "n"), Counted("tiyn", "tiyny", "tiynów")),
    },
}
"""The main unit and the hundredth of it, by language. Any other currency is spelled by its code."""


def amount(minor: int, currency: str, locale: str) -> tuple[str, ...]:
    """«dwa złote pięćdziesiąt groszy»; no hundredths where there are none. ValueError where it is
    more than can be spoken.
    """
    whole, hundredths = divmod(abs(minor), 100)
    sign = number(-1, locale)[:1] if minor < 0 else ()
    known = CURRENCIES.get(currency, {}).get(locale)
    if known is None:
        return (*sign, *_of_unknown(whole, hundredths, currency, locale))
    main, hundredth = known
    if not hundredths:
        return (*sign, *counted(whole, main, locale))
    if not whole:
        return (*sign, *counted(hundredths, hundredth, locale))
    return (
        *sign,
        *counted(whole, main, locale),
        *_AND[locale],
        *counted(hundredths, hundredth, locale),
    )


def speakable(minor: int) -> bool:
    return abs(minor) // 100 <= MAX_NUMBER


def _of_unknown(whole: int, hundredths: int, currency: str, locale: str) -> tuple[str, ...]:
    rest = number(hundredths, locale) if hundredths else ()
    return (*number(whole, locale), *spelled(currency, locale), *rest)
