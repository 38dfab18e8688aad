import type { CorpusEntry } from './describe-facts.ts';

/** Conditions and expressions. */
export const CONDITIONS: readonly CorpusEntry[] = [
  {
    name: 'TRY functions',
    sql: 'SELECT TRY_DIVIDE(SUM(net_amount), COUNT(DISTINCT customer_id)) AS arpu, TRY_CAST(code AS INT) FROM orders GROUP BY code',
    facts: {
      aggregates: ['sum(orders.net_amount)', 'count(distinct orders.customer_id)'],
      functions: ['try_divide', 'try_cast'],
    },
  },
  {
    name: 'ILIKE and NOT LIKE',
    sql: "SELECT name FROM customers WHERE name ILIKE '%gmbh%' AND email NOT LIKE '%@test.%'",
    facts: {
      predicates: [
        "where ilike [%gmbh%] customers.name ilike '%gmbh%'",
        "where not like [%@test.%] customers.email not like '%@test.%'",
      ],
    },
  },
  {
    name: 'IN and NOT IN keep their literals',
    sql: "SELECT 1 FROM orders WHERE status IN ('paid', 'Shipped') AND channel NOT IN ('web')",
    facts: {
      predicates: [
        "where in [paid, Shipped] orders.status in ('Shipped', 'paid')",
        "where <> [web] orders.channel <> 'web'",
      ],
    },
  },
  {
    name: 'IN with a subquery',
    sql: 'SELECT order_id FROM orders WHERE customer_id IN (SELECT customer_id FROM customers WHERE vip = TRUE)',
    facts: {
      tables: ['orders', 'customers'],
      columns: ['customers.customer_id@select', 'orders.customer_id@where'],
      predicates: [
        'where = [true] customers.vip = true',
        'where in [] orders.customer_id in (select customers.customer_id from customers where customers.vip = true)',
      ],
    },
  },
  {
    name: 'correlated NOT EXISTS',
    sql: 'SELECT c.name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.customer_id)',
    facts: {
      columns: ['orders.customer_id@where', 'customers.customer_id@where'],
      tables: ['customers', 'orders'],
    },
  },
  {
    name: 'scalar subquery',
    sql: 'SELECT name FROM products WHERE price > (SELECT AVG(price) FROM products)',
    facts: {
      aggregates: ['avg(products.price)'],
      predicates: ['where > [] products.price > (select avg(products.price) from products)'],
    },
  },
  {
    name: 'BETWEEN dates',
    sql: "SELECT COUNT(*) FROM orders WHERE order_date BETWEEN '2024-01-01' AND '2024-03-31'",
    facts: {
      predicates: [
        "where temporal between [2024-01-01, 2024-03-31] orders.order_date between '2024-01-01' and '2024-03-31'",
      ],
    },
  },
  {
    name: 'OR stays one predicate',
    sql: "SELECT 1 FROM stores WHERE (country = 'AT' OR region = 'DACH') AND closed = false",
    facts: {
      predicates: [
        "where or [AT, DACH] stores.country = 'AT' or stores.region = 'DACH'",
        'where = [false] stores.closed = false',
      ],
    },
  },
  {
    name: 'last 30 days',
    sql: 'SELECT COUNT(*) FROM orders WHERE order_date >= date_sub(current_date(), 30)',
    facts: {
      predicates: ['where temporal >= [30] orders.order_date >= current_date() - interval 30 day'],
      functions: ['date_sub', 'current_date'],
    },
  },
  {
    name: 'current year',
    sql: 'SELECT SUM(net_amount) FROM orders WHERE YEAR(order_date) = YEAR(CURRENT_DATE)',
    facts: {
      predicates: [
        'where temporal = [] extract(year from orders.order_date) = extract(year from current_date())',
      ],
    },
  },
  {
    name: 'unit argument is no column',
    sql: 'SELECT order_id FROM orders WHERE DATEDIFF(DAY, order_date, shipped_on) > 7 AND dateadd(MONTH, -3, current_date()) < order_date',
    facts: {
      columns: ['orders.order_date@where', 'orders.shipped_on@where'],
      predicates: [
        'where temporal > [7] datediff(day, orders.order_date, orders.shipped_on) > 7',
        'where temporal > [-3] orders.order_date > dateadd(month, -3, current_date())',
      ],
    },
  },
  {
    name: 'parameters',
    sql: 'SELECT name FROM customers WHERE country = :country AND signup_date > :since::date',
    facts: {
      predicates: [
        'where = [] customers.country = :country',
        'where temporal > [] customers.signup_date > cast(:since as date)',
      ],
    },
  },
  {
    name: 'FILTER on an aggregate',
    sql: "SELECT COUNT(*) FILTER (WHERE status = 'returned') AS returned, COUNT(*) AS n FROM orders",
    facts: {
      predicates: ["aggregate_filter = [returned] orders.status = 'returned'"],
      aggregates: ['count(*)'],
    },
  },
  {
    name: 'CASE inside an aggregate',
    sql: "SELECT SUM(CASE WHEN status = 'paid' AND channel = 'web' THEN net_amount ELSE 0 END) FROM orders",
    facts: {
      aggregates: [
        "sum(case when orders.channel = 'web' and orders.status = 'paid' then orders.net_amount else 0 end)",
      ],
      columns: ['orders.status@select', 'orders.channel@select', 'orders.net_amount@select'],
      predicates: [],
    },
  },
];
