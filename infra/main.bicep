// A world of OrleansGeo: N regions from one parameter file, and Front Door before them. README.md is the runbook.

targetScope = 'subscription'

import { alertType, apiType, regionType, registryType, settingType, siloSizeType, telemetryType } from 'types.bicep'
import { namesOf, silosOf } from 'names.bicep'
import { settingsOfRegion, settingsOfWorld, tables } from 'settings.bicep'

@description('What resource groups and resources begin with, and Orleans\' ServiceId. It never changes.')
@minLength(2)
@maxLength(8)
param world string

@description('Every region of the world. Neither which nor their order changes once the world has data: silos with another list take no part.')
@minLength(1)
@maxLength(16)
param regions regionType[]

@description('What regions without an address space of their own are given a /16 of.')
param worldAddressSpace string = '10.64.0.0/12'

@description('The container image of OrleansGeo.Server, by its digest.')
param image string

@description('Null: the image is public.')
param registry registryType?

param api apiType

@description('Active-passive: the primary region, then those that take over, in this order. Empty: homes are spread over all regions.')
param priority string[] = []

@description('Further options of the server, for instance Geo__Failover__LeaseDuration. Never a secret.')
param settings settingType[] = []

@description('False for the first deployment: silos do not start before the vaults hold their certificates.')
param deploySilos bool = true

@description('False: nothing is reachable from outside the networks.')
param deployFrontDoor bool = true

@description('Whether storage, silos and machines are spread over availability zones, in every region that does not say otherwise. Fixed once deployed.')
param zoneRedundant bool = true

param siloSize siloSizeType = {
  count: 2
  cpu: '2'
  memory: '4Gi'
  workloadProfile: 'Consumption'
}

@description('The object id of the group of those who renew certificates. Empty: nobody is given the right here.')
param certificateOfficers string = ''

param telemetry telemetryType = {
  retentionDays: 30
  dailyCapGb: 5
}

param alerts alertType = {
  emails: []
  stalenessSeconds: 30
  promotionSeconds: 5
}

var names = [for region in regions: namesOf(world, region.name, uniqueString(subscription().id, world, region.name))]
var isZoneRedundant = [for region in regions: region.?zoneRedundant ?? zoneRedundant]
var addressSpaces = [for (region, index) in regions: region.?addressSpace ?? cidrSubnet(worldAddressSpace, 16, index)]
var places = [
  for region in regions: {
    region: region.name
    witness: region.?witness ?? false
    silos: silosOf(world, region.name, region.?silos ?? siloSize.count)
  }
]

resource groups 'Microsoft.Resources/resourceGroups@2025-04-01' = [
  for (region, index) in regions: {
    name: names[index].resourceGroup
    location: region.name
  }
]

resource commonGroup 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${world}-common'
  location: regions[0].name
}

module base 'modules/region.bicep' = [
  for (region, index) in regions: {
    scope: groups[index]
    name: 'region'
    params: {
      names: names[index]
      location: region.name
      addressSpace: addressSpaces[index]
      zoneRedundant: isZoneRedundant[index]
      silos: length(places[index].silos)
      siloSize: siloSize
      tables: [tables.membership, tables.store]
      certificateOfficers: certificateOfficers
      telemetry: telemetry
    }
  }
]

module peerings 'modules/peerings.bicep' = [
  for (region, index) in regions: {
    scope: groups[index]
    name: 'peerings'
    params: {
      networkName: names[index].network
      others: map(filter(range(0, length(regions)), other => other != index), other => {
        region: regions[other].name
        resourceGroup: names[other].resourceGroup
        network: names[other].network
      })
    }
    dependsOn: [base]
  }
]

module registryRole 'modules/registry-role.bicep' = if (registry != null) {
  scope: resourceGroup(registry.?resourceGroup ?? 'none')
  name: '${world}-registry'
  params: {
    registryName: registry.?name ?? 'none'
    pullers: [
      for (region, index) in regions: {
        name: names[index].identity
        principalId: base[index].outputs.principalId
      }
    ]
  }
}

// One region after the other, and in it one silo after the other: a change of the image stops them.
@batchSize(1)
module silos 'modules/silos.bicep' = [
  for (region, index) in regions: if (deploySilos) {
    scope: groups[index]
    name: 'silos'
    params: {
      location: region.name
      environmentName: names[index].environment
      identityName: names[index].identity
      vaultName: names[index].vault
      image: image
      registry: registry
      siloSize: siloSize
      places: places
      addresses: [for (other, otherIndex) in regions: base[otherIndex].outputs.address]
      self: index
      settings: concat(
        settingsOfWorld(world, places, priority, api),
        settingsOfRegion(
          region.name,
          'https://${names[index].storage}.table.${environment().suffixes.storage}',
          base[index].outputs.clientId,
          base[index].outputs.connectionString
        ),
        settings
      )
    }
    dependsOn: [peerings, registryRole]
  }
]

module actions 'modules/actions.bicep' = {
  scope: commonGroup
  name: 'actions'
  params: {
    name: world
    emails: alerts.emails
  }
}

module alertsOfRegion 'modules/alerts.bicep' = [
  for (region, index) in regions: {
    scope: groups[index]
    name: 'alerts'
    params: {
      location: region.name
      region: region.name
      workspaceName: names[index].workspace
      actionGroupId: actions.outputs.id
      alerts: alerts
    }
    dependsOn: [base]
  }
]

module workbook 'modules/workbook.bicep' = {
  scope: commonGroup
  name: 'workbook'
  params: {
    name: world
    location: regions[0].name
    workspaceIds: [
      for (region, index) in regions: resourceId(
        subscription().subscriptionId,
        names[index].resourceGroup,
        'Microsoft.OperationalInsights/workspaces',
        names[index].workspace
      )
    ]
  }
}

module frontDoor 'modules/front-door.bicep' = if (deploySilos && deployFrontDoor) {
  scope: commonGroup
  name: 'front-door'
  params: {
    name: world
    places: places
    domains: [for (region, index) in regions: base[index].outputs.domain]
    environmentIds: [
      for (region, index) in regions: resourceId(
        subscription().subscriptionId,
        names[index].resourceGroup,
        'Microsoft.App/managedEnvironments',
        names[index].environment
      )
    ]
  }
  dependsOn: [silos]
}

output hostName string = frontDoor.?outputs.hostName ?? ''
