// A world of three regions, two silos each. Copy it, and change what is yours.

using 'main.bicep'

param world = 'orleans'

param regions = [
  { name: 'westeurope' }
  { name: 'eastus2' }
  { name: 'southeastasia' }
]

param image = 'orleansgeo.azurecr.io/orleansgeo-server@sha256:0000000000000000000000000000000000000000000000000000000000000000'

param registry = {
  name: 'orleansgeo'
  resourceGroup: 'images'
}

param api = {
  authority: 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0'
  audience: 'api://orleansgeo'
}

param alerts = {
  emails: ['oncall@example.org']
  stalenessSeconds: 30
  promotionSeconds: 5
}
