"""Names for the demo company, spelled as their owners would, and what its people write and buy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Country = Literal["PL", "RU", "GB"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Culture:
    """One country's people: family names and positions are pairs (of a man, of a woman)."""

    country: Country
    language: str
    currency: str
    men: tuple[str, ...]
    women: tuple[str, ...]
    families: tuple[tuple[str, str], ...]
    cities: tuple[tuple[str, str], ...]
    """A city and the start of its numbers in E.164, to be filled up to `landline` digits."""
    mobiles: tuple[str, ...]
    landline: int
    mobile: int
    positions: tuple[tuple[str, str], ...]
    organizations: tuple[tuple[str, str], ...]
    """Name and mail domain."""
    goods: tuple[str, ...]
    answered: tuple[str, ...]
    missed: tuple[str, ...]
    remarks: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """`Kowalski/Kowalska Mazur` → pairs; one form serves both where there is only one."""
    parts = (word.partition("/") for word in text.split())
    return tuple((man, woman or man) for man, _, woman in parts)


POLISH = Culture(
    country="PL",
    language="pl",
    currency="PLN",
    men=_words(
        "Piotr Krzysztof Andrzej Tomasz Paweł Michał Marcin Jakub Łukasz Grzegorz Stanisław "
        "Wojciech Rafał Sławomir Jerzy Bartłomiej"
    ),
    women=_words(
        "Anna Katarzyna Małgorzata Agnieszka Barbara Ewa Magdalena Joanna Krystyna Zofia "
        "Żaneta Łucja Izabela Beata Dorota Grażyna"
    ),
    families=_pairs(
        "Kowalski/Kowalska Wiśniewski/Wiśniewska Wójcik Kamiński/Kamińska Lewandowski/Lewandowska "
        "Zieliński/Zielińska Szymański/Szymańska Woźniak Dąbrowski/Dąbrowska Kozłowski/Kozłowska "
        "Jankowski/Jankowska Mazur Kwiatkowski/Kwiatkowska Krawczyk Kaczmarek "
        "Piotrowski/Piotrowska Grabowski/Grabowska Zając Pawłowski/Pawłowska Michalski/Michalska "
        "Król Wieczorek Jabłoński/Jabłońska Wróbel Majewski/Majewska Olszewski/Olszewska Stępień "
        "Malinowski/Malinowska Żółkiewski/Żółkiewska Łukaszewicz Śliwa Ćwikła"
    ),
    cities=(
        ("Warszawa", "+4822555"),
        ("Kraków", "+4812555"),
        ("Wrocław", "+4871555"),
        ("Gdańsk", "+4858555"),
        ("Poznań", "+4861555"),
        ("Łódź", "+4842555"),
    ),
    mobiles=("+48501555", "+48601555", "+48695555", "+48785555"),
    landline=12,
    mobile=12,
    positions=(
        ("kierownik zakupów", "kierowniczka zakupów"),
        ("główny księgowy", "główna księgowa"),
        ("właściciel", "właścicielka"),
        ("kierownik biura", "kierowniczka biura"),
        ("magazynier", "magazynierka"),
        ("dyrektor handlowy", "dyrektorka handlowa"),
    ),
    organizations=(
        ("Nowak Logistics", "nowak-logistics.example"),
        ("Drukarnia Pod Lipą", "podlipa.example"),
        ("Hurtownia Motylek", "motylek.example"),
        ("Tartak Wiśniewski", "tartak-wisniewski.example"),
        ("Piekarnia Złoty Kłos", "zlotyklos.example"),
        ("Elektro-Dom", "elektro-dom.example"),
        ("Zielony Ogród", "zielonyogrod.example"),
        ("Stolarnia Dąb", "stolarnia-dab.example"),
        ("Apteka Pod Orłem", "podorlem.example"),
        ("Biuro Rachunkowe Saldo", "saldo.example"),
        ("Auto Serwis Żuraw", "autozuraw.example"),
        ("Mleczarnia Łąkowa", "mleczarnia-lakowa.example"),
        ("Hotel Bałtyk", "hotel-baltyk.example"),
        ("Budmax Wrocław", "budmax.example"),
        ("Kwiaciarnia Róża", "kwiaciarnia-roza.example"),
    ),
    goods=(
        "Drukarka etykiet, 2 szt.",
        "Toner czarny, 12 szt.",
        "Papier A4, 40 ryz",
        "Czytnik kodów, 5 szt.",
        "Umowa serwisowa na rok",
        "Waga paczkowa, 1 szt.",
    ),
    answered=(
        "Pytanie o termin dostawy; potwierdzony na czwartek.",
        "Zamówienie takie jak w zeszłym miesiącu, wysłać ofertę mailem.",
        "Drukarka drze etykiety, serwis umówiony na jutro między 9 a 12.",
        "Prośba o fakturę na nowe dane, NIP bez zmian.",
        "Reklamacja: dwa tonery uszkodzone w transporcie. Wysyłamy nowe.",
        "Zapłata obiecana do piątku, prośba o potwierdzenie salda.",
    ),
    missed=("Oddzwonić po 14.", "Oddzwoniono, sprawa załatwiona."),
    remarks=(
        "Woli kontakt mailowy, dzwonić po 10.",
        "Zawsze zamawia na koniec miesiąca.",
        "Rozmawiać z panią z biura, szef rzadko odbiera.",
    ),
)

RUSSIAN = Culture(
    country="RU",
    language="ru",
    currency="RUB",
    men=_words(
        "Александр Дмитрий Сергей Андрей Алексей Михаил Иван Николай Павел Артём Фёдор Юрий"
    ),
    women=_words(
        "Елена Ольга Наталья Татьяна Ирина Светлана Анна Мария Екатерина Алёна Юлия Галина"
    ),
    families=_pairs(
        "Иванов/Иванова Смирнов/Смирнова Кузнецов/Кузнецова Попов/Попова Васильев/Васильева "
        "Петров/Петрова Михайлов/Михайлова Новиков/Новикова Фёдоров/Фёдорова Морозов/Морозова "
        "Волков/Волкова Алексеев/Алексеева Лебедев/Лебедева Семёнов/Семёнова Егоров/Егорова "
        "Павлов/Павлова Козлов/Козлова Степанов/Степанова Николаев/Николаева Орлов/Орлова "
        "Макаров/Макарова Никитин/Никитина Захаров/Захарова Соловьёв/Соловьёва Яковлев/Яковлева "
        "Щербаков/Щербакова Дзюба Черных"
    ),
    cities=(
        ("Москва", "+7495555"),
        ("Санкт-Петербург", "+7812555"),
        ("Екатеринбург", "+7343555"),
        ("Казань", "+7843555"),
        ("Нижний Новгород", "+7831555"),
    ),
    mobiles=("+7916555", "+7926555", "+7903555", "+7921555"),
    landline=12,
    mobile=12,
    positions=(
        ("начальник отдела снабжения", "начальник отдела снабжения"),
        ("главный бухгалтер", "главный бухгалтер"),
        ("директор", "директор"),
        ("офис-менеджер", "офис-менеджер"),
        ("кладовщик", "кладовщица"),
        ("менеджер по закупкам", "менеджер по закупкам"),
    ),
    organizations=(
        ("ООО «Северный ветер»", "sever-veter.example"),
        ("Торговый дом «Берёзка»", "td-berezka.example"),
        ("АО «Волга-Транс»", "volga-trans.example"),
        ("Пекарня «Хлебный двор»", "hlebdvor.example"),
        ("ООО «СтройМонолит»", "stroymonolit.example"),
        ("Клиника «Здоровье»", "zdorovie.example"),
        ("ИП Соколов А. В.", "sokolov-av.example"),
        ("ООО «ТехноЛайн»", "technoline.example"),
        ("Типография «Печатник»", "pechatnik.example"),
        ("ООО «ЭкоДом»", "ecodom.example"),
    ),
    goods=(
        "Принтер этикеток, 2 шт.",
        "Картридж чёрный, 12 шт.",
        "Бумага А4, 40 пачек",
        "Сканер штрихкодов, 5 шт.",
        "Договор обслуживания на год",
        "Весы почтовые, 1 шт.",
    ),
    answered=(
        "Вопрос о сроке поставки; подтвердили на четверг.",
        "Заказ как в прошлом месяце, выслать счёт на почту.",
        "Принтер мнёт этикетки, мастер приедет завтра с 9 до 12.",
        "Нужны закрывающие документы за прошлый квартал.",
        "Жалоба: два картриджа пришли повреждёнными. Отправляем новые.",
        "Обещана оплата до пятницы, нужен акт сверки.",
    ),
    missed=("Перезвонить после 14.", "Перезвонили, вопрос решён."),
    remarks=(
        "Звонить после 11 по московскому времени.",
        "Документы только через ЭДО.",
        "Решения принимает вместе с бухгалтерией.",
    ),
)

ENGLISH = Culture(
    country="GB",
    language="en",
    currency="GBP",
    men=_words("Oliver George Harry Jack James Thomas Edward Samuel Daniel Matthew"),
    women=_words("Olivia Amelia Emily Charlotte Sophie Grace Lucy Hannah Rebecca Alice"),
    families=_pairs(
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans "
        "Walker White Roberts Green Hall Wood Jackson Clarke O'Connor Fletcher Harrison Bennett "
        "Murphy"
    ),
    cities=(
        ("London", "+44207946"),
        ("Leeds", "+44113496"),
        ("Manchester", "+44161496"),
        ("Edinburgh", "+44131496"),
        ("Bristol", "+44117496"),
    ),
    mobiles=("+447400555", "+447400556", "+447700155"),
    landline=13,
    mobile=13,
    positions=(
        ("Purchasing Manager", "Purchasing Manager"),
        ("Accounts", "Accounts"),
        ("Owner", "Owner"),
        ("Office Manager", "Office Manager"),
        ("Warehouse Lead", "Warehouse Lead"),
        ("Sales Director", "Sales Director"),
    ),
    organizations=(
        ("Thames Valley Supplies Ltd", "thamesvalley.example"),
        ("Harbour & Sons", "harbourandsons.example"),
        ("Northern Lights Bakery", "nlbakery.example"),
        ("Pennine Outdoor Ltd", "pennine-outdoor.example"),
        ("Brightwater Dental", "brightwater.example"),
        ("Oak & Ash Furniture", "oakandash.example"),
        ("Fenland Growers", "fenland.example"),
        ("Castle Street Books", "castlestreetbooks.example"),
        ("Merseyside Motors", "merseymotors.example"),
        ("Highland Textiles", "highlandtextiles.example"),
    ),
    goods=(
        "Label printer, 2 pcs",
        "Black toner, 12 pcs",
        "A4 paper, 40 reams",
        "Barcode scanner, 5 pcs",
        "Service contract, one year",
        "Parcel scale, 1 pc",
    ),
    answered=(
        "Asked about the delivery date; confirmed for Thursday.",
        "Wants the same order as last month, send the quote by mail.",
        "Printer jams on labels, engineer booked for tomorrow 9 to 12.",
        "Needs the invoice reissued to the new address.",
        "Complaint: two toners damaged in transit. Replacements on the way.",
        "Will pay by Friday, asked for a statement of account.",
    ),
    missed=("Call back after 2 pm.", "Called back, sorted."),
    remarks=(
        "Prefers e-mail; call after 10.",
        "Orders at the end of every month.",
        "Ask for the office, the boss rarely picks up.",
    ),
)

CULTURES = (POLISH, RUSSIAN, ENGLISH)
