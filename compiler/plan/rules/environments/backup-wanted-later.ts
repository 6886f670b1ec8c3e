import { onField } from '../../../tools/change-rule.ts';
import { backupAge, isAlertedSooner } from '../../questions/backup-age.ts';

export const rule = onField(
  'environment',
  'backupWithinSeconds',
  {
    code: 'PLN631',
    class: 'compatible',
    title: 'a backup may be older',
    why: 'That much more can be lost before anybody is told.',
    whatToDo: 'See that so much may be lost',
  },
  ({ name, from, to }) => (isAlertedSooner(to, from) ? `${name}: ${backupAge(from, to)}` : null),
);
