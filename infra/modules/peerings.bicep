// One region's half of the mesh: its network to every other region's. The other regions make the other halves.

param networkName string

@description('Every other region\'s network.')
param others otherType[]

type otherType = {
  region: string
  resourceGroup: string
  network: string
}

resource network 'Microsoft.Network/virtualNetworks@2026-03-01' existing = {
  name: networkName
}

// One at a time: a network refuses a second change while one is under way.
@batchSize(1)
resource peerings 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2026-03-01' = [
  for other in others: {
    parent: network
    name: 'to-${other.region}'
    properties: {
      remoteVirtualNetwork: { id: resourceId(other.resourceGroup, 'Microsoft.Network/virtualNetworks', other.network) }
      allowVirtualNetworkAccess: true
      allowForwardedTraffic: false
      allowGatewayTransit: false
      useRemoteGateways: false
    }
  }
]
