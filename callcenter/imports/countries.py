"""Countries as files name them: two letters, or the name in English, Polish or Russian."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

from callcenter.customers.names import fold

_NAMES: Final = {
    "PL": "Poland; Polska; Польша; POL",
    "RU": "Russia; Russian Federation; Rosja; Россия; Российская Федерация; РФ; RUS",
    "UA": "Ukraine; Ukraina; Украина; Україна; UKR",
    "BY": "Belarus; Białoruś; Беларусь; Белоруссия; BLR",
    "KZ": "Kazakhstan; Kazachstan; Казахстан; KAZ",
    "LT": "Lithuania; Litwa; Литва; LTU",
    "LV": "Latvia; Łotwa; Латвия; LVA",
    "EE": "Estonia; Эстония; EST",
    "DE": "Germany; Niemcy; Германия; Deutschland; DEU",
    "CZ": "Czechia; Czech Republic; Czechy; Чехия; CZE",
    "SK": "Slovakia; Słowacja; Словакия; SVK",
    "AT": "Austria; Австрия; AUT",
    "FR": "France; Francja; Франция; FRA",
    "GB": "United Kingdom; UK; Great Britain; England; Wielka Brytania; Великобритания; GBR",
    "US": "United States; USA; United States of America; Stany Zjednoczone; США",
    "IT": "Italy; Włochy; Италия; ITA",
    "ES": "Spain; Hiszpania; Испания; ESP",
    "NL": "Netherlands; Holland; Holandia; Niderlandy; Нидерланды; NLD",
    "BE": "Belgium; Belgia; Бельгия; BEL",
    "SE": "Sweden; Szwecja; Швеция; SWE",
    "NO": "Norway; Norwegia; Норвегия; NOR",
    "DK": "Denmark; Dania; Дания; DNK",
    "FI": "Finland; Finlandia; Финляндия; FIN",
    "HU": "Hungary; Węgry; Венгрия; HUN",
    "RO": "Romania; Rumunia; Румыния; ROU",
    "BG": "Bulgaria; Bułgaria; Болгария; BGR",
    "CH": "Switzerland; Szwajcaria; Швейцария; CHE",
    "IE": "Ireland; Irlandia; Ирландия; IRL",
    "PT": "Portugal; Portugalia; Португалия; PRT",
    "GR": "Greece; Grecja; Греция; GRC",
    "TR": "Turkey; Türkiye; Turcja; Турция; TUR",
    "GE": "Georgia; Gruzja; Грузия; GEO",
    "AM": "Armenia; Армения; ARM",
    "AZ": "Azerbaijan; Azerbejdżan; Азербайджан; AZE",
    "UZ": "Uzbekistan; Узбекистан; UZB",
    "MD": "Moldova; Mołdawia; Молдова; MDA",
    "RS": "Serbia; Сербия; SRB",
    "IL": "Israel; Izrael; Израиль; ISR",
    "CN": "China; Chiny; Китай; CHN",
}
_CODES: Final = {
    fold(name.strip()): code for code, names in _NAMES.items() for name in names.split(";")
}


def code_of(text: str) -> str:
    if re.fullmatch(r"[A-Za-z]{2}", text) and fold(text) not in _CODES:
        if text.upper() not in phonenumbers.SUPPORTED_REGIONS:
            raise ValueError("names no country we know; write its two letters, such as PL")
        return text.upper()
    code = _CODES.get(fold(text.strip()))
    if code is None:
        raise ValueError("names no country we know; write its two letters, such as PL")
    return code
