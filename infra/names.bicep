// What resources are called. Known before anything is deployed, so that regions can name each other's resources.

import { namesType, siloType } from 'types.bicep'

@export()
@description('The names of one region\'s resources. unique: eight or more characters that no other subscription has.')
func namesOf(world string, region string, unique string) namesType => {
  resourceGroup: '${world}-${region}'
  network: '${world}-${region}'
  storage: take('${replace(world, '-', '')}${unique}', 24)
  vault: take('${world}-${unique}', 24)
  identity: '${world}-${region}'
  workspace: '${world}-${region}'
  insights: '${world}-${region}'
  environment: '${world}-${region}'
}

@export()
@description('The silos of one region. Ports are unique in the region, because all of its silos share one address.')
func silosOf(world string, region string, count int) siloType[] =>
  map(range(0, count), number => {
    name: '${world}-${region}-${number}'
    siloPort: 11111 + number
    gatewayPort: 12111 + number
  })
