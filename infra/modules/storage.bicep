// One region's store: a storage account that only the region's identity may use, only from the region's network, and only its tables.

param name string
param location string
param zoneRedundant bool

@description('The tables that silos use. They are made here, so that no silo needs the right to make one.')
param tables string[]

@description('The identity of the region\'s silos.')
param principalId string
param identityName string

param subnetId string
param networkId string

// Built-in: Storage Table Data Contributor.
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name
  location: location
  kind: 'StorageV2'
  // Never geo-redundant: OrleansGeo replicates between regions itself, and a copy that lags behind is a store that went back in time.
  sku: { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: 'Disabled'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'None'
      defaultAction: 'Deny'
    }
  }

  resource service 'tableServices' = {
    name: 'default'
  }
}

resource table 'Microsoft.Storage/storageAccounts/tableServices/tables@2026-06-01' = [
  for tableName in tables: {
    parent: account::service
    name: tableName
  }
]

resource mayUseTable 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (tableName, index) in tables: {
    name: guid(table[index].id, identityName, tableDataContributor)
    scope: table[index]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    }
  }
]

module endpoint 'private-endpoint.bicep' = {
  name: 'tables-endpoint'
  params: {
    name: '${name}-table'
    location: location
    subnetId: subnetId
    networkId: networkId
    serviceId: account.id
    group: 'table'
    zoneName: 'privatelink.table.${environment().suffixes.storage}'
  }
}
