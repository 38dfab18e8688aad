/**
 * General English: function words and query words. Nothing here may name a thing of any business.
 */
const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** Words that carry no meaning of their own for linking. */
export const STOP_WORDS = set(
  `a an the this that these those there here it its they them their theirs we us our ours you your yours i me my mine he she his her
   is are was were be been being am do does did done doing have has had having will would shall should can could may might must
   and or but nor so if then than as of to in on at by for from with without within into onto over under about across through
   during since until till before after between per each every all any some both either neither no not only also just too very
   which what who whom whose when where why how show list give find get tell display see please want need know let like
   me many much more most less least few fewer fewest out up down again vs versus ever yet still now ago s t`,
);

/** Nouns and verbs of questions in general: they never name a column or a table on their own. */
export const QUERY_WORDS = set(
  `number count total sum average mean median maximum minimum highest lowest largest smallest biggest greatest top bottom best worst
   distinct different unique overall current currently figure data record row entry value values result question answer report
   compare comparison breakdown broken grouped group split sort sorted order ordered rank ranked ranking descending ascending
   year month quarter week day date time period daily weekly monthly quarterly yearly annual annually today yesterday
   last past previous next first trend exist exists available based information details detail name names across`,
);

/** Query words that say how much, not what: never part of a name on their own account. */
export const AMOUNT_WORDS = set(
  `number count total sum average mean median maximum minimum highest lowest largest smallest biggest greatest top bottom best worst
   distinct different unique overall current currently first last past previous next descending ascending`,
);

/** Query words that are names as well, where a table or column is called so. */
export const PLAIN_NOUNS = set(
  'record row entry entrie result question answer report order ranking group period day week month quarter year',
);

export const NUMBER_WORDS: Readonly<Record<string, number>> = {
  one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10,
  eleven: 11, twelve: 12, fifteen: 15, twenty: 20, thirty: 30, fifty: 50, hundred: 100,
}; // prettier-ignore

export const MONTHS =
  'january february march april may june july august september october november december'.split(' ');

export const ORDINALS: Readonly<Record<string, number>> = {
  first: 1, second: 2, third: 3, fourth: 4, '1st': 1, '2nd': 2, '3rd': 3, '4th': 4,
}; // prettier-ignore

/** Adjectives of any subject: before a name they say nothing that a column holds. */
export const COMMON_ADJECTIVES = set(
  'new old late big small bad whole specific certain various particular single individual respective common important usual actual same real',
);

/** Phrases that end one part of a question and begin another. */
export const BOUNDARIES = set(
  `by per for in on at from to with without where that who which whose during over since before after between has have had is are was
   were do does did than when while having against among via until if vs versus`,
);

export const GROUP_CUES = set('by per each every across');

export const NEGATIONS = set(
  'not no non without except excluding exclude excludes other never neither nor ignoring',
);

export const DESCENDING = set(
  'highest largest most biggest greatest maximum max best top longest greater descending latest newest recent',
);
export const ASCENDING = set(
  'lowest smallest least fewest minimum min worst bottom shortest ascending earliest oldest cheapest',
);
