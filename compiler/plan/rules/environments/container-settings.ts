import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'container',
  ['command', 'variables', 'health', 'needs', 'megabytes', 'cpus', 'metrics'],
  {
    code: 'PLN624',
    class: 'recreate',
    title: 'a container runs with other settings',
    why: 'It is made again, and is away for that time.',
    whatToDo: 'See that it starts with them',
  },
  ({ name, field, from, to }) => `${field} of ${name} is ${swap(from, to)}`,
);
