import type { GradingItem } from '../../contract/provider.js';
import type { Question } from '../../contract/question.js';
import { policyText } from './policy.js';
import type { Prompt, PromptSettings } from './prompt-grader-options.js';
import { optional, questionBlock } from './question-block.js';
import { quoted } from './quoted.js';

/** What all answers are asked with, and how much of it the questions share. */
interface System {
  readonly system: string;
  readonly sharedCharacters: number;
}

/** What was written about questions that stay as they are, each always with the same options and material. */
export type WrittenSystems = WeakMap<Question, System>;

/**
 * Writes the one prompt there is, for one answer or several. What comes from the teacher is in `system`, policy first,
 * so that the stable part is a prefix that caches; every learner's text is one JSON string in one `<answer>` frame of
 * `prompt`, escaped so that it can never close it. With `isBesideAnswers`, several questions stand each in front of its
 * answers instead, for models that lose sight of what stands a page above.
 *
 * @param written Spares writing about a question again for each of its answers.
 */
export function writePrompt(
  items: readonly GradingItem[],
  settings: PromptSettings = {},
  written?: WrittenSystems,
): Prompt & System {
  const [first] = items;
  if (first !== undefined && items.length === 1) {
    const known = written?.get(first.question);
    const system = known ?? writeSystem(items, settings);
    if (known === undefined) written?.set(first.question, system);
    return { ...system, prompt: answerFrame(first, '') };
  }
  const questions = distinctQuestions(items);
  const isApart = settings.isBesideAnswers === true && questions.length > 1;
  const groups = questions.map((question, index) => {
    const number = questions.length > 1 ? String(index + 1) : '';
    const frames = items.filter((item) => isSameQuestion(question, item)).map((item) => answerFrame(item, number));
    return [questionBlock(question, ` ${number}`, !isContextShared(questions)), ...frames].join('\n');
  });
  if (isApart) return { ...sharedSystem(questions, settings), prompt: groups.join('\n\n') };
  const frames = items.map((item) => {
    const position = questions.findIndex((other) => isSameQuestion(other, item));
    return answerFrame(item, questions.length > 1 ? String(position + 1) : '');
  });
  return { ...writeSystem(questions, settings), prompt: frames.join('\n') };
}

function answerFrame({ id, answer, question }: GradingItem, number: string): string {
  const reference = number === '' ? '' : ` question="${number}"`;
  const words = countsWords(question) ? ` words="${wordCount(answer)}"` : '';
  return `<answer key="${id}"${reference}${words}>${quoted(answer)}</answer>`;
}

/** Words about length, in the languages that most questions are in. */
const LENGTH =
  /\bwords?\b|\blengths?\b|\blong\b|\bshort\b|wörter|worte\b|wortzahl|länge|\bmots?\b|longueur|palabras?\b|longitud|parole\b|lunghezza|palavras?\b|woorden/i;

const lengthQuestions = new WeakMap<Question, boolean>();

/** Models cannot count: where a criterion or the question speaks of length, they are told it. */
function countsWords(question: Question): boolean {
  const known = lengthQuestions.get(question);
  if (known !== undefined) return known;
  const texts = (question.rubric?.criteria ?? []).flatMap(({ description, levels = [] }) => {
    return [description, ...levels.map((level) => level.description)];
  });
  const isCounted =
    texts.some((text) => LENGTH.test(text)) || /\b\d+ ?(?:words|wörter|mots|palabras)/i.test(question.prompt);
  lengthQuestions.set(question, isCounted);
  return isCounted;
}

function wordCount(text: string): number {
  return text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu)?.length ?? 0;
}

function writeSystem(questions: readonly GradingItem[], settings: PromptSettings): System {
  const { system: shared, sharedCharacters } = sharedSystem(questions, settings);
  const hasOwnContext = !isContextShared(questions);
  const blocks = questions.map((item, index) => {
    return questionBlock(item, questions.length > 1 ? ` ${index + 1}` : '', hasOwnContext);
  });
  return { system: [shared, ...blocks].join('\n\n'), sharedCharacters };
}

/** What is the same whatever the question: policy, instructions, and material that all questions share. */
function sharedSystem(questions: readonly GradingItem[], settings: PromptSettings): System {
  const system = [
    policyText(settings),
    ...optional('Marking instructions', settings.instructions),
    ...(isContextShared(questions) ? optional('Material', questions[0]?.context) : []),
  ].join('\n\n');
  return { system, sharedCharacters: system.length };
}

function isContextShared(questions: readonly GradingItem[]): boolean {
  return questions.every(({ context }) => context === questions[0]?.context);
}

function distinctQuestions(items: readonly GradingItem[]): readonly GradingItem[] {
  return items.filter((item, index) => items.findIndex((other) => isSameQuestion(other, item)) === index);
}

function isSameQuestion(first: GradingItem, second: GradingItem): boolean {
  return first.question === second.question && first.context === second.context;
}
