// One region's virtual network: a subnet for the silos' environment, one for private endpoints.

param name string
param location string

@description('At least a /22.')
param addressSpace string

resource network 'Microsoft.Network/virtualNetworks@2026-03-01' = {
  name: name
  location: location
  properties: {
    addressSpace: { addressPrefixes: [addressSpace] }
    subnets: [
      {
        name: 'silos'
        properties: {
          addressPrefix: cidrSubnet(addressSpace, 23, 0)
          delegations: [
            {
              name: 'environments'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressSpace, 24, 2)
          defaultOutboundAccess: false
        }
      }
    ]
  }

  resource silos 'subnets' existing = { name: 'silos' }
  resource endpoints 'subnets' existing = { name: 'endpoints' }
}

output id string = network.id
output silosSubnetId string = network::silos.id
output endpointsSubnetId string = network::endpoints.id
