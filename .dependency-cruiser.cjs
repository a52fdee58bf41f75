/** The arrows of ARCHITECTURE.md. A package may import only what its list names. */
const arrows = {
  group: [],
  oprf: ['group'],
  records: [],
  tokenset: [],
  protocol: ['oprf', 'merkle'],
  merkle: [],
  ledger: ['merkle'],
  terminal: ['protocol'],
  client: ['oprf', 'records', 'tokenset', 'protocol', 'terminal'],
  server: ['oprf', 'records', 'tokenset', 'protocol', 'ledger', 'terminal'],
};

const packages = Object.keys(arrows);

module.exports = {
  forbidden: [
    ...packages.map((name) => ({
      name: `${name}-arrows`,
      comment: `packages/${name} may import only: ${arrows[name].join(', ') || 'no other package'}`,
      severity: 'error',
      from: { path: `^packages/${name}/src/` },
      to: {
        path: `^packages/(${packages.filter((other) => other !== name && !arrows[name].includes(other)).join('|')})/`,
      },
    })),
    {
      name: 'no-reaching-inside',
      comment: 'another package is used through its index only',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src/' },
      to: { path: '^packages/([^/]+)/(src|dist)/(?!(index|start)\\.)', pathNot: '^packages/$1/' },
    },
    {
      name: 'only-group-imports-noble-curves',
      severity: 'error',
      from: { path: '^packages/', pathNot: '^packages/(group/|[^/]+/test/)' },
      to: { path: '@noble/curves' },
    },
    {
      name: 'only-protocol-imports-msgpackr',
      severity: 'error',
      from: { path: '^packages/', pathNot: '^packages/(protocol/|[^/]+/test/)' },
      to: { path: 'msgpackr' },
    },
    {
      name: 'protocol-does-no-io',
      severity: 'error',
      from: { path: '^packages/protocol/src/' },
      to: { path: '^(node:)?(fs|fs/promises|net|tls|http|https|dgram|child_process|worker_threads)$' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'not-to-tests',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: '^(test|bench)/|/test/' },
    },
    {
      name: 'no-undeclared-dependency',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev', 'unknown'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    exclude: { path: '^demo/|/dist/.*\\.d\\.ts$' },
    tsConfig: { fileName: 'tsconfig.tests.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
