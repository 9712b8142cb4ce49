// Whom an alert tells.

param name string
param emails string[]

resource actions 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  properties: {
    enabled: true
    groupShortName: take(name, 12)
    emailReceivers: [
      for (email, index) in emails: {
        name: 'receiver-${index}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

output id string = actions.id
