import type { BulkFrame } from '../contract/bulk-vendor.js';

/** Requests are gathered to pieces of so many bytes before they leave the heap. */
const PIECE_BYTES = 2 ** 20;

/** Of UTF-8, for one unit of a string. */
const MOST_BYTES_PER_UNIT = 3;

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
  #piece = new Uint8Array(PIECE_BYTES);
  /** Bytes of the piece that are written. */
  #filled = 0;
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
    const bytes = this.#write((this.#requests === 0 ? '' : this.#frame.between) + request);
    const hasRoom = this.#requests < this.#limits.maxRequests && this.#bytes + bytes <= this.#limits.maxBytes;
    if (!hasRoom) return false;
    this.#requests++;
    this.#bytes += bytes;
    this.#filled += bytes;
    return true;
  }

  /** The whole document. */
  finish(): Blob {
    this.#flush();
    return new Blob([...this.#pieces, this.#frame.after]);
  }

  /** Puts a text behind what is written, without counting it in. */
  #write(text: string): number {
    const { read, written } = this.#encoder.encodeInto(text, this.#piece.subarray(this.#filled));
    if (read === text.length) return written;
    this.#flush();
    const mostBytes = text.length * MOST_BYTES_PER_UNIT;
    if (mostBytes > this.#piece.length) this.#piece = new Uint8Array(mostBytes);
    return this.#encoder.encodeInto(text, this.#piece).written;
  }

  #flush(): void {
    this.#pieces.push(new Blob([this.#piece.subarray(0, this.#filled)]));
    this.#filled = 0;
  }
}
