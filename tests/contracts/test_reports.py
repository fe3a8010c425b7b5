"""A day whose truth was worked out by hand, and what must hold of any day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from callcenter.errors import Invalid
from callcenter.queries.reports import answer, contacts, today
from callcenter.reports.periods import HALF, Period
from callcenter.reports.question import Answer, Cell, Filters, Question, ServiceLevel
from callcenter.services import report_facts, staffing
from callcenter.store.tables import (
    contact_days,
    contact_halves,
    operator_halves,
    queue_visits,
    report_dirty,
)
from tests.support.report_days import Wait, sum_up, told, write
from tests.support.store import Store, leg

WARSAW = "Europe/Warsaw"
MONDAY = date(2026, 3, 2)


def at(clock: str, day: date = MONDAY) -> datetime:
    hour, minute, second = (int(part) for part in clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)


#  UTC      queue    wait  how        talk hold   what it shows
DAY = [
    told(1, at("08:00:00"), Wait("support", 10, talk=100)),
    told(2, at("08:05:00"), Wait("support", 20, talk=200, hold=40)),  # 20 is within 20
    told(3, at("08:29:50"), Wait("support", 30, talk=60)),  # answered in the next half hour
    told(4, at("08:30:00"), Wait("support", 3, "abandoned")),  # a short abandon
    told(5, at("08:31:00"), Wait("support", 50, "abandoned")),
    told(6, at("08:40:00"), Wait("support", 60, "overflow"), Wait("sales", 5, talk=80, by="1002")),
    told(7, at("09:10:00"), Wait("sales", 15, talk=120), Wait("support", 8, talk=50, by="1002")),
    told(8, at("09:59:59"), Wait("sales", 300, "given_up")),
    told(9, at("23:45:00"), Wait("support", 12, talk=1800)),  # past midnight on both clocks
]
DID = Filters(channels=("call",))


def ask(store: Store, *kpis: str, **more: object) -> Answer:
    period = more.pop("period", Period.days(MONDAY, MONDAY, "UTC"))
    question = Question(kpis=kpis, period=period, **more)  # type: ignore[arg-type]
    with store.engine.connect() as connection:
        return answer(connection, question)


Table = dict[tuple[str, ...], tuple[object, ...]]


def table(found: Answer) -> Table:
    return {row.key: tuple(row.values.values()) for row in found.rows}


@pytest.fixture
def day(store: Store) -> Store:
    store.add_user("anna", "1001")
    store.add_user("ben", "1002")
    write(store, DAY)
    sum_up(store)
    return store


def test_every_figure_of_a_day_is_what_was_worked_out_by_hand(day: Store) -> None:
    counts = ask(
        day,
        *("contacts", "offered", "answered", "abandoned", "short_abandoned", "overflowed"),
        *("given_up", "handled", "transferred"),
        by=("queue",),
    )
    assert table(counts) == {
        ("sales",): (2, 3, 2, 0, 0, 0, 1, 2, 1),
        ("support",): (7, 8, 5, 2, 1, 1, 0, 5, 0),
    }
    assert tuple(counts.totals.values()) == (9, 11, 7, 2, 1, 1, 1, 7, 1)


def test_every_time_of_a_day_is_what_was_worked_out_by_hand(day: Store) -> None:
    times = ask(day, "asa", "abandon_wait", "wait_longest", "aht", "talk", "hold", by=("queue",))
    assert table(times) == {
        ("sales",): (10.0, None, 300.0, 100.0, 200.0, 0.0),
        ("support",): (16.0, 26.5, 60.0, 450.0, 2210.0, 40.0),
    }
    assert times.totals["asa"] == pytest.approx(100 / 7)
    assert times.totals["aht"] == pytest.approx((2410 + 40) / 7)


def test_the_service_level_is_counted_as_one_chooses(day: Store) -> None:
    def level(**how: object) -> dict[str, float | None]:
        found = ask(day, "service_level", by=("queue",), sl=ServiceLevel(**how))  # type: ignore[arg-type]
        return {row.key[0]: row.values["service_level"] for row in found.rows}

    # support: 4 of 5 answers within 20 s; 8 offered, one of them a short abandon
    assert level() == {"support": pytest.approx(4 / 7), "sales": pytest.approx(2 / 3)}
    assert level(short="in") == {"support": pytest.approx(4 / 8), "sales": pytest.approx(2 / 3)}
    assert level(abandons="out") == {"support": pytest.approx(4 / 5), "sales": 1.0}
    assert level(seconds=10) == {"support": pytest.approx(2 / 7), "sales": pytest.approx(1 / 3)}
    # 11 seconds are no bound of the sums: read from the visits themselves
    assert level(seconds=11) == {"support": pytest.approx(2 / 7), "sales": pytest.approx(1 / 3)}


def test_each_queue_is_measured_by_its_own_goal(day: Store) -> None:
    with day.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"sl_seconds": 30})
        uow.commit()
    found = ask(day, "service_level", by=("queue",))
    assert table(found)[("support",)] == (pytest.approx(5 / 7),)
    assert found.totals["service_level"] == pytest.approx(7 / 10)
    with day.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"sl_seconds": 11})  # from the visits
        uow.commit()
    assert table(ask(day, "service_level", by=("queue",)))[("support",)] == (pytest.approx(2 / 7),)


def test_contacts_count_in_the_half_hour_in_which_they_were_offered(day: Store) -> None:
    found = ask(day, "offered", "answered", by=("half_hour",), filters=Filters(queues=("support",)))
    assert table(found) == {
        ("2026-03-02T08:00+00:00",): (3, 3),
        ("2026-03-02T08:30+00:00",): (3, 0),
        ("2026-03-02T09:00+00:00",): (1, 1),
        ("2026-03-02T23:30+00:00",): (1, 1),
    }


def test_a_day_is_the_day_of_the_zone(day: Store) -> None:
    period = Period.days(MONDAY, date(2026, 3, 3), WARSAW)
    found = ask(day, "offered", by=("day",), period=period)
    assert table(found) == {("2026-03-02",): (10,), ("2026-03-03",): (1,)}


def test_operators_have_what_they_themselves_spoke(day: Store) -> None:
    found = ask(day, "answered", "talk", "hold", "transferred", "not_taken", by=("operator",))
    anna, ben = (row.key[0] for row in found.rows)
    assert table(found) == {
        (anna,): (5, 2280.0, 40.0, 1, 0),
        (ben,): (2, 130.0, 0.0, 0, 0),
    }


def test_today_on_the_board_is_the_report_of_the_same_time(day: Store) -> None:
    now = at("12:00:00")
    write(day, [told(20, at("11:58:00"), Wait("sales", 9, talk=10))])  # not summed up yet
    with day.engine.connect() as connection:
        board = today(connection, now, WARSAW)
    found = ask(
        day,
        *("offered", "answered", "abandoned", "service_level", "asa", "aht"),
        by=("queue",),
        period=Period.until_now(now, WARSAW),
    )
    for row in found.rows:
        one = board[row.key[0]]
        assert tuple(row.values.values()) == (
            *(one.offered, one.answered, one.abandoned),
            *(one.service_level, one.asa, one.aht),
        )
    assert board["sales"].offered == 4
    assert board[""].offered == found.totals["offered"]


def sums(store: Store) -> list[list[tuple[object, ...]]]:
    with store.engine.connect() as connection:
        return [
            sorted(tuple(row) for row in connection.execute(select(kept)))
            for kept in (contact_halves, contact_days, operator_halves)
        ]


def test_summing_up_twice_is_summing_up_once(day: Store) -> None:
    before = sums(day)
    with day.unit_of_work() as uow:
        uow.report_facts.mark("contacts", [at("00:00:00") + HALF * n for n in range(96)])
        uow.commit()
    sum_up(day)
    assert sums(day) == before


def test_a_call_that_is_written_again_counts_once(day: Store) -> None:
    before = sums(day)
    write(day, DAY)
    sum_up(day)
    assert sums(day) == before


def test_a_corrected_call_takes_its_counts_along(day: Store) -> None:
    write(day, [replace(told(5, at("10:02:00"), Wait("sales", 4, talk=30)))])
    sum_up(day)
    found = ask(day, "offered", "answered", "abandoned", by=("queue",))
    assert table(found) == {("sales",): (4, 3, 0), ("support",): (7, 5, 1)}
    later = ask(day, "offered", by=("half_hour",), filters=Filters(queues=("sales",)))
    assert table(later)[("2026-03-02T10:00+00:00",)] == (1,)


def test_a_call_that_was_part_of_another_counts_no_more(day: Store) -> None:
    write(day, [DAY[0]], {DAY[1].id: DAY[0].id})
    sum_up(day)
    assert ask(day, "offered", by=("queue",)).totals["offered"] == 10


def test_what_is_not_summed_up_yet_is_counted_all_the_same(day: Store) -> None:
    write(day, [told(30, at("08:10:00"), Wait("support", 1, talk=1))])
    found = ask(day, "offered", by=("half_hour",))
    assert table(found)[("2026-03-02T08:00+00:00",)] == (4,)
    with day.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(report_dirty)) == 1


@pytest.mark.parametrize(
    ("day_of_change", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)]
)
def test_the_day_on_which_clocks_change_is_one_day(
    store: Store, day_of_change: date, hours: int
) -> None:
    """A call each half hour of UTC around the change of the clock in Warsaw."""
    start = datetime(day_of_change.year, day_of_change.month, day_of_change.day, tzinfo=UTC)
    moments = [start - timedelta(hours=6) + HALF * n for n in range(72)]
    write(store, [told(n, one, Wait("support", 5, talk=60)) for n, one in enumerate(moments)])
    sum_up(store)
    period = Period.days(day_of_change, day_of_change, WARSAW)
    whole = ask(store, "offered", period=period)
    assert whole.totals["offered"] == 2 * hours
    by_hour = ask(store, "offered", by=("hour",), period=period)
    assert len(by_hour.rows) == hours
    assert {tuple(row.values.values()) for row in by_hour.rows} == {(2,)}
    around = Period.days(day_of_change - timedelta(days=1), day_of_change, WARSAW)
    by_day = table(ask(store, "offered", by=("day",), period=around))
    assert by_day[(day_of_change.isoformat(),)] == (2 * hours,)
    clock = table(ask(store, "offered", by=("time_of_day",), period=period))
    assert clock.get(("02:30",)) == ((2,) if hours == 25 else None)


def test_a_year_is_read_from_days_and_is_the_sum_of_its_months(store: Store) -> None:
    """Local months begin at no midnight of UTC: a call just before or after one does not stray."""
    bounds = [Period.month(2026, month, WARSAW).start for month in range(1, 13)]
    moments = [one + timedelta(seconds=s) for one in bounds for s in (-60, 60)]
    moments += [one + timedelta(days=14, hours=12) for one in bounds]
    write(store, [told(n, one, Wait("support", 5, talk=60)) for n, one in enumerate(moments)])
    sum_up(store)
    year = Period.days(date(2026, 1, 1), date(2026, 12, 31), WARSAW)
    by_month = table(ask(store, "offered", by=("month",), period=year))
    assert set(by_month.values()) == {(3,), (2,)}
    assert by_month[("2026-12",)] == (2,)
    assert ask(store, "offered", period=year).totals["offered"] == 35
    for month in (3, 4, 10, 11):
        one = ask(store, "offered", period=Period.month(2026, month, WARSAW))
        assert one.totals["offered"] == 3


def test_days_of_nepal_begin_a_quarter_past(day: Store) -> None:
    write(
        day,
        [
            told(40, at("18:14:00"), Wait("support", 1)),
            told(41, at("18:16:00"), Wait("support", 1)),
        ],
    )
    period = Period.days(MONDAY, date(2026, 3, 3), "Asia/Kathmandu")
    found = ask(day, "offered", by=("day",), period=period)
    assert table(found) == {("2026-03-02",): (11,), ("2026-03-03",): (2,)}


def test_calls_of_before_there_were_facts_get_theirs(store: Store) -> None:
    store.add_user("anna", "1001")
    old = [replace(one, queue_visits=()) for one in DAY[:5]]
    store.save(*old)
    while report_facts.fill(unit_of_work=store.unit_of_work, clock=store.clock):
        pass
    sum_up(store)
    found = ask(store, "offered", "answered", "abandoned", "talk", by=("queue",))
    assert table(found) == {("support",): (5, 3, 2, 360.0)}
    with store.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(queue_visits)) == 5


def test_what_cannot_be_answered_is_said_in_words(day: Store) -> None:
    ten = Period.days(date(2016, 3, 3), MONDAY, "UTC")
    assert ask(day, "offered", by=("month",), period=ten).totals["offered"] == 11
    for kpis, more in (
        (("weather",), {}),
        (("offered",), {"by": ("half_hour",), "period": ten}),
        (("offered",), {"by": ("outcome",), "period": ten}),
        (("fcr",), {"period": ten}),
    ):
        with pytest.raises(Invalid):
            ask(day, *kpis, **more)


def test_an_empty_period_has_no_shares(store: Store) -> None:
    found = ask(store, "offered", "service_level", "aht", "fcr", "occupancy", by=("queue",))
    assert found.rows == ()
    assert tuple(found.totals.values()) == (0, None, None, None, None)


def test_who_comes_again_within_the_days_was_not_helped(store: Store) -> None:
    def one(n: int, day: int, number: str, how: str = "answered") -> object:
        moment = at("10:00:00") + timedelta(days=day)
        return told(n, moment, Wait("support", 5, how, talk=10), number_of=number)

    write(
        store,
        [
            one(1, 0, "+48600100101"),  # comes again on day 5
            one(2, 5, "+48600100101"),  # and not after that within 7 days
            one(3, 13, "+48600100101"),
            one(4, 0, "+48600100102", "abandoned"),  # no answer: resolved nothing, counts not
            one(5, 1, "+48600100102"),
        ],  # type: ignore[list-item]
    )
    week = Period.days(MONDAY, date(2026, 3, 8), "UTC")
    found = ask(store, "fcr", "repeated", "repeat_rate", period=week)
    assert tuple(found.totals.values()) == (pytest.approx(2 / 3), 2, pytest.approx(2 / 4))
    assert ask(store, "fcr", period=week, again_days=8).totals["fcr"] == pytest.approx(1 / 3)

    def behind(kpi: str, days: int = 7) -> list[str | None]:
        question = Question(kpis=(kpi,), period=week, again_days=days)
        with store.engine.connect() as connection:
            first = contacts(connection, question, Cell(kpi=kpi), limit=1)
            rest = contacts(connection, question, Cell(kpi=kpi), first.next_cursor)
            return [one.call_id for one in (*first.items, *rest.items)]

    assert behind("repeated") == behind("repeat_rate") == ["pbx/2.1", "pbx/5.1"]
    assert behind("fcr") == ["pbx/2.1", "pbx/5.1"]


def test_behind_each_number_are_its_contacts(day: Store) -> None:
    def behind(kpi: str, *key: str, **more: object) -> list[str | None]:
        period = Period.days(MONDAY, MONDAY, "UTC")
        question = Question(kpis=(kpi,), period=period, **more)  # type: ignore[arg-type]
        with day.engine.connect() as connection:
            return [
                one.call_id for one in contacts(connection, question, Cell(kpi=kpi, key=key)).items
            ]

    assert behind("abandoned") == ["pbx/5.1", "pbx/4.1"]
    assert behind("answered", "sales", by=("queue",)) == ["pbx/7.1", "pbx/6.1"]
    assert behind("overflowed", "2026-03-02T08:30+00:00", by=("half_hour",)) == ["pbx/6.1"]
    assert behind("offered", "08:00", "support", by=("time_of_day", "queue")) == [
        *("pbx/3.1", "pbx/2.1", "pbx/1.1"),
    ]
    assert behind("offered", "1", by=("weekday",))[0] == "pbx/9.1"
    assert len(set(behind("offered"))) == 9
    # Nobody has given an outcome: these contacts count as well, and are there to be seen.
    assert table(ask(day, "contacts", by=("outcome",))) == {("",): (9.0,)}
    assert len(behind("contacts", "", by=("outcome",))) == 9
    with pytest.raises(Invalid):
        behind("offered", "2026-03-07", by=("day",))


def test_what_was_spoken_before_a_queue_leads_to_the_call_that_came_into_it_later(
    store: Store,
) -> None:
    """Anna takes a direct call and hands it into a queue half an hour later."""
    anna, ben = (str(store.add_user(*who)) for who in (("anna", "1001"), ("ben", "1002")))
    handed = told(50, at("08:31:00"), Wait("support", 10, talk=60, by="1002"))
    first = leg(
        "50.9",
        "PJSIP/1001",
        "callee",
        ringing_at=at("08:05:00"),
        answered_at=at("08:05:10"),
        ended_at=at("08:30:50"),
        result="answered",
        ring_seconds=10.0,
        talk_seconds=1540.0,
    )
    write(store, [replace(handed, started_at=at("08:05:00"), legs=(*handed.legs, first))])
    with store.unit_of_work() as uow:
        uow.commit()
    sum_up(store)
    early, late = "2026-03-02T08:00+00:00", "2026-03-02T08:30+00:00"
    asked = Question(
        kpis=("answered", "rung", "aht"),
        period=Period.days(MONDAY, MONDAY, "UTC"),
        by=("operator", "queue", "half_hour"),
    )
    with store.engine.connect() as connection:
        found = answer(connection, asked)
        assert {row.key for row in found.rows} == {(anna, "", early), (ben, "support", late)}
        for row in found.rows:
            for kpi in asked.kpis:
                behind = contacts(connection, asked, Cell(kpi=kpi, key=row.key)).items
                assert [one.call_id for one in behind] == ["pbx/50.1"]
        nobodys = contacts(connection, asked, Cell(kpi="rung", key=(anna, "support", late)))
        assert nobodys.items == ()


def test_a_list_behind_a_number_goes_on_where_a_page_ended(day: Store) -> None:
    question = Question(kpis=("offered",), period=Period.days(MONDAY, MONDAY, "UTC"))
    seen: list[int] = []
    cursor: str | None = None
    with day.engine.connect() as connection:
        while True:
            page = contacts(connection, question, Cell(kpi="offered"), cursor, limit=4)
            seen += [one.id for one in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert len(seen) == len(set(seen)) == 9


def test_a_contact_of_several_visits_is_listed_once_on_whatever_page(store: Store) -> None:
    """Each of seven callers comes back to the queue again and again, all of them interleaved."""
    visits = [Wait("support", 100, talk=100) for _ in range(5)]
    write(store, [told(n, at("09:00:00") + timedelta(seconds=n), *visits) for n in range(7)])
    question = Question(kpis=("offered",), period=Period.days(MONDAY, MONDAY, "UTC"))
    pages: list[list[int]] = []
    cursor: str | None = None
    with store.engine.connect() as connection:
        while cursor is not None or not pages:
            page = contacts(connection, question, Cell(kpi="offered"), cursor, limit=2)
            pages.append([one.id for one in page.items])
            cursor = page.next_cursor
    assert [len(page) for page in pages if page] == [2, 2, 2, 1]
    assert len({one for page in pages for one in page}) == 7


@pytest.mark.parametrize("queue", ["support", "billing"])  # with settings, and with none yet
def test_what_a_short_abandon_is_may_change_for_all_that_was_ever_counted(
    store: Store, queue: str
) -> None:
    def short_ones_if(seconds: int) -> float | None:
        staffing.save_queue(
            queue,
            {"short_abandon_seconds": seconds},
            user_id=user,
            unit_of_work=store.unit_of_work,
            publisher=store.publisher,
            clock=store.clock,
        )
        return ask(store, "short_abandoned").totals["short_abandoned"]

    user = store.add_user("lead", "")
    waits = (Wait(queue, 3, "abandoned"), Wait(queue, 50, "abandoned"))
    write(store, [told(n, at("08:00:00"), wait) for n, wait in enumerate(waits)])
    sum_up(store)
    assert ask(store, "short_abandoned").totals["short_abandoned"] == 1
    assert short_ones_if(60) == 2  # before anything is summed up again, and after
    sum_up(store)
    assert ask(store, "short_abandoned").totals["short_abandoned"] == 2
    assert short_ones_if(2) == 0


def test_who_got_a_card_only_when_they_were_spoken_with_is_the_one_who_called_before(
    store: Store,
) -> None:
    """They gave up as a number, called again, and were somebody from then on."""
    number = "+48600100103"
    gave_up = told(1, at("10:00:00"), Wait("support", 50, "abandoned"), number_of=number)
    write(store, [gave_up])
    store.add_customer("Jan", number)
    write(store, [told(2, at("10:05:00"), Wait("support", 5, talk=10), number_of=number)])
    write(store, [told(3, at("11:00:00"), Wait("support", 5, talk=10), number_of=number)])
    found = ask(store, "repeated", "repeat_rate", "fcr")
    assert tuple(found.totals.values()) == (2, pytest.approx(2 / 3), pytest.approx(1 / 2))
