// One region's Container Apps environment: inside the region's network, with one address that every silo of the region advertises.

import { siloSizeType } from '../types.bicep'

param name string
param location string
param zoneRedundant bool
param subnetId string
param workspaceId string
param siloSize siloSizeType

@description('How many silos the region has: a dedicated profile may grow to one machine each.')
param silos int

// A zone-redundant dedicated profile keeps a machine in every zone.
var dedicated = siloSize.workloadProfile == 'Consumption'
  ? []
  : [
      {
        name: 'silos'
        workloadProfileType: siloSize.workloadProfile
        minimumCount: zoneRedundant ? 3 : 1
        maximumCount: max(silos, 3)
      }
    ]

resource managed 'Microsoft.App/managedEnvironments@2026-07-01' = {
  name: name
  location: location
  properties: {
    zoneRedundant: zoneRedundant
    publicNetworkAccess: 'Disabled'
    vnetConfiguration: {
      internal: true
      infrastructureSubnetId: subnetId
    }
    workloadProfiles: concat(
      [
        {
          name: 'Consumption'
          workloadProfileType: 'Consumption'
        }
      ],
      dedicated
    )
    // By diagnostic settings, because the other way needs the workspace's key.
    appLogsConfiguration: { destination: 'azure-monitor' }
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: managed
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

output id string = managed.id
output address string = managed.properties.staticIp
output domain string = managed.properties.defaultDomain
output profile string = siloSize.workloadProfile == 'Consumption' ? 'Consumption' : 'silos'
