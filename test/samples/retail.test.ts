import { describeSample } from './sample-laws.ts';

describeSample({
  name: 'retail',
  metricViews: ['sls_kpi', 'rtn_kpi'],
  functions: ['top_itm', 'like_for_like', 'tkt_of_mbr'],
  businessWords: ['turnover', 'sales', 'web shop', 'frozen food', 'cash', 'hypermarket', 'visitors', 'gold members', 'newsletter', 'in stock', 'north', 'best-selling', 'comparable stores', 'public holidays', 'closed for good'],
  right: { shipped: { train: '2 of 31', val: '1 of 12', held_out: '0 of 12' }, good: { train: '31 of 31', val: '12 of 12', held_out: '12 of 12' } },
  onlyByLever: { 1: ['retail_034', 'retail_045'], 2: ['retail_010', 'retail_030'], 3: ['retail_004', 'retail_052'], 4: ['retail_050', 'retail_051'], 5: ['retail_048', 'retail_049'], 6: ['retail_055'] },
});
