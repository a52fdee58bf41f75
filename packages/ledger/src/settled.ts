/** Does work in this very tick and gives it as a promise; what it throws is a rejection. */
export function settled<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
