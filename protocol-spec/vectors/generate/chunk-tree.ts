// Writes protocol-spec/vectors/chunk-tree.json: node protocol-spec/vectors/generate/chunk-tree.ts
import { writeFileSync } from 'node:fs';
import { ChunkTree, chunkLeaf } from '../../../packages/protocol/src/chunk-tree.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Chunk `index` of the vectors: index + 1 strings of 32 bytes, each byte the chunk's index. */
const elementsOf = (index: number): Uint8Array => new Uint8Array(32 * (index + 1)).fill(index);

function treeOf(count: number): { leaves: Uint8Array[]; tree: ChunkTree } {
  const leaves = Array.from({ length: count }, (_, index) => chunkLeaf(index, elementsOf(index)));
  return { leaves, tree: new ChunkTree(Buffer.concat(leaves)) };
}

const trees = [1, 2, 3, 4, 5, 6, 7, 8].map((count) => {
  const { leaves, tree } = treeOf(count);
  return {
    comment: `${count} chunk(s); chunk i holds i + 1 strings of 32 bytes, every byte i (sizes that no request has, to keep the file small)`,
    count,
    chunks: leaves.map((leaf, index) => ({
      elements: hex(elementsOf(index)),
      leaf: hex(leaf),
      path: hex(tree.path(index)),
    })),
    root: hex(tree.root),
  };
});

const { leaves, tree } = treeOf(5);
const good = {
  leaf: hex(leaves[2] ?? leaves[0] ?? new Uint8Array()),
  index: 2,
  count: 5,
  path: hex(tree.path(2)),
  root: hex(tree.root),
};
const failures = [
  { ...good, comment: 'another index', index: 3 },
  { ...good, comment: 'an index outside the tree', index: 5 },
  { ...good, comment: 'a tree of fewer leaves', count: 4 },
  { ...good, comment: 'a tree of more leaves', count: 9 },
  { ...good, comment: 'a path without its last node', path: good.path.slice(0, -64) },
  { ...good, comment: 'a path without its first node', path: good.path.slice(64) },
  { ...good, comment: 'a path with a node too many', path: good.path + '00'.repeat(32) },
  { ...good, comment: 'a path that ends inside a node', path: good.path.slice(0, -2) },
  {
    ...good,
    comment: 'a path with its nodes in the other order',
    path: good.path.slice(64, 128) + good.path.slice(0, 64) + good.path.slice(128),
  },
  { ...good, comment: 'another leaf', leaf: hex(leaves[3] ?? new Uint8Array()) },
  { ...good, comment: 'another root', root: hex(treeOf(6).tree.root) },
];

writeFileSync(
  new URL('../chunk-tree.json', import.meta.url),
  `${JSON.stringify({ comment: 'The chunk tree; exchange.md, "The chunk tree"', trees, inclusion: { comment: 'the good one', ...good }, failures }, null, 2)}\n`,
);
