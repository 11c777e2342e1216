import { create } from './create.ts';

/** One of several options to choose from. */
export interface Choice<Value extends string> {
  value: Value;
  label: string;
  /** Said below the label. */
  note?: string | undefined;
}

/** Radio buttons in a row, as a group with a name. */
export interface ChoiceGroup<Value extends string> {
  element: HTMLFieldSetElement;
  value(): Value;
}

/** The arrow keys move between the options, as always with radio buttons. */
export function createChoiceGroup<Value extends string>(
  legend: string,
  name: string,
  choices: readonly Choice<Value>[],
  chosen: Value,
  onChange: (value: Value) => void = () => {},
): ChoiceGroup<Value> {
  let current = chosen;
  const options = choices.map(({ value, label, note }) => {
    const input = create('input', { type: 'radio', name, value, checked: value === chosen });
    input.addEventListener('change', () => {
      current = value;
      onChange(value);
    });
    const small = note === undefined ? [] : [create('small', {}, [note])];
    return create('label', { class: 'choice' }, [input, create('span', {}, [label, ...small])]);
  });
  const element = create('fieldset', { class: 'choices' }, [
    create('legend', {}, [legend]),
    create('div', { class: 'segments' }, options),
  ]);
  return { element, value: () => current };
}
