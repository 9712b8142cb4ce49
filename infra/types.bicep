// What an operator says about a world. The parameter file is written in these types.

@export()
@description('One region of the world. Which there are, and in which order, is fixed when the world is created: every silo is told the same.')
type regionType = {
  @description('The Azure location, which is also the region\'s name in the world.')
  name: string

  @description('It votes and holds replicas, and is never home; Front Door sends it nothing. Default false.')
  witness: bool?

  @description('Silos, one app each. Default: siloSize.count.')
  @minValue(1)
  @maxValue(32)
  silos: int?

  @description('The network\'s addresses, at least a /22. Default: the next /16 of worldAddressSpace.')
  addressSpace: string?

  @description('False in a location without availability zones. Default: zoneRedundant of the world.')
  zoneRedundant: bool?
}

@export()
@description('What one silo may use, and how many a region has: the greatest part of the bill after Front Door.')
type siloSizeType = {
  @description('Silos of a region that does not say otherwise.')
  @minValue(1)
  @maxValue(32)
  count: int

  @description('Processors. On the consumption profile memory must be twice as many Gi.')
  cpu: '0.5' | '1' | '2' | '4'

  memory: '1Gi' | '2Gi' | '4Gi' | '8Gi'

  @description('Consumption, or a dedicated profile whose machines are paid for whether silos fill them or not.')
  workloadProfile: 'Consumption' | 'D4' | 'D8' | 'E4' | 'E8'
}

@export()
@description('Who may call the web API: tokens of this authority for this audience.')
type apiType = {
  authority: string
  audience: string
}

@export()
@description('An existing container registry that the silos pull their image from.')
type registryType = {
  name: string
  resourceGroup: string
}

@export()
@description('Where a region\'s alerts go, and when.')
type alertType = {
  emails: string[]

  @description('Reads older than this, in seconds, for five minutes.')
  stalenessSeconds: int

  @description('A shard that takes longer than this to open at its new home, in seconds, after a forced promotion.')
  promotionSeconds: int
}

@export()
@description('What telemetry may cost.')
type telemetryType = {
  @minValue(30)
  @maxValue(730)
  retentionDays: int

  @description('Gigabytes a day and region; past it nothing more is kept that day. -1: no cap.')
  dailyCapGb: int
}

@export()
@description('What the resources of one region are called.')
type namesType = {
  resourceGroup: string
  network: string
  storage: string
  vault: string
  identity: string
  workspace: string
  insights: string
  environment: string
}

@export()
@description('One silo: the app\'s name, and the ports of the environment\'s address that lead to it.')
type siloType = {
  name: string
  siloPort: int
  gatewayPort: int
}

@export()
@description('One environment variable of a silo.')
type settingType = {
  name: string
  value: string
}

@export()
@description('What a silo must know of a region to reach it.')
type placeType = {
  region: string
  witness: bool
  silos: siloType[]
}
