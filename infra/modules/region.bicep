// Everything of one region that does not depend on the other regions.

import { namesType, siloSizeType, telemetryType } from '../types.bicep'

param names namesType
param location string
param addressSpace string
param zoneRedundant bool
param silos int
param siloSize siloSizeType
param tables string[]
param certificateOfficers string
param telemetry telemetryType

module identity 'identity.bicep' = {
  name: 'identity'
  params: {
    name: names.identity
    location: location
  }
}

module network 'network.bicep' = {
  name: 'network'
  params: {
    name: names.network
    location: location
    addressSpace: addressSpace
  }
}

module telemetryOfRegion 'telemetry.bicep' = {
  name: 'telemetry'
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    telemetry: telemetry
    principalId: identity.outputs.principalId
    identityName: names.identity
  }
}

module store 'storage.bicep' = {
  name: 'storage'
  params: {
    name: names.storage
    location: location
    zoneRedundant: zoneRedundant
    tables: tables
    principalId: identity.outputs.principalId
    identityName: names.identity
    subnetId: network.outputs.endpointsSubnetId
    networkId: network.outputs.id
  }
}

module vault 'vault.bicep' = {
  name: 'vault'
  params: {
    name: names.vault
    location: location
    principalId: identity.outputs.principalId
    identityName: names.identity
    certificateOfficers: certificateOfficers
    subnetId: network.outputs.endpointsSubnetId
    networkId: network.outputs.id
    workspaceId: telemetryOfRegion.outputs.workspaceId
  }
}

module environmentOfRegion 'environment.bicep' = {
  name: 'environment'
  params: {
    name: names.environment
    location: location
    zoneRedundant: zoneRedundant
    subnetId: network.outputs.silosSubnetId
    workspaceId: telemetryOfRegion.outputs.workspaceId
    siloSize: siloSize
    silos: silos
  }
}

output identityId string = identity.outputs.id
output clientId string = identity.outputs.clientId
output principalId string = identity.outputs.principalId
output address string = environmentOfRegion.outputs.address
output domain string = environmentOfRegion.outputs.domain
output connectionString string = telemetryOfRegion.outputs.connectionString
