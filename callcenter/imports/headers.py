"""Which field a column means, by its header: our own titles, what people call things in English,
Polish and Russian, and the labels that VtigerCRM writes in English and Russian."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final

from callcenter.customers.names import fold
from callcenter.imports.kinds import Kind

_SAME: Final[dict[str, dict[str, str]]] = {
    "customers": {
        "external_id": "id; external id; uid; contact id; contact no; lead no; customer id;"
        "client id; client no; код; код клиента; контакт №; обращение №; numer klienta; id klienta",
        "display_name": "name; full name; customer; client; fio; фио; имя клиента; клиент;"
        "imie i nazwisko; nazwa; klient; contact name; display name; formatted name",
        "given_name": "first name; given name; имя; imie; forename",
        "family_name": "last name; family name; surname; фамилия; nazwisko",
        "organization": "organization; organisation; organization name; account name; company;"
        "firm; employer; контрагент; организация; компания; фирма; firma; nazwa firmy; organizacja",
        "position": "position; title; job title; designation; должность; stanowisko; department",
        "phones": "phone; phones; phone number; telephone; tel; primary phone; numbers; телефон;"
        "телефоны; основной телефон; номер телефона; telefon; numer telefonu; telefony;"
        "other phone; secondary phone; другой тел; другой телефон; доп телефон;"
        "phone 1; phone 2; phone 3",
        "phone_mobile": "mobile; mobile phone; cell; cell phone; мобильный; мобильный тел;"
        "мобильный телефон; сотовый; komorka; telefon komorkowy; telefon mobilny",
        "phone_work": "work phone; office phone; business phone; рабочий тел; рабочий телефон;"
        "телефон рабочий; telefon sluzbowy; telefon biurowy",
        "phone_home": "home phone; домашний тел; домашний телефон; telefon domowy",
        "emails": "email; e-mail; mail; emails; e-mails; email address; primary email;"
        "secondary email; other email; почта; эл почта; электронная почта; адрес электронной почты;"
        "основной адрес электронной почты; второй адрес электронной почты; доп e-mail;"
        "adres e-mail; poczta",
        "email_work": "work e-mail; work email; business email",
        "email_home": "home e-mail; home email; personal email; private email",
        "telegram": "telegram; телеграм",
        "whatsapp": "whatsapp; ватсап",
        "viber": "viber; вайбер",
        "messenger": "messenger; facebook; messenger id",
        "site": "website; site; web; url; www; веб-сайт; сайт; strona www; strona internetowa",
        "city": "city; town; mailing city; miasto; miejscowosc; город; billing city",
        "street": "street; address; mailing street; ulica; адрес; улица; adres; billing address;"
        "address street",
        "postal_code": "postal code; zip; zip code; postcode; mailing zip; kod pocztowy; индекс;"
        "почтовый индекс; billing code",
        "address_city": "address city",
        "region": "region; state; province; mailing state; wojewodztwo; область; регион;"
        "billing state",
        "country": "country; mailing country; kraj; panstwo; страна; billing country",
        "language": "language; jezyk; язык",
        "time_zone": "time zone; timezone; strefa czasowa; часовой пояс",
        "status": "status; статус; lead status",
        "segment": "segment; сегмент; type",
        "vip_level": "vip level; vip; poziom vip; уровень vip",
        "blocked": "blocked; blacklist; заблокирован; zablokowany",
        "block_reason": "block reason; причина блокировки; powod blokady",
        "owner": "owner; assigned to; ответственный; opiekun; przypisany do; responsible",
        "confirmed": "confirmed; potwierdzony; подтвержден",
        "tags": "tags; labels; categories; tagi; теги; метки; lead source; источник",
        "do_not_call": "do not call; не звонить; nie dzwonic; donotcall",
        "no_emails": "email opt out; e-mail opt out; no e-mails; отказ от рассылки; emailoptout",
        "remarks": "remarks; notes; note; description; comment; comments; описание; примечание;"
        "комментарий; uwagi; opis; notatki; komentarz",
    },
    "organizations": {
        "external_id": "id; external id; organization no; account no; контрагент №; код",
        "name": "name; organization name; organization; account name; company; контрагент;"
        "организация; название; nazwa; firma; nazwa firmy",
        "tax_id": "tax id; vat; vat id; nip; инн; inn; vat number; edrpou",
        "phones": "phone; phones; primary phone; other phone; основной телефон; телефон;"
        "другой тел; telefon; alternate phone",
        "city": "city; billing city; miasto; город",
        "street": "street; billing address; billing street; address; ulica; adres; адрес; улица",
        "postal_code": "postal code; billing code; billing zip; zip; kod pocztowy; индекс",
        "address_city": "address city",
        "region": "region; billing state; state; область; wojewodztwo",
        "country": "country; billing country; kraj; страна",
        "notes": "notes; description; описание; uwagi; opis; remarks",
    },
    "*": {
        "number": "number; no; invoice number; invoice no; order number; order no;"
        "payment number; номер; номер счета; номер заказа; numer; numer faktury; numer zamowienia",
        "customer_external_id": "customer external id; customer id; client id; код клиента;"
        "id klienta",
        "customer_phone": "customer phone; phone; телефон; telefon",
        "customer_email": "customer e-mail; customer email; email; e-mail; почта",
        "customer_name": "customer name; customer; client; клиент; klient; contact name",
        "amount": "amount; total; sum; grand total; сумма; kwota; wartosc; wartosc brutto",
        "currency": "currency; валюта; waluta",
        "issued_on": "issued; issued on; invoice date; date; дата; дата счета; data wystawienia",
        "due_on": "due; due on; due date; срок оплаты; termin platnosci; termin",
        "paid_on": "paid; paid on; payment date; дата оплаты; data zaplaty; data platnosci",
        "invoice": "invoice; invoice number; счет; номер счета; faktura; numer faktury",
        "method": "method; payment method; способ оплаты; sposob platnosci",
        "title": "title; subject; description; название; тема; tytul; opis",
        "status": "status; статус; state",
        "placed_on": "placed; placed on; order date; date; дата; дата заказа; data zamowienia",
        "at": "when; at; date; visited at; date and time; дата; когда; data; kiedy",
        "place": "place; where; location; место; miejsce",
        "note": "note; notes; description; примечание; uwagi; notatka",
    },
}
WRONG: Final = "What is wrong"
"""The column that a file of errors has more; it means nothing when the file comes back."""
_SIGNS = re.compile(r"[^\w№]+")


def plain(header: str) -> str:
    return _SIGNS.sub(" ", fold(header)).strip()


def propose(header: Sequence[str], kind: Kind) -> dict[int, str]:
    """Column → field. A field that takes one column gets the first that fits."""
    known = _known(kind)
    several = {one.name for one in kind.targets if one.several}
    found: dict[int, str] = {}
    for column, title in enumerate(header):
        name = known.get(plain(title), "")
        if name and (name in several or name not in found.values()):
            found[column] = name
    return found


def _known(kind: Kind) -> Mapping[str, str]:
    same = _SAME.get(kind.code, _SAME["*"])
    known = {
        plain(word): name
        for name, words in same.items()
        if kind.target(name) is not None
        for word in words.split(";")
    }
    own = {plain(one.title): one.name for one in kind.targets}
    codes = {plain(one.name): one.name for one in kind.targets}
    return known | codes | own


def looks_like_header(first: Sequence[str], kind: Kind) -> bool:
    """Names of columns: none is a number or an address, and each stands there once."""
    titles = [cell.strip() for cell in first if cell.strip()]
    if propose(first, kind):
        return True
    told = [text for text in titles if re.search(r"[^\W\d_]", text) and "@" not in text]
    return len(told) == len(titles) and len(set(titles)) == len(titles) and len(titles) > 1


def signature(header: Sequence[str]) -> str:
    """The same for every file with these columns in this order."""
    text = "\x1f".join(plain(title) for title in header if title != WRONG)
    return hashlib.sha256(text.encode()).hexdigest()
