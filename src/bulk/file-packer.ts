import type { BulkFrame } from '../core/bulk-vendor.js';

/** Requests are gathered to pieces of so many bytes before they leave the heap. */
const PIECE_BYTES = 2 ** 20;

/** What a batch may hold. */
export interface FileLimits {
  maxRequests: number;
  maxBytes: number;
}

/** The document of one batch while it fills: held once, outside the heap. */
export class FilePacker {
  readonly #frame: BulkFrame;
  readonly #limits: FileLimits;
  readonly #encoder = new TextEncoder();
  readonly #pieces: Blob[];
  #texts: Uint8Array<ArrayBuffer>[] = [];
  #textBytes = 0;
  #bytes: number;
  #requests = 0;

  constructor(frame: BulkFrame, limits: FileLimits) {
    this.#frame = frame;
    this.#limits = limits;
    this.#pieces = [new Blob([frame.before])];
    this.#bytes = new Blob([frame.before, frame.after]).size;
  }

  get requests(): number {
    return this.#requests;
  }

  /** False, and nothing has changed, if the request does not fit in. */
  add(request: string): boolean {
    const text = this.#encoder.encode((this.#requests === 0 ? '' : this.#frame.between) + request);
    const hasRoom = this.#requests < this.#limits.maxRequests && this.#bytes + text.length <= this.#limits.maxBytes;
    if (!hasRoom) return false;
    this.#requests++;
    this.#bytes += text.length;
    this.#texts.push(text);
    this.#textBytes += text.length;
    if (this.#textBytes >= PIECE_BYTES) this.#flush();
    return true;
  }

  /** The whole document. */
  finish(): Blob {
    this.#flush();
    return new Blob([...this.#pieces, this.#frame.after]);
  }

  #flush(): void {
    this.#pieces.push(new Blob(this.#texts));
    this.#texts = [];
    this.#textBytes = 0;
  }
}
