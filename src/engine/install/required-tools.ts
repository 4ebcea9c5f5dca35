import {accessSync, constants} from 'node:fs';
import {delimiter, join} from 'node:path';
import {exitCodes, UserError} from '../../support/errors.js';
import {runTool} from './run-tool.js';

export const installTools = ['python3', 'pip', 'g++'] as const;
/** A program that an installation needs: pip to fetch wheels (through python3), g++ to build the addon. */
export type InstallTool = (typeof installTools)[number];

/** Which of the tools this machine lacks. */
export async function missingTools(
  wanted: readonly InstallTool[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<InstallTool[]> {
  const found = await Promise.all(wanted.map((tool) => isThere(tool, environment)));
  return wanted.filter((_, index) => !found[index]);
}

/** @throws UserError (exit `engine`) with the command that installs whatever is missing. */
export async function requireTools(
  wanted: readonly InstallTool[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const missing = await missingTools(wanted, environment);
  if (missing.length === 0) return;
  throw new UserError(
    `engine install: expected ${wanted.join(', ')} on this machine, got no ${missing.join(', no ')}`,
    {
      exit: exitCodes.engine,
      tryThis: installCommand(missing, environment),
    },
  );
}

/** Version that a tool reports about itself; undefined when it is missing. */
export async function toolVersion(
  tool: InstallTool,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const [program, ...args] = versionCommands[tool];
  const {status, stdout} = await runTool(compilerOr(program, environment), args, {
    environment,
    timeoutMs: 20_000,
  });
  return status === 0 ? (/\d+(\.\d+)+/.exec(stdout)?.[0] ?? 'unknown') : undefined;
}

/** The compiler: `CXX`, else g++. */
export function compiler(environment: NodeJS.ProcessEnv): string {
  return environment['CXX'] || 'g++';
}

/** The command that installs tools with the package manager that is on PATH. */
export function installCommand(
  tools: readonly InstallTool[],
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const manager = managers.find(({program}) => isOnPath(program, environment)) ?? managers[0];
  const packages = tools.map((tool) => manager.packages[tool]).join(' ');
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  return `${sudo}${manager.program} ${manager.install} ${packages}`;
}

const versionCommands: Readonly<Record<InstallTool, readonly [string, ...string[]]>> = {
  python3: ['python3', '--version'],
  pip: ['python3', '-m', 'pip', '--version'],
  'g++': ['g++', '--version'],
};

const managers = [
  {
    program: 'apt-get',
    install: 'install -y',
    packages: {python3: 'python3', pip: 'python3-pip', 'g++': 'g++'},
  },
  {
    program: 'dnf',
    install: 'install -y',
    packages: {python3: 'python3', pip: 'python3-pip', 'g++': 'gcc-c++'},
  },
  {
    program: 'zypper',
    install: 'install -y',
    packages: {python3: 'python3', pip: 'python3-pip', 'g++': 'gcc-c++'},
  },
  {
    program: 'pacman',
    install: '-S --noconfirm',
    packages: {python3: 'python', pip: 'python-pip', 'g++': 'gcc'},
  },
] as const;

async function isThere(tool: InstallTool, environment: NodeJS.ProcessEnv): Promise<boolean> {
  return (await toolVersion(tool, environment)) !== undefined;
}

function compilerOr(program: string, environment: NodeJS.ProcessEnv): string {
  return program === 'g++' ? compiler(environment) : program;
}

function isOnPath(program: string, environment: NodeJS.ProcessEnv): boolean {
  return (environment['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
