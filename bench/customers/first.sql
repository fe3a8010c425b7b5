INSERT INTO users (id, username, display_name, password_hash, role, created_at)
SELECT n, 'bench' || n, 'Bench ' || n, 'x', 'operator', now() FROM generate_series(1001, 1050) n;

INSERT INTO organizations (id, name, sort_name, tax_id, created_at)
SELECT n, 'Firma ' || n, 'firma ' || n, (5260000000 + n)::text, now()
FROM generate_series(1, {firms}) n;
