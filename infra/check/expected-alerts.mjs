import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { is, lastPart, look } from './look.mjs';

const { lines, alerts } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'alerts.json'), 'utf8'));
const metrics = [
  ['no-executions', 'OnDemandFunctionExecutionCount', 'LessThan', 1, 'PT1H', 'PT15M'],
  ['http-5xx', 'Http5xx', 'GreaterThan', 5, 'PT15M', 'PT5M'],
];
/** https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-types#log-alerts */
const windows = ['PT5M', 'PT15M', 'PT30M', 'PT1H', 'PT6H', 'P1D', 'P2D'];

/** @param told who is told, by e-mail. @param runbook where the runbook is. */
export function expectedAlerts(resources, { told, runbook }) {
  const { of, one } = look(resources);
  const onLogs = of('Microsoft.Insights/scheduledQueryRules');
  const onMetrics = of('Microsoft.Insights/metricAlerts');
  const nameOf = ({ name }) => name.replace(/^func-[a-z0-9]{13}-/, '');
  const groups = of('Microsoft.Insights/actionGroups');
  const group = groups.map(({ id }) => id);
  return [
    [
      'alerts: those of alerts.json',
      is(
        onLogs.map(nameOf),
        alerts.map(({ name }) => name),
      ),
    ],
    [
      'alerts: all of them enabled',
      [...onLogs, ...onMetrics].every(({ properties }) => properties.enabled === true),
    ],
    [
      'alerts: each with its query, and one line is enough',
      is(
        onLogs.map(({ properties: { criteria } }) => criteria.allOf),
        alerts.map(({ query }) => [
          {
            query: [...lines, ...query].join('\n'),
            timeAggregation: 'Count',
            operator: 'GreaterThan',
            threshold: 0,
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
          },
        ]),
      ),
    ],
    [
      'alerts: as severe as alerts.json says, and those on metrics next to the worst',
      is(
        [onLogs, onMetrics].map((rules) => rules.map(({ properties }) => properties.severity)),
        [alerts.map(({ severity }) => severity), metrics.map(() => 1)],
      ),
    ],
    [
      'alerts: as often as alerts.json says',
      is(
        onLogs.map(({ properties }) => [properties.windowSize, properties.evaluationFrequency]),
        alerts.map(({ window, frequency }) => [window, frequency]),
      ),
    ],
    [
      'alerts: at times that Azure knows',
      onLogs.every(
        ({ properties }) =>
          windows.includes(properties.windowSize) && windows.includes(properties.evaluationFrequency),
      ),
    ],
    [
      'alerts: on the workspace',
      is(
        [...new Set(onLogs.flatMap(({ properties }) => properties.scopes))],
        [one('Microsoft.OperationalInsights/workspaces').id],
      ),
    ],
    [
      'alerts: two on the metrics of the app',
      is(
        onMetrics.map((rule) => {
          const { windowSize, evaluationFrequency, criteria, scopes } = rule.properties;
          const [{ metricName, operator, threshold, timeAggregation, metricNamespace }] = criteria.allOf;
          return [
            [nameOf(rule), metricName, operator, threshold, windowSize, evaluationFrequency],
            [timeAggregation, metricNamespace, criteria['odata.type']],
            scopes,
          ];
        }),
        metrics.map((metric) => [
          metric,
          ['Total', 'Microsoft.Web/sites', 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'],
          [one('Microsoft.Web/sites').id],
        ]),
      ),
    ],
    [
      'alerts: each links to its paragraph of the runbook',
      [...onLogs, ...onMetrics].every((rule) =>
        rule.properties.description.endsWith(`${runbook}#${nameOf(rule)}`),
      ),
    ],
    [
      'alerts: who is told',
      is(
        groups.flatMap(({ properties }) => properties.emailReceivers.map(({ emailAddress }) => emailAddress)),
        told,
      ),
    ],
    [
      'alerts: all of them tell',
      is(
        [
          ...onLogs.map(({ properties }) => properties.actions.actionGroups),
          ...onMetrics.map(({ properties }) => properties.actions.map(({ actionGroupId }) => actionGroupId)),
        ],
        [...alerts, ...metrics].map(() => group),
      ),
    ],
    [
      'the workbook, on the workspace',
      is(
        of('Microsoft.Insights/workbooks').map(
          ({ properties }) => lastPart(properties.sourceId).split('-')[0],
        ),
        ['log'],
      ),
    ],
  ];
}
