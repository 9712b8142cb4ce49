// One region's vault for the certificate of its Orleans connections. What is in it is put there by an operator, never by a template.

param name string
param location string

@description('The identity of the region\'s silos: it reads.')
param principalId string
param identityName string

@description('The group of those who renew certificates. Empty: nobody is given the right here.')
param certificateOfficers string

param subnetId string
param networkId string
param workspaceId string

// Built-in roles.
var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var certificatesOfficer = 'a4417e6f-fecd-4de8-b567-7b0420556985'
var secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'

var grants = concat(
  [{ name: identityName, principal: principalId, kind: 'ServicePrincipal', role: secretsUser }],
  empty(certificateOfficers)
    ? []
    : [
        { name: certificateOfficers, principal: certificateOfficers, kind: 'Group', role: certificatesOfficer }
        { name: certificateOfficers, principal: certificateOfficers, kind: 'Group', role: secretsOfficer }
      ]
)

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    publicNetworkAccess: 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: 'Deny'
    }
  }
}

resource roles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in grants: {
    name: guid(vault.id, grant.name, grant.role)
    scope: vault
    properties: {
      principalId: grant.principal
      principalType: grant.kind
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
    }
  }
]

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

module endpoint 'private-endpoint.bicep' = {
  name: 'vault-endpoint'
  params: {
    name: '${name}-vault'
    location: location
    subnetId: subnetId
    networkId: networkId
    serviceId: vault.id
    group: 'vault'
    zoneName: replace('privatelink${environment().suffixes.keyvaultDns}', '.vault.', '.vaultcore.')
  }
}

output uri string = vault.properties.vaultUri
