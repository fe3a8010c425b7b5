INSERT INTO users (id, username, display_name, password_hash, role, created_at)
SELECT n, 'bench' || n, 'Bench ' || n, 'x', 'operator', now() FROM generate_series(1001, 1050) n;
INSERT INTO customers (display_name, sort_name, created_at, updated_at)
SELECT 'Customer ' || n, 'customer ' || n, now(), now() FROM generate_series(1, 10000) n;
CREATE TEMP TABLE told AS
SELECT n, 'bench/' || n AS call_id,
  timestamptz '2025-01-01' + (n::float8 / (CAST(:months AS integer) * :calls)) * (interval '30 days' * :months) AS at
FROM generate_series(1, CAST(:months AS integer) * :calls) n;
INSERT INTO calls (id, pbx, live, direction, result, started_at, answered_at, ended_at, caller_number, caller_name,
  dialed, trunk, route, queue, talk_seconds, hold_seconds, hangup_by, record, updated_at)
SELECT call_id, 'bench', false, 'inbound', 'answered', at, at, at, '+4850' || lpad((n % 3000)::text, 7, '0'), 'Jan Kowalski',
  '+48221000001', 'PJSIP/trunk', 'queue-support', 'support', 60, 0, 'caller',
  CAST(:record AS json), at FROM told;
INSERT INTO call_legs (call_id, uniqueid, channel, endpoint, number, role, user_id, ringing_at, result, talk_seconds, hold_seconds)
SELECT call_id, n || '.' || leg, 'PJSIP/1001-0000', 'PJSIP/1001', '1001', CASE leg WHEN 1 THEN 'caller' ELSE 'callee' END,
  1001 + n % 50, at, 'answered', 60, 0 FROM told, generate_series(1, 2) leg;
INSERT INTO call_channels (uniqueid, pbx, call_id, at)
SELECT n || '.' || leg, 'bench', call_id, at FROM told, generate_series(1, 2) leg;
INSERT INTO interactions (channel, call_id, direction, result, number, number_raw, number_kind, dialed, queue, customer_id,
  match, operator_id, started_at, answered_at, ended_at, talk_seconds, hold_seconds, explanation, created_at, updated_at)
SELECT 'call', call_id, 'inbound', CASE WHEN n % 10 = 0 THEN 'abandoned' ELSE 'answered' END,
  '+4850' || lpad((n % 3000)::text, 7, '0'), '', 'e164', '', (ARRAY['support', 'sales', 'vip', ''])[1 + n % 4],
  1 + (n * 7919) % 10000, 'one', 1001 + n % 50, at, at, at, 60, 0, '{"route"\: "queue-support"}', at, at FROM told;
INSERT INTO notes (interaction_id, author_id, text, created_at, updated_at, words)
SELECT id, operator_id, 'Asked about the invoice, wants it by mail', started_at, started_at, 'asked about the invoice wants it by mail'
FROM interactions WHERE id % 4 = 0;
