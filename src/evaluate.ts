// How well a grader agrees with people, and what its scores are worth.
export { accuracy } from './evaluate/label-agreement.js';
export { applyCalibration } from './evaluate/apply-calibration.js';
export { auditRecord } from './evaluate/audit-record.js';
export { bootstrapInterval } from './evaluate/bootstrap.js';
export { calibrate } from './evaluate/calibrate.js';
export { calibratedConfidence } from './evaluate/apply-calibration.js';
export { calibrationExamples } from './evaluate/override-grade.js';
export { cohenKappa } from './evaluate/label-agreement.js';
export { evaluateGrader } from './evaluate/evaluate-grader.js';
export { expectedCalibrationError } from './evaluate/reliability.js';
export { macroF1 } from './evaluate/label-agreement.js';
export { meanAbsoluteError } from './evaluate/mark-agreement.js';
export { overrideGrade } from './evaluate/override-grade.js';
export { parseAuditRecord } from './evaluate/parse-audit-record.js';
export { pearson } from './evaluate/mark-agreement.js';
export { quadraticWeightedKappa } from './evaluate/mark-agreement.js';
export { reliabilityTable } from './evaluate/reliability.js';
export { reviewPolicy } from './evaluate/policy/review-policy.js';
export { rootMeanSquaredError } from './evaluate/mark-agreement.js';
export { watchPolicy } from './evaluate/policy/watch-policy.js';

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
export type { EvaluateGraderOptions, EvaluationBootstrap } from './evaluate/evaluate-grader.js';
export type { GraderEvaluation, Reliability } from './evaluate/compare-with-people.js';
export type { CalibrationErrorOptions } from './evaluate/reliability.js';
export type { ConfidencePair, LabelPair, Metric, ScorePair } from './evaluate/pairs.js';
export type { HumanMark, MarkedAnswer } from './evaluate/marked-answers.js';
export type { GradeOverride, OverriddenGrade } from './evaluate/override-grade.js';
export type { BootstrapInterval } from './evaluate/bootstrap.js';
export type { ReliabilityBin } from './evaluate/reliability.js';
export type { BootstrapOptions } from './evaluate/bootstrap.js';
export type { Disagreement } from './evaluate/marked-answers.js';
export type { MarkedGrade, MarkedGrades } from './evaluate/marked-grades.js';
export type { PolicyWatch } from './evaluate/policy/watch-policy.js';
export type { ReviewPolicyOptions } from './evaluate/policy/review-policy.js';
export type { Interval } from './evaluate/statistics/distributions.js';
export type { CriterionAgreement, MisgradedCriterion } from './evaluate/criterion-agreement.js';
export type { QuestionFigures, Verdicts, VerdictTally } from './evaluate/verdict-tally.js';
