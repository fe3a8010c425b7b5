INSERT INTO contact_points (customer_id, kind, value, value_key, is_primary)
SELECT n, 'email', 'person' || n || '@example.org', 'person' || n || '@example.org', true
FROM generate_series(1, {count}) n WHERE n % 5 < 3;

INSERT INTO invoices (customer_id, number, amount_minor, currency, issued_on, due_on, paid_on)
SELECT n, 'FV/' || 2024 + n % 3 || '/' || n, (random() * 1e6)::bigint, 'PLN',
  current_date - (n % 800), current_date - (n % 800) + 14,
  CASE WHEN n % 40 <> 0 THEN current_date - (n % 300) END
FROM generate_series(1, {count}) n WHERE n % 10 < 3;

INSERT INTO tags (id, name, tag_key)
SELECT n, 'Tag ' || n, 'tag ' || n FROM generate_series(1001, 1040) n;

INSERT INTO customer_tags (customer_id, tag_id)
SELECT n, 1001 + n / 5 % 40 FROM generate_series(1, {count}) n WHERE n % 5 = 0;

INSERT INTO consents (customer_id, channel, given, at)
SELECT n, 'email', n % 4 <> 0, now() - (n % 400) * interval '1 day'
FROM generate_series(1, {count}) n WHERE n % 20 < 3;

INSERT INTO custom_fields (id, object, key, label, kind) VALUES
  (1001, 'customer', 'contract', 'Contract', 'text'),
  (1002, 'customer', 'score', 'Score', 'number'),
  (1003, 'customer', 'renewal', 'Renewal', 'date');

INSERT INTO custom_values (object_id, field_id, text)
SELECT n, 1001, 'UM-' || n FROM generate_series(1, {count}) n WHERE n % 10 = 0;

INSERT INTO custom_values (object_id, field_id, number)
SELECT n, 1002, n % 1000 * 1000000::bigint FROM generate_series(1, {count}) n WHERE n % 10 = 1;

INSERT INTO custom_values (object_id, field_id, day)
SELECT n, 1003, current_date + n % 365 FROM generate_series(1, {count}) n WHERE n % 10 = 2;

INSERT INTO deals (customer_id, title, stage, currency, state, created_at, updated_at)
SELECT n, 'Deal', 'proposal', 'PLN', CASE WHEN n % 3 = 0 THEN 'open' ELSE 'won' END, now(), now()
FROM generate_series(1, {count}) n WHERE n % 10 = 3;

INSERT INTO tasks (title, customer_id, due_at, created_at, updated_at)
SELECT 'Call', n, now() + (n % 30 - 15) * interval '1 day', now(), now()
FROM generate_series(1, {count}) n WHERE n % 20 = 4;

INSERT INTO segments (id, name, filter, frozen, columns, owner_id, created_at, updated_at)
VALUES (1001, 'Frozen', '{{}}', true, '[]', 1001, now(), now());

INSERT INTO segment_members (segment_id, customer_id)
SELECT 1001, n FROM generate_series(1, {count}) n WHERE n % 100 = 0;
