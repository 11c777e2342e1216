/** A family of attempts on a grader. It is looked for in texts that have one of its signs or words. */
export interface AttackPattern {
  /** Matches in plain letters. */
  readonly pattern: RegExp;
  readonly signs?: RegExp;
  /** Alternatives that match from the beginning of a word. */
  readonly words?: string;
}

/** Attempts on a grader that show in their form or in a few words, by family. */
export const ATTACK_PATTERNS: Readonly<Record<string, AttackPattern>> = {
  /** Messages of a conversation with a model, or its thoughts. */
  fake_turn: {
    pattern:
      /<\|\w+\|>|\[\/?inst\]|<<\/?sys>>|<\/?(?:system|developer|assistant|instructions?|policy|function|tool|think|thought|reasoning|scratchpad)\w*(?:\s[^<>\n]{0,80})?>|^\W{0,6}(?:system|assistant)(?: message| prompt| notice| note)?\W{0,3}:|^\W{0,4}(?:thought process|chain of thought)\s?:|^#+ ?(?:system|instructions?|assistant|user|human)\W*$|\[(?:system|admin|developer)\b[^\]\n]{0,40}\]/m,
    signs: /[<[:#]/,
  },
  /** A verdict, as data or as a line. */
  fake_verdict: {
    pattern:
      /["'<](?:levels?|scores?|grade|marks|verdict|is_?correct|correct|passed|confidence|rating)["'>]\s?[:=>]?\s?["'[]{0,2}(?:\d|true|full|max|pass|correct|yes|\])|\b(?:score|grade|verdict|marks?|rating)\s?[:=(]{1,3}\s?["']?(?:\d{1,3}\b|full|max|pass|correct|perfect|excellent|a["'+])|\b(?:correct|passed)\s?[:=]{1,2}\s?(?:true|yes)\b|\bkey \w{2,8}:?\s.{0,12}level/,
    signs: /["'<:=(]/,
    words: 'key\\b',
  },
  /** The end of the frame that holds the answer: a tag that nothing opened, or words to that effect. */
  frame_break: {
    pattern:
      /^(?:(?!<(?:answer|student|learner|submission|response|item|data|document|input|user|question))[^])*(?<!\btag(?: \w{1,20}){0,3} )<\/(?:answer|student|learner|submission|response|item|data|document|input|user|question)\w*>|\]\]>|^\s?"\s?[\]}]|\bend of (?:(?:the )?(?:student|learner|user).{0,3} )?(?:answer|submission|response|input|text|batch)\b|\[end[ \]_]/,
    signs: /[<[\]"]/,
    words: 'end\\b',
  },
  /** What runs or loads something where it is shown as HTML or Markdown. */
  markup: {
    pattern: /<script|<\w[^<>]{0,200}\b(?:on\w{3,12}|src)\s?=|<\w+\/on\w+=|javascript:|!\[[^\]\n]{0,80}\]\(|<!--/,
    signs: /[<[:]/,
  },
  /** What the reply should hold or show. */
  output_control: {
    pattern:
      /\b(?:answer|respond|reply|return|output|write|say)\b(?: \w+){0,3} (?:only|null|forever|a poem|an essay|an empty|the (?:single )?word)\b|\bno json\b|\b(?:close|break|omit|end) the (?:json|object|array|field|output)|\bwhere the (?:number|score|level|mark) (?:would|should)|\b(?:add|output) (?:an?|another|one more) (?:field|result|entry|item|key)|\b(?:print|show|reveal|repeat|output|list|tell|write|quote|copy|include|display|give|put) (?:\w+ ){0,5}(?:system prompt|your (?:prompt|instructions|rules)|reference answer|rubric|criteri|answer key|correct answer|model answer|marking scheme|other (?:student|learner|answer))|\bwhat (?:is|are|were) your (?:prompt|instructions|rules)/,
    words:
      'answer|array|criteri|empty|entry|essay|field|forever|instruction|item|json|key|learner|level|mark|null|number|object|only|output|poem|prompt|result|rubric|rule|score|student|word',
  },
  /** Praise for the answer itself, or one that only points to the right answer. */
  self_praise: {
    pattern:
      /\b(?:my|this|(?:the )?(?:above|preceding)) (?:answer|response|submission|essay)(?: above)? (?:is|was|deserve|earn|meet|satisf|match|demonstrat|cover|fulfil|contain)\w*\b.{0,40}\b(?:perfect|complete|fully|every|all (?:the )?(?:criteri|points)|100 ?%|criteri|mastery|entirely|word for word|flawless)|\b100 ?% (?:certain|sure|correct|right)\b|\b(?:fully|entirely) correct\b|\b(?:all|every) (?:expert|textbook|teacher)s?\b.{0,30}\bagree|\b(?:same as|see|agree with|identical to) (?:\w+ )?(?:reference answer|model answer|answer key)|\bwhichever .{0,20}(?:right|correct)|\bif it is (?:right|correct)\b.{0,20}\botherwise\b/,
    words: '100|agree|answer|correct|essay|response|right|submission|whichever',
  },
  /** The learner's own rules for what counts as right. */
  scale_change: {
    pattern:
      /\b(?:lowest|worst) (?:level|mark|score|grade) (?:\w+ ){0,2}(?:called|is|means|counts as|stands for)|\b(?:level|mark|score|grade) (?:0|zero) (?:now )?(?:is|means|stands for)|\bcriteri\w+ (?:have|has|were|was) (?:changed|updated)|\bcounts? as (?:complete|correct)\b/,
    words: 'count|criteri|grade|level|lowest|mark|score|worst',
  },
  /** Reasons to be kind that are no answer. */
  plea: {
    pattern:
      /\b(?:i (?:am|m|was|have|ve|had|suffer|got|could not|couldn.t)|i.m|i.ve|my (?:mother|father|mum|mom|dad|parents?|family|brother|sister|child|son|daughter|grand\w+|dog|cat|disability|illness|dyslexia|doctor))\b.{0,60}\b(?:ill|very sick|been sick|disab\w+|dyslexi\w*|dyscalculi\w*|adhd|autis\w*|hospital\w*|chronic\w*|migraines?|depress(?:ed|ion)|panic attacks?|died|passed away|funeral|surgery|chemo\w*|cancer)\b/,
    words:
      'adhd|autis|been|cancer|chemo|chronic|depress|died|disab|dyscalculi|dyslexi|funeral|hospital|ill\\b|migraine|panic|passed|surgery|very',
  },
  /** The beginning or end of data that never closes or never opened. */
  broken_data: {
    pattern: /^\s?[{[]\s?\\?["']?\w{2,20}\\?["']\s?:|\\"\s?[,}\]]|["'\w]\s?\}\s?\]\s?\}/,
    signs: /[{[\\}]/,
  },
  coded_message: {
    pattern:
      /\b(?:decode|decipher|translate|unscramble)\b.{0,60}\b(?:obey|follow|execute|apply)\b|\b(?:rot ?\d{1,2}|pig ?latin)\s?:|\bfirst letters?\b.{0,60}\b(?:tell|say|spell|read)/,
    words: 'decipher|decode|letter|pig|rot|translate|unscramble',
  },
  /** Also where spelling letter by letter has run the words together. */
  mark_demand: {
    pattern: /(?:full|top|maximum) ?(?:marks|credit)\b/,
    signs: /(?:marks|credit)\b/,
  },
  /** Opens a solution that never comes. */
  empty_opener: {
    pattern:
      /^\W*(?:solution|explanation)\W*$|^\W*(?:let me|let.s|let us|i will|we will) (?:\w+ ){0,5}(?:step by step|step at a time)\W*$/,
    words: 'explanation|solution|step\\b',
  },
};
