// How well a grader agrees with people, and what its scores are worth.
export { accuracy } from './evaluate/label-agreement.js';
export { applyCalibration } from './evaluate/apply-calibration.js';
export { auditGrader, auditSize } from './evaluate/audit-grader/audit-grader.js';
export { auditRecord } from './evaluate/audit-record.js';
export { bootstrapInterval } from './evaluate/bootstrap.js';
export { calibrate } from './evaluate/calibrate.js';
export { calibratedConfidence } from './evaluate/apply-calibration.js';
export { calibrationExamples } from './evaluate/override-grade.js';
export { cohenKappa } from './evaluate/label-agreement.js';
export { compareRuns } from './evaluate/compare/compare-runs.js';
export { evaluateGrader } from './evaluate/evaluate-grader.js';
export { expectedCalibrationError } from './evaluate/reliability.js';
export { groupAnswers } from './evaluate/groups/group-answers.js';
export { groupConflicts, offerOverride, reviewOrder } from './evaluate/groups/review-groups.js';
export { macroF1 } from './evaluate/label-agreement.js';
export { marksToCsv, parseMarksCsv } from './evaluate/marks-csv.js';
export { meanAbsoluteError } from './evaluate/mark-agreement.js';
export { overrideGrade } from './evaluate/override-grade.js';
export { parseAuditRecord } from './evaluate/parse-audit-record.js';
export { pearson } from './evaluate/mark-agreement.js';
export { quadraticWeightedKappa } from './evaluate/mark-agreement.js';
export { reliabilityTable } from './evaluate/reliability.js';
export { reviewPolicy } from './evaluate/policy/review-policy.js';
export { rootMeanSquaredError } from './evaluate/mark-agreement.js';
export { toAgsScore } from './evaluate/ags-score.js';
export { toHtml } from './evaluate/report/to-html.js';
export { toMarkdown } from './evaluate/report/to-markdown.js';
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
export type { AgreementChange } from './evaluate/compare/agreement-change.js';
export type { AgsScore, AgsScoreOptions } from './evaluate/ags-score.js';
export type { AuditGraderOptions, GraderAudit } from './evaluate/audit-grader/audit-grader.js';
export type { AuditKind, AuditPair } from './evaluate/audit-grader/kind-report.js';
export type { AuditVariant } from './evaluate/audit-grader/variants.js';
export type { ChangeVerdict, ComparedRun, CompareRunsOptions, RunComparison } from './evaluate/compare/compare-runs.js';
export type { CriterionShift, Flip } from './evaluate/compare/flips.js';
export type { MarkRow } from './evaluate/marks-csv.js';
export type { AnswerGroup, GroupAnswersOptions } from './evaluate/groups/group-answers.js';
export type { GroupConflict, OfferedOverride } from './evaluate/groups/review-groups.js';
export type { Reportable } from './evaluate/report/tables.js';
export type { ReportOptions } from './evaluate/report/to-html.js';
