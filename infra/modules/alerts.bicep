// What somebody is told about one region. Each rule asks the region's own workspace, so that it works when other regions do not.

import { alertType } from '../types.bicep'

param location string
param region string
param workspaceName string
param actionGroupId string
param alerts alertType

// Metrics of OrleansGeo as Application Insights keeps them: one row a minute and series.
var rules = [
  {
    name: 'lease-lost'
    severity: 1
    title: 'The region lost its lease'
    description: 'It acts as home of nothing until it holds its lease again. Other regions take its homes over by themselves. See "Fail over" in the runbook.'
    query: 'AppMetrics | where Name == "orleansgeo.lease.lost" and Sum > 0'
  }
  {
    name: 'staleness'
    severity: 2
    title: 'Reads are old'
    description: 'Local reads are older than ${alerts.stalenessSeconds} s: a link is cut, a home is overloaded, or a region is away.'
    query: 'AppMetrics | where Name == "orleansgeo.replication.staleness" | extend Home = tostring(Properties["orleansgeo.home"]) | summarize Age = min(Max) by Home, AppRoleInstance | where Age > ${alerts.stalenessSeconds}'
  }
  {
    name: 'lost-writes'
    severity: 1
    title: 'Acknowledged writes are in the ledger'
    description: 'A forced promotion left writes behind. GET /v1/geo/lost-writes lists them: replay or discard each.'
    query: 'AppMetrics | where Name == "orleansgeo.writes.lost" and Sum > 0'
  }
  {
    name: 'slow-recovery'
    severity: 2
    title: 'A shard was long without a home'
    description: 'Longer than ${alerts.recoverySeconds} s from the loss of its home to the first write at the next.'
    query: 'AppMetrics | where Name == "orleansgeo.recovery.duration" and Max > ${alerts.recoverySeconds}'
  }
  {
    name: 'silent'
    severity: 1
    title: 'The region says nothing'
    description: 'No silo of it has published a metric for five minutes.'
    query: 'AppMetrics | where Name startswith "orleansgeo." | summarize Rows = count() | where Rows == 0'
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' existing = {
  name: workspaceName
}

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for each in rules: {
    name: '${region}-${each.name}'
    location: location
    properties: {
      displayName: '${region}: ${each.title}'
      description: each.description
      severity: each.severity
      enabled: true
      scopes: [workspace.id]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT5M'
      autoMitigate: true
      // The table exists only once the first metric has come.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: each.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              minFailingPeriodsToAlert: 1
              numberOfEvaluationPeriods: 1
            }
          }
        ]
      }
      actions: { actionGroups: [actionGroupId] }
    }
  }
]
