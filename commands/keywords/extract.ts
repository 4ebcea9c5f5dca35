import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {keywordReportText} from '../../src/cli/keyword-report-text.js';
import {numberFlag} from '../../src/cli/number-flag.js';

export default class KeywordsExtract extends BaseCommand {
  static override summary = 'Make a keyword list from captions.';

  static override description = [
    'Ranks the words and phrases of captions and counts the captions that hold each. yake: statistics of the text alone ' +
      '(Campos et al., 2020), as for the published lists of S-CLIP. nouns: by a part-of-speech tagger, the most frequent ' +
      'first, as SemiCLIP takes them. tf-idf: frequent words that few captions share. class-names: those of a domain, an ' +
      'oracle vocabulary, since zero-shot evaluation asks for the same names.',
    'Inflections of a better keyword and words that a limit on captions has cut are left out; --no-clean keeps them. The ' +
      'list that --out writes is read by adapt --keywords.',
  ].join('\n\n');

  static override examples = [
    '<%= config.bin %> <%= command.id %> pairs/ --out words.txt',
    '<%= config.bin %> <%= command.id %> ucm.tar --label-ratio 0.1 --seed 1 --method nouns --top 60 --out words.json',
    '<%= config.bin %> <%= command.id %> captions.txt more.tar#train --n-gram 3 --min-count 10 --stop-words stop.txt',
    '<%= config.bin %> <%= command.id %> ucm.tar --method class-names --domain remote-sensing --classes ucm --format json',
  ];

  static override args = {
    captions: Args.string({
      required: true,
      multiple: true,
      description:
        'captioned sets (folders, tables, tars; PATH#SPLIT), or .txt files with one caption a line',
    }),
  };

  static override flags = {
    split: Flags.string({description: 'rows of the sets to use (default: train, else everything)'}),
    'label-ratio': numberFlag({
      atLeast: 0,
      atMost: 1,
      description: 'only the captions that adapt keeps with this ratio and --seed',
    }),
    seed: Flags.integer({min: 0, default: 0, description: 'of --label-ratio'}),
    method: Flags.option({
      options: ['yake', 'nouns', 'tf-idf', 'class-names'] as const,
      description: 'what ranks the phrases (default: yake, or the rule of --domain)',
    })(),
    domain: Flags.string({description: 'a domain, by name or file: its rule and its class names'}),
    classes: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
      description: 'class sets of the domain, for class-names (default: all)',
    }),
    'n-gram': Flags.integer({
      min: 1,
      max: 5,
      description: 'most words of a keyword (default: 2 for yake, else 1, or the rule of --domain)',
    }),
    top: Flags.integer({min: 1, max: 2000, default: 100, description: 'most keywords'}),
    'min-count': Flags.integer({
      min: 1,
      description: 'captions that must hold a keyword (default: 5, or 2 below 100 captions)',
    }),
    'max-share': numberFlag({
      atLeast: 0,
      atMost: 1,
      description:
        'largest share of the captions that may hold a keyword (default: 0.3, or 1 below 100 captions)',
    }),
    'min-length': Flags.integer({min: 1, description: 'fewest characters of a keyword (default 3)'}),
    'stop-words': Flags.string({
      helpValue: 'FILE',
      description: 'one stop word a line (default: an English list)',
    }),
    matching: Flags.option({
      options: ['words', 'exact'] as const,
      default: 'words' as const,
      description:
        'count keywords whatever their case and inflection, or exactly between spaces as published',
    })(),
    'one-text': Flags.boolean({
      description: 'for yake: read all captions as one text, as for the published lists of S-CLIP',
    }),
    clean: Flags.boolean({
      allowNo: true,
      default: true,
      description: 'leave out inflections of a better keyword and words that are cut off',
    }),
    out: Flags.string({helpValue: 'FILE', description: 'write the list: JSON for .json, else one a line'}),
  };

  async run(): Promise<void> {
    const {flags, args} = await this.parse(KeywordsExtract);
    const {extractKeywordReport} = await import('../../src/app/keywords-extract.js');
    const report = await extractKeywordReport({
      ...flags,
      sources: args.captions,
      labelRatio: flags['label-ratio'],
      nGram: flags['n-gram'],
      minCount: flags['min-count'],
      maxShare: flags['max-share'],
      minLength: flags['min-length'],
      stopWords: flags['stop-words'],
      oneText: flags['one-text'],
    });
    this.result(report, () => keywordReportText(report));
    if (flags.out !== undefined) this.note(`wrote ${flags.out}: adapt --keywords ${flags.out}`);
  }
}
