import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'container',
  'image',
  {
    code: 'PLN623',
    class: 'recreate',
    title: 'a container runs another image',
    why: 'It is made again, and is away for that time.',
    whatToDo: 'See that the image is there, and what its release notes say',
  },
  ({ name, from, to }) => `${name} runs ${swap(from, to)}`,
);
