-- Three years of calls to 30 queues, from eight to six, fewer at weekends' hours; each with its visit.
insert into calls (id, pbx, live, direction, result, started_at, answered_at, ended_at, caller_number,
    caller_name, dialed, trunk, route, queue, wait_seconds, talk_seconds, hold_seconds, hangup_by, record,
    updated_at)
select 'bench/' || n, 'bench', false, 'inbound', case when r < 0.9 then 'answered' else 'abandoned' end,
    at, case when r < 0.9 then at + wait * interval '1 second' end,
    at + (wait + talk) * interval '1 second', '', '', '+4822100000' || n % 5, 'PJSIP/trunk', '',
    'queue' || n % 30, wait, case when r < 0.9 then talk else 0 end, 0, '', '{}', at
from (select n, random() as r, -25 * ln(random() + 1e-9) as wait, 30 + 400 * random() as talk,
        timestamptz '2026-11-01 00:00Z' - (n % 1095 + 1) * interval '1 day' + interval '7 hours'
            + sqrt(random()) * interval '10 hours' as at
    from generate_series(1, %(contacts)s) as n) as made;

insert into interactions (channel, call_id, direction, result, number, number_raw, number_kind, dialed,
    queue, match, operator_id, started_at, answered_at, ended_at, wait_seconds, talk_seconds, hold_seconds,
    explanation, created_at, updated_at)
select 'call', id, direction, result, '+48600' || lpad((random() * 900000)::int::text, 6, '0'), '', 'e164',
    dialed, queue, 'none', null, started_at, answered_at, ended_at, wait_seconds, talk_seconds, 0, '{}',
    started_at, started_at
from calls;

insert into queue_visits (call_id, number_in_call, interaction_id, half, queue, direction, dialed, trunk,
    entered_at, left_at, answered_at, how, wait_seconds, talk_seconds)
select call_id, 1, id, date_bin('30 minutes', started_at, to_timestamp(0)), queue, direction, dialed,
    'PJSIP/trunk', started_at, answered_at, answered_at, result, wait_seconds, talk_seconds
from interactions;
