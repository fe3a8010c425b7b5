"""As many customers as asked, one number each, straight into the tables."""

from __future__ import annotations

from sqlalchemy import text

from callcenter.store import engine as store_engine

_FIRST_NUMBER = 500_000_000
_SERIES = "with recursive series(n) as (select 1 union all select n + 1 from series where n < {})"
_CUSTOMERS = """
insert into customers (id, display_name, sort_name, created_at, updated_at, vip_level)
{series} select n, 'Customer ' || n, 'customer ' || n, {now}, {now},
    case when n % 50 = 0 then 1 else 0 end from series"""
_PHONES = """
insert into phone_numbers (customer_id, e164, reversed_digits)
{series} select n, '+48' || (:first + n), {digits} from series"""
_INVOICES = """
insert into invoices (customer_id, number, amount_minor, currency, due_on)
{series} select n * 20, 'FV/' || n, 12300, 'PLN', {day} from series"""
_WORDS = {
    "postgresql": {
        "now": "now()",
        "digits": "reverse((:first + n)::text)",
        "day": "date '2020-01-01'",
    },
    "sqlite": {
        "now": "'2026-01-01 00:00:00.000000'",
        "digits": ":first + n",
        "day": "'2020-01-01'",
    },
}


def number_of(customer: int, count: int) -> str:
    """The number of the customers taken all over the table, never twice the same in a row."""
    return f"+48{_FIRST_NUMBER + 1 + (customer * 7919) % count}"


def fill(database_url: str, count: int) -> None:
    """One in fifty is a VIP, one in twenty owes money."""
    engine = store_engine.create(database_url)
    words = _WORDS[engine.dialect.name]
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("set local statement_timeout = 0")
        for statement, rows in ((_CUSTOMERS, count), (_PHONES, count), (_INVOICES, count // 20)):
            sql = statement.format(series=_SERIES.format(rows), **words)
            connection.execute(text(sql), {"first": _FIRST_NUMBER} if statement is _PHONES else {})
        connection.exec_driver_sql("analyze")
    engine.dispose()
