// One name for the whole world. Front Door sends a request to a silo of the nearest region that is ready; the silo finds the home.

import { placeType } from '../types.bicep'

param name string

@description('Every region of the world; witnesses get nothing.')
param places placeType[]

@description('Of each region: the domain of its environment, and the environment.')
param domains string[]
param environmentIds string[]

var origins = flatten(map(
  range(0, length(places)),
  index => places[index].witness ? [] : map(places[index].silos, silo => { app: silo.name, index: index })
))

resource profile 'Microsoft.Cdn/profiles@2026-07-01' = {
  name: name
  location: 'global'
  // Premium: only it reaches origins by private link.
  sku: { name: 'Premium_AzureFrontDoor' }
  properties: {
    // Longer than the longest Geo-Deadline (2 minutes), so that the answer is the region's and not Front Door's.
    originResponseTimeoutSeconds: 150
  }

  resource endpoint 'afdEndpoints' = {
    name: name
    location: 'global'
    properties: { enabledState: 'Enabled' }
  }

  resource group 'originGroups' = {
    name: 'regions'
    properties: {
      sessionAffinityState: 'Disabled'
      // 30 s and two of three samples: a region that is lost gets requests for up to a minute and a half. Callers that cannot wait try again.
      healthProbeSettings: {
        probePath: '/health/ready'
        probeProtocol: 'Https'
        probeRequestType: 'GET'
        probeIntervalInSeconds: 30
      }
      loadBalancingSettings: {
        sampleSize: 3
        successfulSamplesRequired: 2
        additionalLatencyInMilliseconds: 20
      }
    }
  }
}

// One at a time: a private link of an environment is shared by its origins.
@batchSize(1)
resource origin 'Microsoft.Cdn/profiles/originGroups/origins@2026-07-01' = [
  for each in origins: {
    parent: profile::group
    name: each.app
    properties: {
      enabledState: 'Enabled'
      hostName: '${each.app}.${domains[each.index]}'
      originHostHeader: '${each.app}.${domains[each.index]}'
      httpsPort: 443
      priority: 1
      weight: 500
      enforceCertificateNameCheck: true
      sharedPrivateLinkResource: {
        privateLink: { id: environmentIds[each.index] }
        privateLinkLocation: places[each.index].region
        groupId: 'managedEnvironments'
        requestMessage: '${name} front door'
      }
    }
  }
]

resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2026-07-01' = {
  parent: profile::endpoint
  name: 'everything'
  properties: {
    enabledState: 'Enabled'
    originGroup: { id: profile::group.id }
    patternsToMatch: ['/*']
    supportedProtocols: ['Https']
    httpsRedirect: 'Disabled'
    forwardingProtocol: 'HttpsOnly'
    linkToDefaultDomain: 'Enabled'
  }
  dependsOn: [origin]
}

output hostName string = profile::endpoint.properties.hostName
