// The dashboard: one workbook that asks every region's workspace.

param name string
param location string
param workspaceIds string[]

// The workbook names no workspace: they are put in here, as a JSON list.
var content = replace(
  loadTextContent('workbook.json'),
  '"crossComponentResources": []',
  '"crossComponentResources": ${string(workspaceIds)}'
)

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, name)
  location: location
  kind: 'shared'
  properties: {
    displayName: '${name}: OrleansGeo'
    category: 'workbook'
    sourceId: 'azure monitor'
    serializedData: string(json(content))
  }
}
