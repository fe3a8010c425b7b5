INSERT INTO customer_figures (customer_id, currency, lifetime_minor, orders, average_minor,
  last_order_on, visits, visits_year, overdue_minor, overdue_since, rfm_r, rfm_f, rfm_m, abc,
  last_contact_at, last_talk_at, updated_at)
SELECT c.id, 'PLN', CASE WHEN c.id % 10 < 3 THEN (random() * 1e7)::bigint ELSE 0 END,
  CASE WHEN c.id % 10 < 3 THEN c.id % 12 ELSE 0 END, 10000,
  CASE WHEN c.id % 10 < 3 THEN current_date - (c.id % 900)::int END, c.id % 5, c.id % 3,
  coalesce(o.due, 0), o.since, c.id % 6, c.id % 5, c.id % 6,
  CASE WHEN c.id % 10 < 3 THEN (ARRAY['A', 'B', 'C'])[1 + c.id % 3] ELSE '' END,
  t.contact, t.talk, now()
FROM customers c
LEFT JOIN (
  SELECT customer_id, max(started_at) AS contact,
    max(started_at) FILTER (WHERE talk_seconds > 0) AS talk
  FROM interactions GROUP BY 1
) t ON t.customer_id = c.id
LEFT JOIN (
  SELECT customer_id, sum(amount_minor) AS due, min(due_on) AS since FROM invoices
  WHERE paid_on IS NULL AND due_on < current_date GROUP BY 1
) o ON o.customer_id = c.id;
