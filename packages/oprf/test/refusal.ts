/** The code and index of what a call throws or rejects with; undefined when it gives a value. */
export async function refusal(work: () => unknown): Promise<{ code: unknown; index: unknown } | undefined> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'index' in error)
      return { code: error.code, index: error.index };
    throw error;
  }
  return undefined;
}
