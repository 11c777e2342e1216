import { DatabaseSync } from 'node:sqlite';

/** A map in an SQLite file, as Keyv takes its stores: opened again, it holds what it held. */
export class SqliteMap {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec('CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT) STRICT');
  }

  get(key: string): unknown {
    const row = this.#database.prepare('SELECT value FROM kept WHERE key = ?').get(key);
    return row === undefined ? undefined : JSON.parse(String(row['value']));
  }

  set(key: string, value: unknown): void {
    this.#database.prepare('INSERT OR REPLACE INTO kept VALUES (?, ?)').run(key, JSON.stringify(value));
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  delete(key: string): boolean {
    return this.#database.prepare('DELETE FROM kept WHERE key = ?').run(key).changes > 0;
  }

  clear(): void {
    this.#database.exec('DELETE FROM kept');
  }

  close(): void {
    this.#database.close();
  }
}
