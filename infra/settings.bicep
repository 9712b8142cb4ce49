// The environment variables of a silo: options of OrleansGeo.Server, by name. A test compares them with the options that it binds.

import { apiType, placeType, settingType, siloType } from 'types.bicep'

@export()
@description('How long the platform waits before it kills a silo that it stops, in seconds. The server is given ten less.')
var stopSeconds = 120

@export()
@description('The port of the web API inside the container. Outside it is 443.')
var httpPort = 8080

@export()
@description('Where the silo finds its certificate, and the secrets of the region\'s vault that the files are.')
var certificates = {
  folder: '/mnt/certificates'
  // A certificate of the vault, as PEM: its key, itself, and the intermediates.
  certificate: 'silo-certificate'
  // A secret of the vault: the certificates, PEM, of the authorities that are believed.
  authorities: 'silo-authorities'
}

@export()
@description('The tables of a region\'s account.')
var tables = {
  membership: 'OrleansSiloInstances'
  store: 'OrleansGeo'
}

@export()
@description('What every silo of the world is told.')
func settingsOfWorld(world string, places placeType[], priority string[], api apiType) settingType[] =>
  concat(
    [{ name: 'Geo__ServiceId', value: world }],
    list('Geo__Regions', map(places, place => place.region)),
    list('Geo__Witnesses', map(filter(places, place => place.witness), place => place.region)),
    list('Geo__Priority', priority),
    [
      { name: 'Geo__Http__Address', value: '0.0.0.0' }
      { name: 'Geo__Http__Port', value: string(httpPort) }
      { name: 'Geo__Auth__Authority', value: api.authority }
      { name: 'Geo__Auth__Audience', value: api.audience }
      { name: 'Geo__Tls__CertificateFile', value: '${certificates.folder}/${certificates.certificate}.pem' }
      { name: 'Geo__Tls__KeyFile', value: '${certificates.folder}/${certificates.certificate}.pem' }
      { name: 'Geo__Tls__CaFile', value: '${certificates.folder}/${certificates.authorities}.pem' }
      { name: 'Geo__Shutdown__GracePeriod', value: '00:01:50' }
      { name: 'Geo__Shutdown__DrainPeriod', value: '00:01:15' }
    ]
  )

@export()
@description('What every silo of one region is told.')
func settingsOfRegion(region string, tableEndpoint string, clientId string, connectionString string) settingType[] => [
  { name: 'Geo__Region', value: region }
  { name: 'Geo__Storage__AzureTables__ServiceUri', value: tableEndpoint }
  { name: 'Geo__Membership__AzureTables__ServiceUri', value: tableEndpoint }
  { name: 'Geo__Membership__TableName', value: tables.membership }
  { name: 'Geo__Telemetry__AzureMonitorConnectionString', value: connectionString }
  // For the Azure SDK, which has to choose among identities.
  { name: 'AZURE_CLIENT_ID', value: clientId }
]

@export()
@description('Where the silos of another region are.')
func settingsOfPeer(index int, place placeType, address string) settingType[] =>
  concat(
    [{ name: 'Geo__Peers__${index}__Name', value: place.region }],
    list('Geo__Peers__${index}__Gateways', map(place.silos, silo => '${address}:${silo.gatewayPort}'))
  )

@export()
@description('What one silo is told about itself.')
func settingsOfSilo(silo siloType, address string) settingType[] => [
  { name: 'Geo__Silo__Name', value: silo.name }
  { name: 'Geo__Silo__Address', value: address }
  { name: 'Geo__Silo__Port', value: string(silo.siloPort) }
  { name: 'Geo__Silo__GatewayPort', value: string(silo.gatewayPort) }
]

func list(name string, values string[]) settingType[] =>
  map(range(0, length(values)), index => { name: '${name}__${index}', value: values[index] })
