-- The eight tables that every Databricks workspace has in samples.tpch, at about one part in a
-- thousand of their size, and a demo schema on top of them. All values follow from the row number
-- by modular arithmetic: (n * n * a + n * b + c) % prime, with other a, b and c for every column.

CREATE CATALOG IF NOT EXISTS samples;
CREATE SCHEMA IF NOT EXISTS samples.tpch;

CREATE TABLE samples.tpch.region (
  r_regionkey BIGINT NOT NULL,
  r_name STRING,
  r_comment STRING,
  CONSTRAINT region_pk PRIMARY KEY (r_regionkey)
);

CREATE TABLE samples.tpch.nation (
  n_nationkey BIGINT NOT NULL,
  n_name STRING,
  n_regionkey BIGINT,
  n_comment STRING,
  CONSTRAINT nation_pk PRIMARY KEY (n_nationkey),
  CONSTRAINT nation_region_fk FOREIGN KEY (n_regionkey) REFERENCES samples.tpch.region (r_regionkey)
);

CREATE TABLE samples.tpch.customer (
  c_custkey BIGINT NOT NULL,
  c_name STRING,
  c_address STRING,
  c_nationkey BIGINT,
  c_phone STRING,
  c_acctbal DECIMAL(18,2),
  c_mktsegment STRING,
  c_comment STRING,
  CONSTRAINT customer_pk PRIMARY KEY (c_custkey),
  CONSTRAINT customer_nation_fk FOREIGN KEY (c_nationkey) REFERENCES samples.tpch.nation (n_nationkey)
)
COMMENT 'One row per customer.';

CREATE TABLE samples.tpch.supplier (
  s_suppkey BIGINT NOT NULL,
  s_name STRING,
  s_address STRING,
  s_nationkey BIGINT,
  s_phone STRING,
  s_acctbal DECIMAL(18,2),
  s_comment STRING,
  CONSTRAINT supplier_pk PRIMARY KEY (s_suppkey)
);

CREATE TABLE samples.tpch.part (
  p_partkey BIGINT NOT NULL,
  p_name STRING,
  p_mfgr STRING,
  p_brand STRING,
  p_type STRING,
  p_size INT,
  p_container STRING,
  p_retailprice DECIMAL(18,2),
  p_comment STRING,
  CONSTRAINT part_pk PRIMARY KEY (p_partkey)
);

CREATE TABLE samples.tpch.partsupp (
  ps_partkey BIGINT NOT NULL,
  ps_suppkey BIGINT NOT NULL,
  ps_availqty INT,
  ps_supplycost DECIMAL(18,2),
  ps_comment STRING,
  CONSTRAINT partsupp_pk PRIMARY KEY (ps_partkey, ps_suppkey)
);

CREATE TABLE samples.tpch.orders (
  o_orderkey BIGINT NOT NULL,
  o_custkey BIGINT,
  o_orderstatus STRING,
  o_totalprice DECIMAL(18,2),
  o_orderdate DATE,
  o_orderpriority STRING,
  o_clerk STRING,
  o_shippriority INT,
  o_comment STRING,
  CONSTRAINT orders_pk PRIMARY KEY (o_orderkey),
  CONSTRAINT orders_customer_fk FOREIGN KEY (o_custkey) REFERENCES samples.tpch.customer (c_custkey)
)
COMMENT 'One row per order.';

CREATE TABLE samples.tpch.lineitem (
  l_orderkey BIGINT NOT NULL,
  l_partkey BIGINT,
  l_suppkey BIGINT,
  l_linenumber INT NOT NULL,
  l_quantity DECIMAL(18,2),
  l_extendedprice DECIMAL(18,2),
  l_discount DECIMAL(18,2),
  l_tax DECIMAL(18,2),
  l_returnflag STRING,
  l_linestatus STRING,
  l_shipdate DATE,
  l_commitdate DATE,
  l_receiptdate DATE,
  l_shipinstruct STRING,
  l_shipmode STRING,
  l_comment STRING,
  CONSTRAINT lineitem_pk PRIMARY KEY (l_orderkey, l_linenumber),
  CONSTRAINT lineitem_orders_fk FOREIGN KEY (l_orderkey) REFERENCES samples.tpch.orders (o_orderkey)
)
COMMENT 'Positions of the orders.';

INSERT INTO samples.tpch.region VALUES
  (0, 'AFRICA', 'special requests sleep'),
  (1, 'AMERICA', 'even deposits haggle'),
  (2, 'ASIA', 'ironic packages wake'),
  (3, 'EUROPE', 'bold accounts nag'),
  (4, 'MIDDLE EAST', 'final theodolites cajole');

INSERT INTO samples.tpch.nation VALUES
  (0, 'ALGERIA', 0, 'regular ideas'),
  (1, 'ARGENTINA', 1, 'silent foxes'),
  (2, 'BRAZIL', 1, 'pending accounts'),
  (3, 'CANADA', 1, 'express dolphins'),
  (4, 'EGYPT', 4, 'quick requests'),
  (5, 'ETHIOPIA', 0, 'careful pinto beans'),
  (6, 'FRANCE', 3, 'final platelets'),
  (7, 'GERMANY', 3, 'bold deposits'),
  (8, 'INDIA', 2, 'even excuses'),
  (9, 'INDONESIA', 2, 'ironic asymptotes'),
  (10, 'IRAN', 4, 'special theodolites'),
  (11, 'IRAQ', 4, 'blithe packages'),
  (12, 'JAPAN', 2, 'daring instructions'),
  (13, 'JORDAN', 4, 'furious sentiments'),
  (14, 'KENYA', 0, 'unusual dependencies'),
  (15, 'MOROCCO', 0, 'thin courts'),
  (16, 'MOZAMBIQUE', 0, 'ruthless waters'),
  (17, 'PERU', 1, 'sly frets'),
  (18, 'CHINA', 2, 'dogged pearls'),
  (19, 'ROMANIA', 3, 'busy warthogs'),
  (20, 'SAUDI ARABIA', 4, 'close somas'),
  (21, 'VIETNAM', 2, 'stealthy braids'),
  (22, 'RUSSIA', 3, 'idle realms'),
  (23, 'UNITED KINGDOM', 3, 'brave grouches'),
  (24, 'UNITED STATES', 1, 'fluffy hockey players');

INSERT INTO samples.tpch.customer
SELECT
  custkey,
  concat('Customer#', lpad(CAST(custkey AS STRING), 9, '0')),
  concat(CAST(1 + h1 % 180 AS STRING), ' ', element_at(array('Mill', 'Station', 'Harbour', 'Church', 'Garden', 'Market', 'Bridge'), CAST(h2 % 7 AS INT) + 1), ' Street'),
  nationkey,
  concat(CAST(10 + nationkey AS STRING), '-', CAST(100 + h3 % 900 AS STRING), '-', CAST(100 + h1 % 900 AS STRING), '-', CAST(1000 + h2 % 9000 AS STRING)),
  CAST(h3 % 1099900 AS DECIMAL(18,2)) / 100 - 999.99,
  CASE
    WHEN h2 % 100 < 27 THEN 'AUTOMOBILE'
    WHEN h2 % 100 < 51 THEN 'BUILDING'
    WHEN h2 % 100 < 66 THEN 'FURNITURE'
    WHEN h2 % 100 < 83 THEN 'HOUSEHOLD'
    ELSE 'MACHINERY'
  END,
  concat(element_at(array('quiet', 'final', 'bold', 'regular', 'special'), CAST(h1 % 5 AS INT) + 1), ' ', element_at(array('accounts', 'deposits', 'requests', 'packages'), CAST(h3 % 4 AS INT) + 1))
FROM (
  SELECT id + 1 AS custkey,
    (h4 % 25) * (CASE WHEN h1 % 3 = 0 THEN 0 ELSE 1 END) + (CASE WHEN h1 % 3 = 0 THEN 6 + h4 % 3 ELSE 0 END) AS nationkey,
    h1, h2, h3
  FROM (
    SELECT id,
      (id * id * 7919 + id * 104729 + 1299709) % 1000003 AS h1,
      (id * id * 6007 + id * 15485 + 32452843) % 1000003 AS h2,
      (id * id * 104651 + id * 8831 + 49979687) % 1100009 AS h3,
      (id * id * 5407 + id * 67867 + 86028121) % 1000003 AS h4
    FROM range(150)
  )
);

INSERT INTO samples.tpch.supplier
SELECT
  suppkey,
  concat('Supplier#', lpad(CAST(suppkey AS STRING), 9, '0')),
  concat(CAST(1 + h1 % 90 AS STRING), ' ', element_at(array('Dock', 'Foundry', 'Canal', 'Depot'), CAST(h2 % 4 AS INT) + 1), ' Road'),
  nationkey,
  concat(CAST(10 + nationkey AS STRING), '-', CAST(100 + h2 % 900 AS STRING), '-', CAST(100 + h3 % 900 AS STRING), '-', CAST(1000 + h1 % 9000 AS STRING)),
  CAST(h3 % 1099900 AS DECIMAL(18,2)) / 100 - 999.99,
  concat(element_at(array('careful', 'sly', 'express', 'even'), CAST(h1 % 4 AS INT) + 1), ' ', element_at(array('foxes', 'courts', 'ideas'), CAST(h2 % 3 AS INT) + 1))
FROM (
  SELECT id + 1 AS suppkey,
    element_at(array(6, 7, 24, 12, 7, 18, 23, 2, 8, 6, 19, 3), CAST(h1 % 12 AS INT) + 1) AS nationkey,
    h1, h2, h3
  FROM (
    SELECT id,
      (id * id * 9973 + id * 50021 + 15487469) % 1000003 AS h1,
      (id * id * 3571 + id * 81799 + 179424673) % 1000003 AS h2,
      (id * id * 70657 + id * 22307 + 373587883) % 1100009 AS h3
    FROM range(20)
  )
);

INSERT INTO samples.tpch.part
SELECT
  partkey,
  concat(element_at(array('almond', 'azure', 'blush', 'coral', 'forest', 'ivory', 'lemon', 'navy', 'olive', 'plum', 'rose'), CAST(h1 % 11 AS INT) + 1), ' ', element_at(array('antique', 'burnished', 'dim', 'frosted', 'metallic', 'pale', 'smoke'), CAST(h2 % 7 AS INT) + 1)),
  concat('Manufacturer#', CAST(mfgr AS STRING)),
  concat('Brand#', CAST(mfgr AS STRING), CAST(1 + h2 % 3 AS STRING)),
  concat(element_at(array('STANDARD', 'SMALL', 'MEDIUM', 'LARGE', 'ECONOMY', 'PROMO'), CAST(h3 % 6 AS INT) + 1), ' ', element_at(array('ANODIZED', 'BURNISHED', 'PLATED', 'POLISHED', 'BRUSHED'), CAST(h1 % 5 AS INT) + 1), ' ', element_at(array('TIN', 'NICKEL', 'BRASS', 'STEEL', 'COPPER'), CAST(h4 % 5 AS INT) + 1)),
  CAST(1 + h4 % 50 AS INT),
  concat(element_at(array('SM', 'MED', 'LG', 'JUMBO', 'WRAP'), CAST(h2 % 5 AS INT) + 1), ' ', element_at(array('CASE', 'BOX', 'BAG', 'JAR', 'PKG', 'PACK', 'CAN', 'DRUM'), CAST(h3 % 8 AS INT) + 1)),
  CAST(90000 + h1 % 120000 AS DECIMAL(18,2)) / 100,
  element_at(array('slyly even', 'final deposits', 'quick braids', 'ironic foxes'), CAST(h4 % 4 AS INT) + 1)
FROM (
  SELECT id + 1 AS partkey,
    CASE WHEN h3 % 10 < 3 THEN 1 WHEN h3 % 10 < 5 THEN 2 WHEN h3 % 10 < 8 THEN 3 WHEN h3 % 10 < 9 THEN 4 ELSE 5 END AS mfgr,
    h1, h2, h3, h4
  FROM (
    SELECT id,
      (id * id * 4703 + id * 92503 + 256203161) % 1000003 AS h1,
      (id * id * 8167 + id * 31337 + 67867979) % 1000003 AS h2,
      (id * id * 2791 + id * 77711 + 141650939) % 1000003 AS h3,
      (id * id * 9161 + id * 40009 + 198491317) % 1000003 AS h4
    FROM range(200)
  )
);

INSERT INTO samples.tpch.partsupp
SELECT
  partkey,
  (partkey * 7 + i * (1 + 2 * (partkey % 3))) % 20 + 1,
  CAST(1 + h1 % 9999 AS INT),
  CAST(100 + h2 % 99900 AS DECIMAL(18,2)) / 100,
  element_at(array('regular asymptotes', 'unusual pearls', 'busy sentiments'), CAST(h1 % 3 AS INT) + 1)
FROM (
  SELECT p.p_partkey AS partkey, r.id AS i,
    ((p.p_partkey * 4 + r.id) * (p.p_partkey * 4 + r.id) * 6131 + (p.p_partkey * 4 + r.id) * 19207 + 5915587277) % 1000003 AS h1,
    ((p.p_partkey * 4 + r.id) * (p.p_partkey * 4 + r.id) * 3259 + (p.p_partkey * 4 + r.id) * 88321 + 1500450271) % 1000003 AS h2
  FROM samples.tpch.part AS p CROSS JOIN range(4) AS r
);

-- Order n has the key floor(n / 8) * 32 + n % 8 + 1, as sparse as in TPC-H, and its date grows slowly denser.
-- The day of reference, which decides what has been shipped and returned, is 1995-06-17.
INSERT INTO samples.tpch.lineitem
SELECT
  orderkey,
  partkey,
  (partkey * 7 + (h4 % 4) * (1 + 2 * (partkey % 3))) % 20 + 1,
  CAST(linenumber AS INT),
  CAST(quantity AS DECIMAL(18,2)),
  CAST(quantity * p_retailprice AS DECIMAL(18,2)),
  CAST(discount AS DECIMAL(18,2)) / 100,
  CAST(h2 % 9 AS DECIMAL(18,2)) / 100,
  CASE WHEN receiptdate > DATE '1995-06-17' THEN 'N' WHEN h3 % 100 < 38 THEN 'R' ELSE 'A' END,
  CASE WHEN shipdate > DATE '1995-06-17' THEN 'O' ELSE 'F' END,
  shipdate,
  date_add(orderdate, CAST(30 + h6 % 61 AS INT)),
  receiptdate,
  element_at(array('DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'), CAST(h5 % 4 AS INT) + 1),
  element_at(array('AIR', 'FOB', 'MAIL', 'RAIL', 'REG AIR', 'SHIP', 'TRUCK'), CAST(mode AS INT) + 1),
  element_at(array('quickly pending', 'carefully bold', 'furiously even', 'blithely silent', 'slowly final'), CAST(h6 % 5 AS INT) + 1)
FROM (
  SELECT orderkey, linenumber, orderdate, h2, h3, h4, h5, h6, mode, p_partkey AS partkey, p_retailprice,
    1 + h1 % 50 AS quantity,
    CASE WHEN p_brand = 'Brand#12' THEN h5 % 4 ELSE h5 % 11 END AS discount,
    date_add(orderdate, CAST(1 + h3 % (60 + 14 * mode) AS INT)) AS shipdate,
    date_add(orderdate, CAST(1 + h3 % (60 + 14 * mode) + 1 + h4 % 30 AS INT)) AS receiptdate
  FROM (
    SELECT orderkey, linenumber, orderdate, h1, h2, h3, h4, h5, h6,
      CASE WHEN h2 % 100 < 11 THEN 0 WHEN h2 % 100 < 22 THEN 1 WHEN h2 % 100 < 41 THEN 2 WHEN h2 % 100 < 50 THEN 3 WHEN h2 % 100 < 62 THEN 4 WHEN h2 % 100 < 75 THEN 5 ELSE 6 END AS mode
    FROM (
      SELECT orderkey, linenumber, orderdate,
        (n * n * 7103 + n * 48611 + 982451653) % 1000003 AS h1,
        (n * n * 5939 + n * 27644 + 961748941) % 1000003 AS h2,
        (n * n * 8513 + n * 61637 + 920419823) % 1000003 AS h3,
        (n * n * 4253 + n * 71993 + 899809363) % 1000003 AS h4,
        (n * n * 9391 + n * 33391 + 879190841) % 1000003 AS h5,
        (n * n * 6737 + n * 15013 + 858599509) % 1000003 AS h6
      FROM (
        SELECT orderkey, orderdate, lines.id AS linenumber, position * 7 + lines.id AS n, line_count
        FROM (
          SELECT id AS position,
            CAST(floor(id / 8) AS BIGINT) * 32 + id % 8 + 1 AS orderkey,
            1 + (id * id * 3761 + id * 92821 + 472882027) % 1000003 % 7 AS line_count,
            date_add(DATE '1992-01-01', CAST(greatest(
              (id * id * 6691 + id * 55837 + 413158511) % 1000003 % 2406,
              CASE WHEN id % 4 = 3 THEN (id * id * 2477 + id * 43037 + 393342739) % 1000003 % 2406 ELSE 0 END
            ) AS INT)) AS orderdate
          FROM range(1500)
        ) CROSS JOIN range(1, 8) AS lines
      )
      WHERE linenumber <= line_count
    )
  ) JOIN samples.tpch.part ON p_partkey = 1 + least(h6 % 200, h1 % 260)
);

INSERT INTO samples.tpch.orders
SELECT
  orderkey,
  3 * CAST(floor(buyer / 2) AS BIGINT) + 1 + buyer % 2,
  status,
  totalprice,
  orderdate,
  CASE
    WHEN h3 % 100 < 14 THEN '1-URGENT'
    WHEN h3 % 100 < 38 THEN '2-HIGH'
    WHEN h3 % 100 < 59 THEN '3-MEDIUM'
    WHEN h3 % 100 < 77 THEN '4-NOT SPECIFIED'
    ELSE '5-LOW'
  END,
  concat('Clerk#', lpad(CAST(1 + h1 % 15 AS STRING), 9, '0')),
  0,
  element_at(array('carefully regular', 'slyly express', 'quickly final', 'blithely unusual'), CAST(h2 % 4 AS INT) + 1)
FROM (
  SELECT
    CAST(floor(id / 8) AS BIGINT) * 32 + id % 8 + 1 AS orderkey,
    CAST(floor(((id * id * 5147 + id * 12347 + 373587911) % 1000003 % 100) * (40 + (id * id * 8699 + id * 21911 + 334214467) % 1000003 % 60) / 100) AS BIGINT) AS buyer,
    date_add(DATE '1992-01-01', CAST(greatest(
      (id * id * 6691 + id * 55837 + 413158511) % 1000003 % 2406,
      CASE WHEN id % 4 = 3 THEN (id * id * 2477 + id * 43037 + 393342739) % 1000003 % 2406 ELSE 0 END
    ) AS INT)) AS orderdate,
    (id * id * 7577 + id * 39769 + 314606891) % 1000003 AS h1,
    (id * id * 4421 + id * 83557 + 295075153) % 1000003 AS h2,
    (id * id * 9803 + id * 64513 + 275604547) % 1000003 AS h3
  FROM range(1500)
) JOIN (
  SELECT
    l_orderkey,
    CASE WHEN min(l_linestatus) = 'O' THEN 'O' WHEN max(l_linestatus) = 'F' THEN 'F' ELSE 'P' END AS status,
    CAST(sum(l_extendedprice * (1 + l_tax) * (1 - l_discount)) AS DECIMAL(18,2)) AS totalprice
  FROM samples.tpch.lineitem
  GROUP BY l_orderkey
) ON l_orderkey = orderkey;

CREATE CATALOG IF NOT EXISTS main;
CREATE SCHEMA IF NOT EXISTS main.genie_demo;

CREATE OR REPLACE VIEW main.genie_demo.revenue_metrics
WITH METRICS
LANGUAGE YAML
AS $$
version: 1.1
source: samples.tpch.lineitem
joins:
  - name: orders
    source: samples.tpch.orders
    on: source.l_orderkey = orders.o_orderkey
dimensions:
  - name: order_month
    expr: CAST(date_trunc('MONTH', orders.o_orderdate) AS DATE)
  - name: order_year
    expr: year(orders.o_orderdate)
  - name: order_priority
    expr: orders.o_orderpriority
  - name: ship_mode
    expr: l_shipmode
measures:
  - name: revenue
    expr: SUM(l_extendedprice * (1 - l_discount))
  - name: units
    expr: SUM(l_quantity)
  - name: order_count
    expr: COUNT(DISTINCT l_orderkey)
$$;

CREATE OR REPLACE VIEW main.genie_demo.delivery_metrics
WITH METRICS
LANGUAGE YAML
AS $$
version: 1.1
source: samples.tpch.lineitem
dimensions:
  - name: ship_year
    expr: year(l_shipdate)
  - name: ship_month
    expr: CAST(date_trunc('MONTH', l_shipdate) AS DATE)
  - name: ship_mode
    expr: l_shipmode
measures:
  - name: delivered_items
    expr: COUNT(1)
  - name: overdue_items
    expr: COUNT(1) FILTER (WHERE l_receiptdate > l_commitdate)
  - name: overdue_pct
    expr: ROUND(100.0 * COUNT(1) FILTER (WHERE l_receiptdate > l_commitdate) / COUNT(1), 1)
  - name: avg_transit_days
    expr: ROUND(AVG(datediff(l_receiptdate, l_shipdate)), 2)
$$;

CREATE OR REPLACE FUNCTION main.genie_demo.top_customers(
  from_date DATE,
  to_date DATE,
  top_n INT DEFAULT 10
)
RETURNS TABLE (customer_name STRING, nation STRING, revenue DECIMAL(38,2))
COMMENT 'Customers ranked by revenue.'
RETURN
  SELECT customer_name, nation, revenue
  FROM (
    SELECT
      c_name AS customer_name,
      n_name AS nation,
      CAST(SUM(l_extendedprice * (1 - l_discount)) AS DECIMAL(38,2)) AS revenue,
      ROW_NUMBER() OVER (ORDER BY SUM(l_extendedprice * (1 - l_discount)) DESC, c_name) AS position
    FROM samples.tpch.lineitem
    JOIN samples.tpch.orders ON l_orderkey = o_orderkey
    JOIN samples.tpch.customer ON o_custkey = c_custkey
    JOIN samples.tpch.nation ON c_nationkey = n_nationkey
    WHERE o_orderdate BETWEEN from_date AND to_date
    GROUP BY c_name, n_name
  ) AS ranked
  WHERE position <= top_n;

CREATE OR REPLACE FUNCTION main.genie_demo.quarterly_growth(
  for_year INT
)
RETURNS TABLE (quarter INT, revenue DECIMAL(38,2), previous_revenue DECIMAL(38,2), growth_pct DOUBLE)
RETURN
  SELECT quarter, revenue, previous_revenue, CAST(ROUND(100.0 * (revenue - previous_revenue) / previous_revenue, 2) AS DOUBLE) AS growth_pct
  FROM (
    SELECT
      order_year,
      quarter,
      revenue,
      LAG(revenue) OVER (ORDER BY order_year, quarter) AS previous_revenue
    FROM (
      SELECT
        year(o_orderdate) AS order_year,
        CAST(quarter(o_orderdate) AS INT) AS quarter,
        CAST(SUM(l_extendedprice * (1 - l_discount)) AS DECIMAL(38,2)) AS revenue
      FROM samples.tpch.lineitem
      JOIN samples.tpch.orders ON l_orderkey = o_orderkey
      GROUP BY year(o_orderdate), quarter(o_orderdate)
    ) AS by_quarter
  ) AS with_previous
  WHERE order_year = for_year;

CREATE OR REPLACE FUNCTION main.genie_demo.orders_of_customer(
  customer_name STRING
)
RETURNS TABLE (order_key BIGINT, order_date DATE, status STRING, total_price DECIMAL(18,2))
COMMENT 'All orders of one customer.'
RETURN
  SELECT o_orderkey AS order_key, o_orderdate AS order_date, o_orderstatus AS status, o_totalprice AS total_price
  FROM samples.tpch.orders
  JOIN samples.tpch.customer ON o_custkey = c_custkey
  WHERE c_name = customer_name;

-- What a data quality monitor writes: per day, one row for the whole table and one per column.
CREATE TABLE main.genie_demo.orders_profile_metrics (
  window_start TIMESTAMP,
  window_end TIMESTAMP,
  granularity STRING,
  table_name STRING,
  column_name STRING,
  slice_key STRING,
  slice_value STRING,
  log_type STRING,
  count BIGINT,
  num_nulls BIGINT,
  percent_null DOUBLE,
  distinct_count BIGINT
);

INSERT INTO main.genie_demo.orders_profile_metrics
SELECT
  CAST(day AS TIMESTAMP),
  CAST(date_add(day, 1) AS TIMESTAMP),
  '1 day',
  'samples.tpch.orders',
  column_name,
  CASE WHEN slice = 0 THEN NULL ELSE 'o_orderpriority' END,
  CASE WHEN slice = 0 THEN NULL ELSE '1-URGENT' END,
  log_type,
  rows_seen,
  CASE WHEN column_name = ':table' THEN NULL ELSE nulls END,
  CASE WHEN column_name = ':table' THEN NULL ELSE ROUND(100.0 * nulls / rows_seen, 3) END,
  CASE WHEN column_name = ':table' THEN NULL ELSE distinct_values END
FROM (
  SELECT day, column_name, slice, log_type, distinct_values,
    rows_seen,
    CAST(floor(rows_seen * null_permille / 1000) AS BIGINT) AS nulls
  FROM (
    SELECT
      date_add(DATE '2026-09-17', CAST(d.id AS INT)) AS day,
      element_at(array(':table', 'o_orderkey', 'o_clerk', 'o_comment', 'o_totalprice'), CAST(c.id AS INT) + 1) AS column_name,
      s.id AS slice,
      CASE WHEN t.id = 0 THEN 'INPUT' ELSE 'BASELINE' END AS log_type,
      CAST(floor(CASE WHEN t.id = 1 THEN 1400 ELSE (1440 + 4 * d.id + (d.id * d.id * 17 + d.id * 5) % 11) END / (CASE WHEN s.id = 0 THEN 1 ELSE 8 END)) AS BIGINT) AS rows_seen,
      CASE WHEN c.id = 2 THEN 8 + (d.id * d.id * 13 + d.id * 7 + 5 * s.id) % 37 WHEN c.id = 3 THEN 20 + (d.id * d.id * 7 + d.id * 19) % 53 ELSE 0 END AS null_permille,
      CASE WHEN c.id = 2 THEN 15 WHEN c.id = 3 THEN 4 ELSE 1400 + d.id END AS distinct_values
    FROM range(14) AS d CROSS JOIN range(5) AS c CROSS JOIN range(2) AS s CROSS JOIN range(2) AS t
  )
);

-- What a churn model writes: every customer once per scoring run.
CREATE TABLE main.genie_demo.customer_churn_predictions (
  c_custkey BIGINT,
  scored_on DATE,
  model_version STRING,
  churn_prob DOUBLE,
  churn_pred INT
);

INSERT INTO main.genie_demo.customer_churn_predictions
SELECT
  custkey,
  scored_on,
  model_version,
  score / 1000.0,
  CASE WHEN score >= 600 THEN 1 ELSE 0 END
FROM (
  SELECT
    c.id + 1 AS custkey,
    element_at(array(DATE '2026-07-01', DATE '2026-08-01', DATE '2026-09-01'), CAST(r.id AS INT) + 1) AS scored_on,
    element_at(array('3', '3', '4'), CAST(r.id AS INT) + 1) AS model_version,
    ((c.id * 3 + r.id) * (c.id * 3 + r.id) * 6089 + (c.id * 3 + r.id) * 41039 + 5 * r.id + 236887691) % 1000003 % (880 + 60 * r.id) AS score
  FROM range(150) AS c CROSS JOIN range(3) AS r
);

COMMENT ON TABLE main.genie_demo.customer_churn_predictions IS 'Output of the churn model.';
