import type { GradingItem } from '../../contract/provider.js';

/** What the prompt asks for beside the marks. */
export interface PromptOptions {
  /** The teacher's own marking instructions. */
  instructions?: string | undefined;
  /** Ask for feedback to the learner. @default true */
  feedback?: boolean | undefined;
  /** BCP 47 tag of the feedback. @default the language of the answer */
  feedbackLanguage?: string | undefined;
  /** Feedback may quote the reference. @default false */
  revealReference?: boolean | undefined;
  /** Ask for the words of the answer that decided the marks. @default true */
  evidence?: boolean | undefined;
}

/** How a prompt is laid out for a model; decided by what its provider says of it. */
export interface PromptLayout {
  /** The model does not see the schema: one line names the shape of the reply. @default false */
  namesShape?: boolean | undefined;
  /** Several questions stand each in front of its answers, and not a page above them. @default false */
  isBesideAnswers?: boolean | undefined;
}

/** All that decides how a prompt is written. */
export type PromptSettings = PromptOptions & PromptLayout;

/** The two halves of a prompt: all that comes from the teacher, and the learners' answers. */
export interface Prompt {
  system: string;
  prompt: string;
}

/** How a prompt grader asks. What is left out here is taken from the run's own options. */
export interface PromptGraderOptions extends PromptOptions {
  /** Changes the prompt before it is sent; the `<answer>` frames must stay as they are. */
  prompt?: ((draft: Prompt, items: readonly GradingItem[]) => Prompt) | undefined;
  /** Names a changed prompt in every grade. @default the library's prompt version, with `-custom` for a `prompt` hook */
  promptVersion?: string | undefined;
}

/** Changes whenever the wording of the prompt does: part of every grade, so that it can be explained later. */
export const PROMPT_VERSION = '2';
