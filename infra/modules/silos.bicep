// The silos of one region: one app each, of exactly one replica, because Container Apps do not let a replica be reached by its own address.
// The environment's address and ports of its own are a silo's address, from inside the region and from the peered networks.

import { placeType, registryType, settingType, siloSizeType } from '../types.bicep'
import { certificates, httpPort, settingsOfPeer, settingsOfSilo, stopSeconds } from '../settings.bicep'

param location string
param environmentName string
param identityName string
param vaultName string
param image string

@description('Null: the image is public.')
param registry registryType?

param siloSize siloSizeType

@description('Every region of the world, and the address of its environment.')
param places placeType[]
param addresses string[]

@description('Which of them this is.')
param self int

@description('What all silos of the region are told.')
param settings settingType[]

var silos = places[self].silos
var peers = filter(range(0, length(places)), index => index != self)
var peerSettings = flatten(map(
  range(0, length(peers)),
  index => settingsOfPeer(index, places[peers[index]], addresses[peers[index]])
))
var secrets = [certificates.certificate, certificates.authorities]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource managed 'Microsoft.App/managedEnvironments@2026-07-01' existing = {
  name: environmentName
}

@batchSize(1)
resource apps 'Microsoft.App/containerApps@2026-07-01' = [
  for silo in silos: {
    name: silo.name
    location: location
    identity: {
      type: 'UserAssigned'
      userAssignedIdentities: { '${identity.id}': {} }
    }
    properties: {
      environmentId: managed.id
      workloadProfileName: siloSize.workloadProfile == 'Consumption' ? 'Consumption' : 'silos'
      configuration: {
        activeRevisionsMode: 'Single'
        registries: registry == null
          ? []
          : [{ server: '${registry!.name}${environment().suffixes.acrLoginServer}', identity: identity.id }]
        secrets: [
          for secret in secrets: {
            name: secret
            keyVaultUrl: 'https://${vaultName}${environment().suffixes.keyvaultDns}/secrets/${secret}'
            identity: identity.id
          }
        ]
        ingress: {
          external: true
          transport: 'http'
          targetPort: httpPort
          allowInsecure: false
          // HTTP is the app's main port, because Front Door's private link carries nothing else. Silo and gateway are plain TCP beside it.
          additionalPortMappings: [
            { external: true, targetPort: silo.siloPort, exposedPort: silo.siloPort }
            { external: true, targetPort: silo.gatewayPort, exposedPort: silo.gatewayPort }
          ]
        }
      }
      template: {
        terminationGracePeriodSeconds: stopSeconds
        scale: {
          minReplicas: 1
          maxReplicas: 1
        }
        volumes: [
          {
            name: 'certificates'
            storageType: 'Secret'
            secrets: [for secret in secrets: { secretRef: secret, path: '${secret}.pem' }]
          }
        ]
        containers: [
          {
            name: 'silo'
            image: image
            resources: {
              cpu: json(siloSize.cpu)
              memory: siloSize.memory
            }
            env: concat(settings, peerSettings, settingsOfSilo(silo, addresses[self]))
            volumeMounts: [
              {
                volumeName: 'certificates'
                mountPath: certificates.folder
              }
            ]
            // Not /health/ready: the platform takes a replica that is not ready out of its ingress, Orleans' ports included. A region that only has
            // to catch up would be cut off from those it must catch up with. Whether a region takes requests is Front Door's to ask.
            probes: [
              {
                type: 'Startup'
                tcpSocket: { port: silo.siloPort }
                periodSeconds: 10
                failureThreshold: 10
              }
              {
                type: 'Readiness'
                tcpSocket: { port: silo.siloPort }
                periodSeconds: 10
                failureThreshold: 3
              }
              {
                type: 'Liveness'
                httpGet: {
                  path: '/health/live'
                  port: httpPort
                }
                initialDelaySeconds: 60
                periodSeconds: 30
                timeoutSeconds: 10
                failureThreshold: 10
              }
            ]
          }
        ]
      }
    }
  }
]
