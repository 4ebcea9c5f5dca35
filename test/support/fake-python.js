// Plays `python3` and its pip for tests of the installation: FAKE_PIP is a JSON object with the folder of the
// wheels and, in `mode`, what goes wrong. Written with Node's own modules alone; made-engine.ts puts it on PATH.
import {appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {clearInterval, setInterval} from 'node:timers';

const {wheels, mode = 'ok', slowMs = 400} = JSON.parse(process.env.FAKE_PIP ?? '{}');
const args = process.argv.slice(2);

function fail(...lines) {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exitCode = 1;
}

/** Finds the wheel of `project==version` for the platform that was asked for, as pip would. */
function findWheel() {
  const [project, version] = args.at(-1).split('==');
  const platform = args[args.indexOf('--platform') + 1];
  const names = readdirSync(wheels);
  return names.find(
    (name) => name.startsWith(`${project.replaceAll('-', '_')}-${version}-`) && name.includes(platform),
  );
}

function grow(from, to, until) {
  const content = readFileSync(from);
  const started = Date.now();
  writeFileSync(to, '');
  let written = 0;
  const timer = setInterval(() => {
    const due = Math.min(content.length, Math.ceil((content.length * (Date.now() - started)) / slowMs));
    appendFileSync(to, content.subarray(written, due));
    written = due;
    if (written < content.length) return;
    clearInterval(timer);
    until();
  }, 20);
}

function download() {
  const destination = args[args.indexOf('--dest') + 1];
  const file = findWheel();
  if (mode === 'offline') {
    fail(
      "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError': /simple/tensorflow-cpu/",
      'ERROR: Could not find a version that satisfies the requirement (from versions: none)',
    );
  } else if (mode === 'full') fail('ERROR: Could not install packages: [Errno 28] No space left on device');
  else if (mode === 'absent' || !file) fail(`ERROR: No matching distribution found for ${args.at(-1)}`);
  else if (mode === 'corrupt') writeFileSync(join(destination, file), 'not the wheel');
  else if (mode === 'slow') {
    const folder = join(process.env.TMPDIR, 'pip-unpack-x');
    // as pip does it: no folder comes back to life that a cleaning removed
    mkdirSync(folder);
    grow(join(wheels, file), join(folder, file), () =>
      copyFileSync(join(folder, file), join(destination, file)),
    );
  } else copyFileSync(join(wheels, file), join(destination, file));
}

if (args[0] === '--version') process.stdout.write('Python 3.11.0\n');
else if (args[0] !== '-m' || args[1] !== 'pip' || mode === 'no-pip') fail('No module named pip');
else if (args[2] === '--version') process.stdout.write('pip 99.0 from somewhere\n');
else if (args[2] === 'download') download();
else fail(`unexpected arguments: ${args.join(' ')}`);
