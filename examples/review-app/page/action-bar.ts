import { create } from './create.ts';

/** What the learner can do now. */
export type Action = 'submit' | 'cancel' | 'finish' | 'again' | 'samples';

/** The bar below the questions: one message and a few buttons. */
export interface ActionBar {
  element: HTMLElement;
  /** Shows the buttons in this order of importance, and moves the focus along if it was on a button that goes. */
  show(message: string, actions: readonly Action[], submitLabel?: string): void;
  /** Shows how far grading is; screen readers hear of it from the metrics, every quarter. */
  count(text: string): void;
  /** Makes the message stand out as a problem. */
  warn(isProblem: boolean): void;
}

const labels: Readonly<Record<Action, string>> = {
  submit: 'Submit answers',
  cancel: 'Cancel',
  finish: 'Finish card',
  again: 'Review again',
  samples: 'Fill in sample answers',
};

/** The message is a live region, so that screen readers hear what happened. */
export function createActionBar(handlers: Readonly<Record<Action, () => void>>): ActionBar {
  const message = create('p', { role: 'status' });
  const count = create('p', { class: 'count' });
  const buttons = new Map(
    (['submit', 'finish', 'again', 'cancel', 'samples'] as const).map((action) => {
      const button = create('button', { type: 'button' }, [labels[action]]);
      button.addEventListener('click', handlers[action]);
      return [action, button] as const;
    }),
  );
  return {
    element: create('div', { class: 'bar' }, [message, count, ...buttons.values()]),
    count: (text) => {
      count.textContent = text;
    },
    warn: (isProblem) => {
      message.className = isProblem ? 'problem' : '';
    },
    show: (text, actions, submitLabel = labels.submit) => {
      message.textContent = text;
      message.className = '';
      count.textContent = '';
      const hadFocus = [...buttons.values()].some((button) => button === document.activeElement);
      for (const [action, button] of buttons) {
        button.hidden = !actions.includes(action);
        // Nobody should stop what goes well by pressing what stands out.
        button.className = action === actions[0] && action !== 'cancel' ? 'primary' : '';
        if (action === 'submit') button.textContent = submitLabel;
        if (hadFocus && action === actions[0]) button.focus({ preventScroll: true });
      }
    },
  };
}
