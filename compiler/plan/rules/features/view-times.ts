import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'feature_view',
  ['batch/timestamp', 'batch/created'],
  {
    code: 'PLN130',
    class: 'retrain',
    title: 'a view joins by other times',
    why:
      'Which row counts for a moment is decided by its event time and by when it was known; both ' +
      'decide what training sees.',
    whatToDo: 'Train the models that use the view again',
  },
  ({ name, field, from, to }) => {
    const time = field === 'batch/created' ? 'created time' : 'event time';
    return `the ${time} of a row of ${name} is ${swap(from, to)}`;
  },
);
