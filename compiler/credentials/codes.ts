import { defineCodes } from '../diagnostics/codes.ts';

export const { codes, finding } = defineCodes({
  PLT004: {
    severity: 'error',
    judgement: true,
    title: 'A secret in plain text',
    why: 'Everybody who can read the repository knows it, and Git keeps it after it is deleted.',
    example: 'password: hunter2',
    fix:
      'Withdraw it where it was issued. Write `{secret: NAME}`, and put the new value where the environment keeps ' +
      'secrets.',
  },
});
