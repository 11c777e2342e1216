// How well a grader agrees with people, and what its scores are worth.
export { accuracy } from './evaluate/accuracy.js';
export { applyCalibration } from './evaluate/apply-calibration.js';
export { auditRecord } from './evaluate/audit-record.js';
export { bootstrapInterval } from './evaluate/bootstrap-interval.js';
export { calibrate } from './evaluate/calibrate.js';
export { calibratedConfidence } from './evaluate/calibrated-confidence.js';
export { calibrationExamples } from './evaluate/calibration-examples.js';
export { cohenKappa } from './evaluate/cohen-kappa.js';
export { evaluateGrader } from './evaluate/evaluate-grader.js';
export { expectedCalibrationError } from './evaluate/expected-calibration-error.js';
export { macroF1 } from './evaluate/macro-f1.js';
export { meanAbsoluteError } from './evaluate/mean-absolute-error.js';
export { overrideGrade } from './evaluate/override-grade.js';
export { parseAuditRecord } from './evaluate/parse-audit-record.js';
export { pearson } from './evaluate/pearson.js';
export { quadraticWeightedKappa } from './evaluate/quadratic-weighted-kappa.js';
export { reliabilityTable } from './evaluate/reliability-table.js';
export { rootMeanSquaredError } from './evaluate/root-mean-squared-error.js';

export type { Agreement, Figure } from './evaluate/agreement.js';
export type { AuditedOverride, AuditedResult, AuditRecord } from './evaluate/audit-format.js';
export type { AuditRecordOptions } from './evaluate/audit-record.js';
export type { AuditedOptions, AuditedValue } from './evaluate/audited-options.js';
export type {
  CalibrateOptions,
  Calibration,
  CalibrationExample,
  CalibrationPoint,
  ConfidencePoint,
} from './evaluate/calibrate.js';
export type { ConfusionMatrix } from './evaluate/confusion-matrix.js';
export type { EvaluateGraderOptions, GraderEvaluation, Reliability } from './evaluate/evaluate-grader.js';
export type { CalibrationErrorOptions } from './evaluate/expected-calibration-error.js';
export type { ConfidencePair, LabelPair, Metric, ScorePair } from './evaluate/metric.js';
export type { MarkedAnswer } from './evaluate/marked-answer.js';
export type { GradeOverride, OverriddenGrade } from './evaluate/override-grade.js';
export type { BootstrapInterval } from './evaluate/percentile-interval.js';
export type { ReliabilityBin } from './evaluate/reliability-table.js';
export type { BootstrapOptions } from './evaluate/resolve-bootstrap.js';
export type { Disagreement } from './evaluate/worst-disagreements.js';
