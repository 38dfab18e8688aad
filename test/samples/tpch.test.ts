import { describeSample } from './sample-laws.ts';

describeSample({
  name: 'tpch',
  metricViews: ['revenue_metrics', 'delivery_metrics'],
  functions: ['top_customers', 'quarterly_growth', 'orders_of_customer'],
  businessWords: ['sales', 'turnover', 'client', 'vendor', 'industry', 'car ', 'european', 'country', 'late ', 'shipment', 'urgent orders', 'returned', 'stock', 'inventory', 'transport mode', 'leave us', 'owe us'],
  right: { shipped: { train: '9 of 34', val: '1 of 11', held_out: '3 of 11' }, good: { train: '33 of 34', val: '11 of 11', held_out: '11 of 11' } },
  onlyByLever: { 1: ['tpch_024', 'tpch_036'], 2: ['tpch_013', 'tpch_038'], 3: ['tpch_054', 'tpch_055'], 4: ['tpch_051', 'tpch_052'], 5: ['tpch_047'], 6: ['tpch_056'] },
});
