/** What the prebuilt TensorFlow libraries depend on. */
export interface PlatformFacts {
  /** `process.platform`. */
  readonly system: string;
  /** `process.arch`. */
  readonly processor: string;
  /** Version of glibc; undefined where the C library is another one (musl on Alpine). */
  readonly glibc: string | undefined;
}

/** The TensorFlow wheels are tagged manylinux_2_27. */
const oldestGlibc = [2, 27] as const;

/** The facts of this process. */
export function platformFacts(): PlatformFacts {
  const report = process.report.getReport() as unknown as {header: {glibcVersionRuntime?: string}};
  return {system: process.platform, processor: process.arch, glibc: report.header.glibcVersionRuntime};
}

/** Why TensorFlow's libraries cannot run here, as `expected what, got value`; undefined when they can. */
export function platformProblem({system, processor, glibc}: PlatformFacts): string | undefined {
  if (system !== 'linux' || processor !== 'x64')
    return `expected Linux on x64, got ${system} on ${processor}`;
  if (glibc === undefined) return 'expected glibc, got another C library (musl, as on Alpine)';
  const [major = 0, minor = 0] = glibc.split('.').map(Number);
  const isOld = major < oldestGlibc[0] || (major === oldestGlibc[0] && minor < oldestGlibc[1]);
  return isOld ? `expected glibc ${oldestGlibc.join('.')} or newer, got ${glibc}` : undefined;
}
