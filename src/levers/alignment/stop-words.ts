/** English function words; they name nothing. */
const FUNCTION_WORDS =
  'a an the this that these those there here it its they them their we our us you your i me my he she his her him who whom whose which what when where why how is are was were be been being am do does did done has have had having will would shall should can could may might must not no nor and or but if then else so than as at by for from in into of off on onto out over per through to toward under until up upon via with within without about above across after against along among around before behind below between beyond during except inside near since while also just only too very any all each every either neither both some such same other another own again once ever never always still yet already more most less least many much few several enough fewer less greater under one two three four five six seven eight nine ten zero first second third please let lets s t';

/** Words of asking, counting, ordering and time: they describe the query, not the business. */
const QUERY_WORDS =
  'show list give find display tell get return report compute calculate count number total sum overall average avg mean median maximum max minimum min highest lowest largest smallest biggest greatest fewest best worst top bottom rank ranked ranking order ordered sort sorted group grouped breakdown broken split compare comparison versus vs percentage percent share ratio rate distribution distinct unique different various amount value figure result data record row table column detail detailed information info name named called id identifier date day week month quarter year hour minute today yesterday tomorrow daily weekly monthly quarterly yearly annual annually recent recently latest newest oldest earliest last next previous past current currently now ago ytd time period january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec see want need like know look much make made making include including included exclude excluding excluded contain containing exist existing available corresponding respective respectively associated related belong belonging along together individual';

/** Verbs of happening, moving and changing: they join things and name none. */
const PLAIN_VERBS =
  'come came go went gone take took taken bring brought put set keep kept let happen happened occur occurred develop developed grow grew grown change changed increase increased decrease decreased rise rose fall fell become became remain remained use used using provide provided perform performed locate located live lived work worked think believe expect expected seem appear help try tried ask asked answer answered given giving found finding shown showing across compared comparing';

const STOP: ReadonlySet<string> = new Set(FUNCTION_WORDS.split(' '));
const QUERY: ReadonlySet<string> = new Set([...QUERY_WORDS.split(' '), ...PLAIN_VERBS.split(' ')]);

/** Whether a folded word is a function word or a number. */
export const isFunctionWord = (folded: string): boolean =>
  STOP.has(folded) || /^\d+(?:st|nd|rd|th)?$/.test(folded);

/** Whether a folded word speaks of the query (total, month, top) or of anything at all, not of the business. */
export const isQueryWord = (folded: string): boolean => QUERY.has(folded);

/** Whether a folded word can carry a business meaning by itself. */
export const isContentWord = (folded: string): boolean =>
  folded.length > 1 && !isFunctionWord(folded) && !isQueryWord(folded);
