using System.Text.Json.Nodes;

namespace OrleansGeo.Tests.Infra;

/// <summary>Every resource that a parameter file leads to, as the compiler predicts it. What only Azure knows stays an expression.</summary>
internal sealed class ExpandedTemplate(string text)
{
    private readonly JsonArray _resources = JsonNode.Parse(text)!["predictedResources"]!.AsArray();

    public string Text => _resources.ToJsonString();

    public IEnumerable<JsonNode> All => _resources.Select(static resource => resource!);

    public IEnumerable<JsonNode> Of(string type) => All.Where(resource => (string?)resource["type"] == type);

    public IEnumerable<JsonNode> Silos => Of("Microsoft.App/containerApps");

    public IEnumerable<JsonNode> Networks => Of("Microsoft.Network/virtualNetworks");

    public JsonNode ById(string id) => All.Single(resource => resource.Id() == id);
}
