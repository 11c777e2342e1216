/** What words speak of. */
type Cue =
  | 'address'
  | 'answer'
  | 'give'
  | 'grader'
  | 'ignore'
  | 'machine'
  | 'marks'
  | 'material'
  | 'right'
  | 'top'
  | 'trick';

/** Words that speak of one thing, and how seldom they occur in answers about something else. */
export interface CueWords {
  cue: Cue;
  /** 3: hardly ever, 2: now and then, 1: often. */
  strength: 1 | 2 | 3;
  /** Alternatives of a regular expression that match from the beginning of a word, in plain letters. */
  words: string;
  /** The same for scripts without spaces, or with prefixes: they match anywhere. */
  unspaced?: string;
}

/** Within a cue, the strongest come first. */
export const CUE_WORDS: readonly CueWords[] = [
  {
    cue: 'grader',
    strength: 3,
    words:
      'grader|examiner|assessor|evaluator|professor|(?:ai|human|peer) review|language model|llm|(?:chat)?gpt|claude|openai|anthropic|marker:|evaluador|correcteur|korrektor|проверяющ',
    unspaced: '评分|阅卷|採点|채점|المصحح|परीक्षक',
  },
  {
    cue: 'grader',
    strength: 2,
    words:
      'teacher|instructor|ai\\b|developer|administrator|department|supervisor|reviewer|chatbot|evaluat|assess(?:or|ment|ing)|experts?\\b|student|learner|candidate',
  },
  { cue: 'grader', strength: 1, words: 'assistant|judge|bot\\b|model\\b|system\\b' },
  {
    cue: 'marks',
    strength: 3,
    words:
      '(?:full|top|high|good|better|my|your|his|final|passing|perfect|maximum|highest) (?:grade|mark|score|credit)|marks\\b|scor(?:e|es|ed|ing)\\b|(?:re)?grad(?:es|ed|ing)\\b|credit\\b|puntuacion|calificacion|bareme|hochstpunkt|punktzahl|pontuacao|punteggio|punten\\b|балл|бал\\b|оценк|оцінк|nilai|poang|diem\\b|puan\\b|notu\\b|bodu|βαθμ|αριστα',
    unspaced: '满分|点数|満点|점수|만점|الدرجة|العلامة|ציון|نمره|अंक',
  },
  {
    cue: 'marks',
    strength: 2,
    words:
      'points\\b|grade\\b|(\\d+)/\\1\\b(?! ?=)|\\d+ (?:out )?of \\d+|pass(?:es|ed)? me|me pass|levels?\\b|rating|fail\\b|puntos|nota\\b|la note\\b|note maxim|punkt|pontos|punti\\b',
  },
  { cue: 'marks', strength: 1, words: 'marks?\\b|point\\b|pass(?:es|ed|ing)?\\b|100\\b' },
  {
    cue: 'top',
    strength: 1,
    words:
      'full|maxim|max\\b|top\\b|highest|perfect|every|all\\b|best\\b|100|5 out of 5|5/5(?! ?=)|largest|complete|five\\b|whatever|todos|tou[st]|voll|hochst|beste\\b|massim|pieno|najwyz|peln|maksym|tam\\b|en yuksek|maksim|pln[yo]|toi da|penuh|максим|высш|полн|найвищ|τελει|αριστα',
    unspaced: '满|最高|満|만점|최고|الكامل|أعلى|מלא|کامل|पूरे|पूर्ण',
  },
  // By itself: every text that has the word "a" is searched for it.
  { cue: 'top', strength: 1, words: 'a\\+' },
  {
    cue: 'give',
    strength: 1,
    words:
      'give\\b|award|grant|assign|record|accept|approve|put\\b|set\\b|(?:mark|grade|score|rate) (?:this|it|my|me|as|all|every|each|question)\\b|return|output|enter|select|tick\\b|treat|count|consider|report|let\\b|bump|use\\b|write\\b|pass\\b|add\\b|authori[sz]e|confirm|earn|receiv|deserv|gets?\\b|print|da(?:le|r|me)?\\b|asign|otorg|pon\\b|donne|attribu|gib\\b|bewert|atribu|assegn|geef|mett|trag|daj|przyzna|постав|дай\\b|ver\\b|dej|ge\\b|cho\\b|beri|δωσε',
    unspaced: '给|つけ|与え|주세요|줘|أعط|امنح|תן|بده|दो|दें',
  },
  {
    cue: 'ignore',
    strength: 2,
    words:
      'ignor(?!e[sd]|an)|disregard|forget|overr[iu]|skip|bypass|supersed|set aside|pay no attention|suspend|cancel|do(?:n.?t| not) (?:follow|apply|evaluate|grade|mark|deduct|check|change)|stop (?:read|follow|grad|evaluat|mark|check)|without (?:looking|checking|reading)|olvid|oubli|verg[ie]ss|missacht|esquec|desconsider|dimentic|negeer|vergeet|zignor|zapom|gormezden|glom\\b|bo qua|abaikan|unut|игнор|забуд|ігнор|αγνοησ',
    unspaced: '忽略|无视|忘|無視|무시|잊|تجاهل|התעלם|نادیده|भूल|अनदेखा',
  },
  {
    cue: 'material',
    strength: 3,
    words:
      'rubric|marking\\b|answer key|(?:reference|model) answer|criteri(?:a|on)\\b|grading|scoring|(?:previous|prior|earlier|above|your|new|all|last|these) (?:instruct|directiv|guideline|prompt|rule|order|polic)|system prompt',
    unspaced: '标准',
  },
  {
    cue: 'material',
    strength: 2,
    words:
      'instruct|guideline|directi(?:ve|on)s?\\b|polic(?:y|ies)|prompt\\b|rules?\\b|orders\\b|reference|test item|regl[ae]|regras|kural|indicacion|consigne|critere|anweis|bewertung|vorgab|kriter|istruz|instru[ck]|aanwijz|polecen|talimat|pokyn|huong dan|инструк|указан|критери|правил|інструк|οδηγι',
    unspaced: '指令|指示|规则|命令|基準|지시|기준|تعليمات|معايير|הוראות|دستور|निर्देश',
  },
  {
    cue: 'answer',
    strength: 2,
    words:
      '(?:this|my|above|preceding|previous|any|every|all|each) (?:answer|response|submission|reply|learner|student|item|candidate|essay|attempt|paper|result)|submission|(?:esta|mi|minha|questa) r[ei]spos?ta|cette reponse|diese[rs]? antwort',
    unspaced: '回答|答案|답변|الإجابة|उत्तर',
  },
  { cue: 'answer', strength: 1, words: 'answers?\\b|responses?\\b|me\\b|us\\b|items?\\b|cevab|svar|jawaban' },
  {
    cue: 'right',
    strength: 1,
    words: 'correct|right\\b|wrong|true\\b|valid|accurate|success|satisf|flawless|excellent|verified|richtig|правильн',
  },
  {
    cue: 'machine',
    strength: 3,
    words:
      'json\\b|schema\\b|verdict|feedback (?:field|section)|in (?:the|your) feedback|your (?:output|reply|response|feedback|memory)',
  },
  { cue: 'machine', strength: 2, words: 'confidence|batch|in .why.|poem|level \\d' },
  { cue: 'machine', strength: 1, words: 'feedback|output|key\\b|array|null\\b|html|response|field\\b' },
  {
    cue: 'trick',
    strength: 3,
    words:
      'pretend|role.?play|jailbreak|you are now (?!at)|opposite day|(?:developer|debug|god|test) mode|from now on|future (?:session|answer|call)|code ?word|secret word|password|decode|decipher|obey|mercy|lenient|be kind|scholarship|i fail|lawyer|prosecut|plagiari|unit test|todo\\b|ps\\W? (?:to|for)\\b|p\\Ws\\W? (?:to|for)\\b|congratulat|(?:will|ll) (?:report|sue|pay)|shut down|dollars|tip (?:of )?[$\\d]|i trust|let .{0,3}through|mixed up|(?:other|next|remaining|following) (?:answers?|items?|learners?|students?)|all items|insult|stupid|now called|note (?:to|for|from)|s note\\b',
  },
  {
    cue: 'trick',
    strength: 2,
    words: 'imagin|suppose\\b|generous|favou?r|exempt|violate|visa\\b|disappointed|swap|graduate',
  },
  {
    cue: 'address',
    strength: 1,
    words: 'you\\b|your\\b|yourself|please|kindly|dear\\b|let.?s\\b|bitte|por favor|per favore|пожалуйста',
  },
];
