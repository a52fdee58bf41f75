export { HASH_BYTES, emptyRoot, leafHash, nodeHash } from './hashing.ts';
export {
  appendPlaces,
  appendedNodes,
  consistencyRecipe,
  inclusionRecipe,
  makeProof,
  makeRoot,
  rootRecipe,
} from './stored-tree.ts';
export type { NodePlace, ReadNode, Recipe, StoredNode } from './stored-tree.ts';
export { verifyConsistency, verifyInclusion } from './verification.ts';
