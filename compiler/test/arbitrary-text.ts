import fc from 'fast-check';

/** What has meaning to one of the languages that we write. */
const loaded = fc.constantFrom(
  ...[
    '"',
    "'",
    '\\',
    '"""',
    "'''",
    '`',
    '$',
    '${',
    '{{',
    '}}',
    '{%',
    '{#',
    '#',
    '%',
    '&',
    '|',
    ';',
    ':',
    ',',
    '<!--',
    '</script>',
    '[',
    ']',
  ],
  ...[
    '\n',
    '\r',
    '\t',
    '\0',
    '\x1b',
    '\x7f',
    '\x85',
    '\xa0',
    '\u2028',
    '\u2029',
    '\u202e',
    '\ufeff',
    '\u{e0001}',
    '\n---\n',
    '\n# ',
  ],
  ...[
    'yes',
    'null',
    '~',
    '1e3',
    '22:22',
    '0x1F',
    '!!python/object',
    'coding: utf-7',
    '__proto__',
    ' ',
    '  ',
    'é',
    '漢',
    '😀',
    'word',
  ],
);
const unit = fc.oneof(
  { weight: 3, arbitrary: loaded },
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.string({ maxLength: 12 }),
);

/** Any text: words, quotes, code of other languages, controls, and halves of surrogate pairs where `lone`. */
export function anyText({ lone }: { lone: boolean }): fc.Arbitrary<string> {
  const half = fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code));
  const units = lone ? fc.oneof({ weight: 12, arbitrary: unit }, half) : unit;
  return fc.array(units, { maxLength: 30 }).map((parts) => parts.join(''));
}

/** JSON values that hold such texts, as keys too. */
export function anyJson({ lone }: { lone: boolean }): fc.Arbitrary<unknown> {
  const text = anyText({ lone });
  const scalar = fc.oneof(
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  const keys = text.filter((key) => key !== '__proto__');
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      scalar,
      fc.array(tie('value'), { maxLength: 6 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 6, noNullPrototype: true }),
    ),
  })).value;
}
