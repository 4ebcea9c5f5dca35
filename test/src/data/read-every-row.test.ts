import {describe, expect, it} from 'vitest';
import {readEveryRow} from '../../../src/data/read-set.js';
import {folderOf} from '../../support/files-on-disk.js';

const every = async (folder: string, split?: string) => {
  const faults: string[] = [];
  const read = await readEveryRow(folder, {
    ...{split, purpose: 'pool', withText: true},
    onFault: ({message}) => faults.push(message.replace(`${folder}/`, '')),
  });
  return {...read, faults};
};

describe('readEveryRow', () => {
  it('adds captions up wherever they lie, of more rows than stay in memory', async () => {
    const numbers = Array.from({length: 8400}, (_, i) => i);
    const lines = [
      ...numbers.map((i) => `${i}.jpg,first ${i},${i % 2 === 0 ? 'train' : 'val'}`),
      ...numbers.map(
        (i) => `${i}.jpg,${i % 3 === 0 ? '" "' : `second ${i}`},${i % 2 === 0 ? 'train' : 'val'}`,
      ),
    ];
    const folder = await folderOf({'captions.csv': `file,caption,split\n${lines.join('\n')}\n`});
    const {rows, faults} = await every(folder);
    expect([rows.length, faults]).toEqual([8400, []]);
    for (const i of [0, 1, 63, 64, 8000, 8399]) {
      const expected = i % 3 === 0 ? [`first ${i}`] : [`first ${i}`, `second ${i}`];
      expect([rows[i]!.captions, rows[i]!.blankCaptions]).toEqual([expected, i % 3 === 0 ? 1 : undefined]);
    }
    const {rows: half} = await every(folder, 'val');
    expect([half.length, half[31]!.captions]).toEqual([4200, ['first 63']]);
  });

  it('tells of rows that make no sense in every kind of table, and gives the others', async () => {
    const image = {'a.jpg': 'x', 'b.jpg': 'y'};
    const tables: readonly (readonly [string, string | Buffer, string])[] = [
      [
        'captions.jsonl',
        '{"file": "a.jpg"}\n{"file": 5}\nno json\n{"file": "b.jpg"}\n',
        'captions.jsonl: line 2: file:',
      ],
      [
        'captions.csv',
        'file,caption\na.jpg,x\n../c.jpg,x\nb.jpg,y\n',
        'captions.csv: line 3: expected a path inside',
      ],
      [
        'captions.tsv',
        'file\tcaption\na.jpg\tx\nc.jpg\tx\ty\nb.jpg\ty\n',
        'captions.tsv: line 3: expected as many cells',
      ],
      [
        'captions.json',
        '{"a.jpg": "x", "c.jpg": 4, "b.jpg": ["y"]}',
        'captions.json: "c.jpg": caption: expected',
      ],
      [
        'dataset.json',
        '{"images": [{"filename": "a.jpg", "sentences": []}, {"filename": "c.jpg", "sentences": 3}, {"filename": "b.jpg", "sentences": []}]}',
        'dataset.json: images[1]: sentences: expected a list',
      ],
      ['c.txt', 'left over', ''],
      ['a.json', '{"captions": 7}', 'a.json: captions: expected text'],
    ];
    for (const [name, content, says] of tables) {
      const {rows, faults} = await every(await folderOf({...image, [name]: content}));
      expect([name, rows.map(({file}) => file)]).toEqual([name, ['a.jpg', 'b.jpg']]);
      if (says === '') expect(faults).toEqual([]);
      else expect(faults[0]).toContain(says);
    }
  });

  it('tells of two rows that contradict each other, and keeps the first', async () => {
    const folder = await folderOf({
      'a.jpg': 'x',
      'captions.csv': 'file,caption,split\na.jpg,x,train\na.jpg,y,test\n',
    });
    const {rows, faults} = await every(folder);
    expect(rows.map(({captions, split}) => [captions, split])).toEqual([[['x'], 'train']]);
    expect(faults).toEqual([
      expect.stringContaining('a.jpg: expected one split an image, got train and test'),
    ]);
  });
});
