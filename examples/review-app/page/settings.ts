import type { ProcessingModeRequest } from 'gradelanes';
import { createChoiceGroup } from './choice-group.ts';
import { create } from './create.ts';

/** What can be set on the page. */
export interface SettingsHandlers {
  onMode(mode: ProcessingModeRequest): void;
  /** 1 to 10. */
  onConcurrency(maxConcurrentTasks: number): void;
  onBadDay(isBadDay: boolean): void;
}

const modes = [
  { value: 'auto', label: 'Auto' },
  { value: 'parallel', label: 'Parallel' },
  { value: 'batch', label: 'Batch' },
  { value: 'sequential', label: 'One by one' },
] as const;

const themes = [
  { value: 'light dark', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

/** The panel with the settings of how answers are graded. */
export function createSettings({ onMode, onConcurrency, onBadDay }: SettingsHandlers): HTMLElement {
  return create('section', { class: 'panel settings', 'aria-label': 'Settings' }, [
    createChoiceGroup('How answers are sent', 'mode', modes, 'auto', onMode).element,
    createConcurrency(onConcurrency),
    createBadDay(onBadDay),
  ]);
}

/** Light, dark, or as the system is; everything on the page follows the document's `color-scheme`. */
export function createThemes(): HTMLElement {
  const setTheme = (theme: string): void => document.documentElement.style.setProperty('color-scheme', theme);
  const { element } = createChoiceGroup('Colours', 'theme', themes, 'light dark', setTheme);
  element.classList.add('quiet');
  return element;
}

function createConcurrency(onConcurrency: SettingsHandlers['onConcurrency']): HTMLElement {
  const input = create('input', { type: 'range', id: 'concurrency', min: '1', max: '10', value: '5' });
  const output = create('output', { for: 'concurrency' }, ['5']);
  input.addEventListener('input', () => {
    output.value = input.value;
    onConcurrency(input.valueAsNumber);
  });
  return create('div', { class: 'setting' }, [
    create('label', { for: 'concurrency' }, ['Calls at once, at most']),
    output,
    input,
  ]);
}

function createBadDay(onBadDay: SettingsHandlers['onBadDay']): HTMLElement {
  const input = create('input', { type: 'checkbox', role: 'switch', id: 'bad-day' });
  input.addEventListener('change', () => onBadDay(input.checked));
  return create('div', { class: 'setting' }, [
    create('label', { for: 'bad-day' }, ['Bad day']),
    input,
    create('p', { class: 'hint' }, ['The model is overloaded, limits rates and drops connections.']),
  ]);
}
