-- A chain of twelve stores with a web shop and an app, as an old warehouse keeps it: surrogate keys,
-- abbreviated names, codes without explanation, and a daily summary that competes with the ticket
-- lines. All values follow from row numbers by modular arithmetic.

CREATE CATALOG IF NOT EXISTS retail;
CREATE SCHEMA IF NOT EXISTS retail.dwh;
CREATE SCHEMA IF NOT EXISTS retail.gold;

CREATE TABLE retail.dwh.d_dt (
  dt_sk INT NOT NULL,
  cal_dt DATE,
  yr INT,
  qtr INT,
  mth INT,
  dow_cd STRING,
  hol_flg STRING,
  CONSTRAINT d_dt_pk PRIMARY KEY (dt_sk)
);

CREATE TABLE retail.dwh.d_str (
  str_sk INT NOT NULL,
  str_no STRING,
  str_nm STRING,
  rgn_cd STRING,
  fmt_cd STRING,
  opn_dt DATE,
  cls_dt DATE,
  flr_sqm INT,
  CONSTRAINT d_str_pk PRIMARY KEY (str_sk)
)
COMMENT 'Stores.';

CREATE TABLE retail.dwh.d_itm (
  itm_sk INT NOT NULL,
  itm_no STRING,
  itm_nm STRING,
  cat_cd STRING,
  brnd_nm STRING,
  unt_prc DECIMAL(10,2),
  vld_fr DATE,
  vld_to DATE,
  cur_flg STRING,
  CONSTRAINT d_itm_pk PRIMARY KEY (itm_sk)
);

CREATE TABLE retail.dwh.d_mbr (
  mbr_sk INT NOT NULL,
  mbr_no STRING,
  tier_cd STRING,
  sgnup_dt DATE,
  brth_yr INT,
  optin_flg STRING,
  CONSTRAINT d_mbr_pk PRIMARY KEY (mbr_sk)
)
COMMENT 'Members of the loyalty programme.';

CREATE TABLE retail.dwh.f_tkt_ln (
  tkt_no BIGINT NOT NULL,
  ln_no INT NOT NULL,
  sld_dt_sk INT,
  dlv_dt_sk INT,
  rtn_dt_sk INT,
  str_sk INT,
  itm_sk INT,
  mbr_sk INT,
  chnl_cd STRING,
  tndr_cd STRING,
  sts_cd STRING,
  qty INT,
  grs_amt DECIMAL(12,2),
  dsc_amt DECIMAL(12,2),
  net_amt DECIMAL(12,2),
  CONSTRAINT f_tkt_ln_pk PRIMARY KEY (tkt_no, ln_no),
  CONSTRAINT f_tkt_ln_dt_fk FOREIGN KEY (sld_dt_sk) REFERENCES retail.dwh.d_dt (dt_sk),
  CONSTRAINT f_tkt_ln_str_fk FOREIGN KEY (str_sk) REFERENCES retail.dwh.d_str (str_sk)
)
COMMENT 'Ticket lines.';

CREATE TABLE retail.dwh.agg_str_dly (
  dt_sk INT NOT NULL,
  str_sk INT NOT NULL,
  amt DECIMAL(14,2),
  tkt_cnt INT,
  ftfl_cnt INT,
  CONSTRAINT agg_str_dly_pk PRIMARY KEY (dt_sk, str_sk)
)
COMMENT 'Daily figures per store.';

CREATE TABLE retail.dwh.f_stk_snap (
  snp_dt_sk INT NOT NULL,
  str_sk INT NOT NULL,
  itm_sk INT NOT NULL,
  on_hnd_qty INT,
  on_ord_qty INT,
  CONSTRAINT f_stk_snap_pk PRIMARY KEY (snp_dt_sk, str_sk, itm_sk)
);

INSERT INTO retail.dwh.d_dt
SELECT
  year(d) * 10000 + month(d) * 100 + day(d),
  d,
  year(d),
  CAST(quarter(d) AS INT),
  month(d),
  element_at(array('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'), CAST((n + 2) % 7 AS INT) + 1),
  CASE WHEN (month(d) = 1 AND day(d) = 1) OR (month(d) = 5 AND day(d) = 1) OR (month(d) = 12 AND day(d) IN (25, 26)) THEN 'Y' ELSE 'N' END
FROM (SELECT id AS n, date_add(DATE '2025-01-01', CAST(id AS INT)) AS d FROM range(730));

INSERT INTO retail.dwh.d_str VALUES
  (1, 'S01', 'Alderfield', 'N', 'HYP', DATE '2009-03-01', NULL, 8200),
  (2, 'S02', 'Birchport', 'N', 'SUP', DATE '2012-05-14', NULL, 2600),
  (3, 'S03', 'Cedarham', 'S', 'SUP', DATE '2011-09-02', NULL, 2900),
  (4, 'S04', 'Dunmere', 'S', 'EXP', DATE '2018-04-20', NULL, 420),
  (5, 'S05', 'Elmstead', 'E', 'SUP', DATE '2014-10-11', DATE '2026-06-30', 2300),
  (6, 'S06', 'Fernbridge', 'E', 'HYP', DATE '2010-06-30', NULL, 7600),
  (7, 'S07', 'Glenharbour', 'W', 'SUP', DATE '2016-02-17', NULL, 3100),
  (8, 'S08', 'Hawksley', 'W', 'EXP', DATE '2019-11-05', NULL, 380),
  (9, 'S09', 'Ivycombe', 'W', 'EXP', DATE '2026-02-01', NULL, 510),
  (10, 'S10', 'Juniper Quay', 'S', 'HYP', DATE '2013-08-23', NULL, 6900),
  (11, 'S11', 'Kestrel Park', 'W', 'SUP', DATE '2015-12-01', NULL, 2450),
  (12, 'S12', 'Larchwell', 'E', 'EXP', DATE '2017-07-07', DATE '2025-12-31', 450);

-- Items with n % 5 in (1, 3) have a second version from 2026-03-01 with a new price; those with
-- n % 15 = 3 were moved to another category as well.
INSERT INTO retail.dwh.d_itm
SELECT
  CAST(CASE WHEN version = 1 THEN n + 1 ELSE n + 101 END AS INT),
  concat('I', lpad(CAST(n + 1 AS STRING), 4, '0')),
  concat(element_at(array('Golden', 'Happy', 'Nordic', 'Pure', 'Royal', 'Sunny', 'Wild'), CAST(h1 % 7 AS INT) + 1), ' ', element_at(array('Acorn', 'Breeze', 'Comet', 'Daisy', 'Ember', 'Fjord', 'Garnet', 'Heron', 'Iris'), CAST(n % 9 AS INT) + 1)),
  CASE
    WHEN version = 2 AND n % 15 = 3 THEN 'HHD'
    WHEN h1 % 100 < 36 THEN 'GRO'
    WHEN h1 % 100 < 55 THEN 'BEV'
    WHEN h1 % 100 < 71 THEN 'FRZ'
    WHEN h1 % 100 < 86 THEN 'HHD'
    ELSE 'TOY'
  END,
  element_at(array('Acme', 'Bellavista', 'Corvus', 'Own Label'), CAST(h2 % 4 AS INT) + 1),
  CAST(CAST(89 + h2 % 2900 + (CASE WHEN version = 2 THEN 35 ELSE 0 END) AS DECIMAL(10,2)) / 100 AS DECIMAL(10,2)),
  CASE WHEN version = 1 THEN DATE '2020-01-01' ELSE DATE '2026-03-01' END,
  CASE WHEN version = 1 AND n % 5 IN (1, 3) THEN DATE '2026-02-28' ELSE DATE '9999-12-31' END,
  CASE WHEN version = 1 AND n % 5 IN (1, 3) THEN 'N' ELSE 'Y' END
FROM (
  SELECT i.id AS n, v.id AS version,
    (i.id * i.id * 6689 + i.id * 71347 + 1500450271) % 1000003 AS h1,
    (i.id * i.id * 9127 + i.id * 33589 + 3267000013) % 1000003 AS h2
  FROM range(60) AS i CROSS JOIN range(1, 3) AS v
)
WHERE version = 1 OR n % 5 IN (1, 3);

INSERT INTO retail.dwh.d_mbr
SELECT
  CAST(id + 1 AS INT),
  concat('M', lpad(CAST(id + 1 AS STRING), 5, '0')),
  CASE WHEN h1 % 100 < 52 THEN 'B' WHEN h1 % 100 < 79 THEN 'S' WHEN h1 % 100 < 94 THEN 'G' ELSE 'P' END,
  date_add(DATE '2021-01-01', CAST(h2 % 2090 AS INT)),
  CAST(1944 + h1 % 61 AS INT),
  CASE WHEN h2 % 100 < 63 THEN 'Y' ELSE 'N' END
FROM (
  SELECT id,
    (id * id * 7681 + id * 50051 + 5915587277) % 1000003 AS h1,
    (id * id * 4021 + id * 91193 + 4093082899) % 1000003 AS h2
  FROM range(200)
);

INSERT INTO retail.dwh.f_tkt_ln
SELECT
  tkt_no,
  CAST(line AS INT),
  year(sold) * 10000 + month(sold) * 100 + day(sold),
  year(delivered) * 10000 + month(delivered) * 100 + day(delivered),
  CASE WHEN h3 % 100 < 9 AND returned <= DATE '2026-09-30' THEN year(returned) * 10000 + month(returned) * 100 + day(returned) ELSE NULL END,
  CAST(store AS INT),
  itm_sk,
  CASE WHEN member < 200 THEN CAST(member + 1 AS INT) ELSE NULL END,
  channel,
  tender,
  CASE WHEN h4 % 100 < 5 THEN 'X' ELSE 'S' END,
  CAST(quantity AS INT),
  CAST(quantity * unt_prc AS DECIMAL(12,2)),
  CAST(ROUND(quantity * unt_prc * discount_pct / 100, 2) AS DECIMAL(12,2)),
  CAST(quantity * unt_prc - ROUND(quantity * unt_prc * discount_pct / 100, 2) AS DECIMAL(12,2))
FROM (
  SELECT tkt_no, line, sold, store, member, channel, tender, h1, h2, h3, h4,
    1 + h2 % 5 AS quantity,
    CASE WHEN h3 % 13 < 7 THEN 0 WHEN h3 % 13 < 10 THEN 5 WHEN h3 % 13 < 12 THEN 10 ELSE 20 END AS discount_pct,
    CASE WHEN channel = 'S' THEN sold ELSE date_add(sold, CAST(1 + h4 % (CASE WHEN channel = 'W' THEN 9 ELSE 4 END) AS INT)) END AS delivered,
    date_add(sold, CAST(10 + h1 % 24 AS INT)) AS returned,
    concat('I', lpad(CAST(1 + CAST(floor((h1 % 60) * (30 + h2 % 31) / 60) AS BIGINT) AS STRING), 4, '0')) AS item_no
  FROM (
    SELECT tkt_no, line, sold, member, channel, tender,
      CASE
        WHEN store_pick = 12 AND sold > DATE '2025-12-31' THEN 3
        WHEN store_pick = 5 AND sold > DATE '2026-06-30' THEN 6
        WHEN store_pick = 9 AND sold < DATE '2026-02-01' THEN 1
        ELSE store_pick
      END AS store,
      (n * n * 5081 + n * 66403 + 2971215073) % 1000003 AS h1,
      (n * n * 8089 + n * 18397 + 3318308475) % 1000003 AS h2,
      (n * n * 3433 + n * 77069 + 2860486313) % 1000003 AS h3,
      (n * n * 9613 + n * 42797 + 1073676287) % 1000003 AS h4
    FROM (
      SELECT tkt_no, lines.id AS line, line_count, sold, store_pick, member, channel, tender, position * 5 + lines.id AS n
      FROM (
        SELECT
          position,
          700000 + position * 3 + h1 % 3 AS tkt_no,
          1 + h2 % 4 AS line_count,
          date_add(DATE '2025-01-01', CAST(greatest(h3 % 638, CASE WHEN position % 5 = 2 THEN h4 % 638 ELSE 0 END) AS INT)) AS sold,
          CASE WHEN h4 % 100 < 22 THEN 1 WHEN h4 % 100 < 40 THEN 6 WHEN h4 % 100 < 57 THEN 10 ELSE 1 + h2 % 12 END AS store_pick,
          h6 % 310 AS member,
          CASE WHEN h5 % 100 < 61 THEN 'S' WHEN h5 % 100 < 86 THEN 'W' ELSE 'A' END AS channel,
          CASE WHEN h1 % 100 < 28 THEN 'C' WHEN h1 % 100 < 91 THEN 'K' ELSE 'V' END AS tender
        FROM (
          SELECT id AS position,
            (id * id * 6073 + id * 84691 + 1693182318) % 1000003 AS h1,
            (id * id * 2897 + id * 59009 + 2654435761) % 1000003 AS h2,
            (id * id * 7963 + id * 13577 + 1836311903) % 1000003 AS h3,
            (id * id * 4513 + id * 97001 + 1134903170) % 1000003 AS h4,
            (id * id * 8537 + id * 36847 + 1779033703) % 1000003 AS h5,
            (id * id * 9749 + id * 61471 + 1597463007) % 1000003 AS h6
          FROM range(2400)
        )
      ) CROSS JOIN range(1, 5) AS lines
    )
    WHERE line <= line_count
  )
) JOIN retail.dwh.d_itm ON itm_no = item_no AND sold BETWEEN vld_fr AND vld_to;

-- The daily figures come from the tills: store sales only, before discount, voided lines included.
INSERT INTO retail.dwh.agg_str_dly
SELECT
  sld_dt_sk,
  str_sk,
  CAST(SUM(grs_amt) AS DECIMAL(14,2)),
  CAST(COUNT(DISTINCT tkt_no) AS INT),
  CAST(COUNT(DISTINCT tkt_no) * 5 + (MAX(tkt_no) * 37 + str_sk * 11) % 23 AS INT)
FROM retail.dwh.f_tkt_ln
WHERE chnl_cd = 'S'
GROUP BY sld_dt_sk, str_sk;

INSERT INTO retail.dwh.f_stk_snap
SELECT
  CAST(20260906 + 7 * w.id AS INT),
  s.str_sk,
  i.itm_sk,
  CAST((i.itm_sk * i.itm_sk * 31 + s.str_sk * s.str_sk * 577 + w.id * w.id * 13 + i.itm_sk * s.str_sk * 7 + w.id * i.itm_sk * 3) % 97 AS INT),
  CAST((i.itm_sk * 41 + s.str_sk * 67 + w.id * 29) % 13 * 6 AS INT)
FROM retail.dwh.d_str AS s
CROSS JOIN retail.dwh.d_itm AS i
CROSS JOIN range(4) AS w
WHERE s.cls_dt IS NULL AND i.cur_flg = 'Y';

CREATE OR REPLACE VIEW retail.gold.sls_kpi
WITH METRICS
LANGUAGE YAML
AS $$
version: 1.1
source: retail.dwh.f_tkt_ln
filter: sts_cd = 'S'
joins:
  - name: d_dt
    source: retail.dwh.d_dt
    on: source.sld_dt_sk = d_dt.dt_sk
  - name: d_str
    source: retail.dwh.d_str
    on: source.str_sk = d_str.str_sk
dimensions:
  - name: sld_dt
    expr: d_dt.cal_dt
  - name: sld_mth
    expr: CAST(date_trunc('MONTH', d_dt.cal_dt) AS DATE)
  - name: sld_yr
    expr: d_dt.yr
  - name: chnl_cd
    expr: chnl_cd
  - name: rgn_cd
    expr: d_str.rgn_cd
  - name: str_nm
    expr: d_str.str_nm
measures:
  - name: net_amt
    expr: SUM(net_amt)
  - name: unts
    expr: SUM(qty)
  - name: tkt_cnt
    expr: COUNT(DISTINCT tkt_no)
  - name: avg_bskt_amt
    expr: ROUND(SUM(net_amt) / COUNT(DISTINCT tkt_no), 2)
$$;

CREATE OR REPLACE VIEW retail.gold.rtn_kpi
WITH METRICS
LANGUAGE YAML
AS $$
version: 1.1
source: retail.dwh.f_tkt_ln
filter: sts_cd = 'S'
joins:
  - name: d_itm
    source: retail.dwh.d_itm
    on: source.itm_sk = d_itm.itm_sk
dimensions:
  - name: cat_cd
    expr: d_itm.cat_cd
  - name: brnd_nm
    expr: d_itm.brnd_nm
  - name: chnl_cd
    expr: chnl_cd
measures:
  - name: rtn_ln_cnt
    expr: COUNT(1) FILTER (WHERE rtn_dt_sk IS NOT NULL)
  - name: rtn_amt
    expr: SUM(net_amt) FILTER (WHERE rtn_dt_sk IS NOT NULL)
  - name: rtn_pct
    expr: ROUND(100.0 * COUNT(1) FILTER (WHERE rtn_dt_sk IS NOT NULL) / COUNT(1), 2)
$$;

CREATE OR REPLACE FUNCTION retail.gold.top_itm(
  from_dt DATE,
  to_dt DATE,
  top_n INT DEFAULT 10
)
RETURNS TABLE (itm_no STRING, itm_nm STRING, net_amt DECIMAL(14,2))
RETURN
  SELECT itm_no, itm_nm, net_amt
  FROM (
    SELECT
      i.itm_no AS itm_no,
      i.itm_nm AS itm_nm,
      CAST(SUM(t.net_amt) AS DECIMAL(14,2)) AS net_amt,
      ROW_NUMBER() OVER (ORDER BY SUM(t.net_amt) DESC, i.itm_no) AS rnk
    FROM retail.dwh.f_tkt_ln AS t
    JOIN retail.dwh.d_itm AS i ON t.itm_sk = i.itm_sk
    JOIN retail.dwh.d_dt AS d ON t.sld_dt_sk = d.dt_sk
    WHERE t.sts_cd = 'S' AND d.cal_dt BETWEEN from_dt AND to_dt
    GROUP BY i.itm_no, i.itm_nm
  ) AS ranked
  WHERE rnk <= top_n;

CREATE OR REPLACE FUNCTION retail.gold.like_for_like(
  for_yr INT
)
RETURNS TABLE (str_nm STRING, net_amt DECIMAL(14,2), prv_amt DECIMAL(14,2), chg_pct DOUBLE)
RETURN
  SELECT str_nm, net_amt, prv_amt, CAST(ROUND(100.0 * (net_amt - prv_amt) / prv_amt, 1) AS DOUBLE) AS chg_pct
  FROM (
    SELECT
      s.str_nm AS str_nm,
      CAST(SUM(CASE WHEN d.yr = for_yr THEN t.net_amt ELSE 0 END) AS DECIMAL(14,2)) AS net_amt,
      CAST(SUM(CASE WHEN d.yr = for_yr - 1 THEN t.net_amt ELSE 0 END) AS DECIMAL(14,2)) AS prv_amt
    FROM retail.dwh.f_tkt_ln AS t
    JOIN retail.dwh.d_str AS s ON t.str_sk = s.str_sk
    JOIN retail.dwh.d_dt AS d ON t.sld_dt_sk = d.dt_sk
    WHERE t.sts_cd = 'S'
      AND d.mth <= 9
      AND d.yr IN (for_yr - 1, for_yr)
      AND s.opn_dt < make_date(for_yr - 1, 1, 1)
      AND s.cls_dt IS NULL
    GROUP BY s.str_nm
  ) AS compared;

CREATE OR REPLACE FUNCTION retail.gold.tkt_of_mbr(
  member_no STRING
)
RETURNS TABLE (tkt_no BIGINT, sld_dt DATE, str_nm STRING, net_amt DECIMAL(14,2))
COMMENT 'Tickets of one member.'
RETURN
  SELECT t.tkt_no AS tkt_no, d.cal_dt AS sld_dt, s.str_nm AS str_nm, CAST(SUM(t.net_amt) AS DECIMAL(14,2)) AS net_amt
  FROM retail.dwh.f_tkt_ln AS t
  JOIN retail.dwh.d_mbr AS m ON t.mbr_sk = m.mbr_sk
  JOIN retail.dwh.d_str AS s ON t.str_sk = s.str_sk
  JOIN retail.dwh.d_dt AS d ON t.sld_dt_sk = d.dt_sk
  WHERE t.sts_cd = 'S' AND m.mbr_no = member_no
  GROUP BY t.tkt_no, d.cal_dt, s.str_nm;

-- What a data quality monitor writes when it compares months with each other and with a baseline.
CREATE TABLE retail.gold.f_tkt_ln_drift_metrics (
  window_start TIMESTAMP,
  window_end TIMESTAMP,
  table_name STRING,
  column_name STRING,
  drift_type STRING,
  js_distance DOUBLE,
  non_null_delta DOUBLE
);

INSERT INTO retail.gold.f_tkt_ln_drift_metrics
SELECT
  CAST(make_date(2026, CAST(m.id AS INT), 1) AS TIMESTAMP),
  CAST(make_date(2026, CAST(m.id + 1 AS INT), 1) AS TIMESTAMP),
  'retail.dwh.f_tkt_ln',
  element_at(array('chnl_cd', 'mbr_sk', 'net_amt', 'qty'), CAST(c.id AS INT) + 1),
  CASE WHEN t.id = 0 THEN 'CONSECUTIVE' ELSE 'BASELINE' END,
  ((m.id * m.id * 17 + c.id * c.id * 29 + m.id * c.id * 5 + t.id * 13) % 41) / 100.0,
  (((m.id * 7 + c.id * 11 + t.id * 3) % 19) - 9) / 100.0
FROM range(1, 10) AS m CROSS JOIN range(4) AS c CROSS JOIN range(2) AS t;

-- What a demand model writes: three months ahead per item, once per run.
CREATE TABLE retail.gold.dmd_fcst (
  run_dt DATE,
  mth_dt DATE,
  itm_no STRING,
  p50_qty INT,
  p90_qty INT,
  mdl_ver STRING
);

INSERT INTO retail.gold.dmd_fcst
SELECT
  element_at(array(DATE '2026-08-31', DATE '2026-09-30'), CAST(r.id AS INT) + 1),
  make_date(2026, CAST(10 + h.id AS INT), 1),
  concat('I', lpad(CAST(i.id + 1 AS STRING), 4, '0')),
  CAST(8 + (i.id * i.id * 7 + h.id * 13 + r.id * 5) % 31 AS INT),
  CAST(14 + (i.id * i.id * 7 + h.id * 13 + r.id * 5) % 31 + (i.id * 3 + h.id) % 9 AS INT),
  CASE WHEN r.id = 0 THEN '1.4' ELSE '1.5' END
FROM range(60) AS i CROSS JOIN range(3) AS h CROSS JOIN range(2) AS r;

COMMENT ON TABLE retail.gold.dmd_fcst IS 'Output of the demand model.';
ALTER TABLE retail.gold.dmd_fcst SET TAGS ('genie_role' = 'ml');
