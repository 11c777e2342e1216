export { submit } from './bulk/submit.js';
export { poll, type BulkStatus } from './bulk/poll.js';
export { collect, type BulkReport } from './bulk/collect.js';
export { cancel } from './bulk/cancel.js';
export type { BulkHandle, BulkPart } from './bulk/bulk-handle.js';
export type { BulkGradingOptions, CollectOptions, PollOptions, BulkSubmitOptions } from './bulk/bulk-options.js';
export type {
  BulkFrame,
  BulkLabel,
  BulkProgress,
  BulkRow,
  BulkSearch,
  BulkVendor,
  FoundBatch,
} from './contract/bulk-vendor.js';
