import { onField } from '../../../tools/change-rule.ts';
import { backupAge, isAlertedSooner } from '../../questions/backup-age.ts';

export const rule = onField(
  'environment',
  'backupWithinSeconds',
  {
    code: 'PLN630',
    class: 'compatible',
    title: 'a backup has to be newer',
    why: 'Whoever made backups seldom enough gets a ticket (BackupLate).',
    whatToDo: 'See that `mlops backup` runs as often as that',
  },
  ({ name, from, to }) => (isAlertedSooner(from, to) ? `${name}: ${backupAge(from, to)}` : null),
);
