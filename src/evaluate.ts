// How well a grader agrees with people, and what its scores are worth.
export { accuracy } from './evaluate/accuracy.js';
export { applyCalibration } from './evaluate/apply-calibration.js';
export { bootstrapInterval } from './evaluate/bootstrap-interval.js';
export { calibrate } from './evaluate/calibrate.js';
export { cohenKappa } from './evaluate/cohen-kappa.js';
export { expectedCalibrationError } from './evaluate/expected-calibration-error.js';
export { macroF1 } from './evaluate/macro-f1.js';
export { meanAbsoluteError } from './evaluate/mean-absolute-error.js';
export { pearson } from './evaluate/pearson.js';
export { quadraticWeightedKappa } from './evaluate/quadratic-weighted-kappa.js';
export { rootMeanSquaredError } from './evaluate/root-mean-squared-error.js';

export type { BootstrapInterval, BootstrapOptions } from './evaluate/bootstrap-interval.js';
export type { CalibrateOptions, Calibration, CalibrationPoint } from './evaluate/calibrate.js';
export type { CalibrationErrorOptions } from './evaluate/expected-calibration-error.js';
export type { ConfidencePair, LabelPair, Metric, ScorePair } from './evaluate/metric.js';
