/** What is said where no rule speaks. */
export const CANNOT_TELL = {
  code: 'PLN000',
  class: 'cannot tell',
  title: 'a change of which no rule speaks',
  why: 'Nobody has said yet what this change does to what runs, so it is not called compatible.',
  whatToDo: 'Read the difference of the compiled files, and let somebody decide who knows the part',
} as const;
