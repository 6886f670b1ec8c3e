import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rsyslogString } from './rsyslog.ts';

test('quotes, backslashes and dollar signs stay what they are, and a second line is refused', () => {
  assert.is(rsyslogString('a"b\\c$d'), '"a\\"b\\\\c\\$d"');
  assert.throws(() => rsyslogString('a\nb'), /one line/);
});

test.run();
