import {readFile} from 'node:fs/promises';
import {arch, cpus, platform, release, totalmem} from 'node:os';
import {join} from 'node:path';
import type {EngineInfo} from '../../engine/backend.js';
import {packageRoot} from '../../support/package-root.js';

/** What a run was computed on: kept beside its plan, since bits are promised per machine. */
export interface Environment {
  readonly fewclip: string;
  readonly node: string;
  readonly engine: EngineInfo;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly started: string;
}

/** The present environment. */
export async function environment(engine: EngineInfo): Promise<Environment> {
  const {version} = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  const processors = cpus();
  return {
    fewclip: version,
    node: process.version,
    engine,
    system: `${platform()} ${release()} ${arch()}`,
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    started: new Date().toISOString(),
  };
}
