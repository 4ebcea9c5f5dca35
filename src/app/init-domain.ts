import {existsSync} from 'node:fs';
import {basename, extname} from 'node:path';
import type {Domain} from '../data/domain.js';
import {domainIssues} from '../data/domain-schema.js';
import {extractKeywords} from '../data/keywords/extract.js';
import {englishStopWords} from '../data/keywords/stop-words.js';
import {usualLimits} from '../data/keywords/usual-limits.js';
import {openCaptioned} from '../data/open-data.js';
import {readableName} from '../eval/class-choice.js';
import {writeFileAtomically} from '../support/atomic-file.js';
import {exitCodes, UserError} from '../support/errors.js';
import {yamlText} from '../support/yaml-document.js';
import {dataReference} from './data-reference.js';
import {openTrainingData} from './training/training-data.js';

/** What a person says about a domain of their own. */
export interface DomainAnswers {
  /** The file to write, `.yaml` or `.ts`; its name is the domain's. */
  readonly file: string;
  readonly summary: string;
  /** Class names, `label=readable name` where the data writes another label. */
  readonly classes: readonly string[];
  /** A labelled set whose labels are the classes, when none are named. */
  readonly data?: string | undefined;
  readonly templates: readonly string[];
  readonly keywords: readonly string[];
  /** A captioned set to make keywords from, when none are named. */
  readonly captions?: string | undefined;
  /** Whether images may be mirrored. */
  readonly mirror: boolean;
  readonly licence: string;
  readonly references: readonly string[];
}

const fileTypes = ['.yaml', '.yml', '.ts'] as const;

/** Keywords that are taken from captions. */
const keywordCount = 60;

/**
 * Writes a domain file from answers; classes and keywords that are not named come from the data.
 * @throws UserError when an answer is wrong, with all that is, or the file is there already
 */
export async function initDomain(answers: DomainAnswers): Promise<Domain> {
  const {file} = answers;
  const extension = extname(file);
  if (!(fileTypes as readonly string[]).includes(extension)) {
    throw new UserError(
      `${file}: expected a file name with ${fileTypes.join(', ')}, got ${extension || 'none'}`,
    );
  }
  if (existsSync(file)) {
    throw new UserError(`${file}: expected no such file yet, got one`, {tryThis: 'choose another name'});
  }
  const domain = await domainOf(answers, basename(file, extension));
  const issues = domainIssues(domain);
  if (issues.length > 0) {
    const faults = issues.map(({at, message}) => `${at.join('.')}: ${message}`);
    throw new UserError(
      `init domain: expected answers that make a domain, got these faults: ${faults.join('; ')}`,
    );
  }
  await writeFileAtomically(file, extension === '.ts' ? moduleText(domain) : yamlFile(domain));
  return domain;
}

async function domainOf(answers: DomainAnswers, name: string): Promise<Domain> {
  const {summary, templates, mirror, licence, references} = answers;
  return {
    name,
    summary,
    classSets: {classes: {names: await classNames(answers)}},
    templates: [...templates],
    keywords: await keywordList(answers),
    augmentation: {
      crop: [0.9, 1],
      mirror,
      reason: mirror ? 'A mirrored image shows the same.' : 'Left and right, or text, matter in the images.',
    },
    licence,
    references: [...references],
  };
}

async function classNames({classes, data}: DomainAnswers): Promise<Record<string, string>> {
  if (classes.length > 0) {
    const pairs = classes.map((entry) => {
      const [label, ...name] = entry.split('=').map((side) => side.trim());
      return [label!, name.length === 0 ? readableName(label!) : name.join('=')] as const;
    });
    return Object.fromEntries(pairs);
  }
  const {path, split} = dataReference(data!);
  const set = await openTrainingData({
    ...{captioned: path, split, labelRatio: undefined, unpaired: undefined, seed: 0, classes: true},
  });
  const labels = [...new Set(set.captioned.map(({label}) => label!))].sort();
  return Object.fromEntries(labels.map((label) => [label, readableName(label)]));
}

async function keywordList({keywords, captions}: DomainAnswers): Promise<string[]> {
  if (keywords.length > 0) return [...keywords];
  const {path, split} = dataReference(captions!);
  const texts = (await openCaptioned(path, {split})).rows.flatMap((row) => row.captions);
  const {keywords: found} = extractKeywords(texts, {
    ...{method: 'yake', nGram: 2, top: keywordCount, ...usualLimits(texts.length)},
    ...{stopWords: englishStopWords(), matching: 'words', oneText: false, clean: true},
  });
  if (found.length > 0) return found.map(({keyword}) => keyword);
  throw new UserError(
    `${captions}: expected captions that repeat some words, got ${texts.length} that do not`,
    {
      exit: exitCodes.data,
      tryThis: '--keyword WORD for each keyword',
    },
  );
}

function yamlFile(domain: Domain): string {
  const {name} = domain;
  return `# fewclip adapt --domain ./${name}.yaml --captioned PATH --model ViT-B-32/openai\n${yamlText(domain)}`;
}

function moduleText(domain: Domain): string {
  const use = `// fewclip adapt --domain ./${domain.name}.ts --captioned PATH --model ViT-B-32/openai\n`;
  return `${use}export default ${JSON.stringify(domain, null, 2)};\n`;
}
