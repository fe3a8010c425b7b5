INSERT INTO interactions (channel, direction, result, number, number_raw, number_kind, dialed,
  queue, customer_id, match, operator_id, started_at, answered_at, ended_at, talk_seconds,
  hold_seconds, explanation, created_at, updated_at)
SELECT 'call', CASE WHEN n % 3 = 0 THEN 'outbound' ELSE 'inbound' END,
  CASE WHEN n % 10 = 0 THEN 'missed' ELSE 'answered' END, '+48500000000', '', 'e164', '',
  (ARRAY['support', 'sales', 'vip', ''])[1 + n % 4],
  1 + floor(random() * {customers})::bigint, 'one', 1001 + n % 50, at, at, at,
  CASE WHEN n % 10 = 0 THEN 0 ELSE 60 END, 0, '{{}}', at, at
FROM (
  SELECT n, now() - (n::float8 / {count}) * interval '1095 days' AS at
  FROM generate_series(1, {count}) n
) AS moments;

INSERT INTO outcomes (id, label, labels, requires)
SELECT n, 'Outcome ' || n, '{{}}', '{{}}' FROM generate_series(1001, 1010) n;

INSERT INTO interaction_outcomes (interaction_id, outcome_id, user_id, at, details)
SELECT id, 1001 + (id % 100) / 10, 1001, started_at, '{{}}' FROM interactions WHERE id % 7 = 0;
