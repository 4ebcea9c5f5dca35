/**
 * The rooms of the project and who may import whom. A room may import the rooms listed beside it and itself.
 * docs/contributing explains why; test/contract/rooms.test.ts plants a violation and expects the failure.
 */
const rooms = {
  commands: ['src/cli', 'src/ui', 'src/app', 'src/report', 'src/support'],
  domains: ['src/data', 'src/support'],
  'src/cli': ['src/app', 'src/support'],
  'src/ui': ['src/app'],
  'src/app': [
    'src/recipe',
    'src/eval',
    'src/data',
    'src/methods',
    'src/model',
    'src/engine',
    'src/report',
    'src/support',
  ],
  'src/recipe': ['src/support'],
  'src/report': ['src/support'],
  'src/eval': ['src/data', 'src/model', 'src/engine', 'src/support'],
  'src/data': ['src/model', 'src/engine', 'src/support'],
  'src/methods': ['src/losses', 'src/model', 'src/engine', 'src/support'],
  'src/losses': ['src/engine', 'src/support'],
  'src/model': ['src/engine', 'src/support'],
  'src/engine': ['src/support'],
  'src/support': [],
};

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room-${room.replace('/', '-')}`,
  severity: 'error',
  from: {path: `^${room}/`},
  to: {path: '^(bin|commands|domains|src|test|bench)/', pathNot: [room, ...allowed].map((to) => `^${to}/`)},
}));

const onlyFrom = (name, path, allowedFrom) => ({
  name,
  severity: 'error',
  from: {path: '^(bin|commands|domains|src)/', pathNot: allowedFrom},
  to: {path},
});

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: {circular: true, viaOnly: {dependencyTypesNot: ['type-only']}},
    },
    {
      name: 'ui-takes-types-only',
      severity: 'error',
      from: {path: '^src/ui/'},
      to: {path: '^src/app/', dependencyTypesNot: ['type-only']},
    },
    {
      name: 'commands-load-late',
      comment: 'app and ui are loaded with await import() inside run, so that --help stays fast',
      severity: 'error',
      from: {path: '^(commands|src/cli)/'},
      to: {path: '^src/(app|ui)/', dependencyTypesNot: ['type-only', 'dynamic-import']},
    },
    onlyFrom('engine-names-backends', 'node_modules/@tensorflow/tfjs-(node|backend)', '^src/engine/'),
    onlyFrom('cli-imports-oclif', 'node_modules/@oclif/', '^(src/cli|commands|bin)/'),
    onlyFrom(
      'yaml-is-read-with-places',
      'node_modules/yaml/',
      '^src/(support/yaml-document|data/class-names)\\.ts$',
    ),
    onlyFrom(
      'class-readers-read-labels',
      '^src/data/labels\\.ts$',
      '^src/(eval/|app/training/training-data\\.ts$)',
    ),
    {
      name: 'no-natural-root',
      severity: 'error',
      from: {},
      to: {path: 'node_modules/natural/(index|lib/natural/index)\\.js$'},
    },
  ],
  options: {
    doNotFollow: {path: 'node_modules'},
    tsPreCompilationDeps: true,
    tsConfig: {fileName: 'tsconfig.json'},
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'require', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs', '.json'],
    },
  },
};
