import { tagValues } from 'shared.bicep'

@description('Azure region.')
param location string

@description('Tags.')
param tags tagValues

@description('The Log Analytics workspace.')
param workspaceName string

@description('The function app.')
param appName string

@description('Who is told.')
param emails string[]

@description('Where docs/runbook.md is read.')
param runbookUrl string

// Each names the log lines and fields that it reads; test/infra/alerts.test.ts holds them against what the app logs.
var logAlerts = loadJsonContent('../alerts.json')

// Platform metrics: they also tell of an app that logs nothing any more.
var metricAlerts = [
  {
    name: 'no-executions'
    title: 'No function has run for an hour'
    // The timers of src/functions run every quarter of an hour, on instances that are not always ready.
    metric: 'OnDemandFunctionExecutionCount'
    operator: 'LessThan'
    threshold: 1
    window: 'PT1H'
    frequency: 'PT15M'
  }
  {
    name: 'http-5xx'
    title: 'The app answers Graph with errors'
    metric: 'Http5xx'
    operator: 'GreaterThan'
    threshold: 5
    window: 'PT15M'
    frequency: 'PT5M'
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: appName
}

resource told 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: 'ag-${appName}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'PhotoSync'
    emailReceivers: [
      for (email, index) in emails: {
        name: 'receiver ${index + 1}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource onLogs 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in logAlerts.alerts: {
    name: '${appName}-${alert.name}'
    location: location
    tags: tags
    properties: {
      displayName: 'Photo Sync: ${alert.title}'
      description: 'What to do: ${runbookUrl}#${alert.name}'
      enabled: true
      severity: alert.severity
      scopes: [workspace.id]
      windowSize: alert.window
      evaluationFrequency: alert.frequency
      autoMitigate: true
      // A workspace that has not had a line yet does not know the columns.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: join(concat(logAlerts.lines, alert.query), '\n')
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: {
        actionGroups: empty(emails) ? [] : [told.id]
        customProperties: { runbook: '${runbookUrl}#${alert.name}' }
      }
    }
  }
]

resource onMetrics 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for alert in metricAlerts: {
    name: '${appName}-${alert.name}'
    location: 'global'
    tags: tags
    properties: {
      description: 'Photo Sync: ${alert.title}. What to do: ${runbookUrl}#${alert.name}'
      enabled: true
      severity: 1
      scopes: [app.id]
      windowSize: alert.window
      evaluationFrequency: alert.frequency
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.name
            metricNamespace: 'Microsoft.Web/sites'
            metricName: alert.metric
            operator: alert.operator
            threshold: alert.threshold
            timeAggregation: 'Total'
            // An app that has not run yet has no such metric.
            skipMetricValidation: true
          }
        ]
      }
      actions: empty(emails)
        ? []
        : [{ actionGroupId: told.id, webHookProperties: { runbook: '${runbookUrl}#${alert.name}' } }]
    }
  }
]
