// What somebody is told about one region. Each rule asks the region's own workspace, so that it works when other regions do not.

import { alertType } from '../types.bicep'

param location string
param region string
param workspaceName string
param actionGroupId string
param alerts alertType

// Metrics of OrleansGeo as Application Insights keeps them: one row a minute and series. Tests hold their names, and words of the log, against the code.
var rules = [
  {
    name: 'lease-lost'
    severity: 1
    title: 'The region lost its lease'
    description: 'It is home of nothing until it holds its lease again. Other regions take its homes over by themselves.'
    query: 'AppMetrics | where Name == "orleansgeo.world.events" and tostring(Properties["orleansgeo.type"]) == "LeaseLost" and Sum > 0'
  }
  {
    name: 'staleness'
    severity: 2
    title: 'Reads are old'
    description: 'For five minutes, local reads were older than ${alerts.stalenessSeconds} s: a link is cut, a home is overloaded, or a region is away.'
    query: 'AppMetrics | where Name == "orleansgeo.replication.staleness" | summarize Age = min(Max) by tostring(Properties["orleansgeo.home"]), AppRoleInstance | where Age > ${alerts.stalenessSeconds}'
  }
  {
    name: 'lost-writes'
    severity: 1
    title: 'Acknowledged writes were left behind, or are suspected to be'
    description: 'A forced promotion did it. GET /v1/geo/lost-writes lists them: replay or discard each.'
    query: 'AppMetrics | where Name == "orleansgeo.world.events" and tostring(Properties["orleansgeo.type"]) == "LostWrites" and Sum > 0'
  }
  {
    name: 'recovery'
    severity: 2
    title: 'Shards were taken over'
    description: 'A forced promotion: another region was lost, and its shards are at home here now. Nothing has to be done; find out why.'
    query: 'AppMetrics | where Name == "orleansgeo.world.events" and tostring(Properties["orleansgeo.type"]) == "Promoted" and Sum > 0'
  }
  {
    name: 'slow-recovery'
    severity: 1
    title: 'Taking a shard over took long'
    description: 'Longer than ${alerts.promotionSeconds} s, after the lease of its home had run out.'
    query: 'ContainerAppConsoleLogs | where Log has "ms after it began to take it" | parse Log with * ", " Took:long " ms after it began to take it" * | where Took > ${alerts.promotionSeconds * 1000}'
  }
  {
    name: 'old-store'
    severity: 1
    title: 'The region\'s store went back in time'
    description: 'It is an old copy, or another store. The region neither votes nor is home until it has caught up.'
    query: 'AppMetrics | where Name == "orleansgeo.world.events" and tostring(Properties["orleansgeo.type"]) == "StoreWentBack" and Sum > 0'
  }
  {
    name: 'silent'
    severity: 1
    title: 'The region says nothing'
    description: 'No silo of it has published a metric for five minutes.'
    query: 'AppMetrics | where Name == "orleansgeo.world.lease" | summarize Rows = count() | where Rows == 0'
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
