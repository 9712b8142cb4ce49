// Two regions, active-passive, and a witness in a location without availability zones: the other half of what the template can say.

using '../../../infra/main.bicep'

param world = 'pair'

param regions = [
  { name: 'westeurope', silos: 3 }
  { name: 'northeurope', addressSpace: '10.200.0.0/22' }
  { name: 'ukwest', witness: true, silos: 1, zoneRedundant: false }
]

param priority = ['westeurope', 'northeurope']

param image = 'example.org/orleansgeo-server@sha256:1111111111111111111111111111111111111111111111111111111111111111'

param api = {
  authority: 'https://identity.example.org'
  audience: 'orleansgeo'
}

param settings = [
  { name: 'Geo__Failover__LeaseDuration', value: '00:00:06' }
]

param siloSize = {
  count: 2
  cpu: '4'
  memory: '8Gi'
  workloadProfile: 'D8'
}

param certificateOfficers = '33333333-3333-3333-3333-333333333333'
