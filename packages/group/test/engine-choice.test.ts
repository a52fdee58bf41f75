import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ENGINE_NAMES, type Engine } from '../src/engine.ts';
import { chooseEngine, engineFrom, type CompileModule } from '../src/engine-choice.ts';
import { isFused } from '../src/fusion.ts';
import { nobleEngine } from '../src/noble-engine.ts';
import { loadEngine, loadEngineNamed } from '../src/node-engine.ts';
import { knownAnswer, testEngine } from '../src/self-test.ts';
import { createWasmEngine } from '../src/wasm-engine.ts';
import { instantiate } from '../src/wasm-exports.ts';
import { compileModule, type CompiledModule } from '../src/webassembly.ts';
import { FmaField } from '../wasm/field-fma.ts';
import { IntField } from '../wasm/field-int.ts';
import type { Field } from '../wasm/field.ts';
import { f64x2, type V128 } from '../wasm/instructions.ts';
import { assembleModule, type Variant } from '../wasm/modules.ts';
import { NODES, runJson } from './nodes.ts';
import { concat } from './byte-batches.ts';
import { refusal } from './refusal.ts';
import { negated } from './roots.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function assembled(variant: Variant): CompiledModule {
  return compileModule(variant === 'fma' ? 'wasm' : 'wasm-int', assembleModule(variant))!;
}

/** The module over doubles as it behaves where a multiply-add rounds twice. */
function unfusedModule(): CompiledModule {
  vi.spyOn(f64x2, 'relaxedMadd').mockImplementation((a, b, c): V128 => {
    const product: V128 = { type: 'v128', code: [a.code, b.code, 0xfd, 0xf2, 1] };
    return f64x2.add(product, c);
  });
  const module = assembled('fma');
  vi.restoreAllMocks();
  return module;
}

const fused = assembled('fma');
const overIntegers = assembled('int');
const unfused = unfusedModule();

/** A machine on which these modules compile. */
function machine(wasm: CompiledModule | undefined, wasmInt: CompiledModule | undefined): CompileModule {
  return (name) => (name === 'wasm' ? wasm : wasmInt);
}

const UNUSABLE = { code: 'engine_unusable', index: undefined };
const NOTICE = /no fused multiply-add for WebAssembly: the slower engine over integers is at work/;

describe('choosing an engine', () => {
  it.each([
    ['the fast one where multiply-adds are fused', machine(fused, overIntegers), 'wasm', undefined],
    [
      'the one over integers where the instruction is not known',
      machine(undefined, overIntegers),
      'wasm-int',
      expect.stringMatching(NOTICE) as unknown,
    ],
    [
      'the one over integers where a multiply-add rounds twice',
      machine(unfused, overIntegers),
      'wasm-int',
      expect.stringMatching(NOTICE) as unknown,
    ],
  ])('takes %s', (_, compile, name, notice) => {
    const chosen = chooseEngine(undefined, compile);
    expect([chosen.engine.name, chosen.source.name, chosen.notice]).toEqual([name, name, notice]);
  });

  it('takes noble only when it is asked for: it is no production path', () => {
    const none = machine(undefined, undefined);
    expect(refusal(() => chooseEngine(undefined, none))).toEqual(UNUSABLE);
    expect(chooseEngine('noble', none)).toEqual({
      engine: nobleEngine,
      source: { name: 'noble' },
      notice: undefined,
    });
  });

  it.each(ENGINE_NAMES)('takes %s when it is asked for, without a notice', (name) => {
    const { engine, source, notice } = chooseEngine(name, machine(fused, overIntegers));
    expect([engine.name, source.name, notice]).toEqual([name, name, undefined]);
  });

  it('compiles nothing but the engine that is asked for', () => {
    const asked: string[] = [];
    chooseEngine('wasm-int', (name) => {
      asked.push(name);
      return overIntegers;
    });
    expect(asked).toEqual(['wasm-int']);
  });

  it.each([
    ['the instruction is not known', undefined],
    ['a multiply-add rounds twice', unfused],
  ])('refuses the fast one when it is asked for and %s', (_, module) => {
    expect(refusal(() => chooseEngine('wasm', machine(module, overIntegers)))).toEqual(UNUSABLE);
  });

  it.each(['', 'WASM', 'native', 'noble '])('refuses a name that there is not: %j', (name) => {
    const choose = (): unknown => chooseEngine(name, machine(fused, overIntegers));
    expect(refusal(choose)).toEqual(UNUSABLE);
    expect(choose).toThrow('set BLINDMATCH_ENGINE to one of wasm, wasm-int, noble');
  });

  it('gives a source from which another thread makes the same engine', () => {
    for (const name of ENGINE_NAMES) {
      const { source } = chooseEngine(name, machine(fused, overIntegers));
      expect(engineFrom(source).name).toBe(name);
    }
  });
});

describe('the probe of a multiply-add', () => {
  it('finds one that rounds once, and one that rounds twice', () => {
    expect([fused, unfused].map((module) => isFused(instantiate(module)))).toEqual([true, false]);
  });

  it('leaves nothing behind', () => {
    const exports = instantiate(fused);
    const memory = new Uint8Array(exports.memory.buffer);
    const before = memory.slice();
    isFused(exports);
    expect(Buffer.compare(memory, before)).toBe(0);
  });
});

describe('the self-test', () => {
  it.each(ENGINE_NAMES)('passes engine %s, which gives the answer of the reference', (name) => {
    const { engine } = loadEngineNamed(name);
    expect(() => {
      testEngine(engine);
    }).not.toThrow();
    expect(knownAnswer(engine)).toBe(knownAnswer(nobleEngine));
  });

  it('fails the module over doubles where a multiply-add rounds twice', () => {
    expect(refusal(() => engineFrom({ name: 'wasm', module: unfused }))).toEqual(UNUSABLE);
  });

  /** Builds a module in which one of the constants that formulas use is one too large. */
  function withWrongConstant(variant: Variant, wrong: bigint): CompiledModule {
    const prototype = variant === 'fma' ? FmaField.prototype : IntField.prototype;
    const base = Object.getPrototypeOf(prototype) as Field;
    vi.spyOn(prototype, 'constant').mockImplementation(function (this: Field, value) {
      return base.constant.call(this, value === wrong ? value + 1n : value);
    });
    const module = assembled(variant);
    vi.restoreAllMocks();
    return module;
  }

  function constantsOf(): bigint[] {
    const base = Object.getPrototypeOf(FmaField.prototype) as Field;
    const values = new Set<bigint>();
    vi.spyOn(FmaField.prototype, 'constant').mockImplementation(function (this: Field, value) {
      values.add(value);
      return base.constant.call(this, value);
    });
    assembleModule('fma');
    vi.restoreAllMocks();
    return [...values];
  }

  it.each(['fma', 'int'] as const)('fails the module over %s with any constant that is wrong', (variant) => {
    const name = variant === 'fma' ? 'wasm' : 'wasm-int';
    const constants = constantsOf();
    expect(constants.length).toBeGreaterThan(6);
    const unnoticed = constants.filter((constant) => {
      const engine = createWasmEngine(name, withWrongConstant(variant, constant));
      try {
        testEngine(engine);
        return true;
      } catch {
        return false;
      }
    });
    expect(unnoticed).toEqual([]);
  });

  const withRoots: [string, Partial<Engine>][] = [
    ['takes no root, which is right but slow', { areRoots: () => false }],
    ['takes any root', { areRoots: () => true }],
    [
      'gives roots of either sign',
      {
        encodeDoubleWithRoots: (points) => {
          const { elements, roots } = nobleEngine.encodeDoubleWithRoots(points);
          return { elements, roots: concat(negated(roots.subarray(0, 32)), roots.subarray(32)) };
        },
      },
    ],
    ['goes by a wrong root', { decodeWithRoots: (elements) => nobleEngine.decode(elements.map(() => 0)) }],
  ];
  it.each(withRoots)('fails an engine that %s', (_, wrong) => {
    expect(
      refusal(() => {
        testEngine({ ...nobleEngine, ...wrong });
      }),
    ).toEqual(UNUSABLE);
  });

  it('refuses a module that is no engine', () => {
    const empty = compileModule('wasm', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    expect(refusal(() => engineFrom({ name: 'wasm', module: empty! }))).toEqual(UNUSABLE);
  });

  it.each([
    ['wasm', 'ristretto255-fma.wasm'],
    ['wasm-int', 'ristretto255-int.wasm'],
  ] as const)('refuses a damaged module of %s, and does not take another engine instead', (name, file) => {
    const broken = new Uint8Array(readFileSync(here(`../dist/${file}`)));
    broken.fill(0xff, broken.length >> 1);
    expect(refusal(() => compileModule(name, broken))).toEqual(UNUSABLE);
  });
});

const WITHOUT_FMA = '--no-enable-fma3';
const CAN_TAKE_FMA = process.arch === 'x64';
const cantTake = CAN_TAKE_FMA ? '' : ` (skipped: ${WITHOUT_FMA} is for x86 only)`;
/** Whether this machine has a fused multiply-add at all. */
const HAS_FMA = isFused(instantiate(fused));
const cantFuse = HAS_FMA ? '' : ' (skipped: there is no fused multiply-add here)';

const script = fileURLToPath(new URL('./fixtures/print-engine.ts', import.meta.url));
const answer = knownAnswer(nobleEngine);

/** The engine that a process loads, or why it does not. */
function loadedBy(node: string, flags: readonly string[], asked = ''): unknown {
  return runJson(node, [...flags, script], { BLINDMATCH_ENGINE: asked });
}

describe('the engine of a process', () => {
  it('is loaded once', () => {
    expect(loadEngine()).toBe(loadEngine());
  });

  it.each(['wasm-int', 'noble'])('is %s when the environment asks for it', (name) => {
    expect(loadedBy(process.execPath, [], name)).toEqual({ name, notice: null, answer });
  });
});

describe.each(NODES)('on Node $name', ({ path, isMissing }) => {
  it.skipIf(isMissing || !HAS_FMA)(`the fast engine is at work${cantFuse}`, () => {
    expect(loadedBy(path, [])).toEqual({ name: 'wasm', notice: null, answer });
  });

  it.skipIf(isMissing || !CAN_TAKE_FMA)(`without fused multiply-adds another is${cantTake}`, () => {
    const notice: unknown = expect.stringMatching(NOTICE);
    expect(loadedBy(path, [WITHOUT_FMA])).toEqual({ name: 'wasm-int', notice, answer });
  });

  it.skipIf(isMissing || !CAN_TAKE_FMA)(`without them the fast one can't be asked for${cantTake}`, () => {
    const message: unknown = expect.stringContaining('needs a fused multiply-add');
    expect(loadedBy(path, [WITHOUT_FMA], 'wasm')).toEqual({ code: 'engine_unusable', message });
  });
});
