import { describe, expect, it } from 'vitest';
import { parseColumnMap } from '../src/column-map.ts';

describe('a column map', () => {
  it('gives our names the headers of the file', () => {
    expect(parseColumnMap('surname: LAST_NAME\npostcode: " Zip "\n')).toEqual({
      surname: 'LAST_NAME',
      postcode: 'Zip',
    });
  });

  it.each([
    ['an unknown name', 'nickname: NICK'],
    ['a number for a header', 'surname: 7'],
    ['an empty header', 'surname: ""'],
    ['one header for two names', 'surname: NAME\ngiven_name: NAME'],
    ['a name twice', 'surname: A\nsurname: B'],
    ['a list', '- surname'],
    ['nothing', ''],
    ['broken YAML', 'surname: [A'],
    ['an alias', 'surname: &a X\ncity: *a'],
  ])('with %s is refused', (_, text) => {
    expect(() => parseColumnMap(text)).toThrow(expect.objectContaining({ code: 'column_map_invalid' }));
  });
});
