import type { ResultRow, ResultStore } from 'gradelanes/jobs';

/** A store in memory that counts what is lost or doubled. */
export function mapStore(): ResultStore & { readonly rows: ReadonlyMap<string, ResultRow> } {
  const rows = new Map<string, ResultRow>();
  const place = (runId: string, index: number): string => `${runId} ${index}`;
  return {
    rows,
    async save(some) {
      for (const row of some) {
        const old = rows.get(place(row.runId, row.index));
        if (old?.isSettled !== true || old.gradeKey !== row.gradeKey) rows.set(place(row.runId, row.index), row);
      }
    },
    async settledIn(runId, first, gradeKeys) {
      return new Set(
        gradeKeys.flatMap((key, position) => {
          const row = rows.get(place(runId, first + position));
          return row?.isSettled === true && row.gradeKey === key ? [first + position] : [];
        }),
      );
    },
    reusable: async () => new Map(),
  };
}
